import type { HalfChange } from '../contract/exchange.ts'
import { countTaken, nothingTaken, type Origin, type Part, writeLetters } from './batch.ts'
import { fillMeasures, type MeasureBlobs } from './blobs/measure.ts'
import { createCommitter, type Entry, type MessageOutcome, type Sink } from './committer.ts'
import { decodeJson, type Refusal } from './decode-json.ts'
import type { Directory } from './directory.ts'
import { isDiskFault } from './disk-fault.ts'
import { defaultLimits, type IntakeLimits } from './limits.ts'
import { createMapper, type MapContext, type MappedMessage, unknownDevices } from './map-message.ts'
import { summarise, type Translated, type Translator } from './mapping/translator.ts'
import { pathOf, type Route } from './route.ts'

export type { MessageOutcome } from './committer.ts'

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

export interface IntakeOptions extends Sink {
  readonly resolve: Directory
  readonly now: () => number
  /** Samples whose event time lies further ahead or behind are refused. */
  readonly timeBounds: () => { readonly maxFutureMs: number; readonly maxPastMs: number }
  readonly limits?: Partial<IntakeLimits>
  /** Mappings for messages that are not of the documented topics. */
  readonly translator?: Pick<Translator, 'translate'>
  /** Measures blobs for the columns that are derived from them; without it those stay empty. Never rejects. */
  readonly measure?: MeasureBlobs
  /** Told of every message as it comes, before anything is decided about it. */
  readonly onMessage?: (message: IncomingMessage, arrivedAt: number) => void
}

export interface Intake {
  /**
   * Takes a message; the promise resolves when it is durable and rejects only when the intake closes first. Messages of one
   * connection become durable in the order offered. Ask `isFull` before reading more.
   */
  offer(message: IncomingMessage): Promise<MessageOutcome>
  isFull(connectionId: string): boolean
  /** Resolves when the connection may offer again. */
  whenRoom(connectionId: string): Promise<void>
  /** How often undeclared columns were kept out, by deployment key and column; at most 100 columns each. */
  ignoredColumns(): ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Commits what waits, for at most `waitMs`; what is not durable by then is rejected, so that nobody acknowledges it. */
  close(waitMs: number): Promise<void>
}

/** A message that waits for its batch as it came: reading it only then leaves nothing to live until the batch is durable. */
interface Waiting extends Pick<Entry, 'resolve' | 'reject'> {
  readonly message: IncomingMessage
  readonly arrivedAt: number
  /** Null until it is read. */
  part: Part | Promise<Part> | null
  /** Whether that promise is still open: it is not taken into a batch, where others would wait for it. */
  isPending: boolean
}

/** Messages of one connection. Each has its own, so that no source starves another and counters are exact. */
interface Lane {
  queue: Waiting[]
  /** Read already, while the batch before it is being stored. */
  next: Entry[]
  bytes: number
  hasGrown: boolean
  firstAt: number
  isDue: boolean
  readonly waiters: (() => void)[]
  newDevices: number
}

/** One by one: as arguments of `push` a hundred thousand would be too many. */
function addAll<T>(to: T[], items: readonly T[]): void {
  for (const item of items) to.push(item)
}

/** The one way in: caps, mapping, validation, a bounded queue for each connection, and batches committed in order. */
export function createIntake(options: IntakeOptions): Intake {
  const limits: IntakeLimits = { ...defaultLimits, ...options.limits }
  const directory = options.resolve
  const map = createMapper({ directory, blobBytes: limits.blobBytes, timeBounds: options.timeBounds })
  const committer = createCommitter(options, limits)
  const lanes = new Map<string, Lane>()
  const ignored = new Map<string, Map<string, number>>()
  let timer: NodeJS.Timeout | null = null
  let pump: Promise<void> | null = null
  let isClosed = false

  function laneOf(connectionId: string): Lane {
    let lane = lanes.get(connectionId)
    if (!lane) {
      lane = { queue: [], next: [], bytes: 0, hasGrown: false, firstAt: 0, isDue: false, waiters: [], newDevices: 0 }
      lanes.set(connectionId, lane)
    }
    return lane
  }

  const isLaneFull = (lane: Lane) => lane.queue.length >= limits.queueMessages || lane.bytes >= limits.queueBytes
  /** What comes behind a message that is not decided yet waits for it, and nothing else does. */
  const canMove = (lane: Lane) => lane.queue.length > 0 && !lane.queue[0].isPending
  const isBatch = (lane: Lane) => lane.queue.length >= limits.batchMessages || lane.bytes >= limits.batchBytes
  const isReady = (lane: Lane) => canMove(lane) && (lane.isDue || isBatch(lane))

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

  function read(message: IncomingMessage, arrivedAt: number): Part | Promise<Part> {
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
    return unknown.length ? registerAll(unknown, connectionId).then(finish) : finish()
  }

  /** A message that the console itself fails on is kept as a dead letter too: unacknowledged it would come again for ever. */
  function readOrBury(message: IncomingMessage, arrivedAt: number): Part | Promise<Part> {
    try {
      return read(message, arrivedAt)
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
    return unknown.size > 0 ? registerAll([...unknown], connectionId).then(finish) : finish()
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

  async function registerAll(keys: readonly string[], connectionId: string) {
    const lane = laneOf(connectionId)
    for (const key of keys) {
      if (directory.deviceId(key) !== null) continue
      if (lane.newDevices >= limits.newDevices) return
      lane.newDevices++
      await register(key, connectionId)
    }
  }

  /** Asks again for as long as the disk is at fault: the message is none the worse for it. */
  async function register(key: string, connectionId: string) {
    for (let waitMs = limits.retryMs.first; ; waitMs = Math.min(waitMs * 2, limits.retryMs.longest))
      try {
        return await directory.registerDevice(key, connectionId)
      } catch (error) {
        if (isClosed || !isDiskFault(error)) throw error
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
  }

  /** Reads a message if that has not been done; returns how many elements it has, as far as that is known. */
  function readWaiting(lane: Lane, waiting: Waiting): number {
    if (waiting.part === null) {
      waiting.part = readOrBury(waiting.message, waiting.arrivedAt)
      if (waiting.part instanceof Promise) follow(lane, waiting, waiting.part)
    }
    const { part } = waiting
    return part instanceof Promise ? 1 : Math.max(1, countTaken(part.mapped) + part.mapped.refused.length)
  }

  /** Reads the next messages, up to as many elements as one transaction takes, and takes those before the first undecided one. */
  function takeBatch(lane: Lane): Entry[] {
    const batch: Entry[] = []
    let isDecided = true
    let elements = 0
    for (let index = 0; index < lane.queue.length && elements < limits.transactionElements; index++) {
      const waiting = lane.queue[index]
      elements += readWaiting(lane, waiting)
      isDecided &&= !waiting.isPending
      if (!isDecided || waiting.part === null) continue
      const { message, arrivedAt, part, resolve, reject } = waiting
      lane.bytes -= message.payload.length
      batch.push({ origin: originOf(message, arrivedAt), part, resolve, reject })
    }
    lane.queue = lane.queue.slice(batch.length)
    lane.isDue = lane.isDue && lane.queue.length > 0
    return batch
  }

  async function commitRounds() {
    // One round serves every ready lane once, so that a flood in one does not hold up the others.
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const lane of lanes.values()) {
        if (!isReady(lane) && lane.next.length === 0) continue
        isBusy = true
        const batch = lane.next.length > 0 ? lane.next : takeBatch(lane)
        const committed = batch.length > 0 ? committer.commit(batch) : null
        // Read while another thread stores this one: reading takes about as long as storing.
        lane.next = isReady(lane) ? takeBatch(lane) : []
        try {
          await committed
        } catch (error) {
          for (const entry of batch) entry.reject(error as Error)
        }
        if (!isLaneFull(lane)) for (const waiter of lane.waiters.splice(0)) waiter()
      }
    }
  }

  function startPump() {
    pump ??= commitRounds().finally(() => {
      pump = null
      const waiting = [...lanes.values()].filter(canMove)
      if (waiting.some(isReady)) startPump()
      // What came during the last commit and is too little for a batch: no offer may follow that would start the timer.
      else if (waiting.length > 0) startTimer()
    })
  }

  function tick() {
    timer = null
    const now = performance.now()
    let isAnyWaiting = false
    let isAnyReady = false
    for (const lane of lanes.values()) {
      if (!canMove(lane)) continue
      if (!lane.hasGrown || now - lane.firstAt >= limits.batchMs) lane.isDue = true
      lane.hasGrown = false
      if (isReady(lane)) isAnyReady = true
      else isAnyWaiting = true
    }
    if (isAnyWaiting) startTimer()
    if (isAnyReady) startPump()
  }

  /** A failed registration is handled when the batch is committed. */
  function follow(lane: Lane, waiting: Waiting, part: Promise<Part>) {
    waiting.isPending = true
    const settle = () => {
      waiting.isPending = false
      if (isReady(lane)) startPump()
      else if (canMove(lane)) startTimer()
    }
    part.then(settle, settle)
  }

  function startTimer() {
    timer ??= setTimeout(tick, limits.quietMs)
  }

  return {
    offer(message) {
      if (isClosed) return Promise.reject(new Error('the intake is closed'))
      return new Promise<MessageOutcome>((resolve, reject) => {
        const lane = laneOf(message.connectionId)
        const { replay } = message
        const arrivedAt = replay?.arrivedAt ?? options.now()
        if (replay === undefined) options.onMessage?.(message, arrivedAt)
        if (lane.queue.length === 0) lane.firstAt = performance.now()
        lane.queue.push({ message, arrivedAt, part: null, isPending: false, resolve, reject })
        lane.bytes += message.payload.length
        lane.hasGrown = true
        if (isBatch(lane)) startPump()
        else startTimer()
      })
    },
    isFull: (connectionId) => isLaneFull(laneOf(connectionId)),
    whenRoom(connectionId) {
      const lane = laneOf(connectionId)
      return isLaneFull(lane) && !isClosed ? new Promise((resolve) => lane.waiters.push(resolve)) : Promise.resolve()
    },
    ignoredColumns: () => ignored,
    async close(waitMs) {
      let handle: NodeJS.Timeout | undefined
      const patience = new Promise<void>((resolve) => {
        handle = setTimeout(resolve, waitMs)
      })
      const finish = async () => {
        // Reading a message may begin something that must be waited for in turn.
        for (let open = [...lanes.values()]; open.length > 0; open = open.filter(({ queue }) => queue.length > 0)) {
          await Promise.allSettled(open.flatMap(({ queue }) => queue.map(({ part }) => part)))
          for (const lane of open) lane.isDue = lane.queue.length > 0
          startPump()
          await pump
        }
      }
      await Promise.race([finish(), patience])
      clearTimeout(handle)
      isClosed = true
      if (timer) clearTimeout(timer)
      committer.stop()
      for (const lane of lanes.values()) {
        for (const entry of lane.queue.splice(0)) entry.reject(new Error('the intake closed before this was stored'))
        for (const waiter of lane.waiters.splice(0)) waiter()
      }
    },
  }
}
