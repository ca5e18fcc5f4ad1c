import type { HalfChange } from './exchange.ts'
import type { DeadLetter, DeadLetterReplay, Label, Sample, TelemetryPoint } from './sample.ts'

/** What the ways in hand to the store, and what it answers. Never JSON on a wire, so plain types. */

/** A file that came with a sample; not kept where the quota had no room for it. */
export interface SampleBlob {
  readonly digest: string
  readonly bytes: number
  readonly isKept: boolean
}

/** A sample with a label and files that came in the same message. */
export interface IncomingSample {
  readonly sample: Sample
  readonly label: Label | null
  readonly blobs?: readonly SampleBlob[]
}

export interface AppendResult {
  readonly stored: number
  /** Same id again: changed nothing. */
  readonly repeated: number
}

/** A dead letter to be kept. Its payload is the whole one up to 8 MiB, of which the store keeps the beginning apart. */
export type NewLetter = Omit<DeadLetter, 'id' | 'isKeptWhole' | 'discardedAt' | 'replay'>

/** Number of a device's message, by which missing ones are known, and how many the source itself says to have lost before it. */
export interface DeviceNumber {
  readonly deviceId: string
  readonly at: number
  readonly seq: number | null
  readonly lost: number
}

/** Everything of one durable transaction. */
export interface IntakeBatch {
  readonly samples: readonly IncomingSample[]
  readonly labels: readonly Label[]
  readonly telemetry: readonly TelemetryPoint[]
  /** Numbers of messages of telemetry. */
  readonly numbers?: readonly DeviceNumber[]
  readonly deadLetters: readonly NewLetter[]
  /** Dead letters that a person discarded. */
  readonly discards?: readonly { readonly id: number; readonly at: number }[]
  /** Dead letters that were given again, with what became of them. */
  readonly replays?: readonly (DeadLetterReplay & { readonly id: number })[]
  /** What becomes of halves that wait for each other, in order. */
  readonly halves?: readonly HalfChange[]
  /** Event times of devices that were held apart: they are not stored as such, and tell of the devices' clocks. */
  readonly ahead?: readonly { readonly deviceId: string; readonly at: number }[]
  /** Counted per connection in the same transaction. */
  readonly counters: readonly {
    readonly connectionId: string
    readonly received: number
    readonly refused: number
    readonly lastAt: number
    readonly lagMs: number | null
  }[]
}

export interface IntakeResult {
  readonly samples: AppendResult
  /** `waiting` labels arrived before their sample and are kept for it. */
  readonly labels: AppendResult & { readonly waiting: number }
  /** How many labels had waited for samples of this batch, by deployment; left out where none had. */
  readonly joined?: ReadonlyMap<string, number>
  readonly telemetry: AppendResult
}
