import type { IntakeBatch, IntakeResult } from '../contract/intake.ts'
import {
  assembleBatch,
  type BlobState,
  countTaken,
  nothingTaken,
  type Origin,
  type Part,
  writeLetters,
} from './batch.ts'
import type { Refusal } from './decode-json.ts'
import { isDiskFault } from './disk-fault.ts'
import type { IntakeLimits } from './limits.ts'
import type { RefusedElement } from './map-message.ts'

/** What became of a message, told when it is durable: refusals are durable too, as dead letters. */
export interface MessageOutcome {
  /** Samples, labels and telemetry points handed to the store; repeated ones among them changed nothing there. */
  readonly accepted: number
  readonly refused: readonly {
    readonly index: number | null
    readonly code: Refusal['code']
    readonly reason: string
    /** It is not refused for good: it is held apart until this event time. */
    readonly aheadAt?: number
  }[]
  /** Columns kept out of samples because the version does not declare them. */
  readonly ignored: readonly string[]
}

/** A message on its way to the store. `part` is a promise while a device is being registered or a blob measured. */
export interface Entry {
  readonly origin: Origin
  readonly part: Part | Promise<Part>
  readonly resolve: (outcome: MessageOutcome) => void
  readonly reject: (error: Error) => void
}

export interface Sink {
  /** Stores a batch in one durable transaction. */
  readonly append: (batch: IntakeBatch) => Promise<IntakeResult>
  /** Stores a picture, text, recording or embedding under its SHA-256. */
  readonly putBlob: (bytes: Uint8Array) => Promise<{
    readonly digest: string
    /** `held`: stored for another use too; `over-quota`: not stored for want of room. */
    readonly state: 'kept' | 'held' | 'over-quota'
  }>
  /** The store failed and is asked again, or (null) works again. */
  readonly onProblem?: (problem: string | null) => void
  /** A batch of one connection became durable. */
  readonly onCommitted?: (batch: IntakeBatch, result: IntakeResult) => void
}

export interface Committer {
  /** Resolves when every entry is durable and told so; rejects only after `stop`, when the store still fails. */
  commit(entries: readonly Entry[]): Promise<void>
  /** Gives up waiting for a failing store. */
  stop(): void
}

/**
 * Makes entries durable, however often the store fails. When it keeps failing the batch is halved, and a single message that
 * fails while its dead letter can be stored is the culprit and becomes that dead letter: one poison message holds up nobody.
 * When nothing can be stored (a full disk) it waits and asks again, and nobody is acknowledged meanwhile: on a nearly full disk
 * a dead letter may fit where its message does not, which proves nothing against the message.
 */
export function createCommitter(sink: Sink, limits: Pick<IntakeLimits, 'retryMs' | 'lettersPerMessage'>): Committer {
  let isStopped = false
  let isFailing = false
  let wake: (() => void) | null = null

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const handle = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(handle)
        resolve()
      }
    })

  function report(problem: string | null) {
    if (problem === null && !isFailing) return
    isFailing = problem !== null
    sink.onProblem?.(problem)
  }

  const refusedWhole = (entry: Entry, code: Refusal['code'], reason: string): Part => {
    const refused: RefusedElement[] = [{ code, reason: reason.slice(0, 2000), index: null, element: null }]
    return { mapped: nothingTaken(refused), letters: writeLetters(entry.origin, refused, limits.lettersPerMessage) }
  }

  async function settle(entry: Entry): Promise<Part> {
    try {
      return await entry.part
    } catch (error) {
      return refusedWhole(entry, 'unknown-device', `the device could not be registered: ${(error as Error).message}`)
    }
  }

  async function store(entries: readonly Entry[], parts: readonly Part[]) {
    // Blobs first: a stored sample never names one that was not offered.
    const states = new Map<string, BlobState>()
    for (const part of parts)
      for (const blob of part.mapped.blobs) {
        if (states.has(blob.digest)) continue
        const { digest, state } = await sink.putBlob(blob.bytes)
        if (digest !== blob.digest) throw new Error(`blob ${blob.digest} was stored as ${digest}`)
        states.set(digest, state)
      }
    const origins = entries.map((entry) => entry.origin)
    const batch = assembleBatch(origins, parts, states)
    const result = await sink.append(batch)
    report(null)
    for (let i = 0; i < entries.length; i++) {
      const { mapped } = parts[i]
      entries[i].resolve({ accepted: countTaken(mapped), refused: mapped.refused, ignored: mapped.ignored })
    }
    sink.onCommitted?.(batch, result)
  }

  async function bury(entry: Entry, error: Error): Promise<boolean> {
    try {
      await store([entry], [refusedWhole(entry, 'wrong-shape', `the store refused this message: ${error.message}`)])
      return true
    } catch {
      return false
    }
  }

  async function commit(entries: readonly Entry[]): Promise<void> {
    const parts: Part[] = []
    for (const entry of entries) parts.push(entry.part instanceof Promise ? await settle(entry) : entry.part)
    let waitMs = limits.retryMs.first
    for (let attempt = 1; ; attempt++) {
      try {
        return await store(entries, parts)
      } catch (error) {
        if (isStopped) throw error
        report(`the store refused a batch of ${entries.length} messages: ${(error as Error).message}`)
        if (!isDiskFault(error) && attempt >= 2 && entries.length > 1) {
          const middle = entries.length >> 1
          await commit(entries.slice(0, middle))
          return commit(entries.slice(middle))
        }
        if (!isDiskFault(error) && attempt >= 2 && (await bury(entries[0], error as Error))) return
        await sleep(waitMs)
        waitMs = Math.min(waitMs * 2, limits.retryMs.longest)
      }
    }
  }

  return {
    commit,
    stop() {
      isStopped = true
      wake?.()
    },
  }
}
