import type { ScoredClasses } from './scored-classes.ts'

/** How many positives the highest-scored share of rows catches. */
export type GainPoint = {
  /** Share of all rows that are taken, from the highest score down. */
  readonly share: number
  /** Positives among them; not whole where the border cuts through equal scores, which count in proportion. */
  readonly caught: number
}

/**
 * Cumulative gains: positives among the highest-scored rows, at each of the given shares of all rows (ascending, in (0, 1]).
 *
 * Empty when a class is absent. O(n + shares) on split scores.
 */
export function cumulativeGains({ positive, negative }: ScoredClasses, shares: readonly number[]): GainPoint[] {
  const n = positive.length + negative.length
  if (positive.length === 0 || negative.length === 0) return []
  const points: GainPoint[] = []
  let i = positive.length
  let j = negative.length
  let next = 0
  while (next < shares.length) {
    const taken = n - i - j
    const caught = positive.length - i
    let [equal, hits] = [0, 0]
    if (i > 0 || j > 0) {
      const x = j === 0 || (i > 0 && positive[i - 1] > negative[j - 1]) ? positive[i - 1] : negative[j - 1]
      const i0 = i
      while (i > 0 && positive[i - 1] === x) i--
      const j0 = j
      while (j > 0 && negative[j - 1] === x) j--
      hits = i0 - i
      equal = hits + j0 - j
    }
    for (; next < shares.length && (shares[next] * n <= taken + equal || equal === 0); next++) {
      const part = equal === 0 ? 0 : (shares[next] * n - taken) / equal
      points.push({ share: shares[next], caught: caught + hits * part })
    }
  }
  return points
}
