import type { ScoredClasses } from './scored-classes.ts'
import { lowerBound } from './sorted-sample.ts'

/** Rows counted between thresholds: what a bootstrap of anything that runs along the score draws from. */
export type ScoreSteps = {
  /** Ascending, distinct, the first the lowest score; step s holds the scores from `thresholds[s]` to below the next. */
  readonly thresholds: Float64Array
  /** Positives per step, then negatives per step. */
  readonly counts: Float64Array
}

/**
 * Counts positives and negatives between at most `most` thresholds: every distinct score where there are so few, otherwise
 * quantiles of either class, so that a rare one is not lost. Empty without rows. O(n + most log n) on split scores.
 */
export function countScoreSteps({ positive, negative }: ScoredClasses, most = 200): ScoreSteps {
  const edges = new Set<number>()
  for (const side of [positive, negative])
    for (let i = 0; i < side.length && edges.size <= most; i++) edges.add(side[i])
  if (edges.size > most) {
    edges.clear()
    const each = Math.max(1, Math.floor(most / 2))
    for (const side of [positive, negative])
      for (let i = 0; i < each && side.length > 0; i++) edges.add(side[Math.floor((i * side.length) / each)])
  }
  const thresholds = Float64Array.from(edges).sort()
  const steps = thresholds.length
  const counts = new Float64Array(2 * steps)
  ;[positive, negative].forEach((side, row) => {
    for (let s = 0; s < steps; s++) {
      const end = s + 1 < steps ? lowerBound(side, thresholds[s + 1]) : side.length
      counts[row * steps + s] = end - lowerBound(side, thresholds[s])
    }
  })
  return { thresholds, counts }
}
