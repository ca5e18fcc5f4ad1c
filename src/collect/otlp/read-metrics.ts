import type { Refusal } from '../decode-json.ts'
import { formatPath } from '../decode-json.ts'
import { toChannel, toKey } from '../names.ts'
import {
  type Attribute,
  type HistogramPoint,
  type NumberPoint,
  type OtlpMetric,
  otlpMetric,
  otlpRequest,
} from './shape.ts'

/** The last state of a cumulative series. */
export interface Cumulative {
  readonly at: number
  /** When the sender began to count. */
  readonly from: string
  readonly sum: number
  readonly count: number
}

/** Telemetry of one device: elements of the documented shape. */
export interface DeviceReadings {
  readonly device: string
  readonly elements: { readonly at: number; readonly values: Record<string, number> }[]
}

export interface ReadMetrics {
  readonly devices: DeviceReadings[]
  /** What could not be read, with its text. */
  readonly refused: { readonly refusal: Refusal; readonly item: unknown }[]
  /** States to keep once the readings are durable. */
  readonly states: Map<string, Cumulative>
}

/** Attributes of a resource that name a device, the first that is there. */
const deviceAttributes = ['device.id', 'host.name', 'service.instance.id', 'service.name']

function textOf({ value }: Attribute): string {
  return String(value?.stringValue ?? value?.intValue ?? value?.doubleValue ?? value?.boolValue ?? '')
}

function deviceOf(attributes: readonly Attribute[]): string | null {
  for (const name of deviceAttributes) {
    const found = attributes.find(({ key }) => key === name)
    const key = found === undefined ? null : toKey(textOf(found))
    if (key !== null) return key
  }
  return null
}

/** `http.requests{method=GET,route=/a}`; one that is too long for a channel ends with a digest of the whole. */
function channelOf(name: string, attributes: readonly Attribute[], suffix = ''): string {
  const pairs = attributes.map((each) => `${each.key}=${textOf(each)}`).sort()
  return toChannel(`${name}${suffix}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`}`)
}

const toMs = (nanoseconds: string | number) => Math.floor(Number(nanoseconds) / 1e6)

/**
 * Reads an OTLP metrics request. Gauges and sums that may fall are values; counters become their rise a second, histograms the mean of
 * the observations since the report before, summaries one channel a quantile. Of cumulative series the state before is needed: the
 * first report of each, and the first after the sender began anew, says nothing yet, except that a new beginning counts from zero.
 */
export function readMetrics(json: unknown, stateOf: (series: string) => Cumulative | undefined): ReadMetrics {
  const refused: ReadMetrics['refused'] = []
  const states = new Map<string, Cumulative>()
  const readings = new Map<string, Map<number, Record<string, number>>>()

  function keep(device: string, at: number, channel: string, value: number | null) {
    if (value === null || !Number.isFinite(value)) return
    const byTime = readings.get(device) ?? new Map<number, Record<string, number>>()
    readings.set(device, byTime)
    const values = byTime.get(at) ?? {}
    byTime.set(at, values)
    values[channel] = value
  }

  /** What was added since the report before, and in how many seconds; null where that is not known. */
  function growth(
    device: string,
    channel: string,
    point: Pick<NumberPoint, 'timeUnixNano' | 'startTimeUnixNano'>,
    isDelta: boolean,
    now: { sum: number; count: number },
  ): { sum: number; count: number; seconds: number } | null {
    const at = toMs(point.timeUnixNano)
    const startedAt = toMs(point.startTimeUnixNano ?? 0)
    if (isDelta) return startedAt > 0 && at > startedAt ? { ...now, seconds: (at - startedAt) / 1000 } : null
    const series = `${device} ${channel}`
    const before = states.get(series) ?? stateOf(series)
    if (before !== undefined && at <= before.at) return null
    const from = String(point.startTimeUnixNano ?? '')
    states.set(series, { at, from, ...now })
    if (before === undefined) return null
    const isAnew = before.from !== from || now.count < before.count || now.sum < before.sum
    const since = isAnew && startedAt > before.at ? startedAt : before.at
    const base = isAnew ? { sum: 0, count: 0 } : before
    return at > since ? { sum: now.sum - base.sum, count: now.count - base.count, seconds: (at - since) / 1000 } : null
  }

  function takeNumbers(device: string, { name, gauge, sum }: OtlpMetric) {
    for (const point of [...(gauge?.dataPoints ?? []), ...(sum?.dataPoints ?? [])]) {
      if ((point.flags ?? 0) & 1) continue
      const value = Number(point.asDouble ?? point.asInt ?? Number.NaN)
      if (!Number.isFinite(value)) continue
      const channel = channelOf(name, point.attributes)
      const at = toMs(point.timeUnixNano)
      if (!sum?.isMonotonic) {
        keep(device, at, channel, value)
        continue
      }
      const grown = growth(device, channel, point, sum.aggregationTemporality === 1, { sum: value, count: 0 })
      keep(device, at, channel, grown === null ? null : grown.sum / grown.seconds)
    }
  }

  function takeHistogram(device: string, name: string, point: HistogramPoint, isDelta: boolean) {
    if ((point.flags ?? 0) & 1 || point.sum === undefined) return
    const channel = channelOf(name, point.attributes)
    const grown = growth(device, channel, point, isDelta, { sum: Number(point.sum), count: Number(point.count) })
    if (grown !== null && grown.count > 0) keep(device, toMs(point.timeUnixNano), channel, grown.sum / grown.count)
  }

  function take(device: string, metric: OtlpMetric) {
    takeNumbers(device, metric)
    for (const kind of [metric.histogram, metric.exponentialHistogram])
      for (const point of kind?.dataPoints ?? [])
        takeHistogram(device, metric.name, point, kind?.aggregationTemporality === 1)
    for (const point of metric.summary?.dataPoints ?? [])
      for (const { quantile, value } of point.quantileValues)
        keep(device, toMs(point.timeUnixNano), channelOf(metric.name, point.attributes, `.q${quantile}`), Number(value))
  }

  const refuse = (code: Refusal['code'], reason: string, item: unknown) =>
    void refused.push({ refusal: { code, reason: reason.slice(0, 500) }, item })

  const request = otlpRequest.safeParse(json)
  if (!request.success) {
    const [issue] = request.error.issues
    refuse('wrong-shape', `no OTLP metrics: ${formatPath(issue.path)}: ${issue.message}`, json)
    return { devices: [], refused, states }
  }
  for (const { resource, scopeMetrics } of request.data.resourceMetrics) {
    const device = deviceOf(resource?.attributes ?? [])
    const metrics = scopeMetrics.flatMap((scope) => scope.metrics)
    if (device === null) {
      if (metrics.length > 0)
        refuse(
          'unknown-device',
          `the resource names no device; it needs one of ${deviceAttributes.join(', ')}`,
          resource,
        )
      continue
    }
    for (const each of metrics) {
      const metric = otlpMetric.safeParse(each)
      if (metric.success) take(device, metric.data)
      else {
        const [issue] = metric.error.issues
        refuse('wrong-shape', `metric: ${formatPath(issue.path)}: ${issue.message}`, each)
      }
    }
  }
  const devices = [...readings].map(([device, byTime]) => ({
    device,
    elements: [...byTime].sort(([left], [right]) => left - right).map(([at, values]) => ({ at, values })),
  }))
  return { devices, refused, states }
}
