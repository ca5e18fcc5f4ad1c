import type { Finding, Limit } from '../contract/finding.ts'
import type { Status } from '../contract/primitives.ts'

export type Persistence = Limit['persistence']

/** For a breach that no limit governs (the analysis's own verdict): the first one counts. */
export const immediately: Persistence = { k: 1, of: 1 }

/**
 * Findings of one number in order of event time, each window once: of two answers to the same window the later one counts, so
 * that asking again is no new evidence.
 */
export function orderSeries<F extends Pick<Finding, 'window' | 'at' | 'id'>>(findings: readonly F[]): F[] {
  const byWindow = new Map<string, F>()
  for (const finding of findings) {
    const window = `${finding.window.from}-${finding.window.to}`
    const known = byWindow.get(window)
    if (known === undefined || finding.at > known.at || (finding.at === known.at && finding.id > known.id))
      byWindow.set(window, finding)
  }
  return [...byWindow.values()].sort(
    (a, b) => a.window.to - b.window.to || a.window.from - b.window.from || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
}

/** Newest last, without those that say nothing. */
const judgedOf = (statuses: readonly Status[]) => statuses.filter((status) => status !== 'insufficient')

/**
 * True when the newest judged finding breaches, and at least k of the last `of` judged ones do. Insufficient findings are passed
 * over: a night without samples neither confirms nor ends anything.
 */
export function persists(statuses: readonly Status[], persistence: Persistence): boolean {
  const judged = judgedOf(statuses)
  if (judged[judged.length - 1] !== 'breach') return false
  const breaches = judged.slice(-persistence.of).filter((status) => status === 'breach').length
  return breaches >= Math.min(persistence.k, persistence.of)
}

/**
 * True when the last k judged findings are all ok. A warning is not a recovery: the space between the warning and the breach
 * level keeps an alert from flapping.
 */
export function hasRecovered(statuses: readonly Status[], persistence: Persistence): boolean {
  const last = judgedOf(statuses).slice(-persistence.k)
  return last.length >= persistence.k && last.every((status) => status === 'ok')
}
