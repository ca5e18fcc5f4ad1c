import { twoSidedZ } from './normal-distribution.ts'
import { checkConfidence, type Interval, insufficient, type Outcome } from './outcome.ts'
import { quantileSorted } from './quantiles.ts'
import type { Random } from './random.ts'
import { randomMultinomial } from './random-binomial.ts'
import { logScaleInterval } from './scale-interval.ts'
import type { ScoreSteps } from './score-steps.ts'

/** What a wrong answer costs, in any unit; a right one costs nothing. */
export type ErrorCosts = { readonly falsePositive: number; readonly falseNegative: number }

export type CostThreshold = {
  /** Mean cost a row when calling positive from each threshold up; the last entry is for calling nothing positive. */
  readonly costs: Float64Array
  /** Place of the least; among equals the lowest threshold. */
  readonly best: number
  /** Places of the lowest and the highest threshold that may be the best one; `costs.length - 1` is calling nothing positive. */
  readonly range: readonly [low: number, high: number]
  /** Mean cost a row at the best threshold, corrected for having been picked on these very rows. */
  readonly cost: { readonly value: number; readonly interval: Interval }
  readonly n: number
}

/**
 * The threshold at which wrong answers cost least, with the thresholds that these rows cannot tell from it.
 *
 * cost(t) = (c_fp · FP(t) + c_fn · FN(t)) / n. Where a minimum lies converges too slowly for a percentile interval to hold, so
 * the range comes from regret: it spans every threshold whose excess over the least cost is within z deviations of that
 * (paired) difference, or within the `confidence` quantile of the regret that multinomial resamples show for the observed best. The cost is corrected by the mean optimism of the resamples (cost on the rows of what
 * was picked on the resample, less its cost there), its interval on the logarithm's scale about that. `insufficient`: `too-few` below two rows,
 * `one-class` when a class is absent. O(repeats · steps). Source of the correction: Efron, JASA 78 (1983) 316.
 */
export function costThreshold(
  { counts, thresholds }: ScoreSteps,
  { falsePositive, falseNegative }: ErrorCosts,
  random: Random,
  { repeats = 500, confidence = 0.95 }: { repeats?: number; confidence?: number } = {},
): Outcome<CostThreshold> {
  checkConfidence(confidence)
  if (!(falsePositive >= 0 && falseNegative >= 0)) throw new RangeError('costs are not negative')
  const steps = thresholds.length
  const side = (row: number) => counts.subarray(row * steps, (row + 1) * steps).reduce((sum, count) => sum + count, 0)
  const [positives, negatives] = [side(0), side(1)]
  const n = positives + negatives
  if (n < 2) return insufficient('too-few', n, 2)
  if (positives === 0 || negatives === 0) return insufficient('one-class', n)
  const costsOf = (cells: Float64Array, into: Float64Array): Float64Array => {
    // From calling everything positive up: each step passed turns its positives into misses and spares its negatives.
    let cost = 0
    for (let s = 0; s < steps; s++) cost += cells[steps + s] * falsePositive
    into[0] = cost / n
    for (let s = 0; s < steps; s++) {
      cost += cells[s] * falseNegative - cells[steps + s] * falsePositive
      into[s + 1] = Math.max(0, cost) / n
    }
    return into
  }
  const costs = costsOf(counts, new Float64Array(steps + 1))
  const best = leastOf(costs)
  const drawn = new Float64Array(counts.length)
  const again = new Float64Array(steps + 1)
  const regrets = new Float64Array(repeats)
  let optimism = 0
  let squares = 0
  for (let r = 0; r < repeats; r++) {
    costsOf(randomMultinomial(random, n, counts, drawn), again)
    const picked = leastOf(again)
    regrets[r] = again[best] - again[picked]
    optimism += (costs[picked] - again[picked]) / repeats
    squares += (again[best] - costs[best]) ** 2 / repeats
  }
  // What lies between a threshold and the best one is all that they differ in: rows that cost more here, rows that cost less.
  const z = twoSidedZ(confidence)
  const allowed = quantileSorted(regrets.sort(), confidence) ?? 0
  const mayBeBest = (t: number, squaresBetween: number): boolean => {
    const excess = costs[t] - costs[best]
    const deviation = Math.sqrt(Math.max(0, squaresBetween / n - excess * excess) / n)
    return excess <= Math.max(allowed, z * deviation) * (1 + 1e-12)
  }
  const squaresOf = (s: number) => counts[s] * falseNegative ** 2 + counts[steps + s] * falsePositive ** 2
  let [low, high] = [best, best]
  for (let t = best - 1, between = 0; t >= 0; t--) {
    between += squaresOf(t)
    if (mayBeBest(t, between)) low = t
  }
  for (let t = best + 1, between = 0; t <= steps; t++) {
    between += squaresOf(t - 1)
    if (mayBeBest(t, between)) high = t
  }
  const value = costs[best] + Math.max(0, optimism)
  // The correction is as uncertain as what it corrects.
  const error = Math.sqrt(squares) + Math.max(0, optimism) / 2
  const bounds = logScaleInterval(value, error, n, confidence)
  const interval = bounds.status === 'ok' ? bounds.interval : { low: value, high: value + z * error, confidence }
  return {
    status: 'ok',
    costs,
    best,
    range: [low, high],
    cost: { value, interval },
    n,
  }
}

function leastOf(costs: Float64Array): number {
  let least = 0
  for (let i = 1; i < costs.length; i++) if (costs[i] < costs[least]) least = i
  return least
}
