import type { Alert } from '../../contract/alert.ts'
import type { Revisioned } from '../../contract/records.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import type { ActionsRoom } from '../actions/actions.ts'
import { type ServiceContext, userNames } from '../context.ts'
import { createCurrentAlerts } from '../monitoring/current-alerts.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { pageOfList } from './page.ts'

const dayMs = 86_400_000
/** Findings shown before an alert began. */
const leadMs = 7 * dayMs
const mostFindings = 500

/** What people do with alerts. Every change names the revision it was made on. */
export function createAlertHandlers(
  { store, now }: Pick<ServiceContext, 'store' | 'now'>,
  actions: Pick<ActionsRoom, 'withLog'>,
): HandlersOf<'alerts'> {
  const { records, findings } = store
  const current = createCurrentAlerts(store)

  async function requireAlert(id: string): Promise<Revisioned<'alert'>> {
    const item = await records.get('alert', id)
    if (item === null) throw new RpcError('not-found', 'There is no such alert')
    return item
  }

  async function change(
    input: { readonly id: string; readonly revision: number },
    caller: Caller,
    entry: {
      readonly action: string
      readonly reason?: string
      readonly details?: Record<string, string | number | null>
    },
    apply: (alert: Alert) => Partial<Alert>,
  ): Promise<Revisioned<'alert'>> {
    // What a person sees when deciding is what is written with the decision.
    const before = await current((await requireAlert(input.id)).record)
    const record: Alert = { ...before, ...apply(before), updatedAt: now() }
    const [revision] = await commitOrRefuse(
      records,
      [{ kind: 'alert', record, revision: input.revision }],
      draftOf(caller, now(), {
        action: entry.action,
        subject: { kind: 'alert', id: record.id, name: record.title },
        reason: entry.reason ?? null,
        details: entry.details ?? {},
      }),
    )
    return { revision, record }
  }

  const refuseResolved = (alert: Alert) => {
    if (alert.state === 'resolved') throw new RpcError('refused', 'This alert is resolved; a new breach opens another')
  }
  /** Methods that change alerts ask for somebody who has signed in. */
  const requireUser = (caller: Caller): string => {
    if (caller.userId === null) throw new RpcError('signed-out', 'Sign in first')
    return caller.userId
  }

  return {
    'alerts.list': async ({ states, target, limit, cursor }) => {
      const wanted = (await records.list('alert'))
        .filter(({ record }) => states.includes(record.state))
        .filter(
          ({ record }) => target === null || (record.target.type === target.type && record.target.id === target.id),
        )
        .sort((a, b) => b.record.openedAt - a.record.openedAt || (a.record.id < b.record.id ? 1 : -1))
      const page = pageOfList(wanted, { limit, cursor })
      const items = await Promise.all(
        page.items.map(async ({ record, revision }) => ({ revision, record: await current(record) })),
      )
      return { ...page, items }
    },

    'alerts.get': async ({ id }) => {
      const { record, revision } = await requireAlert(id)
      const alert = await current(record)
      const { target, kind, subject } = alert
      const [series, done, linked, names] = await Promise.all([
        findings.series({
          target,
          kind,
          subject,
          window: { from: Math.max(0, alert.beganAt - leadMs), to: Number.MAX_SAFE_INTEGER },
        }),
        records.list('action', { link: 'alertId', id }),
        Promise.all(alert.linkedAlertIds.map((other) => records.get('alert', other))),
        userNames(store),
      ])
      return {
        alert,
        revision,
        findings: series.slice(-mostFindings),
        actions: done.map(({ record }) => actions.withLog(record)),
        linked: await Promise.all(linked.flatMap((item) => (item === null ? [] : [current(item.record)]))),
        userNames: names,
      }
    },

    'alerts.acknowledge': (input, { caller }) =>
      change(input, caller, { action: 'alerts.acknowledge' }, (alert) => {
        refuseResolved(alert)
        if (alert.state === 'acknowledged') throw new RpcError('refused', 'Somebody has acknowledged this already')
        return { state: 'acknowledged', mutedUntil: null, assigneeId: alert.assigneeId ?? caller.userId }
      }),

    'alerts.assign': async (input, { caller }) => {
      const { assigneeId } = input
      const assignee = assigneeId === null ? null : await records.get('user', assigneeId)
      if (assigneeId !== null && (assignee === null || assignee.record.isDisabled))
        throw new RpcError('invalid-input', 'There is no such person who could look after it')
      return await change(input, caller, { action: 'alerts.assign', details: { assigneeId } }, (alert) => {
        refuseResolved(alert)
        return { assigneeId }
      })
    },

    'alerts.comment': (input, { caller }) => {
      const userId = requireUser(caller)
      return change(input, caller, { action: 'alerts.comment', details: { text: input.text } }, (alert) => ({
        comments: [...alert.comments, { at: now(), userId, text: input.text }],
      }))
    },

    'alerts.mute': (input, { caller }) => {
      const { until, reason } = input
      if (until <= now()) throw new RpcError('invalid-input', 'until: the mute would be over already')
      return change(input, caller, { action: 'alerts.mute', reason, details: { until } }, (alert) => {
        refuseResolved(alert)
        return { state: 'muted', mutedUntil: until }
      })
    },

    'alerts.resolve': (input, { caller }) => {
      const { how, reason } = input
      return change(input, caller, { action: 'alerts.resolve', reason, details: { how } }, (alert) => {
        refuseResolved(alert)
        return { state: 'resolved', mutedUntil: null, resolution: { at: now(), userId: caller.userId, how, reason } }
      })
    },
  }
}
