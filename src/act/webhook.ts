import type { z } from 'zod'
import type { webhookConfig } from '../contract/connection.ts'
import { createActionLog } from './action-log.ts'
import { type SecretLookup, UnusableActionError, type WayOutDeps, waitFor } from './deps.ts'
import { requireSecret } from './endpoint-auth.ts'
import { backoffMs, excerpt, exchange, type Reply, retryAfterMs } from './http-exchange.ts'
import type { Notification, Notifier } from './notification.ts'
import { correlationHeader, signatureHeader, signBody } from './signature.ts'

export interface Delivery {
  readonly isDelivered: boolean
  readonly attempts: number
  /** Status of the last reply, null when there was none. */
  readonly status: number | null
  readonly problem: string | null
  readonly log: string
}

export interface WebhookDelivery extends WayOutDeps {
  readonly config: z.infer<typeof webhookConfig>
  readonly notification: Notification
  /** Name of the workspace that speaks. */
  readonly workspace: string
  /** The same on every attempt, in body and header: receivers drop repeats by it. */
  readonly deliveryId: string
  readonly secrets: SecretLookup
  readonly signal: AbortSignal
  readonly onLog?: (line: string) => void
  readonly maxAttempts?: number
  /** For one attempt. */
  readonly timeoutMs?: number
}

/** Longest wait that a receiver may ask for with `Retry-After`. */
const maxWaitMs = 60_000

/** What a receiver gets. Comments stay inside the console: they may name people. */
function payloadOf(delivery: WebhookDelivery): string {
  const { event, title, body, path, at, alert } = delivery.notification
  return JSON.stringify({
    version: 1,
    id: delivery.deliveryId,
    event,
    at,
    workspace: delivery.workspace,
    title,
    body,
    path,
    alert: alert && {
      id: alert.id,
      state: alert.state,
      severity: alert.severity,
      kind: alert.kind,
      target: alert.target,
      subject: alert.subject,
      occurrences: alert.occurrences,
      beganAt: alert.beganAt,
      openedAt: alert.openedAt,
      linkedAlertIds: alert.linkedAlertIds,
      linkReason: alert.linkReason,
      resolution: alert.resolution && { how: alert.resolution.how, at: alert.resolution.at },
    },
  })
}

const mayPass = (reply: Reply) =>
  reply.status === 408 || reply.status === 425 || reply.status === 429 || reply.status >= 500

/**
 * Delivers a notification as JSON, signed with HMAC-SHA-256 where a key is configured (see `signBody`; signed anew on each attempt). Any
 * 2xx is delivery. Lost connections, 408, 425, 429 and 5xx are tried again, at most `maxAttempts` (5) times with jittered
 * backoff or as `Retry-After` asks, up to a minute; other answers end it. Delivery is thus at least once. Never rejects for
 * what the outside does.
 */
export async function deliverWebhook(delivery: WebhookDelivery): Promise<Delivery> {
  const { config, signal, now, random, maxAttempts = 5, timeoutMs = 10_000 } = delivery
  let key: string | null
  try {
    key = config.hmacSecret === null ? null : await requireSecret(delivery.secrets, config.hmacSecret)
  } catch (error) {
    if (!(error instanceof UnusableActionError)) throw error
    return {
      isDelivered: false,
      attempts: 0,
      status: null,
      problem: error.message,
      log: `Not sent: ${error.message}\n`,
    }
  }
  const log = createActionLog({ secrets: key === null ? [] : [key], now, onLog: delivery.onLog })
  const body = payloadOf(delivery)
  // The address itself may be the secret (many receivers put a token into it), so the log names the host alone.
  const { host } = new URL(config.url)
  const url = new URL(config.url)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    [correlationHeader]: delivery.deliveryId,
  }
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`
    url.username = ''
    url.password = ''
  }
  let status: number | null = null
  for (let attempt = 1; ; attempt += 1) {
    if (key !== null) headers[signatureHeader] = signBody(key, body, now())
    log.add(`POST to ${host}, attempt ${attempt} of ${maxAttempts}`)
    const result = await exchange({
      fetch: delivery.fetch,
      method: 'POST',
      url: url.href,
      headers,
      body,
      timeoutMs,
      signal,
    })
    let problem: string
    let canRetry = true
    let waitMs = backoffMs(attempt, random)
    if (result.type === 'reply') {
      const { reply } = result
      status = reply.status
      log.add(`${status} ${excerpt(log.mask(reply.text), 500)}`)
      if (status >= 200 && status < 300)
        return { isDelivered: true, attempts: attempt, status, problem: null, log: log.text() }
      problem = `${host} answered ${status}`
      canRetry = mayPass(reply)
      const asked = retryAfterMs(reply.retryAfter, now())
      if (asked !== null) {
        canRetry &&= asked <= maxWaitMs
        waitMs = Math.max(waitMs, asked)
      }
    } else {
      log.add(`No reply: ${result.message}`)
      problem = `${host}: ${result.message}`
      canRetry = result.type !== 'cancelled'
    }
    const end = (): Delivery => ({
      isDelivered: false,
      attempts: attempt,
      status,
      problem: log.mask(problem),
      log: log.text(),
    })
    if (!canRetry || attempt >= maxAttempts) return end()
    try {
      await (delivery.wait ?? waitFor)(waitMs, signal)
    } catch (error) {
      if (!signal.aborted) throw error
      problem = `Cancelled after ${attempt} of ${maxAttempts} attempts; ${problem}`
      return end()
    }
  }
}

/** A webhook as a channel. `newDeliveryId` is called once a notification. */
export const createWebhookNotifier = (
  options: Omit<WebhookDelivery, 'notification' | 'deliveryId' | 'signal'> & {
    readonly name: string
    readonly newDeliveryId: () => string
  },
): Notifier => ({
  channel: `webhook ${options.name}`,
  async notify(notification, signal) {
    const { problem, log } = await deliverWebhook({
      ...options,
      notification,
      deliveryId: options.newDeliveryId(),
      signal,
    })
    return { problem, log }
  },
})
