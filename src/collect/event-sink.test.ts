import { describe, expect, it } from 'vitest'
import { makeDirectory, makeSink, timeBounds } from '../../test/support/intake-double.ts'
import { createEventSink } from './event-sink.ts'
import { createIntake } from './intake.ts'

const start = Date.UTC(2026, 5, 1)

function setUp(waitMs = 60_000, { sink = makeSink(), maxWaiting = 100 } = {}) {
  let now = start
  const directory = makeDirectory()
  const intake = createIntake({ ...sink, resolve: directory, now: () => now, timeBounds })
  const events = createEventSink({ intake, directory, kept: sink.kept, now: () => now, waitMs, maxWaiting })
  const take = (headers: Record<string, string>, body: unknown, key = 'room') =>
    events.take('con_1', key, headers, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))
  return {
    ...{ sink, events, take, intake },
    advance(ms: number) {
      now += ms
    },
  }
}

// As an inference logger sends them in binary mode: attributes in headers, the protocol's own payload as the body.
const headersOf = (half: 'request' | 'response', id = 'b2c1', more: Record<string, string> = {}) => ({
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': 'http://localhost:9081/',
  'ce-type': `org.kubeflow.serving.inference.${half}`,
  'ce-inferenceservicename': 'room',
  'ce-namespace': 'default',
  'ce-component': 'predictor',
  ...more,
})
const request = {
  inputs: [
    { name: 'temperature', shape: [2], datatype: 'FP64', data: [20.5, 19] },
    { name: 'window', shape: [2, 1], datatype: 'BYTES', data: [['open'], ['shut']] },
  ],
}
const response = {
  model_name: 'room',
  model_version: '2.0',
  outputs: [{ name: 'probabilities', shape: [2, 2], datatype: 'FP64', data: [0.9, 0.1, 0.2, 0.8] }],
}

describe('events of an inference logger', () => {
  it.each([
    ['request first', ['request', 'response']],
    ['response first', ['response', 'request']],
  ] as const)('are joined by id to samples, %s', async (_name, order) => {
    const { sink, take } = setUp()
    const bodies = { request, response }
    expect(await take(headersOf(order[0]), bodies[order[0]])).toMatchObject({
      ...{ status: 200, body: { accepted: 0, refused: 0, waiting: 1 } },
    })
    expect(await take(headersOf(order[1]), bodies[order[1]])).toMatchObject({ status: 200, body: { accepted: 2 } })
    expect([...sink.samples.values()]).toMatchObject([
      { id: 'b2c1.0', inputs: { temperature: 20.5, window: 'open' }, prediction: 'empty', versionId: 'ver_2' },
      { id: 'b2c1.1', inputs: { temperature: 19, window: 'shut' }, prediction: 'occupied', scores: { occupied: 0.8 } },
    ])
    // Again: known as a repetition, nothing waits for it.
    expect(await take(headersOf('request'), request)).toMatchObject({ status: 200, body: { repeated: 1, waiting: 0 } })
  })

  it('come structured and in batches too, with times that give a latency', async () => {
    const { sink, take } = setUp()
    const event = (half: string, at: string, data: unknown, id = 'x') => ({
      ...{ specversion: '1.0', id, source: 's', type: `org.kubeflow.serving.inference.${half}`, time: at, data },
    })
    const asked = event('request', '2026-05-31T23:59:00Z', { instances: [[20, 'open']] })
    const answered = event('response', '2026-05-31T23:59:00.250Z', { predictions: ['occupied'] })
    const structured = { 'content-type': 'application/cloudevents+json; charset=UTF-8' }
    await take(structured, asked)
    const base64 = Buffer.from(JSON.stringify(answered.data)).toString('base64')
    await take(structured, { ...answered, data: undefined, data_base64: base64 })
    expect(sink.samples.get('x')).toMatchObject({ at: start - 60_000, latencyMs: 250, prediction: 'occupied' })
    const again = [
      { ...asked, id: 'y' },
      { ...answered, id: 'y' },
    ]
    expect(await take({ 'content-type': 'application/cloudevents-batch+json' }, again)).toMatchObject({
      body: { accepted: 1, waiting: 0 },
    })
  })

  it('read data frames, objects by name and pictures', async () => {
    const { sink, take } = setUp()
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]).toString('base64')
    const requests = [
      { dataframe_split: { columns: ['window', 'temperature'], data: [['open', 20]] } },
      { dataframe_records: [{ temperature: 20, window: 'open' }] },
      { instances: [{ temperature: 20, window: 'open', frame: { b64: png } }] },
    ]
    for (const [i, body] of requests.entries()) {
      await take(headersOf('request', `r${i}`), body)
      await take(headersOf('response', `r${i}`), { predictions: ['empty'] })
      expect(sink.samples.get(`r${i}`)?.inputs).toMatchObject({ temperature: 20, window: 'open' })
    }
    expect(sink.blobs.size).toBe(1)
  })

  it('are kept apart by service and deployment, though ids are equal', async () => {
    const { take } = setUp()
    await take(headersOf('request'), request)
    expect(await take(headersOf('response', 'b2c1', { 'ce-namespace': 'other' }), response)).toMatchObject({
      body: { waiting: 1, accepted: 0 },
    })
    expect(await take(headersOf('response'), response, 'elsewhere')).toMatchObject({
      body: { waiting: 1, accepted: 0 },
    })
  })

  it('without their other half become dead letters with what came', async () => {
    const { sink, take, advance, events } = setUp(20)
    await take(headersOf('request', 'lonely'), request)
    advance(30)
    for (let i = 0; i < 200 && sink.letters.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(sink.letters).toMatchObject([{ reason: 'the response to the request lonely did not come in time' }])
    const { payloadBase64 } = sink.letters[0]
    expect(JSON.parse(Buffer.from(payloadBase64, 'base64').toString('utf8'))).toMatchObject({
      ...{ id: 'lonely', type: 'org.kubeflow.serving.inference.request', data: request },
    })
    expect(await sink.kept()).toEqual({ waiting: [], joined: [] })
    events.close()
  })

  it.each([
    ['request first', ['request', 'response']],
    ['response first', ['response', 'request']],
  ] as const)('wait for each other beyond the end of the process, %s', async (_name, [first, second]) => {
    const bodies = { request, response }
    const before = setUp()
    await before.take(headersOf(first), bodies[first])
    // Nothing is closed: the process is gone.
    const after = setUp(60_000, { sink: before.sink })
    expect(await after.take(headersOf(first), bodies[first])).toMatchObject({ body: { repeated: 1, waiting: 0 } })
    expect(await after.take(headersOf(second), bodies[second])).toMatchObject({ status: 200, body: { accepted: 2 } })
    expect([...before.sink.samples.keys()]).toEqual(['b2c1.0', 'b2c1.1'])
    expect((await before.sink.kept()).waiting).toEqual([])
    // The answer was lost on its way: both come again, to a third process.
    const third = setUp(60_000, { sink: before.sink })
    for (const half of [second, first])
      expect(await third.take(headersOf(half), bodies[half])).toMatchObject({
        ...{ status: 200, body: { accepted: 0, repeated: 1, waiting: 0 } },
      })
    expect(before.sink.letters).toEqual([])
  })

  it('leave the store in the transaction that stores what they were joined to', async () => {
    const { sink, take } = setUp()
    await take(headersOf('request'), request)
    expect((await sink.kept()).waiting).toHaveLength(1)
    await take(headersOf('response'), response)
    const storing = sink.batches.filter(({ samples }) => samples.length > 0)
    expect(storing).toHaveLength(1)
    expect(storing[0].halves).toMatchObject([{ status: 'joined' }])
  })

  it('are not acknowledged before they are durable, nor is a repetition', async () => {
    const sink = makeSink()
    let isFull = true
    const { append } = sink
    const guarded = {
      ...sink,
      append: (batch: Parameters<typeof append>[0]) =>
        isFull ? Promise.reject(Object.assign(new Error('full'), { code: 'SQLITE_FULL' })) : append(batch),
    }
    const directory = makeDirectory()
    const intake = createIntake({ ...guarded, resolve: directory, now: () => start, timeBounds })
    const events = createEventSink({ intake, directory, kept: sink.kept, now: () => start, patienceMs: 30 })
    const send = (half: 'request' | 'response') =>
      events.take('con_1', 'room', headersOf(half), Buffer.from(JSON.stringify({ request, response }[half])))
    expect(await send('request')).toMatchObject({ status: 503 })
    expect(await send('request')).toMatchObject({ status: 503 })
    expect(await send('response')).toMatchObject({ status: 503 })
    expect(await send('response')).toMatchObject({ status: 503 })
    isFull = false
    for (let i = 0; i < 200 && sink.samples.size < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await send('response')).toMatchObject({ status: 200, body: { repeated: 1 } })
    expect(await send('request')).toMatchObject({ status: 200, body: { repeated: 1 } })
    expect(sink.samples.size).toBe(2)
    expect(sink.letters).toEqual([])
    events.close()
  })

  it('give way to newer ones when too many wait, and wait anew after a restart', async () => {
    const { sink, take, intake } = setUp(60_000, { maxWaiting: 3 })
    for (let i = 0; i < 5; i++) await take(headersOf('request', `q${i}`), request)
    await intake.close(1000)
    expect(sink.letters.map(({ reason }) => reason)).toEqual(
      [0, 1].map((i) => `the response to the request q${i} did not come before there was no more room to wait for it`),
    )
    expect((await sink.kept()).waiting).toHaveLength(3)
    const after = setUp(60_000, { sink, maxWaiting: 3 })
    // What waited while nothing ran is not late for it.
    after.advance(600_000)
    await after.events.start()
    expect(await after.take(headersOf('response', 'q4'), response)).toMatchObject({ body: { accepted: 2 } })
    expect(sink.letters).toHaveLength(2)
    // One that nobody can read any more is a dead letter too, and the others are taken up.
    sink.halves.set('x', { key: 'x', arrivedAt: 1, connectionId: 'c', deploymentKey: 'room', event: Buffer.from('{') })
    const third = setUp(60_000, { sink, maxWaiting: 3 })
    expect(await third.take(headersOf('response', 'q3'), response)).toMatchObject({ body: { accepted: 2 } })
    await third.intake.close(1000)
    expect(sink.letters.at(-1)?.reason).toMatch(/^not JSON/)
    expect((await sink.kept()).waiting.map(({ key }) => key.split(' ').at(-1))).toEqual(['q2'])
  })

  it('are refused with what is wrong', async () => {
    const cases: [Record<string, string>, unknown, RegExp][] = [
      [headersOf('request'), '{"inputs":', /not JSON/],
      [{ ...headersOf('request'), 'ce-specversion': '0.3' }, request, /specversion/],
      [{ 'content-type': 'application/json' }, request, /no CloudEvent/],
      [{ ...headersOf('request'), 'ce-type': 'com.example.other' }, request, /neither a request nor a response/],
      [{ 'content-type': 'application/cloudevents-batch+json' }, {}, /a batch is a list/],
    ]
    for (const [headers, body, reason] of cases) {
      const { sink, take } = setUp()
      expect(await take(headers, body)).toMatchObject({ status: 422 })
      expect(sink.letters[0].reason).toMatch(reason)
    }
    const pairs: [unknown, unknown, RegExp][] = [
      [request, { error: 'out of memory' }, /answered with an error: “out of memory”/],
      [request, { outputs: [{ name: 'p', shape: [1, 2], datatype: 'FP64', data: [1, 0] }] }, /for 2 rows asked/],
      [{ instances: [[1, 2, 3, 4]] }, { predictions: ['empty'] }, /row 0 has 4 values, the version declares 3/],
      [{ inputs: [{ ...request.inputs[0], shape: [3] }] }, response, /shape \[3\] and 2 values/],
      [{ inputs: [{ ...request.inputs[0], shape: [1e9], data: [] }] }, response, /rows; 1 to 10000/],
      [{ question: 1 }, response, /neither inputs nor instances/],
      [{ instances: [{ temperature: 'warm', window: 'open' }] }, { predictions: ['empty'] }, /temperature/],
    ]
    for (const [asked, answered, reason] of pairs) {
      const { sink, take } = setUp()
      await take(headersOf('request'), asked)
      await take(headersOf('response'), answered)
      expect(sink.letters.map((letter) => letter.reason).join()).toMatch(reason)
    }
    const { take } = setUp()
    await take(headersOf('request'), request, 'nowhere')
    expect(await take(headersOf('response'), response, 'nowhere')).toMatchObject({ status: 404 })
  })
})
