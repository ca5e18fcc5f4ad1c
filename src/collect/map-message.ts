import { z } from 'zod'
import type { IncomingSample } from '../contract/intake.ts'
import { key as keySchema } from '../contract/primitives.ts'
import { type Label, type TelemetryPoint, wireLabel, wireSample, wireTelemetry } from '../contract/sample.ts'
import { describe, formatPath, type Refusal } from './decode-json.ts'
import type { Directory, VersionFacts } from './directory.ts'
import { furthestAheadMs } from './limits.ts'
import { decodePicture, type Picture } from './picture.ts'
import type { Route } from './route.ts'
import { compileSchema, type SchemaCheck } from './schema-check.ts'

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
  readonly pictures: Picture[]
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
  readonly pictureBytes: number
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

  function takePictures(
    images: unknown,
    check: SchemaCheck,
    into: Picture[],
  ): ReadonlyMap<string, string> | Refusal | null {
    if (!isRecord(images)) return null
    const digests = new Map<string, string>()
    const taken: Picture[] = []
    for (const [column, base64] of Object.entries(images)) {
      if (!check.isImage(column))
        return refuse('schema-mismatch', `images.${formatPath([column])}: no image column of this name is declared`)
      const picture = decodePicture(String(base64), options.pictureBytes)
      if (typeof picture === 'string') return refuse('blob-refused', `images.${column}: ${picture}`)
      digests.set(column, picture.digest)
      taken.push(picture)
    }
    into.push(...taken)
    return digests
  }

  /** Pictures are measured before anything walks through their text. */
  function oversizedPicture(element: unknown): Refusal | null {
    if (!isRecord(element) || !isRecord(element.images)) return null
    for (const [column, base64] of Object.entries(element.images))
      if (typeof base64 === 'string' && base64.length > Math.ceil(options.pictureBytes / 3) * 4)
        return refuse(
          'blob-refused',
          `images.${formatPath([column])}: ${base64.length} characters of base64; a picture may have ${options.pictureBytes} bytes`,
        )
    return null
  }

  function mapSample(
    element: unknown,
    context: MapContext,
    deploymentId: string,
    out: MappedMessage,
  ): Refusal | number {
    const tooLarge = oversizedPicture(element)
    if (tooLarge) return tooLarge
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
    const images = wire.images ? takePictures(wire.images, check, out.pictures) : null
    if (images && 'code' in images) return images
    const checked = check.checkInputs(wire.inputs, images)
    if (checked.fault !== null) return refuse('schema-mismatch', checked.fault)
    for (const name of checked.ignored)
      if (out.ignored.length < 100 && !out.ignored.includes(name)) out.ignored.push(name)
    out.samples.push({
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
    return at
  }

  const mappers = { samples: mapSample, labels: mapLabel, telemetry: mapTelemetry } as const

  return (context, json) => {
    const { route } = context
    const out = {
      samples: [],
      labels: [],
      telemetry: [],
      pictures: [],
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
