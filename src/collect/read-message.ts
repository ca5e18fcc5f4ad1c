import type { HalfChange } from '../contract/exchange.ts'
import { nothingTaken, type Origin, type Part, writeLetters } from './batch.ts'
import { fillMeasures, type MeasureBlobs } from './blobs/measure.ts'
import { decodeJson, type Refusal } from './decode-json.ts'
import type { Directory } from './directory.ts'
import type { IntakeLimits } from './limits.ts'
import { createMapper, type MapContext, type MappedMessage, unknownDevices } from './map-message.ts'
import { summarise, type Translated, type Translator } from './mapping/translator.ts'
import { admitNewDevices } from './new-devices.ts'
import { pathOf, type Route } from './route.ts'

/** One message as a source received it. */
export interface IncomingMessage {
  readonly connectionId: string
  /** Source of the labels in it: `mqtt` or `ingest`. */
  readonly via: string
  /** Topic or route, for the dead letter. */
  readonly source: string
  /** Null when the topic is none of the documented ones: mappings of the connection are asked; without one it becomes a dead letter. */
  readonly route: Route | null
  readonly payload: Uint8Array
  /**
   * The payload in the documented wire shape (one element or an array of them), where the source reads another encoding itself, or why
   * it could not be read. Without it the payload is JSON. Dead letters hold what was decoded, with the documented route to give it to
   * again; `payload` as it came where nothing could be.
   */
  readonly decoded?: { readonly json: unknown; readonly refusal: null } | { readonly refusal: Refusal }
  /** What becomes of halves that wait for each other, durable together with this message. */
  readonly halves?: readonly HalfChange[]
  /** A dead letter given again: its id, and when it came. What is refused of it makes no other letter. */
  readonly replay?: {
    readonly id: number
    readonly arrivedAt: number
    /** What it holds of the future is judged by now, and taken as so much earlier than it says. */
    readonly shiftMs?: number
  }
  /** Default: the intake's `messageBytes`. */
  readonly maxBytes?: number
}

export interface ReaderOptions {
  readonly resolve: Directory
  readonly now: () => number
  /** Samples whose event time lies further ahead or behind are refused. */
  readonly timeBounds: () => { readonly maxFutureMs: number; readonly maxPastMs: number }
  /** Mappings for messages that are not of the documented topics. */
  readonly translator?: Pick<Translator, 'translate'>
  /** Measures blobs for the columns that are derived from them; without it those stay empty. Never rejects. */
  readonly measure?: MeasureBlobs
}

export interface MessageReader {
  /**
   * What is in a message: elements to store, and dead letters for what is refused. A promise while a device is being registered
   * or a blob measured; it rejects only when the device cannot be registered. Never throws.
   */
  read(message: IncomingMessage, arrivedAt: number): Part | Promise<Part>
  /** Where a message came from, as the store and dead letters note it. */
  originOf(message: IncomingMessage, arrivedAt: number): Origin
  /** How often undeclared columns were kept out, by deployment key and column; at most 100 columns each. */
  readonly ignoredColumns: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Gives up waiting for devices to be registered. */
  stop(): void
}

/** One by one: as arguments of `push` a hundred thousand would be too many. */
function addAll<T>(to: T[], items: readonly T[]): void {
  for (const item of items) to.push(item)
}

/** Reads messages of the documented topics, and those that mappings know: decoding, validation, refusals with their reason. */
export function createMessageReader(options: ReaderOptions, limits: IntakeLimits): MessageReader {
  const directory = options.resolve
  const map = createMapper({ directory, blobBytes: limits.blobBytes, timeBounds: options.timeBounds })
  const newDevices = admitNewDevices(directory, limits)
  const ignored = new Map<string, Map<string, number>>()

  function countIgnored(key: string, columns: readonly string[]) {
    const counts = ignored.get(key) ?? new Map<string, number>()
    ignored.set(key, counts)
    for (const column of columns)
      if (counts.has(column) || counts.size < 100) counts.set(column, (counts.get(column) ?? 0) + 1)
  }

  function toPart(message: IncomingMessage, arrivedAt: number, mapped: MappedMessage): Part {
    if (mapped.ignored.length && message.route) countIgnored(message.route.key, mapped.ignored)
    if (mapped.refused.length === 0) return { mapped, letters: [] }
    return { mapped, letters: writeLetters(originOf(message, arrivedAt), mapped.refused, limits.lettersPerMessage) }
  }

  /** The same once the blobs in it are measured. */
  function toMeasuredPart(message: IncomingMessage, arrivedAt: number, mapped: MappedMessage): Part | Promise<Part> {
    const part = toPart(message, arrivedAt, mapped)
    if (mapped.toMeasure.length === 0 || options.measure === undefined) return part
    const filled = fillMeasures(mapped.toMeasure, options.measure)
    return filled instanceof Promise ? filled.then(() => part) : part
  }

  function originOf(
    { connectionId, source, payload, route, decoded, replay, halves }: IncomingMessage,
    arrivedAt: number,
  ): Origin {
    return {
      ...{ connectionId, source, arrivedAt, payload },
      ...(route && decoded?.refusal === null && { route: pathOf(route) }),
      ...(replay && { replay: { id: replay.id, at: options.now() } }),
      ...(halves && { halves }),
    }
  }

  function readOrThrow(message: IncomingMessage, arrivedAt: number): Part | Promise<Part> {
    const { route, connectionId, via } = message
    const refuse = (refusal: Refusal) =>
      toPart(message, arrivedAt, nothingTaken([{ ...refusal, index: null, element: null }]))
    if (!route) {
      const input = {
        ...{ source: message.source, payload: message.payload, arrivedAt },
        ...{ maxBytes: message.maxBytes ?? limits.messageBytes, maxDepth: limits.depth },
      }
      const translated = options.translator?.translate(connectionId, input) ?? []
      if (translated.length > 0) return readTranslated(message, translated, arrivedAt)
      return refuse({
        code: 'unknown-topic',
        reason: `${message.source.slice(0, 300)} is none of the documented topics, and no mapping takes it`,
      })
    }
    const maxBytes = message.maxBytes ?? limits.messageBytes
    const decoded = message.decoded ?? decodeJson(message.payload, { maxBytes, maxDepth: limits.depth })
    if (decoded.refusal) return refuse(decoded.refusal)
    const { json } = decoded
    // Nothing to store but what becomes of halves.
    if (message.halves !== undefined && json === undefined) return toPart(message, arrivedAt, nothingTaken([]))
    const finish = () =>
      toMeasuredPart(message, arrivedAt, map({ connectionId, via, route, arrivedAt, again: againOf(message) }, json))
    if (!directory.acceptsNewDevices(connectionId)) return finish()
    const unknown = unknownDevices(route, Array.isArray(json) ? json : [json], directory)
    return unknown.length ? newDevices.registerAll(unknown, connectionId).then(finish) : finish()
  }

  /** A message that the console itself fails on is kept as a dead letter too: unacknowledged it would come again for ever. */
  function readOrBury(message: IncomingMessage, arrivedAt: number): Part | Promise<Part> {
    try {
      return readOrThrow(message, arrivedAt)
    } catch (error) {
      const refusal = { code: 'wrong-shape', reason: `the console failed to read it: ${String(error)}` } as const
      return toPart(message, arrivedAt, nothingTaken([{ ...refusal, index: null, element: null }]))
    }
  }

  /** How the times of a letter are read that is given again. */
  const againOf = ({ replay }: IncomingMessage): MapContext['again'] =>
    replay && { judgedAt: options.now(), shiftMs: replay.shiftMs ?? 0 }

  /** What mappings made of a message. Whatever is refused of it shares one dead letter, which holds the message as it came. */
  function readTranslated(
    message: IncomingMessage,
    translated: readonly Translated[],
    arrivedAt: number,
  ): Part | Promise<Part> {
    const { connectionId, via } = message
    const context = { connectionId, via, arrivedAt, again: againOf(message) }
    const finish = () => toMeasuredPart(message, arrivedAt, mapTranslated(translated, context))
    if (!directory.acceptsNewDevices(connectionId)) return finish()
    const unknown = new Set(
      translated.flatMap(({ parts }) =>
        parts.flatMap(({ route, elements }) => unknownDevices(route, elements, directory)),
      ),
    )
    return unknown.size > 0 ? newDevices.registerAll([...unknown], connectionId).then(finish) : finish()
  }

  function mapTranslated(translated: readonly Translated[], context: Omit<MapContext, 'route'>): MappedMessage {
    const all = nothingTaken([])
    const refused: Refusal[] = []
    let newestAt: number | null = null
    for (const { parts, mapping, refused: own } of translated) {
      refused.push(...own)
      for (const { route, elements } of parts) {
        const mapped = map({ ...context, route }, elements)
        addAll(all.samples, mapped.samples)
        addAll(all.labels, mapped.labels)
        addAll(all.telemetry, mapped.telemetry)
        addAll(all.blobs, mapped.blobs)
        addAll(all.toMeasure, mapped.toMeasure)
        addAll(all.numbers, mapped.numbers)
        for (const item of mapped.refused) refused.push(mapping.explain(item))
        if (mapped.ignored.length > 0) countIgnored(route.key, mapped.ignored)
        if (mapped.newestAt !== null) newestAt = Math.max(newestAt ?? 0, mapped.newestAt)
      }
    }
    if (refused.length > 0) all.refused.push({ ...summarise(refused), index: null, element: null })
    return { ...all, newestAt }
  }

  return { read: readOrBury, originOf, ignoredColumns: ignored, stop: newDevices.stop }
}
