/** Values seen and their mean. */
export type RunningMean = { n: number; mean: number }

/** State of a Hoeffding drift detection method with plain averages; plain data. */
export type HddmAverage = {
  readonly driftAlpha: number
  readonly warningAlpha: number
  readonly isTwoSided: boolean
  total: RunningMean
  /** The beginning of the stream whose upper bound of the mean is lowest, and whose lower bound is highest. */
  lowest: RunningMean
  highest: RunningMean
  hasDrifted: boolean
}

/**
 * Starts a HDDM-A detector on values in [0, 1], for example errors: 1 for a wrong prediction, 0 for a right one.
 *
 * The stream is cut where its beginning has the lowest mean + ε (highest mean − ε), with Hoeffding's ε = √(ln(1/α) / 2n). It
 * warns and alarms when the mean of everything exceeds that beginning's by √(m/2 · ln(2/α)), m = 1/n_beginning − 1/n, at α of 0.005
 * and 0.001. The bound is for one look: over a long stream false alarms are more frequent than α. RangeError unless
 * both α lie in (0, 1) and the drift's is the smaller. Source: Frías-Blanco et al., IEEE Trans. Knowl. Data Eng. 27 (2015) 810.
 */
export function createHddmAverage({ driftAlpha = 0.001, warningAlpha = 0.005, isTwoSided = false } = {}): HddmAverage {
  checkAlphas(driftAlpha, warningAlpha)
  return { driftAlpha, warningAlpha, isTwoSided, ...fresh() }
}

/** RangeError unless 0 < drift's alpha <= warning's alpha < 1. */
export function checkAlphas(driftAlpha: number, warningAlpha: number): void {
  if (!(driftAlpha > 0 && driftAlpha <= warningAlpha && warningAlpha < 1)) {
    throw new RangeError(`alphas must rise from drift to warning within (0, 1), got ${driftAlpha} and ${warningAlpha}`)
  }
}

const none = (): RunningMean => ({ n: 0, mean: 0 })
const fresh = () => ({ total: none(), lowest: none(), highest: none(), hasDrifted: false })

/** Takes the next value (in place); after a drift it starts anew. A value outside [0, 1] changes nothing. O(1). */
export function updateHddmAverage(hddm: HddmAverage, value: number): 'ok' | 'warning' | 'drift' {
  if (!(value >= 0 && value <= 1)) return 'ok'
  if (hddm.hasDrifted) Object.assign(hddm, fresh())
  const { total } = hddm
  total.n++
  total.mean += (value - total.mean) / total.n
  const bound = (n: number) => Math.sqrt(Math.log(1 / hddm.driftAlpha) / (2 * n))
  const { lowest, highest } = hddm
  if (lowest.n === 0 || lowest.mean + bound(lowest.n) >= total.mean + bound(total.n)) hddm.lowest = { ...total }
  if (highest.n === 0 || highest.mean - bound(highest.n) <= total.mean - bound(total.n)) hddm.highest = { ...total }
  const exceeds = (alpha: number): boolean =>
    isApart(total.mean - hddm.lowest.mean, hddm.lowest.n, total.n, alpha) ||
    (hddm.isTwoSided && isApart(hddm.highest.mean - total.mean, hddm.highest.n, total.n, alpha))
  hddm.hasDrifted = exceeds(hddm.driftAlpha)
  if (hddm.hasDrifted) return 'drift'
  return exceeds(hddm.warningAlpha) ? 'warning' : 'ok'
}

function isApart(gap: number, beginning: number, n: number, alpha: number): boolean {
  if (beginning === n) return false
  return gap >= Math.sqrt(((n - beginning) / beginning / n / 2) * Math.log(2 / alpha))
}
