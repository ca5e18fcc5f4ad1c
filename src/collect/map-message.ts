import { z } from 'zod'
import { type BlobKind, isBlobKind } from '../contract/blob.ts'
import type { DeviceNumber, IncomingSample } from '../contract/intake.ts'
import type { ColumnSpec } from '../contract/model.ts'
import { key as keySchema } from '../contract/primitives.ts'
import {
  type Label,
  type TelemetryPoint,
  type WireSample,
  wireLabel,
  wireSample,
  wireTelemetry,
} from '../contract/sample.ts'
import type { MeasureOrder } from './blobs/measure.ts'
import { type Blob, takeBlob, takeEmbedding, takeText } from './blobs/take-blob.ts'
import { describe, formatPath, type Refusal } from './decode-json.ts'
import type { Directory, VersionFacts } from './directory.ts'
import { furthestAheadMs } from './limits.ts'
import type { Route } from './route.ts'
import { type BlobColumn, compileSchema, type SchemaCheck } from './schema-check.ts'

/** A refused element of a message. `index` is null when the whole message was refused. */
export interface RefusedElement extends Refusal {
  readonly index: number | null
  readonly element: unknown
}

/** A message as what the store takes. */
export interface MappedMessage {
  readonly samples: IncomingSample[]
  readonly labels: Label[]
  readonly telemetry: TelemetryPoint[]
  readonly numbers: DeviceNumber[]
  readonly blobs: Blob[]
  /** What is to be measured before the samples are stored. */
  readonly toMeasure: MeasureOrder[]
  readonly refused: RefusedElement[]
  /** Columns kept out because nobody declared them. */
  readonly ignored: string[]
  /** Event time of the newest element, null when none was taken. */
  readonly newestAt: number | null
}

export interface MapContext {
  readonly connectionId: string
  /** Source of labels: `mqtt`, `ingest`. */
  readonly via: string
  readonly route: Route
  readonly arrivedAt: number
  /** Of a dead letter given again: when it is judged, and by how much earlier than it says it is taken if it lies too far ahead. */
  readonly again?: { readonly judgedAt: number; readonly shiftMs: number }
}

export interface MapOptions {
  readonly directory: Directory
  readonly blobBytes: number
  readonly timeBounds: () => { readonly maxFutureMs: number; readonly maxPastMs: number }
}

// Compiled once: these parse every message.
const parsers = {
  samples: z.compile(wireSample),
  labels: z.compile(wireLabel),
  telemetry: z.compile(wireTelemetry),
} as const

const refuse = (code: Refusal['code'], reason: string): Refusal => ({ code, reason: reason.slice(0, 2000) })
const sayLead = (ms: number) => {
  const [unit, name] =
    ms >= 2 * 86_400_000
      ? [86_400_000, 'days']
      : ms >= 3_600_000
        ? [3_600_000, 'h']
        : ms >= 60_000
          ? [60_000, 'min']
          : [1000, 's']
  return `${Math.round((ms / unit) * 10) / 10} ${name}`
}
const toInstant = (at: number | string) => (typeof at === 'number' ? at : Date.parse(at))
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function valueAt(element: unknown, path: readonly PropertyKey[]): unknown {
  let value = element
  for (const part of path) value = isRecord(value) && Object.hasOwn(value, part) ? value[part as string] : undefined
  return value
}

function wrongShape(error: z.core.$ZodError, element: unknown): Refusal {
  const issue = error.issues[0]
  const others = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : ''
  const where = formatPath(issue.path)
  const got = issue.code === 'unrecognized_keys' ? '' : `, got ${describe(valueAt(element, issue.path))}`
  return refuse('wrong-shape', `${where ? `${where}: ` : ''}${issue.message}${got}${others}`)
}

/** Keys of devices that a message names and nobody has registered: they are asked for before the message is mapped. */
export function unknownDevices(route: Route, elements: readonly unknown[], directory: Directory): string[] {
  const wanted = new Set<string>()
  if (route.kind === 'telemetry') wanted.add(route.key)
  else if (route.kind === 'samples')
    for (const element of elements)
      if (isRecord(element) && typeof element.device === 'string' && keySchema.safeParse(element.device).success)
        wanted.add(element.device)
  return [...wanted].filter((key) => directory.deviceId(key) === null)
}

/** Where blobs of a kind stand in a message. */
const placeOf = { image: 'images', audio: 'audio', text: 'texts', embedding: 'embeddings' } as const
const places = Object.values(placeOf)

interface TakenBlobs {
  /** Digest or reference by column. */
  readonly values: Map<string, string>
  readonly blobs: { readonly column: BlobColumn; readonly blob: Blob }[]
}

/** The blobs of a sample, or why one of them is refused: then the sample is, for it is not what its sender meant. */
function takeBlobs(wire: WireSample, { blobColumns }: SchemaCheck, maxBytes: number): TakenBlobs | Refusal | null {
  const isBare = wire.references === undefined && places.every((place) => wire[place] === undefined)
  if (isBare && !blobColumns.some(({ spec }) => typeof wire.inputs[spec.name] === 'string')) return null
  const taken: TakenBlobs = { values: new Map(), blobs: [] }
  const kinds = new Map<string, BlobKind>()
  for (const column of blobColumns) {
    const { name, type } = column.spec
    if (!isBlobKind(type)) continue
    kinds.set(name, type)
    const reference = ownValue(wire.references, name)
    const blob = takeOne(wire, column.spec, type, maxBytes)
    if (typeof blob === 'string') return refuse('blob-refused', `${placeOf[type]}.${formatPath([name])}: ${blob}`)
    if (blob !== null && reference !== undefined)
      return refuse('schema-mismatch', `references.${formatPath([name])}: the sample carries the ${type} itself, too`)
    if (blob !== null) taken.blobs.push({ column, blob })
    const value = blob?.digest ?? reference
    if (value !== undefined) taken.values.set(name, value)
  }
  for (const place of [...places, 'references'] as const)
    for (const column of Object.keys(wire[place] ?? {})) {
      const kind = kinds.get(column)
      if (kind === undefined || (place !== 'references' && placeOf[kind] !== place))
        return refuse(
          'schema-mismatch',
          `${place}.${formatPath([column])}: no column of this name and kind is declared`,
        )
    }
  return taken
}

const ownValue = <T>(record: Record<string, T> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined

function takeOne(wire: WireSample, { name, blob }: ColumnSpec, kind: BlobKind, maxBytes: number): Blob | string | null {
  if (kind === 'embedding') {
    const values = ownValue(wire.embeddings, name)
    return values === undefined ? null : takeEmbedding(values, blob?.length)
  }
  if (kind === 'text') {
    const text = ownValue(wire.texts, name) ?? ownValue(wire.inputs, name)
    return typeof text === 'string' ? takeText(text) : null
  }
  const text = ownValue(wire[placeOf[kind]], name)
  return text === undefined ? null : takeBlob(text, kind, maxBytes)
}

/**
 * Maps parsed JSON (one object or an array of them) to samples, labels or telemetry points. A bad element is refused alone,
 * with a reason that names the path; the others stand.
 */
export function createMapper(options: MapOptions): (context: MapContext, json: unknown) => MappedMessage {
  const { directory } = options
  const checks = new WeakMap<object, SchemaCheck>()

  function checkOf(version: VersionFacts): SchemaCheck {
    let check = checks.get(version.schema)
    if (!check) {
      check = compileSchema(version.schema)
      checks.set(version.schema, check)
    }
    return check
  }

  /** The event time to store, or why it is none: what is ahead of its time is held apart, not lost. */
  function settleTime(said: number, { arrivedAt, again }: MapContext, deviceId: string | null): Refusal | number {
    const { maxFutureMs, maxPastMs } = options.timeBounds()
    const judgedAt = again?.judgedAt ?? arrivedAt
    const latest = judgedAt + maxFutureMs
    const at = again !== undefined && said > latest ? said - again.shiftMs : said
    if (at >= 0 && at >= arrivedAt - maxPastMs && at <= latest) return at
    const iso = Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : String(at)
    if (at <= latest)
      return refuse(
        'time-out-of-bounds',
        `at: ${iso} lies more than ${Math.round(maxPastMs / 86_400_000)} days in the past`,
      )
    const lead = at - judgedAt
    if (lead > furthestAheadMs)
      return refuse(
        'time-out-of-bounds',
        `at: ${iso} lies more than ${furthestAheadMs / 86_400_000} days in the future`,
      )
    const held = refuse(
      'ahead-of-time',
      `at: ${iso} lies ${sayLead(lead)} in the future; at most ${sayLead(maxFutureMs)} are taken at once, so it is held apart`,
    )
    return { ...held, aheadAt: said, ...(deviceId !== null && { deviceId }) }
  }

  function mapSample(
    element: unknown,
    context: MapContext,
    deploymentId: string,
    out: MappedMessage,
  ): Refusal | number {
    const parsed = parsers.samples.safeParse(element)
    if (!parsed.success) return wrongShape(parsed.error, element)
    const wire = parsed.data
    const at = settleTime(
      toInstant(wire.at),
      context,
      wire.device === undefined ? null : directory.deviceId(wire.device),
    )
    if (typeof at !== 'number') return at
    const version = directory.version(deploymentId, wire.version ?? null)
    if (!version) return refuse('unknown-version', `version: the model has no version called ${describe(wire.version)}`)
    let deviceId: string | null = null
    if (wire.device !== undefined) {
      deviceId = directory.deviceId(wire.device)
      if (deviceId === null) return refuse('unknown-device', `device: no device has the key ${describe(wire.device)}`)
    }
    const check = checkOf(version)
    const prediction = check.checkOutcome(wire.prediction, 'prediction')
    if (prediction.fault !== null) return refuse('schema-mismatch', prediction.fault)
    const scoreFault = wire.scores ? check.checkScores(wire.scores) : null
    if (scoreFault) return refuse('schema-mismatch', scoreFault)
    const label = wire.label === undefined ? null : check.checkOutcome(wire.label, 'label')
    if (label && label.fault !== null) return refuse('schema-mismatch', label.fault)
    const taken = takeBlobs(wire, check, options.blobBytes)
    if (taken !== null && 'code' in taken) return taken
    const checked = check.checkInputs(wire.inputs, taken?.values ?? null)
    if (checked.fault !== null) return refuse('schema-mismatch', checked.fault)
    for (const { column, blob } of taken?.blobs ?? []) {
      out.blobs.push(blob)
      const wanted = column.derived.filter(({ name }) => checked.inputs[name] === null)
      if (wanted.length > 0) out.toMeasure.push({ spec: column.spec, bytes: blob.bytes, wanted, into: checked.inputs })
    }
    for (const name of checked.ignored)
      if (out.ignored.length < 100 && !out.ignored.includes(name)) out.ignored.push(name)
    const files =
      taken?.blobs.map(({ blob }) => ({ digest: blob.digest, bytes: blob.bytes.length, isKept: true })) ?? []
    out.samples.push({
      ...(files.length > 0 && { blobs: files }),
      sample: {
        id: wire.id,
        deploymentId,
        versionId: version.versionId,
        at,
        arrivedAt: context.arrivedAt,
        inputs: checked.inputs,
        prediction: prediction.value,
        scores: wire.scores ?? null,
        latencyMs: wire.latencyMs ?? null,
        deviceId,
        seq: wire.seq ?? null,
      },
      label: label
        ? { sampleId: wire.id, deploymentId, label: label.value, at: context.arrivedAt, source: context.via }
        : null,
    })
    return at
  }

  function mapLabel(element: unknown, context: MapContext, deploymentId: string, out: MappedMessage): Refusal | number {
    const parsed = parsers.labels.safeParse(element)
    if (!parsed.success) return wrongShape(parsed.error, element)
    const at = parsed.data.at === undefined ? context.arrivedAt : settleTime(toInstant(parsed.data.at), context, null)
    if (typeof at !== 'number') return at
    const version = directory.version(deploymentId, null)
    const label = version ? checkOf(version).checkOutcome(parsed.data.label, 'label') : null
    if (!label) return refuse('unknown-version', 'the deployment is not recorded to run a version')
    if (label.fault !== null) return refuse('schema-mismatch', label.fault)
    out.labels.push({ sampleId: parsed.data.id, deploymentId, label: label.value, at, source: context.via })
    return at
  }

  function mapTelemetry(element: unknown, context: MapContext, deviceId: string, out: MappedMessage): Refusal | number {
    const parsed = parsers.telemetry.safeParse(element)
    if (!parsed.success) return wrongShape(parsed.error, element)
    const at = settleTime(toInstant(parsed.data.at), context, deviceId)
    if (typeof at !== 'number') return at
    for (const [channel, value] of Object.entries(parsed.data.values))
      if (value !== null) out.telemetry.push({ deviceId, channel, at, value })
    const { seq = null, lost = 0 } = parsed.data
    if (seq !== null || lost > 0) out.numbers.push({ deviceId, at, seq, lost })
    return at
  }

  const mappers = { samples: mapSample, labels: mapLabel, telemetry: mapTelemetry } as const

  return (context, json) => {
    const { route } = context
    const out = {
      samples: [],
      labels: [],
      telemetry: [],
      numbers: [],
      blobs: [],
      toMeasure: [],
      refused: [] as RefusedElement[],
      ignored: [],
      newestAt: null as number | null,
    }
    const isDevice = route.kind === 'telemetry'
    const owner = isDevice ? directory.deviceId(route.key) : directory.deploymentId(route.key)
    if (owner === null) {
      const [code, what] = isDevice
        ? (['unknown-device', 'device'] as const)
        : (['unknown-deployment', 'deployment'] as const)
      out.refused.push({ ...refuse(code, `no ${what} has the key ${describe(route.key)}`), index: null, element: json })
      return out
    }
    const map = mappers[route.kind]
    const isArray = Array.isArray(json)
    const elements: readonly unknown[] = isArray ? json : [json]
    for (let index = 0; index < elements.length; index++) {
      const result = map(elements[index], context, owner, out)
      if (typeof result === 'number') {
        if (out.newestAt === null || result > out.newestAt) out.newestAt = result
      } else {
        const reason = isArray ? `[${index}] ${result.reason}` : result.reason
        out.refused.push({ ...result, reason, index: isArray ? index : null, element: elements[index] })
      }
    }
    return out
  }
}
