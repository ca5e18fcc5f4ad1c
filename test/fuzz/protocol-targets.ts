import assert from 'node:assert/strict'
import { toWireSamples } from '../../src/collect/cloudevents/exchange-samples.ts'
import { readEvents, readWritten, writeEvents } from '../../src/collect/cloudevents/read-events.ts'
import { decodeJson } from '../../src/collect/decode-json.ts'
import { readStatus } from '../../src/collect/device-status.ts'
import { readMetrics } from '../../src/collect/otlp/read-metrics.ts'
import { parseExposition } from '../../src/collect/prometheus/parse-exposition.ts'
import { createSparkplugSession } from '../../src/collect/sparkplug/session.ts'
import { roomSchema } from '../support/intake-double.ts'
import { encodeSparkplug, types } from '../support/sparkplug.ts'
import { type FuzzTarget, fuzzNow } from './target.ts'

const limits = { maxBytes: 10_000, maxDepth: 32 }
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const lines = (...text: string[]) => Buffer.from(text.join('\n'))

const sparkplug = (): FuzzTarget => {
  const session = createSparkplugSession({ publish: () => {} })
  return {
    name: 'Sparkplug B payload',
    weight: 10,
    seeds: [
      encodeSparkplug({
        ...{ timestamp: fuzzNow, seq: 0 },
        metrics: [
          { name: 'bdSeq', datatype: types.int64, long_value: 3 },
          { name: 'Heat', alias: 1, datatype: types.double, double_value: 20.5 },
          { name: 'Steps', alias: 2, timestamp: fuzzNow, datatype: types.int16, int_value: 65_533 },
        ],
      }),
      encodeSparkplug({ timestamp: fuzzNow, seq: 1, metrics: [{ alias: 1, double_value: 21 }] }),
    ],
    read(bytes) {
      let isTaken = false
      for (const kind of ['NBIRTH', 'NDATA', 'NDEATH'])
        for (const { decoded } of session.read(`spBv1.0/park/${kind}/gate`, bytes, fuzzNow) ?? []) {
          if (decoded.refusal !== null) assert.notEqual(decoded.refusal.reason, '')
          else isTaken = true
        }
      return isTaken
    },
  }
}

const exposition: FuzzTarget = {
  name: 'Prometheus text',
  weight: 10,
  seeds: [
    lines(
      '# TYPE http_requests_total counter',
      'http_requests_total{method="post",code="200"} 1027 1395066363000',
      'odd{path="C:\\\\DIR",error="a\\n\\"b\\""} 1.458e9',
      '{"my.metric", l="v"} +Inf',
      'with_exemplar_bucket{le="1"} 8 # {trace_id="x"} 0.67',
    ),
  ],
  read(bytes) {
    const { series, count, faults, faultCount } = parseExposition(bytes.toString('utf8'), () => true)
    assert.equal(series.length, count)
    assert(faults.length <= faultCount)
    for (const { message } of faults) assert.notEqual(message, '')
    for (const { name, value } of series) assert(name !== '' && typeof value === 'number')
    return count > 0
  },
}

const event = (half: string, data: unknown) => ({
  ...{ specversion: '1.0', id: 'a', source: 's', type: `org.kubeflow.serving.inference.${half}` },
  ...{ time: '2026-05-31T00:00:00Z', data },
})
const request = { inputs: [{ name: 'temperature', shape: [1], datatype: 'FP64', data: [20] }] }
const response = { outputs: [{ name: 'p', shape: [1, 2], datatype: 'FP64', data: [0.9, 0.1] }] }

/** Attributes of binary mode as headers. */
const headersOf = ({ data: _, ...attributes }: ReturnType<typeof event>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(value)]))

/** The attributes of binary mode travel beside the body: the first line of these bytes is their JSON, the rest is the body. */
const binaryEvents: FuzzTarget = {
  name: 'CloudEvents in binary mode',
  weight: 4,
  seeds: ['request', 'response'].map((half) =>
    lines(JSON.stringify(headersOf(event(half, null))), JSON.stringify(half === 'request' ? request : response)),
  ),
  read(bytes) {
    const end = bytes.indexOf(0x0a)
    const read = readEvents(headersIn(bytes.subarray(0, Math.max(0, end))), bytes.subarray(end + 1), limits)
    assert.equal(read.length, 1)
    const [item] = read
    if (item.refusal !== null) {
      assert.notEqual(item.refusal.reason, '')
      return false
    }
    // What waits is written down and read again after a restart.
    const [again] = readWritten(writeEvents([item.event]), limits.maxDepth)
    assert(again.refusal === null, again.refusal?.reason)
    assert.deepEqual(
      [again.event.id, again.event.half, again.event.at],
      [item.event.id, item.event.half, item.event.at],
    )
    return true
  },
}

/** Header names are in lower case and values are text, whatever a server was sent. */
function headersIn(bytes: Buffer): Record<string, string> {
  const found: Record<string, string> = {}
  try {
    const parsed: unknown = JSON.parse(bytes.toString('latin1'))
    if (typeof parsed === 'object' && parsed !== null)
      for (const [name, value] of Object.entries(parsed)) found[name.toLowerCase()] = String(value)
  } catch {
    for (const pair of bytes.toString('latin1').split('","')) {
      const [name, ...rest] = pair.replace(/^[{"]+/, '').split('":"')
      found[name.toLowerCase()] = rest.join('')
    }
  }
  return found
}

const structuredEvent: FuzzTarget = {
  name: 'CloudEvents in structured mode',
  weight: 4,
  seeds: [
    json(event('request', request)),
    json({
      ...event('response', undefined),
      ...{ data_base64: json(response).toString('base64'), inferenceservicename: 'room', namespace: 'park' },
    }),
  ],
  read(bytes) {
    const [item, ...more] = readEvents({ 'content-type': 'application/cloudevents+json' }, bytes, limits)
    assert.equal(more.length, 0)
    if (item.refusal === null) return true
    assert.notEqual(item.refusal.reason, '')
    return false
  },
}

const cloudEvents: FuzzTarget = {
  name: 'CloudEvents in a batch',
  weight: 8,
  seeds: [
    json([event('request', request), event('response', response)]),
    json([event('request', { instances: [[20, 'open']] }), event('response', { predictions: ['empty'] })]),
    json([
      event('request', { dataframe_split: { columns: ['temperature'], data: [[20]] } }),
      event('response', { predictions: [{ empty: 0.2, occupied: 0.8 }] }),
    ]),
  ],
  read(bytes) {
    const read = readEvents({ 'content-type': 'application/cloudevents-batch+json' }, bytes, limits)
    const data = read.map((item) => {
      if (item.refusal === null) return item.event.data
      assert.notEqual(item.refusal.reason, '')
      return null
    })
    const facts = { id: 'a', at: fuzzNow, latencyMs: null, version: null }
    const made = toWireSamples(facts, data[0], data[1], roomSchema)
    if (made.refusal === null) return made.json.length > 0
    assert.notEqual(made.refusal.reason, '')
    return false
  },
}

const point = { timeUnixNano: `${fuzzNow}000000`, asDouble: 1.5, attributes: [{ key: 'a', value: { intValue: '7' } }] }
const openTelemetry: FuzzTarget = {
  name: 'OpenTelemetry metrics',
  weight: 10,
  seeds: [
    json({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: 'host.name', value: { stringValue: 'box-1' } }] },
          scopeMetrics: [
            {
              metrics: [
                { name: 'heat', gauge: { dataPoints: [point] } },
                { name: 'n', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] } },
                { name: 'h', histogram: { aggregationTemporality: 1, dataPoints: [{ ...point, count: '2', sum: 3 }] } },
              ],
            },
          ],
        },
      ],
    }),
  ],
  read(bytes) {
    const decoded = decodeJson(bytes, limits)
    if (decoded.refusal) return false
    const { devices, refused } = readMetrics(decoded.json, () => undefined)
    for (const { refusal } of refused) assert.notEqual(refusal.reason, '')
    for (const { elements } of devices)
      for (const { values } of elements) for (const value of Object.values(values)) assert(Number.isFinite(value))
    return devices.length > 0
  },
}

const status: FuzzTarget = {
  name: 'status of a device',
  weight: 4,
  seeds: [Buffer.from('offline'), json({ status: 'online', at: fuzzNow })],
  read(bytes) {
    const read = readStatus('park', 'park/devices/box-1/status', bytes, fuzzNow)
    assert(read !== null)
    if (read.decoded.refusal === null) return true
    assert.notEqual(read.decoded.refusal.reason, '')
    return false
  },
}

/** What captured inferences look like, for the reader of files. */
export const captureSeeds: readonly Uint8Array[] = [
  json({
    captureData: {
      endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: '20.5,open\n', encoding: 'CSV' },
      endpointOutput: { observedContentType: 'application/json', mode: 'OUTPUT', data: 'WzAuOV0=', encoding: 'BASE64' },
    },
    eventMetadata: { eventId: 'a', inferenceTime: '2026-05-31T00:00:00Z' },
    eventVersion: '0',
  }),
  lines(
    ...['inputs', 'outputs'].map((side) =>
      JSON.stringify({
        ...{ specversion: '1.0', id: side, type: `azureml.inference.${side}`, time: '2026-05-31T00:00:00Z' },
        ...{ correlationid: 'c', data: [{ temperature: 20 }] },
      }),
    ),
  ),
]

/** Ways in that speak the protocols of others. */
export const protocolTargets: readonly FuzzTarget[] = [
  sparkplug(),
  exposition,
  cloudEvents,
  structuredEvent,
  binaryEvents,
  openTelemetry,
  status,
]
