/** State of a drift detection method on a stream of errors; plain data. */
export type Ddm = {
  readonly warmUp: number
  readonly warningLevel: number
  readonly driftLevel: number
  n: number
  errorRate: number
  /** Error rate and its deviation where their sum was lowest. */
  lowestRate: number
  lowestDeviation: number
  hasDrifted: boolean
}

/**
 * Starts a DDM detector on a stream of errors: 1 for a wrong prediction, 0 for a right one.
 *
 * Warns and alarms when error rate + deviation exceeds its lowest value by 2 and 3 deviations (defaults), after 30 values.
 * Finds rising error rates only, and promises no false-alarm rate. Source: Gama et al., SBIA (2004) 286.
 */
export function createDdm({ warmUp = 30, warningLevel = 2, driftLevel = 3 } = {}): Ddm {
  const start = { n: 0, errorRate: 0, lowestRate: Number.POSITIVE_INFINITY, lowestDeviation: 0, hasDrifted: false }
  return { warmUp, warningLevel, driftLevel, ...start }
}

/** Takes the next error (in place); after a drift it starts anew. A value that is neither 0 nor 1 changes nothing. */
export function updateDdm(ddm: Ddm, error: number): 'ok' | 'warning' | 'drift' {
  if (error !== 0 && error !== 1) return 'ok'
  if (ddm.hasDrifted) Object.assign(ddm, createDdm(ddm))
  ddm.n++
  ddm.errorRate += (error - ddm.errorRate) / ddm.n
  if (ddm.n <= ddm.warmUp) return 'ok'
  const deviation = Math.sqrt((ddm.errorRate * (1 - ddm.errorRate)) / ddm.n)
  const level = ddm.errorRate + deviation
  if (level <= ddm.lowestRate + ddm.lowestDeviation) {
    ddm.lowestRate = ddm.errorRate
    ddm.lowestDeviation = deviation
  }
  ddm.hasDrifted = level > ddm.lowestRate + ddm.driftLevel * ddm.lowestDeviation
  if (ddm.hasDrifted) return 'drift'
  return level > ddm.lowestRate + ddm.warningLevel * ddm.lowestDeviation ? 'warning' : 'ok'
}
