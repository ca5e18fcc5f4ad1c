import type { Window } from '../../../../contract/primitives.ts'

const hourMs = 3_600_000
const steps = [1, 3, 6, 12, 24, 7 * 24, 30 * 24].map((hours) => hours * hourMs)

/** Length of the buckets in which a window is drawn: whole hours, at most about 90 of them. */
export function bucketMsOf({ from, to }: Window): number {
  return steps.find((step) => (to - from) / step <= 90) ?? steps[steps.length - 1]
}
