import { z } from 'zod'
import { decodeJson, describe, type Refusal } from '../decode-json.ts'

/** One half of an inference as a logger tells it. `at` is the event's own time, null where it has none. */
export interface LoggedHalf {
  readonly id: string
  readonly half: 'request' | 'response'
  /** What distinguishes equal ids of different services: source, namespace and name. */
  readonly service: string
  readonly at: number | null
  /** As they came, without the data. */
  readonly attributes: Readonly<Record<string, string | undefined>>
  readonly data: unknown
}

export type ReadHalf = { readonly event: LoggedHalf; readonly refusal: null } | { readonly refusal: Refusal }

const eventSchema = z.looseObject({
  specversion: z.literal('1.0', { error: 'CloudEvents of version 1.0 are taken' }),
  id: z.string().min(1).max(100),
  source: z.string().min(1).max(1000),
  type: z.string().min(1).max(200),
  time: z.iso.datetime({ offset: true }).optional(),
  inferenceservicename: z.string().max(300).optional(),
  namespace: z.string().max(300).optional(),
  data: z.unknown().optional(),
  data_base64: z.base64().optional(),
})

const halves: Record<string, LoggedHalf['half']> = {
  'org.kubeflow.serving.inference.request': 'request',
  'org.kubeflow.serving.inference.response': 'response',
}

const refuse = (code: Refusal['code'], reason: string): ReadHalf => ({ refusal: { code, reason } })

function readEvent(given: unknown, limits: { maxBytes: number; maxDepth: number }): ReadHalf {
  const parsed = eventSchema.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return refuse('wrong-shape', `no CloudEvent: ${issue.path.join('.')}: ${issue.message}`.slice(0, 500))
  }
  const { specversion, id, source, type, time, inferenceservicename, namespace, data, data_base64 } = parsed.data
  const half = Object.hasOwn(halves, type) ? halves[type] : null
  if (half === null)
    return refuse('wrong-shape', `type: ${describe(type)} is neither a request nor a response of an inference logger`)
  let payload = data
  if (data_base64 !== undefined) {
    const decoded = decodeJson(Buffer.from(data_base64, 'base64'), limits)
    if (decoded.refusal) return decoded
    payload = decoded.json
  }
  const service = JSON.stringify([source, namespace ?? '', inferenceservicename ?? ''])
  const attributes = { specversion, id, source, type, time, inferenceservicename, namespace }
  return {
    event: { id, half, service, at: time === undefined ? null : Date.parse(time), attributes, data: payload },
    refusal: null,
  }
}

/** Attributes of binary mode: headers `ce-<name>`, percent-encoded where they are not plain ASCII. */
function headerAttributes(headers: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('ce-')) continue
    try {
      found[name.slice(3)] = decodeURIComponent(value)
    } catch {
      found[name.slice(3)] = value
    }
  }
  return found
}

/**
 * Reads one HTTP request as CloudEvents 1.0 in binary mode (attributes in headers, the payload as the body), structured mode
 * (`application/cloudevents+json`) or as a batch (`application/cloudevents-batch+json`). Header names are in lower case.
 */
export function readEvents(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  limits: { readonly maxBytes: number; readonly maxDepth: number },
): ReadHalf[] {
  const decoded = decodeJson(body, limits)
  if (decoded.refusal) return [decoded]
  const { json } = decoded
  const type = (headers['content-type'] ?? '').toLowerCase()
  if (type.startsWith('application/cloudevents-batch+json'))
    return Array.isArray(json) && json.length > 0 && json.length <= 1000
      ? json.map((event) => readEvent(event, limits))
      : [refuse('wrong-shape', 'a batch is a list of 1 to 1,000 events')]
  if (type.startsWith('application/cloudevents+json')) return [readEvent(json, limits)]
  return [readEvent({ ...headerAttributes(headers), data: json }, limits)]
}

/** Events in the encoding of `readWritten`: structured mode, or a batch of several. */
export function writeEvents(events: readonly LoggedHalf[]): Buffer {
  const written = events.map(({ attributes, data }) => ({ ...attributes, data }))
  return Buffer.from(JSON.stringify(written.length === 1 ? written[0] : written))
}

/** Reads what `writeEvents` wrote: what was inside the limits when it came is so still. */
export function readWritten(bytes: Uint8Array, maxDepth: number): ReadHalf[] {
  const decoded = decodeJson(bytes, { maxBytes: bytes.length, maxDepth: maxDepth + 2 })
  if (decoded.refusal) return [decoded]
  const { json } = decoded
  const limits = { maxBytes: bytes.length, maxDepth }
  return (Array.isArray(json) ? json : [json]).map((event) => readEvent(event, limits))
}
