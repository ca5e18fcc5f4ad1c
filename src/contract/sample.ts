import { z } from 'zod'
import { blobReference } from './blob.ts'
import { deviceId } from './device.ts'
import { deploymentId, versionId } from './model.ts'
import { instant, windowSchema } from './primitives.ts'

/** What an input may hold: a number, a category, a boolean (kept as the category `true` or `false`) or nothing. */
export const inputValue = z.union([z.number(), z.string().max(1000), z.boolean(), z.null()])
/** A class name (classification) or a number (regression). */
export const outcome = z.union([z.string().min(1).max(200), z.number()])
export type Outcome = z.infer<typeof outcome>

export const sampleKey = z.string().min(1).max(128)

/** One prediction as stored. */
export const sample = z.strictObject({
  id: sampleKey,
  deploymentId,
  versionId,
  /** Event time. */
  at: instant,
  arrivedAt: instant,
  inputs: z.record(z.string(), inputValue),
  prediction: outcome,
  scores: z.record(z.string(), z.number()).nullable(),
  latencyMs: z.number().min(0).nullable(),
  deviceId: deviceId.nullable(),
  /** Rising number of the source, where it has one; gaps are reported. */
  seq: z.int().min(0).nullable(),
})
export type Sample = z.infer<typeof sample>

/** A sample with its ground truth, as pages and exports see it. */
export const labelledSample = z.strictObject({
  ...sample.shape,
  label: outcome.nullable(),
  labelledAt: instant.nullable(),
  labelSource: z.string().nullable(),
})
export type LabelledSample = z.infer<typeof labelledSample>

/** Ground truth for a sample; may arrive days later, or before its sample. */
export const label = z.strictObject({
  sampleId: sampleKey,
  deploymentId,
  label: outcome,
  at: instant,
  /** Who or what said so: `mqtt`, `ingest`, `import`, `review:<user id>`. */
  source: z.string().min(1).max(100),
})
export type Label = z.infer<typeof label>

export const telemetryPoint = z.strictObject({
  deviceId,
  channel: z.string().min(1).max(100),
  at: instant,
  value: z.number(),
})
export type TelemetryPoint = z.infer<typeof telemetryPoint>

/** What became of a dead letter that was given to the intake again: everything in it was taken, or it was refused once more. */
export const deadLetterReplay = z.strictObject({
  at: instant,
  status: z.enum(['taken', 'refused']),
  /** Why it was refused again; for one that was taken, what it brought. */
  reason: z.string().max(2000),
})
export type DeadLetterReplay = z.infer<typeof deadLetterReplay>

/** What intake refused, with the reason; nothing is dropped unseen. */
export const deadLetter = z.strictObject({
  id: z.int(),
  at: instant,
  connectionId: z.string().nullable(),
  /** Topic, route or file and line. */
  source: z.string().max(1000),
  code: z.enum([
    'not-json',
    'wrong-shape',
    'unknown-topic',
    'unknown-deployment',
    'unknown-device',
    'schema-mismatch',
    'time-out-of-bounds',
    'ahead-of-time',
    'too-large',
    'too-deep',
    'unknown-version',
    'blob-refused',
    'mapping-failed',
  ]),
  /** Names what is wrong and where. */
  reason: z.string().max(2000),
  /** First bytes of what came, base64, at most 16 KiB. */
  payloadBase64: z.string(),
  payloadBytes: z.int(),
  /** Whether all of a payload above 16 KiB is kept, so that it can be given again. */
  isKeptWhole: z.boolean().optional(),
  /** Event time of what is held apart because it lies in the future; absent once that was released or discarded. */
  aheadAt: instant.optional(),
  /** When a person decided that it is not worth a replay. */
  discardedAt: instant.optional(),
  /** Where the payload is of a documented shape and the source does not say so: the documented route to give it to again. */
  route: z.string().max(200).optional(),
  replay: deadLetterReplay.optional(),
})
export type DeadLetter = z.infer<typeof deadLetter>

/* ---- the documented wire shapes (MQTT payloads and bodies of the ingest route): one object or an array of them ---- */

const wireInstant = z.union([instant, z.iso.datetime({ offset: true })])

/** `<prefix>/deployments/<deployment key>/samples` */
export const wireSample = z.strictObject({
  id: sampleKey,
  at: wireInstant,
  inputs: z.record(z.string().max(100), inputValue),
  prediction: outcome,
  scores: z.record(z.string().max(100), z.number()).optional(),
  latencyMs: z.number().min(0).optional(),
  label: outcome.optional(),
  /** Version name as served; default: the version that the deployment is recorded to run. */
  version: z.string().max(64).optional(),
  /** Key of the device that took the sample. */
  device: z.string().max(64).optional(),
  seq: z.int().min(0).optional(),
  /** Pictures by input column, base64 or a data URI of PNG or JPEG; stored by digest, which becomes the input's value. */
  images: z.record(z.string().max(100), z.string()).optional(),
  /** Recordings by input column, base64 or a data URI of WAV. */
  audio: z.record(z.string().max(100), z.string()).optional(),
  /** Texts by input column; short ones may stand in `inputs` too. */
  texts: z.record(z.string().max(100), z.string()).optional(),
  embeddings: z.record(z.string().max(100), z.array(z.number()).min(1).max(4096)).optional(),
  /** Addresses of pictures, recordings, texts or embeddings that are not sent, by input column. Shown, never fetched. */
  references: z.record(z.string().max(100), blobReference).optional(),
})
export type WireSample = z.infer<typeof wireSample>

/** `<prefix>/deployments/<deployment key>/labels` */
export const wireLabel = z.strictObject({ id: sampleKey, label: outcome, at: wireInstant.optional() })
export type WireLabel = z.infer<typeof wireLabel>

/** `<prefix>/devices/<device key>/telemetry` */
export const wireTelemetry = z.strictObject({
  at: wireInstant,
  seq: z.int().min(0).optional(),
  /** Messages that the sender knows to have lost before this one. */
  lost: z.int().min(0).max(1_000_000_000).optional(),
  values: z.record(z.string().min(1).max(100), z.number().nullable()),
})
export type WireTelemetry = z.infer<typeof wireTelemetry>

/** Which dead letters are meant. */
export const deadLetterFilter = z.strictObject({
  /** In the reason, the source or the payload; letters of either case in the first two. */
  text: z.string().max(200).optional(),
  code: deadLetter.shape.code.optional(),
  /** When they came. */
  window: windowSchema.optional(),
  /** `open`: neither taken by a replay nor discarded; `held`: in the future, and released when their time comes. */
  state: z.enum(['open', 'held', 'taken', 'discarded', 'all']).optional(),
})
export type DeadLetterFilter = z.infer<typeof deadLetterFilter>
