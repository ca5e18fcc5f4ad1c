import type { HalfChange } from '../contract/exchange.ts'
import type { IntakeBatch, NewLetter } from '../contract/intake.ts'
import type { Refusal } from './decode-json.ts'
import { keptPayloadBytes, pushBytes } from './limits.ts'
import type { MappedMessage, RefusedElement } from './map-message.ts'

/** Where a message came from and how it began: what its dead letters show. */
export interface Origin {
  readonly connectionId: string
  readonly source: string
  readonly arrivedAt: number
  readonly payload: Uint8Array
  /** Set for a dead letter that is given again: it keeps its place among them, and is not counted as received once more. */
  readonly replay?: { readonly id: number; readonly at: number }
  /** Where the source decoded the payload itself: the documented route of what it made of it, which a dead letter then holds. */
  readonly route?: string
  readonly halves?: readonly HalfChange[]
}

/** A message after mapping, with the dead letters of what was refused. */
export interface Part {
  readonly mapped: MappedMessage
  readonly letters: readonly NewLetter[]
}

/** What a dead letter that was given again came to; null where it is held apart as before. */
function replayOf(id: number, at: number, { mapped }: Part): NonNullable<IntakeBatch['replays']>[number] | null {
  const [first] = mapped.refused
  if (mapped.refused.some(({ aheadAt }) => aheadAt !== undefined)) return null
  if (first !== undefined) return { id, at, status: 'refused', reason: first.reason.slice(0, 2000) }
  const count = countTaken(mapped)
  return { id, at, status: 'taken', reason: count === 1 ? 'one element was taken' : `${count} elements were taken` }
}

export const countTaken = (mapped: MappedMessage) =>
  mapped.samples.length + mapped.labels.length + mapped.telemetry.length

/** Mapping of a message of which nothing was taken. */
export const nothingTaken = (refused: RefusedElement[]): MappedMessage => ({
  samples: [],
  labels: [],
  telemetry: [],
  blobs: [],
  toMeasure: [],
  numbers: [],
  refused,
  ignored: [],
  newestAt: null,
})

/** How much of a payload is kept: all of it, so that it can be given again, unless it is too large for that. */
const keptOf = ({ code }: Refusal, bytes: number) =>
  bytes > pushBytes || code === 'too-large' || code === 'too-deep' ? keptPayloadBytes : bytes

/** One dead letter per refused element, up to `most`; the elements beyond share a last one that says how many they are. */
export function writeLetters(origin: Origin, refused: readonly RefusedElement[], most: number): NewLetter[] {
  const letter = (item: RefusedElement): NewLetter => {
    const isDecoded = origin.route !== undefined && item.element !== null
    const own = item.index === null && !isDecoded ? null : Buffer.from(JSON.stringify(item.element) ?? '')
    const payload = own ?? Buffer.from(origin.payload.buffer, origin.payload.byteOffset, origin.payload.length)
    return {
      at: origin.arrivedAt,
      connectionId: origin.connectionId,
      source: origin.source.slice(0, 1000),
      code: item.code,
      reason: item.reason.slice(0, 2000),
      payloadBase64: payload.subarray(0, keptOf(item, payload.length)).toString('base64'),
      payloadBytes: payload.length,
      ...(isDecoded && { route: origin.route }),
      ...(item.aheadAt !== undefined && { aheadAt: item.aheadAt }),
    }
  }
  const letters = refused.slice(0, most).map(letter)
  const beyond = refused.slice(most)
  const isAhead = ({ aheadAt }: RefusedElement) => aheadAt !== undefined
  for (const rest of [beyond.filter(isAhead), beyond.filter((item) => !isAhead(item))]) {
    const [first] = rest
    if (first === undefined) continue
    const reason = `${rest.length} more elements of this message; first ${first.reason}`
    letters.push(
      letter(
        isAhead(first)
          ? { ...first, reason, element: rest.map(({ element }) => element), aheadAt: latestOf(rest) }
          : { ...first, reason, index: null, element: null },
      ),
    )
  }
  return letters
}

const latestOf = (held: readonly RefusedElement[]) =>
  held.reduce((latest, { aheadAt = 0 }) => Math.max(latest, aheadAt), 0)

export type BlobState = 'kept' | 'held' | 'over-quota'

/** A sample with what became of its files; those that are held for another use are not counted among those of samples. */
function withStates(item: IntakeBatch['samples'][number], states: ReadonlyMap<string, BlobState>) {
  if (item.blobs === undefined) return item
  const blobs = item.blobs.flatMap((blob) => {
    const state = states.get(blob.digest) ?? 'kept'
    return state === 'held' ? [] : [{ ...blob, isKept: state === 'kept' }]
  })
  return { ...item, blobs }
}

/** Puts mapped messages of one connection into one transaction; `counters` has that connection alone. */
export function assembleBatch(
  origins: readonly Origin[],
  parts: readonly Part[],
  states: ReadonlyMap<string, BlobState>,
): IntakeBatch {
  const samples: IntakeBatch['samples'][number][] = []
  const labels: IntakeBatch['labels'][number][] = []
  const telemetry: IntakeBatch['telemetry'][number][] = []
  const numbers: NonNullable<IntakeBatch['numbers']>[number][] = []
  const deadLetters: IntakeBatch['deadLetters'][number][] = []
  const replays: NonNullable<IntakeBatch['replays']>[number][] = []
  const halves: HalfChange[] = []
  const ahead: NonNullable<IntakeBatch['ahead']>[number][] = []
  let refused = 0
  let received = 0
  let lastAt = 0
  let newestAt = Number.NEGATIVE_INFINITY
  let lagMs: number | null = null
  for (let i = 0; i < parts.length; i++) {
    const { mapped, letters } = parts[i]
    const { arrivedAt, replay } = origins[i]
    halves.push(...(origins[i].halves ?? []))
    for (const item of mapped.samples) {
      samples.push(withStates(item, states))
      // A label that came with its sample is stored and counted as one of its own.
      if (item.label && !replay) received++
    }
    for (const item of mapped.labels) labels.push(item)
    for (const item of mapped.telemetry) telemetry.push(item)
    for (const item of mapped.numbers) numbers.push(item)
    if (replay) {
      const outcome = replayOf(replay.id, replay.at, parts[i])
      if (outcome !== null) replays.push(outcome)
      continue
    }
    for (const item of letters) deadLetters.push(item)
    for (const { aheadAt, deviceId } of mapped.refused)
      if (aheadAt === undefined) refused++
      else if (deviceId !== undefined) ahead.push({ deviceId, at: aheadAt })
    received += countTaken(mapped) + mapped.refused.length
    if (arrivedAt > lastAt) lastAt = arrivedAt
    if (mapped.newestAt !== null && mapped.newestAt >= newestAt) {
      newestAt = mapped.newestAt
      lagMs = arrivedAt - newestAt
    }
  }
  const { connectionId } = origins[0]
  const counters = [{ connectionId, received, refused, lastAt, lagMs }]
  return {
    ...{ samples, labels, telemetry, deadLetters, counters },
    ...(numbers.length > 0 && { numbers }),
    ...(replays.length > 0 && { replays }),
    ...(halves.length > 0 && { halves }),
    ...(ahead.length > 0 && { ahead }),
  }
}
