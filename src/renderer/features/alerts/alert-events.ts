import type { OutputOf } from '../../../contract/api.ts'
import type { AuditEntry } from '../../../contract/audit.ts'
import { actionStates, actionWords } from '../shared/actions/action-words.ts'
import { resolutionWords } from './alert-headline.ts'

export type AlertEvent = { key: string; at: number; who: string | null; what: string; text: string | null }

/** What the log tells that the alert itself does not keep. */
const fromLog: Record<string, (entry: AuditEntry) => string> = {
  'alerts.acknowledge': () => 'acknowledged it',
  'alerts.mute': () => 'muted it',
  'alerts.assign': () => 'changed who it is assigned to',
}

/** Everything that happened to an alert, oldest first: from the alert, its actions and the audit log. */
export function alertEvents(answer: OutputOf<'alerts.get'>, entries: readonly AuditEntry[]): AlertEvent[] {
  const { alert, actions, userNames } = answer
  const nameOf = (id: string | null) => (id === null ? 'The console' : (userNames[id] ?? id))
  const events: AlertEvent[] = [
    { key: 'began', at: alert.beganAt, who: null, what: 'The breach began', text: null },
    { key: 'opened', at: alert.openedAt, who: null, what: 'The alert opened', text: null },
    ...alert.comments.map(({ at, userId, text }, index) => ({
      key: `comment-${index}`,
      at,
      who: nameOf(userId),
      what: 'wrote',
      text,
    })),
    ...entries
      .filter(({ action }) => action in fromLog)
      .map((entry) => ({
        key: `log-${entry.index}`,
        at: entry.at,
        who: entry.actor.name,
        what: fromLog[entry.action](entry),
        text: entry.reason,
      })),
    ...actions.flatMap((action) => {
      const began = {
        key: `${action.id}-began`,
        at: action.requestedAt,
        who: nameOf(action.requestedBy),
        what: `asked to ${actionWords[action.kind]}`,
        text: action.reason,
      }
      if (action.finishedAt === null) return [began]
      const ended = `To ${actionWords[action.kind]}: ${actionStates[action.state].word.toLowerCase()}`
      return [began, { key: `${action.id}-ended`, at: action.finishedAt, who: null, what: ended, text: action.problem }]
    }),
  ]
  if (alert.resolution !== null) {
    const { at, userId, how, reason } = alert.resolution
    events.push({
      key: 'resolved',
      at,
      who: nameOf(userId),
      what: `resolved it: ${resolutionWords[how]}`,
      text: reason,
    })
  }
  return events.sort((left, right) => left.at - right.at)
}
