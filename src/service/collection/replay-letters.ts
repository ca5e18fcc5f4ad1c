import type { Exchange } from '../../collect/cloudevents/join-exchanges.ts'
import type { Directory } from '../../collect/directory.ts'
import { readExchange } from '../../collect/event-sink.ts'
import type { IncomingMessage, Intake } from '../../collect/intake.ts'
import { defaultLimits } from '../../collect/limits.ts'
import { type PushRoute, parsePushRoute, parseRoute, parseTopic, type Route } from '../../collect/route.ts'
import { isSparkplug } from '../../collect/sparkplug/read-topic.ts'
import type { Connection } from '../../contract/connection.ts'
import type { DeadLetter } from '../../contract/sample.ts'
import { type EventLetter, findExchanges } from './replay-events.ts'

export interface ReplayOutcome {
  readonly id: number
  readonly isTaken: boolean
  /** Why it was refused again. */
  readonly reason: string
}

export interface ReplayOptions {
  /** What is still too far ahead is taken as so much earlier than it says. */
  readonly shiftMs?: number
}

const bytesAtOnce = 32 * 1024 * 1024
const pushSource = '/ingest/'

const pushRouteOf = ({ source }: DeadLetter, { config }: Connection): PushRoute | null =>
  config.kind === 'ingest' && source.startsWith(pushSource) ? parsePushRoute(source.slice(pushSource.length)) : null

/** The documented route of what a letter holds; null where mappings have to read it. */
function routeOf({ source, route }: DeadLetter, { config }: Connection): Route | null {
  if (route !== undefined) return parseRoute(route)
  if (config.kind === 'mqtt') return parseTopic(config.topicPrefix, source)
  return source.startsWith(pushSource) ? parseRoute(source.slice(pushSource.length)) : null
}

/** Why a letter of another protocol can never be given again; null where it can be tried. */
function lastingReason(letter: DeadLetter, from: Connection): string | null {
  if (letter.route !== undefined) return null
  if (from.config.kind === 'mqtt' && isSparkplug(letter.source))
    return 'a Sparkplug message can only be read after the births before it: the next birth of its node brings its values'
  if (pushRouteOf(letter, from)?.kind === 'metrics')
    return 'it is no metric that can be read, and stays so: the exporter has to send it otherwise'
  return null
}

/**
 * Gives dead letters to the intake again, through what is registered and mapped now. One that can be taken is stored as if it
 * came for the first time (what of it was stored before changes nothing); the letter keeps what became of it.
 */
export function createReplay(parts: {
  readonly intake: Intake
  readonly directory: Pick<Directory, 'deploymentId' | 'version'>
  readonly connection: (id: string) => Connection | null
  /** All of a letter's payload, where more than its beginning is kept. */
  readonly bodyOf: (id: number) => Promise<Uint8Array | null>
  readonly now: () => number
}): (letters: readonly DeadLetter[], options?: ReplayOptions) => Promise<ReplayOutcome[]> {
  const { intake, directory, connection, bodyOf, now } = parts
  const sourceOf = ({ connectionId }: DeadLetter) => (connectionId === null ? null : connection(connectionId))

  /** The letters that hold events and not yet samples: they are read together, for one may hold what another lacks. */
  function eventsAmong(letters: readonly DeadLetter[]): EventLetter[] {
    return letters.flatMap((letter) => {
      const from = sourceOf(letter)
      if (from === null || letter.route !== undefined || isCut(letter)) return []
      const route = pushRouteOf(letter, from)
      return route?.kind === 'cloudevents' ? [{ letter, connectionId: from.id, deploymentKey: route.key }] : []
    })
  }

  function messageOf(letter: DeadLetter, from: Connection, exchange: Exchange | undefined): IncomingMessage {
    if (exchange !== undefined) return readExchange(exchange, directory)
    const payload = Buffer.from(letter.payloadBase64, 'base64')
    const route = routeOf(letter, from)
    // It was refused for something else than its size.
    const maxBytes = Math.max(payload.length, defaultLimits.messageBytes)
    return { connectionId: from.id, via: from.config.kind, source: letter.source, route, payload, maxBytes }
  }

  async function replayOne(
    letter: DeadLetter,
    exchange: Exchange | string | undefined,
    { shiftMs }: ReplayOptions,
  ): Promise<ReplayOutcome> {
    const refuse = (reason: string): ReplayOutcome => ({ id: letter.id, isTaken: false, reason })
    const from = sourceOf(letter)
    if (from === null) return refuse('it came from a file or a connection that is gone: bring it in again from there')
    const lasting = lastingReason(letter, from)
    if (lasting !== null) return refuse(lasting)
    if (isCut(letter))
      return refuse(
        `only its first ${Buffer.byteLength(letter.payloadBase64, 'base64')} of ${letter.payloadBytes} bytes are kept: send it again`,
      )
    if (typeof exchange === 'string') return refuse(exchange)
    if (intake.isFull(from.id)) await intake.whenRoom(from.id)
    const { refused } = await intake.offer({
      ...messageOf(letter, from, exchange),
      // What was too long ago is judged by today.
      replay: { id: letter.id, arrivedAt: letter.code === 'time-out-of-bounds' ? now() : letter.at, shiftMs },
    })
    return refused.length === 0 ? { id: letter.id, isTaken: true, reason: '' } : refuse(refused[0].reason)
  }

  /** With all of its payload, where that is kept. */
  async function wholeOf(letter: DeadLetter): Promise<DeadLetter> {
    const body = letter.isKeptWhole ? await bodyOf(letter.id) : null
    return body === null ? letter : { ...letter, payloadBase64: Buffer.from(body).toString('base64') }
  }

  return async (letters, options = {}) => {
    const outcomes: ReplayOutcome[] = []
    for (const part of partsOf(letters)) {
      const whole = await Promise.all(part.map(wholeOf))
      const exchanges = findExchanges(eventsAmong(whole))
      outcomes.push(...(await Promise.all(whole.map((letter) => replayOne(letter, exchanges.get(letter.id), options)))))
    }
    return outcomes
  }
}

/** Letters whose payloads are in memory together: one at least. */
function partsOf(letters: readonly DeadLetter[]): DeadLetter[][] {
  const parts: DeadLetter[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const letter of letters) {
    bytes += letter.payloadBytes
    if (bytes > bytesAtOnce) {
      parts.push([])
      bytes = letter.payloadBytes
    }
    parts[parts.length - 1].push(letter)
  }
  return parts
}

/** Whether only the beginning of what came is kept. */
const isCut = ({ payloadBase64, payloadBytes }: DeadLetter) => Buffer.byteLength(payloadBase64, 'base64') < payloadBytes
