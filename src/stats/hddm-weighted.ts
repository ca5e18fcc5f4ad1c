import { checkAlphas } from './hddm-average.ts'

/** An exponentially weighted mean and Σ of its squared weights; the mean is null before the first value. */
export type WeightedMean = { mean: number | null; squaredWeights: number }

/** State of a McDiarmid drift detection method with weighted averages; plain data. */
export type HddmWeighted = {
  readonly driftAlpha: number
  readonly warningAlpha: number
  readonly weight: number
  readonly isTwoSided: boolean
  total: WeightedMean
  rise: Cut
  fall: Cut
  hasDrifted: boolean
}

/** The stream cut in two where the bound of its beginning was lowest (or highest): beginning and what came since. */
export type Cut = { bound: number | null; beginning: WeightedMean; since: WeightedMean }

/**
 * Starts a HDDM-W detector on values in [0, 1], for example errors: 1 for a wrong prediction, 0 for a right one.
 *
 * As HDDM-A with means that forget (`weight` 0.05 for the newest value), which finds slow changes sooner. The bound is McDiarmid's
 * √(Σw² · ln(1/α) / 2) over the squared weights of both parts, at α of 0.005 (warning) and 0.001 (drift). It is for one look: over
 * a long stream false alarms are more frequent than α. RangeError unless 0 < weight < 1 and the alphas are in order.
 * Source: Frías-Blanco et al., IEEE Trans. Knowl. Data Eng. 27 (2015) 810.
 */
export function createHddmWeighted({
  driftAlpha = 0.001,
  warningAlpha = 0.005,
  weight = 0.05,
  isTwoSided = false,
} = {}): HddmWeighted {
  checkAlphas(driftAlpha, warningAlpha)
  if (!(weight > 0 && weight < 1)) throw new RangeError(`the newest value's weight must lie in (0, 1), got ${weight}`)
  return { driftAlpha, warningAlpha, weight, isTwoSided, ...fresh() }
}

const none = (): WeightedMean => ({ mean: null, squaredWeights: 1 })
const uncut = (): Cut => ({ bound: null, beginning: none(), since: none() })
const fresh = () => ({ total: none(), rise: uncut(), fall: uncut(), hasDrifted: false })

/** Takes the next value (in place); after a drift it starts anew. A value outside [0, 1] changes nothing. O(1). */
export function updateHddmWeighted(hddm: HddmWeighted, value: number): 'ok' | 'warning' | 'drift' {
  if (!(value >= 0 && value <= 1)) return 'ok'
  if (hddm.hasDrifted) Object.assign(hddm, fresh())
  const { total, weight, rise, fall } = hddm
  include(total, value, weight)
  const mean = total.mean ?? 0
  const margin = boundOf(total.squaredWeights, hddm.driftAlpha)
  moveCut(rise, rise.bound === null || mean + margin < rise.bound, mean + margin, hddm, value)
  moveCut(fall, fall.bound === null || mean - margin > fall.bound, mean - margin, hddm, value)
  const exceeds = (alpha: number): boolean =>
    isAbove(rise.since, rise.beginning, alpha) || (hddm.isTwoSided && isAbove(fall.beginning, fall.since, alpha))
  hddm.hasDrifted = exceeds(hddm.driftAlpha)
  if (hddm.hasDrifted) return 'drift'
  return exceeds(hddm.warningAlpha) ? 'warning' : 'ok'
}

function include(mean: WeightedMean, value: number, weight: number): void {
  mean.mean = mean.mean === null ? value : (1 - weight) * mean.mean + weight * value
  mean.squaredWeights = weight ** 2 + (1 - weight) ** 2 * mean.squaredWeights
}

function moveCut(cut: Cut, isNewBest: boolean, bound: number, { total, weight }: HddmWeighted, value: number): void {
  if (!isNewBest) {
    include(cut.since, value, weight)
    return
  }
  cut.bound = bound
  cut.beginning = { ...total }
  cut.since = none()
}

function isAbove(upper: WeightedMean, lower: WeightedMean, alpha: number): boolean {
  if (upper.mean === null || lower.mean === null) return false
  return upper.mean - lower.mean > boundOf(upper.squaredWeights + lower.squaredWeights, alpha)
}

function boundOf(squaredWeights: number, alpha: number): number {
  return Math.sqrt((squaredWeights * Math.log(1 / alpha)) / 2)
}
