import type { Alert } from '../contract/alert.ts'

/** Something that people should know now. Every channel says it in its own way. */
export interface Notification {
  readonly event: 'alert.opened' | 'alert.reopened' | 'alert.recovered' | 'test'
  readonly title: string
  readonly body: string
  /** Page to open, like `/alerts/alt_1`. */
  readonly path: string
  readonly at: number
  /** Null for a test of the channel. */
  readonly alert: Alert | null
}

/**
 * One channel: the desktop, the browser, a webhook. Resolves when the channel has taken it (`problem` null) or says in a
 * sentence why not.
 */
export interface Notifier {
  /** Name for the log and for people: `desktop`, `webhook ops`. */
  readonly channel: string
  readonly notify: (
    notification: Notification,
    signal: AbortSignal,
  ) => Promise<{ readonly problem: string | null; readonly log?: string }>
}

/** What one channel did with one notification; kept with the alert's actions. */
export interface ChannelOutcome {
  readonly channel: string
  readonly isDelivered: boolean
  readonly problem: string | null
  readonly log: string
  readonly startedAt: number
  readonly finishedAt: number
}

const titles = { open: 'alert.opened', reopen: 'alert.reopened', recover: 'alert.recovered' } as const

/** What people are told about an alert that opened, returned or recovered. */
export function notificationOf(alert: Alert, what: keyof typeof titles, at: number): Notification {
  const prefix = what === 'recover' ? 'Recovered: ' : what === 'reopen' ? 'Still breaching: ' : ''
  return {
    event: titles[what],
    title: `${prefix}${alert.title}`,
    body: what === 'recover' ? (alert.resolution?.reason ?? alert.message) : alert.message,
    path: `/alerts/${alert.id}`,
    at,
    alert,
  }
}

/**
 * Tells every channel at once. One that fails, throws or takes longer than `timeoutMs` delays and harms no other; the outcomes come in
 * the order of the channels. Never rejects.
 */
export function notifyAll(
  notifiers: readonly Notifier[],
  notification: Notification,
  options: { readonly now: () => number; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<ChannelOutcome[]> {
  return Promise.all(notifiers.map((notifier) => notifyOne(notifier, notification, options)))
}

async function notifyOne(
  notifier: Notifier,
  notification: Notification,
  { now, signal, timeoutMs }: { readonly now: () => number; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<ChannelOutcome> {
  const startedAt = now()
  const ended = (problem: string | null, log = ''): ChannelOutcome => ({
    channel: notifier.channel,
    isDelivered: problem === null,
    problem,
    log,
    startedAt,
    finishedAt: now(),
  })
  const controller = new AbortController()
  const limit = AbortSignal.any([signal, controller.signal])
  const { promise: late, resolve: isLate } = Promise.withResolvers<ChannelOutcome>()
  const onAbort = () =>
    isLate(ended(signal.aborted ? 'It was cancelled' : `It gave no answer within ${timeoutMs / 1000} s`))
  if (limit.aborted) onAbort()
  limit.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  try {
    const told = (async () => notifier.notify(notification, limit))().then(
      ({ problem, log }) => ended(problem, log),
      (error: unknown) => ended(error instanceof Error ? error.message : String(error)),
    )
    return await Promise.race([told, late])
  } finally {
    clearTimeout(timer)
    limit.removeEventListener('abort', onAbort)
  }
}
