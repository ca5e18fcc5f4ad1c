import { countTaken, type Part } from './batch.ts'
import { createCommitter, type Entry, type MessageOutcome, type Sink } from './committer.ts'
import { defaultLimits, type IntakeLimits } from './limits.ts'
import { createMessageReader, type IncomingMessage, type ReaderOptions } from './read-message.ts'

export type { MessageOutcome } from './committer.ts'
export type { IncomingMessage } from './read-message.ts'

export interface IntakeOptions extends Sink, ReaderOptions {
  readonly limits?: Partial<IntakeLimits>
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

/**
 * A message that waits for its batch. It is read when the batch is taken, so that nothing of it lives for long, or while
 * another thread stores the batch before: reading takes about as long as storing.
 */
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
  /** Elements of waiting messages that are read already. */
  ahead: number
  bytes: number
  hasGrown: boolean
  firstAt: number
  isDue: boolean
  readonly waiters: (() => void)[]
}

/** The one way in: caps, mapping, validation, a bounded queue for each connection, and batches committed in order. */
export function createIntake(options: IntakeOptions): Intake {
  const limits: IntakeLimits = { ...defaultLimits, ...options.limits }
  const reader = createMessageReader(options, limits)
  const committer = createCommitter(options, limits)
  const lanes = new Map<string, Lane>()
  let timer: NodeJS.Timeout | null = null
  let pump: Promise<void> | null = null
  let isStoring = false
  let isClosed = false

  function laneOf(connectionId: string): Lane {
    let lane = lanes.get(connectionId)
    if (!lane) {
      lane = { queue: [], ahead: 0, bytes: 0, hasGrown: false, firstAt: 0, isDue: false, waiters: [] }
      lanes.set(connectionId, lane)
    }
    return lane
  }

  const isLaneFull = (lane: Lane) => lane.queue.length >= limits.queueMessages || lane.bytes >= limits.queueBytes
  /** What comes behind a message that is not decided yet waits for it, and nothing else does. */
  const canMove = (lane: Lane) => lane.queue.length > 0 && !lane.queue[0].isPending
  const isBatch = (lane: Lane) => lane.queue.length >= limits.batchMessages || lane.bytes >= limits.batchBytes
  const isReady = (lane: Lane) => canMove(lane) && (lane.isDue || isBatch(lane))

  /** Reads a message if that has not been done; returns how many elements it has, as far as that is known. */
  function readWaiting(lane: Lane, waiting: Waiting): number {
    if (waiting.part === null) {
      waiting.part = reader.read(waiting.message, waiting.arrivedAt)
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
      batch.push({ origin: reader.originOf(message, arrivedAt), part, resolve, reject })
    }
    lane.queue = lane.queue.slice(batch.length)
    lane.ahead = Math.max(0, lane.ahead - elements)
    lane.isDue = lane.isDue && lane.queue.length > 0
    return batch
  }

  /** Reads what waits behind the batch that is being stored, up to what the next transaction takes. */
  function readAhead(lane: Lane) {
    for (const waiting of lane.queue) {
      if (lane.ahead >= limits.transactionElements) return
      if (waiting.part === null) lane.ahead += readWaiting(lane, waiting)
    }
  }

  async function store(lane: Lane, batch: readonly Entry[]) {
    isStoring = true
    try {
      const committed = committer.commit(batch)
      readAhead(lane)
      await committed
    } catch (error) {
      for (const entry of batch) entry.reject(error as Error)
    } finally {
      isStoring = false
    }
  }

  async function commitRounds() {
    // One round serves every ready lane once, so that a flood in one does not hold up the others.
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const lane of lanes.values()) {
        if (!isReady(lane)) continue
        isBusy = true
        const batch = takeBatch(lane)
        if (batch.length > 0) await store(lane, batch)
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
        const waiting: Waiting = { message, arrivedAt, part: null, isPending: false, resolve, reject }
        lane.queue.push(waiting)
        if (isStoring && lane.ahead < limits.transactionElements) lane.ahead += readWaiting(lane, waiting)
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
    ignoredColumns: () => reader.ignoredColumns,
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
      reader.stop()
      if (timer) clearTimeout(timer)
      committer.stop()
      for (const lane of lanes.values()) {
        for (const entry of lane.queue.splice(0)) entry.reject(new Error('the intake closed before this was stored'))
        for (const waiter of lane.waiters.splice(0)) waiter()
      }
    },
  }
}
