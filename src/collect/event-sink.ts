import { type ExchangeFacts, toWireSamples, versionIn } from './cloudevents/exchange-samples.ts'
import { createExchangeJoin, type Exchange, type WaitingHalf } from './cloudevents/join-exchanges.ts'
import { readEvents } from './cloudevents/read-events.ts'
import type { Refusal } from './decode-json.ts'
import type { Directory } from './directory.ts'
import type { IncomingMessage, Intake } from './intake.ts'
import { defaultLimits, pushBytes } from './limits.ts'
import { busy, type PushReply, storePushed, summarise } from './push.ts'

export interface EventSinkOptions {
  readonly intake: Intake
  readonly directory: Pick<Directory, 'deploymentId' | 'version'>
  readonly now: () => number
  /** How long a request waits for its response; default one minute. */
  readonly waitMs?: number
  readonly patienceMs?: number
}

export interface EventSink {
  /** One HTTP request of a logger for a deployment; header names in lower case. */
  take(
    connectionId: string,
    key: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ): Promise<PushReply>
  /** Keeps what still waits as dead letters. */
  close(): void
}

const whys = {
  late: 'did not come in time',
  crowded: 'did not come before there was no more room to wait for it',
  closing: 'had not come when the console closed',
} as const

/**
 * Takes what inference loggers send as CloudEvents: request and response of one inference, joined by id, become samples. The
 * answer is 200, which such loggers expect, once what was joined is durable; a half waits in memory, and without its other half
 * it becomes a dead letter.
 */
export function createEventSink(options: EventSinkOptions): EventSink {
  const { intake, directory, now, patienceMs = 10_000 } = options
  const join = createExchangeJoin({
    now,
    waitMs: options.waitMs ?? 60_000,
    maxWaiting: 10_000,
    maxBytes: 64 * 1024 * 1024,
    onGivenUp(half, why) {
      const other = half.event.half === 'request' ? 'response' : 'request'
      const reason = `the ${other} to the ${half.event.half} ${half.event.id.slice(0, 100)} ${whys[why]}`
      intake.offer(letterOf(half, { code: 'wrong-shape', reason })).catch(() => {})
    },
  })

  const messageOf = (half: WaitingHalf): IncomingMessage => ({
    connectionId: half.connectionId,
    via: 'ingest',
    source: half.source,
    route: { kind: 'samples', key: half.deploymentKey },
    payload: half.payload,
    maxBytes: pushBytes,
  })
  const letterOf = (half: WaitingHalf, refusal: Refusal): IncomingMessage => ({
    ...messageOf(half),
    decoded: { refusal },
  })

  /** Undefined version: the deployment is not known, which the intake refuses in its own words. */
  function readExchange({ request, response }: Exchange): IncomingMessage {
    const message = messageOf(response)
    const deploymentId = directory.deploymentId(response.deploymentKey)
    const named = versionIn(response.event.data)
    const isKnown = deploymentId !== null && named !== null && directory.version(deploymentId, named) !== null
    const version = deploymentId === null ? null : directory.version(deploymentId, isKnown ? named : null)
    if (version === null) return { ...message, decoded: { json: null, refusal: null } }
    const [askedAt, answeredAt] = [request.event.at, response.event.at]
    const facts: ExchangeFacts = {
      id: response.event.id,
      at: askedAt ?? answeredAt ?? Math.min(request.arrivedAt, response.arrivedAt),
      latencyMs: askedAt !== null && answeredAt !== null && answeredAt >= askedAt ? answeredAt - askedAt : null,
      version: isKnown ? named : null,
    }
    const decoded = toWireSamples(facts, request.event.data, response.event.data, version.schema)
    if (decoded.refusal === null) return { ...message, decoded }
    const payload = Buffer.from(JSON.stringify({ request: request.event.data, response: response.event.data }))
    return { ...message, payload, decoded }
  }

  return {
    async take(connectionId, key, headers, body) {
      const source = `/ingest/deployments/${key}/cloudevents`
      const read = readEvents(headers, body, { maxBytes: pushBytes, maxDepth: defaultLimits.depth })
      const messages: IncomingMessage[] = []
      const completed: WaitingHalf[] = []
      const waits = new Set<WaitingHalf>()
      let repeated = 0
      for (const item of read) {
        const part = { connectionId, source, deploymentKey: key, payload: body, arrivedAt: now() }
        if (item.refusal) {
          const route = { kind: 'samples' as const, key }
          messages.push({ ...part, via: 'ingest', route, decoded: { refusal: item.refusal }, maxBytes: pushBytes })
          continue
        }
        // Of a batch, each event keeps its own text.
        const payload = read.length === 1 ? body : Buffer.from(JSON.stringify(item.event))
        const half = { ...part, payload, event: item.event }
        const added = join.add(half)
        if (added === 'waiting') waits.add(half)
        else if (added === 'repeated') repeated++
        else {
          waits.delete(added.request)
          waits.delete(added.response)
          messages.push(readExchange(added))
          completed.push(half)
        }
      }
      const outcomes = await storePushed(intake, messages, patienceMs)
      if (outcomes === null) {
        for (const half of completed) join.forget(half)
        return busy
      }
      const summary = { ...summarise(outcomes), waiting: waits.size, repeated }
      if (summary.refused === 0 || summary.accepted + waits.size + repeated > 0) return { status: 200, body: summary }
      const codes = new Set(summary.errors.map(({ code }) => code))
      return { status: codes.has('unknown-deployment') ? 404 : codes.has('too-large') ? 413 : 422, body: summary }
    },
    close: () => join.close(),
  }
}
