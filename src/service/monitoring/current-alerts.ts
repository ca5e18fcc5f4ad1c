import type { Alert } from '../../contract/alert.ts'
import { continueAlert } from '../../rules/alert-policy.ts'
import type { Store } from '../../store/store.ts'

/**
 * An alert that goes on is written only now and then. This gives it as its findings have it now: how often it has breached, and what
 * the newest one says. Resolved alerts stand as they were resolved. Costs two look-ups.
 */
export function createCurrentAlerts({ findings }: Pick<Store, 'findings'>): (alert: Alert) => Promise<Alert> {
  return async (alert) => {
    if (alert.state === 'resolved') return alert
    const { target, kind, subject } = alert
    const last = await findings.get(alert.lastFindingId)
    const window = { from: last?.window.to ?? alert.beganAt, to: Number.MAX_SAFE_INTEGER }
    const series = await findings.series({ target, kind, subject, window })
    // What a person asked besides is no step of the series.
    const since = series.filter(({ monitorId }) => monitorId !== null)
    const newest = since.findLast(({ status }) => status !== 'insufficient')
    if (newest === undefined) return alert
    // Drift says whether performance holds, which is another number.
    const latest = kind === 'drift' ? await findings.latest(target) : []
    return continueAlert(alert, since, newest, [...latest, newest], newest.at)
  }
}
