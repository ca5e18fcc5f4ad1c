import type { Alert } from '../../../contract/alert.ts'
import type { Headline } from '../../../contract/primitives.ts'

/** What the inbox can be narrowed to. */
export const inboxFilters = [
  { id: 'open', label: 'Needs a decision', states: ['open', 'acknowledged'] },
  { id: 'muted', label: 'Muted', states: ['muted'] },
  { id: 'resolved', label: 'Resolved', states: ['resolved'] },
  { id: 'all', label: 'All', states: ['open', 'acknowledged', 'muted', 'resolved'] },
] as const satisfies { id: string; label: string; states: Alert['state'][] }[]

export type InboxFilter = (typeof inboxFilters)[number]['id']

export const stateWords: Record<Alert['state'], string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  muted: 'Muted',
  resolved: 'Resolved',
}

/** Gravest first, then longest. */
export function byUrgency(left: Alert, right: Alert): number {
  const grave = (alert: Alert) => (alert.severity === 'critical' ? 0 : 1)
  return grave(left) - grave(right) || left.beganAt - right.beganAt
}

/** How many decisions wait, and which is first. `names` tells what an alert is about. */
export function inboxHeadline(alerts: readonly Alert[], nameOf: (alert: Alert) => string): Headline {
  const waiting = alerts.filter(({ state }) => state === 'open' || state === 'acknowledged').sort(byUrgency)
  const first = waiting[0]
  if (first === undefined) return { status: 'ok', text: 'No alert waits for a decision.' }
  const critical = waiting.filter(({ severity }) => severity === 'critical').length
  const count = `${waiting.length} ${waiting.length === 1 ? 'alert waits' : 'alerts wait'} for a decision`
  const graveness =
    critical === 0 ? '' : critical === waiting.length && critical > 1 ? ', all critical' : `, ${critical} critical`
  const which = waiting.length === 1 ? '' : 'First: '
  return {
    status: critical > 0 ? 'breach' : 'warning',
    text: `${count}${graveness}. ${which}${first.title} (${nameOf(first)}).`,
  }
}
