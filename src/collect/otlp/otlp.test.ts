import { describe, expect, it } from 'vitest'
import { makeDirectory, makeSink, timeBounds } from '../../../test/support/intake-double.ts'
import { createIntake } from '../intake.ts'
import { createMetricsSink } from './metrics-sink.ts'

const start = Date.UTC(2026, 5, 1)
const nano = (ms: number) => `${start + ms}000000`
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })

function setUp() {
  const sink = makeSink()
  const intake = createIntake({ ...sink, resolve: makeDirectory(), now: () => start, timeBounds })
  const push = createMetricsSink({ intake })
  const send = (body: unknown) => push('con_1', Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))
  const channels = () => Object.fromEntries([...sink.points.values()].map(({ channel, value }) => [channel, value]))
  return { sink, send, channels }
}

/** A request as an exporter writes it in JSON, for the device `box-1`. */
const request = (metrics: unknown[], attributes: unknown[] = [text('host.name', 'box-1')]) => ({
  resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope: { name: 'meter' }, metrics }] }],
})

describe('OpenTelemetry metrics', () => {
  it('that are gauges, sums that may fall and summaries are values by metric and attributes', async () => {
    const { send, channels, sink } = setUp()
    const point = { timeUnixNano: nano(0), attributes: [text('zone', 'b'), { key: 'n', value: { intValue: '7' } }] }
    const reply = await send(
      request([
        { name: 'temperature', unit: 'Cel', gauge: { dataPoints: [{ ...point, asDouble: 21.5 }] } },
        { name: 'queue', sum: { aggregationTemporality: 2, dataPoints: [{ timeUnixNano: nano(0), asInt: '12' }] } },
        {
          name: 'rpc',
          summary: {
            dataPoints: [{ timeUnixNano: nano(0), count: '2', sum: 3, quantileValues: [{ quantile: 0.99, value: 2 }] }],
          },
        },
        {
          name: 'odd',
          gauge: {
            dataPoints: [
              { timeUnixNano: nano(0), asDouble: 'NaN' },
              { timeUnixNano: nano(1), flags: 1 },
            ],
          },
        },
        { name: 'x'.repeat(120), gauge: { dataPoints: [{ timeUnixNano: nano(0), asDouble: 1 }] } },
      ]),
    )
    expect(reply).toEqual({ status: 200, body: {} })
    const { [Object.keys(channels()).find((name) => name.startsWith('xxx')) ?? '']: long, ...others } = channels()
    expect(long).toBe(1)
    expect(others).toEqual({ 'temperature{n=7,zone=b}': 21.5, queue: 12, 'rpc.q0.99': 2 })
    expect([...sink.points.values()][0]).toMatchObject({ deviceId: 'dev_1', at: start })
  })

  it('that count become rises a second, from the second report on, over new beginnings', async () => {
    const { send, channels } = setUp()
    const counted = (at: number, from: number, value: number, temporality: unknown = 2) =>
      request([
        {
          name: 'requests',
          sum: {
            ...{ aggregationTemporality: temporality, isMonotonic: true },
            dataPoints: [{ startTimeUnixNano: nano(from), timeUnixNano: nano(at), asInt: String(value) }],
          },
        },
      ])
    await send(counted(0, -60_000, 100))
    expect(channels()).toEqual({})
    await send(counted(10_000, -60_000, 150))
    expect(channels()).toEqual({ requests: 5 })
    // The same again, as after a lost answer: nothing changes.
    await send(counted(10_000, -60_000, 150))
    // The sender began anew 4 seconds ago and has counted 8.
    await send(counted(20_000, 16_000, 8))
    expect(channels()).toEqual({ requests: 2 })
    await send(counted(30_000, 20_000, 40, 'AGGREGATION_TEMPORALITY_DELTA'))
    expect(channels()).toEqual({ requests: 4 })
  })

  it('that are histograms become means of what was observed since', async () => {
    const { send, channels } = setUp()
    const observed = (at: number, count: number, sum: number) =>
      request([
        {
          name: 'latency',
          histogram: {
            aggregationTemporality: 2,
            dataPoints: [
              {
                ...{ startTimeUnixNano: nano(-1000), timeUnixNano: nano(at), count: String(count), sum },
                ...{ bucketCounts: ['1', '2'], explicitBounds: [10] },
              },
            ],
          },
        },
      ])
    await send(observed(0, 10, 500))
    await send(observed(1000, 10, 500))
    expect(channels()).toEqual({})
    await send(observed(2000, 14, 600))
    expect(channels()).toEqual({ latency: 25 })
  })

  it('are refused one by one, with what is wrong', async () => {
    const { send, channels, sink } = setUp()
    const good = { name: 'good', gauge: { dataPoints: [{ timeUnixNano: nano(0), asDouble: 1 }] } }
    const bad = { name: 'bad', gauge: { dataPoints: [{ timeUnixNano: 'yesterday', asDouble: 1 }] } }
    expect(await send(request([good, bad]))).toMatchObject({
      status: 200,
      body: { partialSuccess: { rejectedDataPoints: '1', errorMessage: expect.stringMatching(/timeUnixNano/) } },
    })
    expect(channels()).toEqual({ good: 1 })
    expect(sink.letters[0].payloadBase64).toBe(Buffer.from(JSON.stringify(bad)).toString('base64'))
    expect(await send(request([good], [text('cloud.region', 'eu')]))).toMatchObject({
      body: { partialSuccess: { errorMessage: expect.stringMatching(/names no device; it needs one of device\.id/) } },
    })
    expect(await send(request([good], [text('host.name', 'nobody here!')]))).toMatchObject({
      body: { partialSuccess: { errorMessage: 'no device has the key the text "nobody-here-"' } },
    })
    expect(await send({ resourceMetrics: 7 })).toMatchObject({
      body: { partialSuccess: { errorMessage: expect.stringMatching(/no OTLP metrics: resourceMetrics/) } },
    })
    expect(await send('{"resourceMetrics":')).toMatchObject({ status: 422 })
    expect(await send(request([null, 1, {}, { name: 'empty' }]))).toMatchObject({ status: 200 })
  })
})
