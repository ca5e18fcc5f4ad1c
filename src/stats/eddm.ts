/** State of an early drift detection method on a stream of errors; plain data. */
export type Eddm = {
  readonly warmUp: number
  readonly warningShare: number
  readonly driftShare: number
  n: number
  errors: number
  /** Position of the last error, counted from 1; 0 before the first. */
  lastErrorAt: number
  /** Mean of the distances between errors, and Σ(distance − mean)². */
  meanDistance: number
  squares: number
  /** Largest mean + 2 deviations of the distances so far; below 0 before there is one. */
  largest: number
  level: 'ok' | 'warning' | 'drift'
}

/**
 * Starts an EDDM detector on a stream of errors: 1 for a wrong prediction, 0 for a right one.
 *
 * Watches the distance between errors rather than their rate, which shows a slow worsening sooner than DDM. Warns when
 * mean + 2 deviations of the distances falls below 0.95 of its largest value, alarms below 0.9, after 30 errors. Promises no
 * false-alarm rate: the default shares alarm often on streams without a change. RangeError unless the warning's share
 * is at least the drift's. Source: Baena-García et al., Fourth International Workshop on Knowledge Discovery from Data Streams (2006).
 */
export function createEddm({ warmUp = 30, warningShare = 0.95, driftShare = 0.9 } = {}): Eddm {
  if (!(warningShare >= driftShare)) {
    throw new RangeError(`the warning's share ${warningShare} must be at least the drift's share ${driftShare}`)
  }
  return { warmUp, warningShare, driftShare, ...fresh() }
}

const fresh = () => ({
  n: 0,
  errors: 0,
  lastErrorAt: 0,
  meanDistance: 0,
  squares: 0,
  largest: -1,
  level: 'ok' as const,
})

/**
 * Takes the next error (in place); after a drift it starts anew. Between errors the level stays what it was at the last one.
 * A value that is neither 0 nor 1 changes nothing and gives the level as it stands. O(1).
 */
export function updateEddm(eddm: Eddm, error: number): Eddm['level'] {
  if (error !== 0 && error !== 1) return eddm.level
  if (eddm.level === 'drift') Object.assign(eddm, fresh())
  eddm.n++
  if (error === 0) return eddm.level
  eddm.errors++
  const distance = eddm.n - eddm.lastErrorAt
  eddm.lastErrorAt = eddm.n
  const off = distance - eddm.meanDistance
  eddm.meanDistance += off / eddm.errors
  eddm.squares += off * (distance - eddm.meanDistance)
  if (eddm.n <= eddm.warmUp) return eddm.level
  const deviation = eddm.errors > 1 ? Math.sqrt(eddm.squares / (eddm.errors - 1)) : 0
  const reach = eddm.meanDistance + 2 * deviation
  if (reach > eddm.largest) eddm.largest = reach
  else if (eddm.errors > eddm.warmUp) {
    const share = reach / eddm.largest
    eddm.level = share < eddm.driftShare ? 'drift' : share < eddm.warningShare ? 'warning' : 'ok'
  }
  return eddm.level
}
