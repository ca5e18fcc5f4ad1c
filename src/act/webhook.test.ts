import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { Alert } from '../contract/alert.ts'
import { type Notification, type Notifier, notificationOf, notifyAll } from './notification.ts'
import { reply, startServer, type TestServer } from './testing/http-server.ts'
import { createWebhookNotifier, deliverWebhook, type WebhookDelivery } from './webhook.ts'

let server: TestServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

const alert: Alert = {
  id: 'alt_1',
  state: 'open',
  severity: 'critical',
  kind: 'drift',
  target: { type: 'deployment', id: 'dep_1' },
  subject: { metric: 'psi', column: 'light' },
  dedupeKey: 'k',
  title: 'Light drifts on room',
  message: 'light moved',
  firstFindingId: 'fnd_1',
  lastFindingId: 'fnd_1',
  occurrences: 1,
  beganAt: 1,
  openedAt: 2,
  updatedAt: 2,
  mutedUntil: null,
  assigneeId: null,
  linkedAlertIds: [],
  linkReason: null,
  comments: [{ at: 1, userId: 'usr_1', text: 'between us' }],
  actionIds: [],
  resolution: null,
}
const notification: Notification = notificationOf(alert, 'open', 3)

const options = (url: string, more: Partial<WebhookDelivery> = {}) => {
  const waits: number[] = []
  return {
    waits,
    config: { kind: 'webhook' as const, url, hmacSecret: 'key' },
    workspace: 'Park',
    secrets: async (name: string) => (name === 'key' ? 'the key' : undefined),
    fetch: globalThis.fetch,
    now: Date.now,
    random: () => 0,
    wait: async (ms: number) => void waits.push(ms),
    signal: new AbortController().signal,
    notification,
    deliveryId: 'dlv_1',
    ...more,
  }
}

describe('deliverWebhook', () => {
  it('sends signed JSON that a receiver can check', async () => {
    server = await startServer((_, response) => reply(response, 204, ''))
    expect(await deliverWebhook(options(server.origin))).toMatchObject({
      isDelivered: true,
      attempts: 1,
      status: 204,
      problem: null,
    })
    const [request] = server.received
    const [, at, hex] = /^t=(\d+),v1=(.+)$/.exec(String(request.headers['x-assay-signature'])) ?? []
    expect(hex).toBe(createHmac('sha256', 'the key').update(`${at}.${request.body}`).digest('hex'))
    expect(JSON.parse(request.body)).toMatchObject({
      version: 1,
      id: 'dlv_1',
      event: 'alert.opened',
      workspace: 'Park',
      title: 'Light drifts on room',
      alert: { id: 'alt_1', severity: 'critical' },
    })
    expect(request.body).not.toContain('between us')
  })
  it('repeats the same delivery while the receiver may recover', async () => {
    server = await startServer((_, response, before) => {
      if (before === 0) response.destroy()
      else if (before === 1) reply(response, 503, '', { 'retry-after': '7' })
      else reply(response, 200, '')
    })
    const delivery = options(server.origin)
    expect(await deliverWebhook(delivery)).toMatchObject({ isDelivered: true, attempts: 3 })
    expect(delivery.waits).toEqual([250, 7000])
    expect(new Set(server.received.map((request) => request.body)).size).toBe(1)
  })
  it('gives up after its attempts', async () => {
    server = await startServer((_, response) => reply(response, 500, ''))
    const result = await deliverWebhook(options(server.origin, { maxAttempts: 3 }))
    expect(result).toMatchObject({ isDelivered: false, attempts: 3, status: 500 })
    expect(server.received).toHaveLength(3)
  })
  it.each([400, 401, 404, 410, 301])('does not repeat after %i', async (status) => {
    server = await startServer((_, response) => reply(response, status, ''))
    expect(await deliverWebhook(options(server.origin))).toMatchObject({ isDelivered: false, attempts: 1, status })
  })
  it('keeps key and address out of the log', async () => {
    server = await startServer((_, response) => reply(response, 400, 'you sent "the key"'))
    const { log } = await deliverWebhook(options(`${server.origin}/hooks/T0KEN`))
    expect(log).not.toContain('T0KEN')
    expect(log).not.toContain('the key')
  })
  it('says when the key is missing, and sends nothing unsigned', async () => {
    server = await startServer((_, response) => reply(response, 200, ''))
    const result = await deliverWebhook(options(server.origin, { secrets: async () => undefined }))
    expect(result).toMatchObject({ isDelivered: false, attempts: 0, problem: 'The secret "key" is not stored' })
    expect(server.received).toEqual([])
  })
  it('stops when it is cancelled between attempts', async () => {
    const controller = new AbortController()
    server = await startServer((_, response) => reply(response, 500, ''))
    const wait = async () => {
      controller.abort()
      controller.signal.throwIfAborted()
    }
    const result = await deliverWebhook(options(server.origin, { signal: controller.signal, wait }))
    expect(result).toMatchObject({ isDelivered: false, attempts: 1 })
    expect(result.problem).toContain('Cancelled')
  })
})

describe('notifyAll', () => {
  const deps = { now: Date.now, signal: new AbortController().signal, timeoutMs: 200 }
  const channel = (name: string, notify: Notifier['notify']): Notifier => ({ channel: name, notify })

  it('tells every channel and records what each did', async () => {
    server = await startServer((_, response) => reply(response, 200, ''))
    const { notification: _n, deliveryId: _d, signal: _s, waits: _w, ...rest } = options(server.origin)
    const outcomes = await notifyAll(
      [
        channel('desktop', async () => ({ problem: null })),
        channel('refuses', async () => ({ problem: 'not allowed' })),
        channel('throws', () => {
          throw new Error('broken')
        }),
        channel('hangs', () => new Promise(() => undefined)),
        createWebhookNotifier({ ...rest, name: 'ops', newDeliveryId: () => 'dlv_9' }),
      ],
      notification,
      { ...deps, timeoutMs: 2000 },
    )
    expect(outcomes.map(({ channel, isDelivered, problem }) => [channel, isDelivered, problem])).toEqual([
      ['desktop', true, null],
      ['refuses', false, 'not allowed'],
      ['throws', false, 'broken'],
      ['hangs', false, 'It gave no answer within 2 s'],
      ['webhook ops', true, null],
    ])
    expect(JSON.parse(server.received[0].body).id).toBe('dlv_9')
  })
  it('is cancelled', async () => {
    const outcomes = await notifyAll([channel('hangs', () => new Promise(() => undefined))], notification, {
      ...deps,
      signal: AbortSignal.abort(),
    })
    expect(outcomes[0].problem).toBe('It was cancelled')
  })
  it('words recovery', () => {
    const resolution = { at: 5, userId: null, how: 'recovered' as const, reason: 'The newest finding is ok' }
    expect(notificationOf({ ...alert, resolution }, 'recover', 5)).toMatchObject({
      event: 'alert.recovered',
      title: 'Recovered: Light drifts on room',
      body: 'The newest finding is ok',
      path: '/alerts/alt_1',
    })
  })
})
