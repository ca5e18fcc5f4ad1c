import { type Notification, notificationOf, notifyAll } from '../../act/notification.ts'
import { createWebhookNotifier } from '../../act/webhook.ts'
import type { Action, Alert } from '../../contract/alert.ts'
import type { Connection } from '../../contract/connection.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { ServiceContext } from '../context.ts'
import { draftOf } from '../session/commit.ts'

type What = Parameters<typeof notificationOf>[1]
/** An alert that people are told about, and why. */
export interface News {
  readonly alert: Alert
  readonly what: What
}
type Parts = Pick<
  ServiceContext,
  'store' | 'vault' | 'events' | 'log' | 'now' | 'newId' | 'random' | 'fetch' | 'settings'
>

/** Telling people about alerts: on their screens at once, to webhooks through an outbox. */
export interface Notices {
  /** One action for each webhook, to be stored with the alert before anything leaves. */
  plan(alert: Alert, what: What, at: number): Promise<Action[]>
  /** Tells the screens, where the settings want it: what comes together is one notice, of the gravest. */
  show(news: readonly News[], at: number): Promise<void>
  /** Sends planned actions in the background; what came of each is stored. */
  send(actions: readonly Action[]): void
  /** Takes up what was planned and not sent when the console stopped. */
  resume(): Promise<void>
  /** Stops sending; what has no outcome yet is taken up at the next start. */
  close(): Promise<void>
}

/** A webhook may try five times with growing pauses. */
const deliveryMs = 180_000
/** Older news is no news: it is closed as not sent. */
const staleMs = 24 * 3_600_000

const whatOf: Record<Notification['event'], What> = {
  'alert.opened': 'open',
  'alert.reopened': 'reopen',
  'alert.recovered': 'recover',
  test: 'open',
}

/** What became of a webhook shows in its connection's state, which follows the actions that are stored. */
export function createNotices(parts: Parts): Notices {
  const { store, vault, events, log, now, newId, random, fetch } = parts
  const { records } = store
  const closing = new AbortController()
  const underWay = new Set<Promise<void>>()

  async function webhooks(): Promise<Connection[]> {
    const { notifications } = await parts.settings()
    const found = await Promise.all(notifications.webhookIds.map((id) => records.get('connection', id)))
    return found.flatMap((item) =>
      item?.record.isEnabled && item.record.config.kind === 'webhook' ? [item.record] : [],
    )
  }

  /** Writes the outcome on whatever the action has become meanwhile. */
  async function finish(id: string, changes: Partial<Action>): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const item = await records.get('action', id)
      if (item === null) return
      const record: Action = { ...item.record, ...changes, finishedAt: now() }
      const result = await records.commit(
        [{ kind: 'action', record, revision: item.revision }],
        draftOf(systemCaller, now(), {
          action: 'system.notify',
          subject: { kind: 'action', id, name: record.reason },
          details: { state: record.state, problem: record.problem, connectionId: record.connectionId },
        }),
      )
      if (result.status !== 'stale') return
    }
  }

  async function deliver(action: Action): Promise<void> {
    const { alertId, connectionId } = action
    const alert = alertId === null ? null : await records.get('alert', alertId)
    const connection = connectionId === null ? null : await records.get('connection', connectionId)
    if (alert === null || connection === null || connection.record.config.kind !== 'webhook') {
      await finish(action.id, { state: 'failed', problem: 'The alert or the webhook is not there any more' })
      return
    }
    const { event, title, body, path, at } = action.variables
    const notifier = createWebhookNotifier({
      name: connection.record.name,
      config: connection.record.config,
      workspace: (await parts.settings()).name,
      secrets: (name) => vault.get(name),
      newDeliveryId: () => action.correlationId,
      fetch,
      now,
      random,
    })
    const notification: Notification = {
      event: event as Notification['event'],
      title,
      body,
      path,
      at: Number(at),
      alert: alert.record,
    }
    const [outcome] = await notifyAll([notifier], notification, { now, signal: closing.signal, timeoutMs: deliveryMs })
    // Closing is no outcome: the action stays as it is and is sent at the next start.
    if (closing.signal.aborted && !outcome.isDelivered) return
    if (outcome.problem !== null)
      log.warn({ connectionId, problem: outcome.problem }, 'A webhook did not take a notification')
    await finish(action.id, {
      state: outcome.isDelivered ? 'succeeded' : 'failed',
      problem: outcome.problem,
      log: outcome.log,
    })
  }

  function send(actions: readonly Action[]): void {
    for (const action of actions) {
      const work = deliver(action)
        .catch((error) => log.error({ actionId: action.id, error }, 'A notification could not be sent'))
        .finally(() => underWay.delete(work))
      underWay.add(work)
    }
  }

  return {
    async plan(alert, what, at) {
      const { event, title, body, path } = notificationOf(alert, what, at)
      return (await webhooks()).map(({ id }) => ({
        id: newId('act'),
        kind: 'notify',
        alertId: alert.id,
        releaseId: null,
        deploymentId: alert.target.type === 'deployment' ? alert.target.id : null,
        connectionId: id,
        state: 'requested',
        requestedBy: null,
        reason: title,
        requestedAt: now(),
        finishedAt: null,
        correlationId: newId('ntf'),
        variables: { event, title, body, path, at: String(at) },
        log: '',
        result: null,
        problem: null,
        recovery: null,
      }))
    },
    async show(news, at) {
      if (news.length === 0 || !(await parts.settings()).notifications.desktop) return
      for (const together of Map.groupBy(news, ({ what }) => what).values()) {
        const { alert, what } = together.find((one) => one.alert.severity === 'critical') ?? together[0]
        const { title, body, path } = notificationOf(alert, what, at)
        const others = together.length - 1
        events.publish('notification.raised', {
          title: others === 0 ? title : `${title}, and ${others} more`,
          body,
          path: others === 0 ? path : '/alerts',
        })
      }
    },
    send,
    async resume() {
      const waiting = (await records.list('action'))
        .map(({ record }) => record)
        .filter(({ kind, state }) => kind === 'notify' && state === 'requested')
      const isStale = (action: Action) => now() - action.requestedAt > staleMs
      for (const action of waiting.filter(isStale))
        await finish(action.id, { state: 'failed', problem: 'The console was closed; a day later this was no news' })
      send(waiting.filter((action) => !isStale(action) && whatOf[action.variables.event as Notification['event']]))
    },
    async close() {
      closing.abort()
      await Promise.all(underWay)
    },
  }
}
