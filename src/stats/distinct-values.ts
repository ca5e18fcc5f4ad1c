import { type SortedSample, upperBound } from './sorted-sample.ts'

/** Counts over the same values, ascending. */
export type ValueCounts = {
  readonly values: readonly number[]
  readonly reference: readonly number[]
  readonly current: readonly number[]
}

/** Distinct values of two sorted samples together; counting stops at `most`. O(most · log n). */
export function countDistinct(reference: SortedSample, current: SortedSample, most: number): number {
  let distinct = 0
  forEachValue(reference, current, () => ++distinct < most)
  return distinct
}

/** How often each distinct value of two sorted samples occurs in either. O(distinct · log n). */
export function countEachValue(reference: SortedSample, current: SortedSample): ValueCounts {
  const counts = { values: [] as number[], reference: [] as number[], current: [] as number[] }
  forEachValue(reference, current, (x, n, m) => {
    counts.values.push(x)
    counts.reference.push(n)
    counts.current.push(m)
    return true
  })
  return counts
}

/** Steps over runs of equal values while `visit` returns true. */
function forEachValue(
  { values: a }: SortedSample,
  { values: b }: SortedSample,
  visit: (x: number, n: number, m: number) => boolean,
): void {
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const x = j >= b.length || (i < a.length && a[i] < b[j]) ? a[i] : b[j]
    const [toI, toJ] = [endOfRun(a, i, x), endOfRun(b, j, x)]
    if (!visit(x, toI - i, toJ - j)) return
    i = toI
    j = toJ
  }
}

/** Where the run of x that may begin at `from` ends; runs of one are told without a search. */
function endOfRun(sorted: Float64Array, from: number, x: number): number {
  if (from >= sorted.length || sorted[from] !== x) return from
  if (from + 1 >= sorted.length || sorted[from + 1] !== x) return from + 1
  return from + upperBound(sorted.subarray(from), x)
}
