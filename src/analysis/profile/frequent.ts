import type { CategoricalSummary, FrequentValues } from '../../contract/profile.ts'
import { maxKeys, own, setOwn } from './counts.ts'

/** Most values that are counted beyond those that come first by name. */
export const maxFrequent = 500

/**
 * The most frequent of the values that `counts` has no room for, in bounded memory: the summary of Misra and Gries. Of each
 * listed value the true count lies in [count, count + error], of any other in [0, error], for certain.
 *
 * Whenever there is one counter too many, the smallest is taken from all, and with it from the count of `maxFrequent` + 1
 * values at once: so error · (maxFrequent + 1) ≤ the values counted less the sum of the counters. Merging adds counters and
 * errors and then does the same, which keeps all three true, in whatever order values and parts come (Agarwal et al., Mergeable
 * summaries, PODS 2012); up to `maxFrequent` values the error is 0 and the counters are the same in any order. Beyond, counters
 * may differ with the order, within the bounds: no summary of bounded size names the frequent values for certain and depends
 * on the values alone. Stored hours are therefore always added in one tree, so that a span has one answer.
 *
 * Makes the function that adds `by` of one value; it remembers how many counters there are. O(1) a value, on average.
 */
export function makeFrequentCounter() {
  const sizes = new WeakMap<FrequentValues, number>()

  return (summary: CategoricalSummary, name: string, by: number): void => {
    const frequent = startFrequent(summary)
    summary.overflow += by
    const known = own(frequent.counts, name)
    setOwn(frequent.counts, name, (known ?? 0) + by)
    if (known !== undefined) return
    const size = (sizes.get(frequent) ?? Object.keys(frequent.counts).length - 1) + 1
    sizes.set(frequent, size > maxFrequent ? reduce(frequent) : size)
  }
}

/** What a summary has beyond its listed values; of one made before there was any, nothing is known but how many they are. */
function startFrequent(summary: CategoricalSummary): FrequentValues {
  summary.frequent ??= { counts: {}, error: summary.overflow }
  return summary.frequent
}

/** Adds a value that is no name: it may be in no name's count. */
export function addNameless(summary: CategoricalSummary): void {
  startFrequent(summary)
  summary.overflow += 1
}

/** Sum of what two summaries have beyond their listed values; undefined where both have nothing. */
export function mergeFrequent(a: CategoricalSummary, b: CategoricalSummary): FrequentValues | undefined {
  const sides = [a, b].filter(({ overflow }) => overflow > 0)
  if (sides.length === 0) return undefined
  const sum: FrequentValues = { counts: {}, error: 0 }
  for (const { frequent, overflow } of sides) {
    sum.error += frequent === undefined ? overflow : frequent.error
    for (const name of Object.keys(frequent?.counts ?? {}))
      setOwn(sum.counts, name, (own(sum.counts, name) ?? 0) + (frequent?.counts[name] ?? 0))
  }
  reduce(sum)
  return sum
}

/** Keeps to `maxFrequent` counters, and tells how many there are. */
function reduce(frequent: FrequentValues): number {
  const names = Object.keys(frequent.counts)
  if (names.length <= maxFrequent) return names.length
  const sizes = Float64Array.from(names, (name) => frequent.counts[name]).sort()
  const least = sizes[names.length - maxFrequent - 1]
  frequent.error += least
  for (const name of names) {
    if (frequent.counts[name] <= least) delete frequent.counts[name]
    else frequent.counts[name] -= least
  }
  return Object.keys(frequent.counts).length
}

/** A value with bounds between which its count lies for certain; both are the count where it is exact. */
export interface BoundedCount {
  readonly value: string
  readonly low: number
  readonly high: number
}

/**
 * Bounds of one value's count. O(1).
 *
 * A value that comes before the last listed one is listed if it occurs at all.
 */
export function boundsOf(summary: CategoricalSummary, value: string, last: string | null): BoundedCount {
  const listed = own(summary.counts, value)
  if (listed !== undefined) return { value, low: listed, high: listed }
  if (summary.overflow === 0 || (last !== null && value < last)) return { value, low: 0, high: 0 }
  const low = (summary.frequent && own(summary.frequent.counts, value)) ?? 0
  const error = summary.frequent?.error ?? summary.overflow
  return { value, low, high: Math.min(low + error, summary.overflow) }
}

/** The last of the values that a full summary lists; null where there is room, so that all are listed. */
export function lastListed({ counts, overflow }: CategoricalSummary): string | null {
  const names = Object.keys(counts)
  if (overflow === 0 || names.length < maxKeys) return null
  let last = ''
  for (const name of names) if (name > last) last = name
  return last
}

/** The `most` values that occur most often for certain, most frequent first, equal ones by name. O(values log values). */
export function mostFrequent(summary: CategoricalSummary, most: number): BoundedCount[] {
  const last = lastListed(summary)
  const names = [...Object.keys(summary.counts), ...Object.keys(summary.frequent?.counts ?? {})]
  return names
    .map((name) => boundsOf(summary, name, last))
    .sort((a, b) => b.low - a.low || (a.value < b.value ? -1 : 1))
    .slice(0, most)
}
