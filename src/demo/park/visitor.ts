import { uniformOf } from '../random.ts'
import { DEFAULT_STORY } from './story.ts'
import type { Visit } from './visits.ts'

/** What the gate knows about a visitor; the model does not see it. */
export interface Visitor {
  /** Hour of the day in the park, UTC, 0 to 24. */
  hour: number
  /** One colour, or with markings. */
  coat: 'plain' | 'marked'
  /** Members come often; guests hold a day ticket. */
  ticket: 'member' | 'guest'
}

const MARKED = new Set(['siamese', 'bengal', 'beagle', 'rottweiler', 'shiba'])
const NEW_BREEDS = new Set(['shiba', 'maine-coon'])
const GUEST_SHARE = 0.35
/** Owners of new breeds are new themselves. */
const GUEST_SHARE_OF_NEW_BREEDS = 0.85

/** Every slot has one visit at most, so that its number names the visit. */
export const idOfVisit = ({ at }: Visit): string => `visit-${Math.floor(at / DEFAULT_STORY.visitSlotMs)}`

export function visitorOf(visit: Visit): Visitor {
  const guestShare = NEW_BREEDS.has(visit.breed) ? GUEST_SHARE_OF_NEW_BREEDS : GUEST_SHARE
  return {
    hour: Math.round((visit.at % 86_400_000) / 36_000) / 100,
    coat: MARKED.has(visit.breed) ? 'marked' : 'plain',
    ticket: uniformOf(visit.seed, 41) < guestShare ? 'guest' : 'member',
  }
}
