import type { ThresholdSweep } from '../../contract/performance-detail.ts'
import type { DetailOf } from '../../contract/report.ts'
import type { BinaryCounts } from '../../stats/confusion.ts'
import { costThreshold, type ErrorCosts } from '../../stats/cost-threshold.ts'
import { cumulativeGains } from '../../stats/gains.ts'
import { computeMoments } from '../../stats/moments.ts'
import { createRandom } from '../../stats/random.ts'
import { countScoreSteps } from '../../stats/score-steps.ts'
import type { ScoredClasses } from '../../stats/scored-classes.ts'
import { intervalEstimate, noEstimate, plainEstimate, sayReason, shareEstimate } from '../estimates.ts'
import { lossEstimate } from './regression.ts'
import type { ResampleOptions } from './resample.ts'

/* What a score can be used for: whom to look at first, and from where on to call positive. */

const shares = [0.01, 0.02, ...Array.from({ length: 20 }, (_, i) => (i + 1) / 20)]

/**
 * Cumulative gains and lift. Intervals are Wilson's of the positives caught, which take the border as fixed: since a border that
 * moves takes part of their noise away, they are wide enough or more. O(n).
 */
export function gainsOf(scored: ScoredClasses, confidence: number): NonNullable<DetailOf<'performance'>['gains']> {
  const positives = scored.positive.length
  return cumulativeGains(scored, shares).map(({ share, caught }) => {
    const captured =
      share === 1 ? intervalEstimate(1, positives, { low: 1, high: 1 }) : shareEstimate(caught, positives, confidence)
    const { value, interval } = captured
    const lift = value === null ? null : value / share
    return {
      share,
      captured,
      lift:
        interval === null
          ? plainEstimate(lift, positives)
          : intervalEstimate(lift, positives, { low: interval[0] / share, high: interval[1] / share }),
    }
  })
}

/** Thresholds that are looked at: more would not be told apart on a chart. */
const maxThresholds = 100

/** Wrong answers and their cost by threshold; undefined where there are no two classes to tell apart. O(n log n). */
export function sweepThresholds(
  scored: ScoredClasses,
  current: BinaryCounts,
  costs: ErrorCosts,
  { resamples, seed, confidence }: ResampleOptions,
): ThresholdSweep | undefined {
  const steps = countScoreSteps(scored, maxThresholds)
  const swept = costThreshold(steps, costs, createRandom(seed), { repeats: resamples, confidence })
  if (swept.status !== 'ok' && (swept.reason === 'one-class' || swept.reason === 'too-few')) return undefined
  if (swept.status !== 'ok') throw new Error(`costs have no minimum: ${sayReason(swept.reason)}`)
  const { thresholds, counts } = steps
  const last = thresholds.length
  const [positives, negatives] = [scored.positive.length, scored.negative.length]
  let [truePositives, falsePositives] = [positives, negatives]
  const points = Array.from(thresholds, (threshold, s) => {
    const point = {
      threshold,
      truePositives,
      falsePositives,
      trueNegatives: negatives - falsePositives,
      falseNegatives: positives - truePositives,
      cost: swept.costs[s],
    }
    truePositives -= counts[s]
    falsePositives -= counts[last + s]
    return point
  })
  const { n, best, range, cost } = swept
  // Down to the next lower score every threshold decides alike.
  const at = (place: number) => thresholds[Math.min(place, last - 1)]
  const never = 'calling nothing positive costs least'
  const finite = points.filter(({ threshold }) => Number.isFinite(threshold))
  return {
    costs,
    points: finite,
    best:
      best === last || !Number.isFinite(thresholds[best])
        ? noEstimate(n, never)
        : {
            ...intervalEstimate(thresholds[best], n, { low: at(Math.max(0, range[0] - 1)), high: at(range[1]) }),
            ...(range[1] === last && { note: 'calling nothing positive may cost as little' }),
          },
    bestCost: intervalEstimate(cost.value, n, cost.interval),
    currentCost: costOf(current, costs, confidence),
  }
}

/** Mean cost a row of predictions as they were made. */
function costOf(
  { truePositives, falsePositives, trueNegatives, falseNegatives }: BinaryCounts,
  costs: ErrorCosts,
  confidence: number,
) {
  const n = truePositives + falsePositives + trueNegatives + falseNegatives
  const mean = n === 0 ? 0 : (falsePositives * costs.falsePositive + falseNegatives * costs.falseNegative) / n
  const sumOf = (power: number) =>
    falsePositives * (costs.falsePositive - mean) ** power +
    falseNegatives * (costs.falseNegative - mean) ** power +
    (truePositives + trueNegatives) * mean ** power
  const moments = { ...computeMoments([]), n, mean, m2: sumOf(2), m4: sumOf(4) }
  return lossEstimate(moments, confidence, 'no labelled sample')
}
