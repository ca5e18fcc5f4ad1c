import type { ThresholdSweep } from '../../../contract/performance-detail.ts'
import type { Estimate } from '../../../contract/primitives.ts'
import type { DetailOf } from '../../../contract/report.ts'

/* What the score of a dog can be used for, as if positives lay at x², negatives at 1 − (1 − x)², of 612 and 592. */

const positives = 612
const negatives = 592
const costs = { falsePositive: 1, falseNegative: 4 }

const points: ThresholdSweep['points'] = Array.from({ length: 60 }, (_, step) => {
  const threshold = (step + 0.5) / 60
  const falseNegatives = Math.round(positives * threshold ** 2.6)
  const falsePositives = Math.round(negatives * (1 - threshold) ** 2.6)
  return {
    threshold,
    truePositives: positives - falseNegatives,
    falsePositives,
    trueNegatives: negatives - falsePositives,
    falseNegatives,
    cost: (falsePositives * costs.falsePositive + falseNegatives * costs.falseNegative) / (positives + negatives),
  }
})
const known = (value: number, low: number, high: number): Estimate => ({
  value,
  n: positives + negatives,
  interval: [low, high],
})

export const thresholds: ThresholdSweep = {
  costs,
  points,
  best: known(0.308, 0.27, 0.36),
  bestCost: known(0.287, 0.259, 0.318),
  currentCost: known(0.392, 0.36, 0.427),
}

export const gains: NonNullable<DetailOf<'performance'>['gains']> = Array.from({ length: 20 }, (_, i) => {
  const share = (i + 1) / 20
  const captured = Math.min(1, 1 - (1 - share) ** 2.1)
  const half = share === 1 ? 0 : 0.035
  const at = (value: number, n: number, scale: number): Estimate => ({
    value: value * scale,
    n,
    interval: [Math.max(0, value - half) * scale, Math.min(1, value + half) * scale],
  })
  return { share, captured: at(captured, positives, 1), lift: at(captured, positives, 1 / share) }
})
