import { quantileSorted } from '../../stats/quantiles.ts'
import { createRandom, randomInteger } from '../../stats/random.ts'
import { randomMultinomial } from '../../stats/random-binomial.ts'
import { type AnalysisContext, throwIfCancelled } from '../answer.ts'

export interface ResampleOptions {
  readonly resamples: number
  readonly seed: number
  readonly confidence: number
  readonly context: AnalysisContext
}

/** Ends of a percentile interval; null where too many resamples had no value. */
export type Bounds = { readonly low: number; readonly high: number } | null

/** Beyond this share of resamples without a value, no interval is given. */
const maxUndefinedShare = 0.1

/** Percentile intervals of several numbers at once, each drawn `resamples` times. */
function percentiles(numbers: number, draw: () => readonly (number | null)[], options: ResampleOptions): Bounds[] {
  const { resamples, confidence, context } = options
  const draws: number[][] = Array.from({ length: numbers }, () => [])
  for (let i = 0; i < resamples; i++) {
    throwIfCancelled(context)
    draw().forEach((value, k) => {
      if (value !== null) draws[k].push(value)
    })
  }
  const tail = (1 - confidence) / 2
  return draws.map((kept) => {
    if (resamples - kept.length > maxUndefinedShare * resamples) return null
    const sorted = Float64Array.from(kept).sort()
    const low = quantileSorted(sorted, tail)
    const high = quantileSorted(sorted, 1 - tail)
    return low === null || high === null ? null : { low, high }
  })
}

/**
 * Percentile bootstrap of several statistics of counts (a confusion table) together: resampling rows and counting them is one
 * multinomial draw of the counts. `compute` gets an array that is reused. O(resamples · cells), whatever n.
 */
export function resampleCounts(
  counts: Float64Array,
  numbers: number,
  compute: (counts: Float64Array) => readonly (number | null)[],
  options: ResampleOptions,
): Bounds[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total < 2) return new Array<Bounds>(numbers).fill(null)
  const random = createRandom(options.seed)
  const drawn = new Float64Array(counts.length)
  return percentiles(numbers, () => compute(randomMultinomial(random, total, counts, drawn)), options)
}

/** Groups that stand for rows in {@link resampleSums}. */
const maxGroups = 1000

/**
 * Percentile bootstrap of statistics that follow from sums over rows (means, R²): rows are dealt in turn to at most 1,000
 * groups, and whole groups are drawn with replacement. With up to 1,000 rows each is its own group. `addRow` adds row i to the
 * sums at `at`; `compute` gets the sums over a resample and the array is reused. O(n + resamples · groups).
 */
export function resampleSums(
  n: number,
  sums: number,
  addRow: (row: number, into: Float64Array, at: number) => void,
  numbers: number,
  compute: (total: Float64Array) => readonly (number | null)[],
  options: ResampleOptions,
): Bounds[] {
  if (n < 2) return new Array<Bounds>(numbers).fill(null)
  const groups = Math.min(n, maxGroups)
  const bySum = new Float64Array(groups * sums)
  for (let row = 0; row < n; row++) addRow(row, bySum, (row % groups) * sums)
  const random = createRandom(options.seed)
  const total = new Float64Array(sums)
  return percentiles(
    numbers,
    () => {
      total.fill(0)
      for (let g = 0; g < groups; g++) {
        const at = randomInteger(random, groups) * sums
        for (let s = 0; s < sums; s++) total[s] += bySum[at + s]
      }
      return compute(total)
    },
    options,
  )
}
