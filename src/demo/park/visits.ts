import type { LabelledFrame } from '../model/train.ts'
import { createRandom, mixSeed } from '../random.ts'
import { breedsOf, SPECIES, type Species } from './breeds.ts'
import { rollDegreesAt } from './camera-box.ts'
import { drawFrame, type FrameParameters } from './frame.ts'
import type { Story } from './story.ts'
import { daylightAt } from './sun.ts'

/** One animal before the camera. */
export interface Visit extends FrameParameters {
  at: number
}

/** Light of the lamps that burn after dark until the night penalty begins. */
const LAMP_LIGHT = 0.82
const DOG_SHARE = 0.5
/** Share of each species that is of a new breed once new breeds come. */
const NEW_BREED_SHARE: Record<Species, number> = { cat: 0.12, dog: 0.07 }
const DAY_VISIT_CHANCE = 0.9
const NIGHT_VISIT_CHANCE = 0.75

/** Light on the scene in [0, 1]: the sun's, or the lamps' while they burn. */
export function sceneLightAt(at: number, story: Story): number {
  const lamps = at < story.nightPenaltyFrom ? LAMP_LIGHT : 0
  return Math.max(daylightAt(at), lamps)
}

/** Chance that a slot at this instant has a visit: the park is quieter at night. */
export function visitChanceAt(at: number): number {
  return NIGHT_VISIT_CHANCE + (DAY_VISIT_CHANCE - NIGHT_VISIT_CHANCE) * daylightAt(at)
}

/** Share of new breeds among the visitors of a species at an instant. */
export function newBreedShareAt(at: number, species: Species, story: Story): number {
  return at >= story.newBreedFrom ? NEW_BREED_SHARE[species] : 0
}

/**
 * The visits that begin in `[from, to)`, in time order. Each slot decides for itself, so that any cut of time shows
 * the same visits. Linear in the number of slots.
 */
export function visitsBetween(from: number, to: number, story: Story): Visit[] {
  const { visitSlotMs } = story
  const visits: Visit[] = []
  for (let slot = Math.floor(from / visitSlotMs); slot * visitSlotMs < to; slot++) {
    const visit = visitOfSlot(slot, story)
    if (visit && visit.at >= from && visit.at < to) visits.push(visit)
  }
  return visits
}

function visitOfSlot(slot: number, story: Story): Visit | undefined {
  const random = createRandom(mixSeed(story.seed, 301, slot))
  const at = Math.floor((slot + random.next()) * story.visitSlotMs)
  if (random.next() >= visitChanceAt(at)) return undefined
  const species = random.next() < DOG_SHARE ? 'dog' : 'cat'
  const breeds = breedsOf(species, random.next() < newBreedShareAt(at, species, story))
  return {
    at,
    species,
    breed: breeds[random.integer(breeds.length)].name,
    light: Math.min(1, Math.max(0, sceneLightAt(at, story) + 0.04 * random.gaussian())),
    tiltDegrees: rollDegreesAt(at, story) + 1.2 * random.gaussian(),
    noise: random.between(0.3, 0.9),
    seed: mixSeed(story.seed, 302, slot),
  }
}

/** The frame of a visit with its true label, as training and evaluation take it. */
export function labelledFrameOf(visit: Visit): LabelledFrame {
  return { pixels: drawFrame(visit).pixels, label: SPECIES.indexOf(visit.species) }
}
