import type { Profile } from '../../contract/profile.ts'
import { countUp, type KeyLimit, own, setOwn, sumCounts } from './counts.ts'

/** Most predicted classes that are counted by name in a group. */
export const maxClasses = 5000

type Counts = Record<string, number>

/** Adds predictions of one class to a group that the profile has: the classes that come first by name are told apart, others counted. */
export function addPredicted(profile: Profile, group: string, name: string, by: number, limit: KeyLimit): void {
  const counts = profile.predictedByGroup[group]
  if (own(counts, name) === undefined) {
    const room = limit.admit(counts, name, maxClasses)
    if (room === null || room.evicted !== null) omit(profile, group, room?.evicted?.member ?? by)
    if (room === null) return
  }
  countUp(counts, name, by)
}

function omit(profile: Profile, group: string, by: number): void {
  profile.predictedOmitted ??= {}
  countUp(profile.predictedOmitted, group, by)
}

type Predicted = Pick<Profile, 'predictedByGroup' | 'predictedOmitted'>

/**
 * Sum of the predictions of one group in two profiles: the classes that come first by name, and how many others there are. A class
 * that both list or that one lists and the other never saw is exact; as with pairs of outcomes, the kept ones come first in both.
 */
export function mergeGroup(a: Predicted, b: Predicted, group: string): { counts: Counts; omitted: number } {
  const sum = sumCounts(own(a.predictedByGroup, group) ?? {}, own(b.predictedByGroup, group) ?? {})
  let omitted = omittedOf(a, group) + omittedOf(b, group)
  const names = Object.keys(sum)
  if (names.length <= maxClasses) return { counts: sum, omitted }
  const counts: Counts = {}
  names
    .sort((x, y) => (x < y ? -1 : 1))
    .forEach((name, place) => {
      if (place < maxClasses) setOwn(counts, name, sum[name])
      else omitted += sum[name]
    })
  return { counts, omitted }
}

export const omittedOf = ({ predictedOmitted }: Predicted, group: string): number =>
  (predictedOmitted && own(predictedOmitted, group)) ?? 0

/** For a group that the profile has no room for any more. */
export function forgetOmitted(profile: Profile, group: string): void {
  if (profile.predictedOmitted === undefined) return
  delete profile.predictedOmitted[group]
  if (Object.keys(profile.predictedOmitted).length === 0) delete profile.predictedOmitted
}
