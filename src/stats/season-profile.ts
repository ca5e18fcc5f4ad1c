/** The usual value at each time of a day or a week, learned from the days or weeks before; plain data of constant size. */
export type SeasonProfile = {
  readonly periodMs: number
  readonly slots: number
  readonly mean: Float64Array
  /** Seasons that each slot has seen. */
  readonly visits: Float64Array
  /** What the present visit to a slot has brought, folded in when the slot is left. */
  slot: number
  sum: number
  count: number
}

/** Rate at which a new season replaces the old ones: about six seasons are remembered. */
const RATE = 0.15

/** An empty profile. `periodMs` is the season's length, `slots` how many parts of it are told apart. */
export function createSeasonProfile(periodMs: number, slots: number): SeasonProfile {
  const empty = () => new Float64Array(slots)
  return { periodMs, slots, mean: empty(), visits: empty(), slot: -1, sum: 0, count: 0 }
}

/**
 * The usual value at an instant: the mean over the slot and its neighbours (a hundredth of the season to each side) of what
 * earlier seasons brought; null before the slot has been seen in two seasons. Never uses the present season. Constant time.
 */
export function expectBySeason(profile: SeasonProfile, at: number): number | null {
  const { slots, mean, visits } = profile
  const slot = slotOf(profile, at)
  if (visits[slot] < 2) return null
  const reach = Math.floor(slots / 100)
  let sum = 0
  let count = 0
  for (let step = -reach; step <= reach; step++) {
    const near = (slot + step + slots) % slots
    if (visits[near] < 1) continue
    sum += mean[near]
    count++
  }
  return sum / count
}

/** Learns a value (in place): the mean of a visit enters its slot at rate max(1/visits, 0.15) once the slot is left. */
export function learnSeason(profile: SeasonProfile, at: number, value: number): void {
  const slot = slotOf(profile, at)
  if (slot !== profile.slot) {
    const left = profile.slot
    if (left >= 0) {
      const visits = ++profile.visits[left]
      profile.mean[left] += (profile.sum / profile.count - profile.mean[left]) * Math.max(1 / visits, RATE)
    }
    profile.slot = slot
    profile.sum = 0
    profile.count = 0
  }
  profile.sum += value
  profile.count++
}

/** Moves the whole course up by `step` (in place): the level has changed, the season has not. */
export function shiftSeason(profile: SeasonProfile, step: number): void {
  for (let slot = 0; slot < profile.slots; slot++) profile.mean[slot] += step
}

function slotOf({ periodMs, slots }: SeasonProfile, at: number): number {
  const phase = ((at % periodMs) + periodMs) % periodMs
  return Math.min(slots - 1, Math.floor((phase / periodMs) * slots))
}
