import type { EstimatedPerformance, LedgerEntry } from '../../contract/performance-detail.ts'
import type { Estimate, Window } from '../../contract/primitives.ts'
import { binomialSf } from '../../stats/binomial-distribution.ts'
import { meanInterval } from '../../stats/mean-interval.ts'
import { estimateOf, noEstimate, plainEstimate } from '../estimates.ts'
import { sayCount } from '../wording.ts'

/** A past estimate and what labels of the same window say of it by now. */
export interface PastEstimate {
  readonly window: Window
  readonly estimated: Estimate
  readonly realised: Estimate
}

/** Fewest labels against which an estimate is scored. */
const fewestLabels = 30
/** A method whose misses would come up this seldom, were its intervals right, is suspended. */
const level = 0.01

/**
 * Scores past estimates against the labels that have come since, newest windows first, each window once (one that overlaps a kept one
 * is left out, since it would be scored twice).
 *
 * An estimate agrees when it lies within the root of the sum of squares of both intervals' sides that face each other, or within
 * `tolerance`. The method is suspended when so many misses or more would come up in less than one of a hundred ledgers of this
 * length, were the intervals right (binomial at 1 − confidence). O(n²) in the entries.
 */
export function scoreEstimates(
  past: readonly PastEstimate[],
  { confidence, tolerance, isShare }: { confidence: number; tolerance: number; isShare: boolean },
): Pick<EstimatedPerformance, 'ledger' | 'isSuspended' | 'reason'> {
  const entries: LedgerEntry[] = []
  for (const { window, estimated, realised } of [...past].sort((a, b) => b.window.to - a.window.to)) {
    if (estimated.value === null || realised.value === null || realised.n < fewestLabels) continue
    if (entries.some((kept) => window.from < kept.window.to && kept.window.from < window.to)) continue
    const gap = Math.abs(estimated.value - realised.value)
    const allowed = Math.hypot(sideOf(estimated, realised.value), sideOf(realised, estimated.value))
    const near = isShare ? tolerance : tolerance * Math.abs(realised.value)
    entries.push({ window, estimated, realised, agrees: gap <= Math.max(allowed, near) })
  }
  const scored = entries.length
  const agreed = entries.filter(({ agrees }) => agrees).length
  const gaps = entries.map(({ estimated, realised }) => (estimated.value ?? 0) - (realised.value ?? 0))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, scored)
  const interval = meanInterval(gaps, confidence)
  const bias =
    scored === 0
      ? noEstimate(0, 'no estimate has been scored yet')
      : interval.status === 'ok'
        ? estimateOf(interval, scored)
        : plainEstimate(mean, scored)
  const missed = scored - agreed
  const isSuspended = missed > 0 && binomialSf(missed - 1, scored, 1 - confidence) < level
  return {
    ledger: { scored, agreed, bias, entries },
    isSuspended,
    reason: isSuspended
      ? `${sayCount(missed)} of ${sayCount(scored)} estimates did not agree with the labels that came since: more than chance would make`
      : null,
  }
}

/** Distance from the value to the bound that faces another number. */
function sideOf({ value, interval }: Estimate, other: number): number {
  if (value === null || interval === null) return 0
  return other < value ? value - interval[0] : interval[1] - value
}
