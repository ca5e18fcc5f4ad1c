import type { HalfChange, KeptHalf, KeptHalves } from '../contract/exchange.ts'
import { type ExchangeFacts, toWireSamples, versionIn } from './cloudevents/exchange-samples.ts'
import { createExchangeJoin, type Exchange, keyOf, type WaitingHalf } from './cloudevents/join-exchanges.ts'
import { readEvents, readWritten, writeEvents } from './cloudevents/read-events.ts'
import type { Refusal } from './decode-json.ts'
import type { Directory } from './directory.ts'
import type { IncomingMessage, Intake, MessageOutcome } from './intake.ts'
import { defaultLimits, pushBytes } from './limits.ts'
import { busy, type PushReply, summarise, within } from './push.ts'

export interface EventSinkOptions {
  readonly intake: Intake
  readonly directory: Pick<Directory, 'deploymentId' | 'version'>
  /** What waited for its other half when the process ended. */
  readonly kept: () => Promise<KeptHalves>
  readonly now: () => number
  /** How long a request waits for its response; default one minute. */
  readonly waitMs?: number
  readonly maxWaiting?: number
  readonly patienceMs?: number
}

export interface EventSink {
  /** Takes up what waited when the process ended. What comes before waits for this. */
  start(): Promise<void>
  /** One HTTP request of a logger for a deployment; header names in lower case. */
  take(
    connectionId: string,
    key: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ): Promise<PushReply>
  /** Stops waiting; what waits stays in the store. */
  close(): void
}

const whys = {
  late: 'did not come in time',
  crowded: 'did not come before there was no more room to wait for it',
} as const
const limits = { maxBytes: pushBytes, maxDepth: defaultLimits.depth }

/** Where events for a deployment come in, as dead letters name it. */
export const eventSource = (deploymentKey: string) => `/ingest/deployments/${deploymentKey}/cloudevents`

/** What the intake is to do with a whole exchange. Undefined version: the deployment is not known, which the intake refuses itself. */
export function readExchange(
  { request, response }: Exchange,
  directory: EventSinkOptions['directory'],
): IncomingMessage {
  const { connectionId, deploymentKey } = response
  const message = {
    ...{ connectionId, via: 'ingest', source: eventSource(deploymentKey), maxBytes: pushBytes },
    route: { kind: 'samples' as const, key: deploymentKey },
    payload: writeEvents([request.event, response.event]),
  }
  const deploymentId = directory.deploymentId(deploymentKey)
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
  return { ...message, decoded: toWireSamples(facts, request.event.data, response.event.data, version.schema) }
}

/**
 * Takes what inference loggers send as CloudEvents: request and response of one inference, joined by id, become samples. The
 * answer is 200, which such loggers expect, once all that came is durable: a half waits in the store, leaves it in the transaction
 * that stores the samples, and without its other half becomes a dead letter.
 */
export function createEventSink(options: EventSinkOptions): EventSink {
  const { intake, directory, now, patienceMs = 10_000 } = options
  /** What is on its way to the store, by key: a repetition is answered when it is there. */
  const pending = new Map<string, Promise<MessageOutcome>>()
  let loaded: Promise<void> | null = null
  const join = createExchangeJoin({
    now,
    waitMs: options.waitMs ?? 60_000,
    maxWaiting: options.maxWaiting ?? 10_000,
    maxBytes: 64 * 1024 * 1024,
    onGivenUp(half, why) {
      const other = half.event.half === 'request' ? 'response' : 'request'
      const reason = `the ${other} to the ${half.event.half} ${half.event.id.slice(0, 100)} ${whys[why]}`
      giveUp(half, keyOf(half), { code: 'wrong-shape', reason })
    },
  })

  const messageOf = (
    { connectionId, deploymentKey, payload }: Pick<WaitingHalf, 'connectionId' | 'deploymentKey' | 'payload'>,
    decoded: IncomingMessage['decoded'],
    halves: readonly HalfChange[] = [],
  ): IncomingMessage => ({
    ...{ connectionId, via: 'ingest', source: eventSource(deploymentKey), payload, decoded, halves },
    ...{ route: { kind: 'samples', key: deploymentKey }, maxBytes: pushBytes },
  })

  /** Letter and end of waiting are one transaction; when the intake closes before it, the half waits in the store. */
  function giveUp(
    half: Pick<WaitingHalf, 'connectionId' | 'deploymentKey' | 'payload'>,
    key: string,
    refusal: Refusal,
  ) {
    intake.offer(messageOf(half, { refusal }, [{ status: 'given-up', key }])).catch(() => {})
  }

  function offer(key: string, message: IncomingMessage): Promise<MessageOutcome> {
    const durable = intake.offer(message)
    pending.set(key, durable)
    const forget = () => {
      if (pending.get(key) === durable) pending.delete(key)
    }
    durable.then(forget, forget)
    return durable
  }

  function restore({ waiting, joined }: KeptHalves): void {
    const halves = waiting.flatMap(({ event: payload, ...kept }: KeptHalf): WaitingHalf[] => {
      const [read] = readWritten(payload, limits.maxDepth)
      if (read.refusal === null) return [{ ...kept, payload, event: read.event }]
      giveUp({ ...kept, payload }, kept.key, read.refusal)
      return []
    })
    join.restore(halves, joined)
  }

  /** Tried again by whoever comes next, should the store not answer. */
  const start = () => {
    loaded ??= options.kept().then(restore)
    loaded.catch(() => {
      loaded = null
    })
    return loaded
  }

  return {
    start,
    async take(connectionId, deploymentKey, headers, body) {
      await start()
      const until = performance.now() + patienceMs
      if (intake.isFull(connectionId)) {
        const room = await within(
          patienceMs,
          intake.whenRoom(connectionId).then(() => true),
        )
        if (room === null) return busy
      }
      // From here to the last offer nothing is awaited: what is joined and what is stored are in the same order.
      const outcomes: Promise<MessageOutcome>[] = []
      const waits = new Set<string>()
      let repeated = 0
      for (const item of readEvents(headers, body, limits)) {
        if (item.refusal) {
          outcomes.push(intake.offer(messageOf({ connectionId, deploymentKey, payload: body }, item)))
          continue
        }
        const payload = writeEvents([item.event])
        const half = { connectionId, deploymentKey, payload, event: item.event, arrivedAt: now() }
        const key = keyOf(half)
        const added = join.add(half)
        if (added === 'waiting') {
          waits.add(key)
          const kept = { key, connectionId, deploymentKey, arrivedAt: half.arrivedAt, event: payload }
          const nothing = { json: undefined, refusal: null }
          outcomes.push(offer(key, messageOf(half, nothing, [{ status: 'waits', half: kept }])))
        } else if (added === 'repeated') {
          repeated++
          const before = pending.get(key)
          if (before !== undefined) outcomes.push(before.then(nothingMore))
        } else {
          waits.delete(key)
          outcomes.push(offer(key, { ...readExchange(added, directory), halves: [{ status: 'joined', key }] }))
        }
      }
      const durable = await within(until - performance.now(), Promise.all(outcomes))
      if (durable === null) return busy
      const summary = { ...summarise(durable), waiting: waits.size, repeated }
      if (summary.refused === 0 || summary.accepted + waits.size + repeated > 0) return { status: 200, body: summary }
      const codes = new Set(summary.errors.map(({ code }) => code))
      return { status: codes.has('unknown-deployment') ? 404 : codes.has('too-large') ? 413 : 422, body: summary }
    },
    close: () => join.close(),
  }
}

/** What a repetition brings. */
const nothingMore = (): MessageOutcome => ({ accepted: 0, refused: [], ignored: [] })
