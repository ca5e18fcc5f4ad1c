import { describe, expect, it } from 'vitest'
import { makeDirectory, makeSink, timeBounds } from '../../test/support/intake-double.ts'
import { createIntake, type IncomingMessage, type IntakeOptions } from './intake.ts'
import type { IntakeLimits } from './limits.ts'
import { parseTopic } from './route.ts'

const now = Date.UTC(2026, 5, 1)
const good = { id: 'a', at: now - 1000, inputs: { temperature: 21.5, window: 'open' }, prediction: 'empty' }
const tinyPng = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])

function setUp(
  options: {
    limits?: Partial<IntakeLimits>
    acceptsNewDevices?: boolean
    append?: IntakeOptions['append']
    directory?: ReturnType<typeof makeDirectory>
  } = {},
) {
  const sink = makeSink()
  const directory = options.directory ?? makeDirectory(options)
  const problems: (string | null)[] = []
  const intake = createIntake({
    append: options.append ?? sink.append,
    putBlob: sink.putBlob,
    resolve: directory,
    now: () => now,
    timeBounds,
    limits: { retryMs: { first: 1, longest: 5 }, ...options.limits },
    onProblem: (problem) => problems.push(problem),
  })
  const send = (topic: string, body: unknown, more: Partial<IncomingMessage> = {}) =>
    intake.offer({
      connectionId: 'con_1',
      via: 'mqtt',
      source: topic,
      route: parseTopic('park', topic),
      payload: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      ...more,
    })
  return { sink, directory, intake, send, problems }
}

const samples = 'park/deployments/room/samples'
const labels = 'park/deployments/room/labels'
const telemetry = 'park/devices/box-1/telemetry'

describe('what intake takes', () => {
  it('stores a sample with every declared column, the recorded version and the arrival time', async () => {
    const { sink, send } = setUp()
    const outcome = await send(samples, { ...good, device: 'box-1', seq: 4, scores: { empty: 0.9 }, label: 'occupied' })
    expect(outcome).toEqual({ accepted: 1, refused: [], ignored: [] })
    expect(sink.samples.get('a')).toEqual({
      id: 'a',
      deploymentId: 'dep_room',
      versionId: 'ver_1',
      at: now - 1000,
      arrivedAt: now,
      inputs: { temperature: 21.5, window: 'open', frame: null },
      prediction: 'empty',
      scores: { empty: 0.9 },
      latencyMs: null,
      deviceId: 'dev_1',
      seq: 4,
    })
    expect(sink.labels.get('a')).toMatchObject({ label: 'occupied', at: now, source: 'mqtt' })
    expect(sink.batches[0].counters).toEqual([
      { connectionId: 'con_1', received: 2, refused: 0, lastAt: now, lagMs: 1000 },
    ])
  })

  it('takes labels, telemetry (nulls are no points), ISO times and a named version', async () => {
    const { sink, send } = setUp()
    await send(labels, [{ id: 'x', label: 'empty' }])
    await send(telemetry, { at: '2026-05-31T23:59:59+00:00', values: { t: 1, h: null } })
    await send(samples, { ...good, version: '2.0' })
    expect(sink.labels.get('x')).toEqual({
      sampleId: 'x',
      deploymentId: 'dep_room',
      label: 'empty',
      at: now,
      source: 'mqtt',
    })
    expect([...sink.points.values()]).toEqual([{ deviceId: 'dev_1', channel: 't', at: now - 1000, value: 1 }])
    expect(sink.samples.get('a')?.versionId).toBe('ver_2')
  })

  it('turns booleans and codes into categories, missing columns into null, and keeps undeclared columns out', async () => {
    const { sink, send, intake } = setUp()
    const outcome = await send(samples, { ...good, inputs: { window: true, humidity: 3 } })
    expect(sink.samples.get('a')?.inputs).toEqual({ temperature: null, window: 'true', frame: null })
    expect(outcome.ignored).toEqual(['humidity'])
    expect(intake.ignoredColumns().get('room')?.get('humidity')).toBe(1)
  })

  it('stores a picture by its digest before the sample that names it', async () => {
    const { sink, send } = setUp()
    await send(samples, { ...good, images: { frame: tinyPng.toString('base64') } })
    const digest = sink.samples.get('a')?.inputs.frame as string
    expect(sink.blobs.get(digest)).toEqual(tinyPng)
  })

  it('takes what a source has decoded itself, and shows the bytes as they came where it could not', async () => {
    const { sink, send } = setUp()
    const bytes = Buffer.from([8, 1, 255])
    const json = { at: now, values: { temperature: 20 } }
    await send(telemetry, '', { payload: bytes, decoded: { json, refusal: null } })
    expect(sink.batches[0].telemetry).toMatchObject([{ channel: 'temperature', value: 20 }])
    const refusal = { code: 'wrong-shape', reason: 'a field has no end' } as const
    expect(await send(telemetry, '', { payload: bytes, decoded: { refusal } })).toMatchObject({ refused: [refusal] })
    expect(sink.batches.at(-1)?.deadLetters[0]).toMatchObject({ ...refusal, payloadBase64: bytes.toString('base64') })
  })

  it('registers devices where the connection accepts them, and only there', async () => {
    const open = setUp({ acceptsNewDevices: true })
    const message = { at: now, values: { t: 1 } }
    await open.send('park/devices/new-box/telemetry', message)
    expect(open.sink.points.size).toBe(1)
    expect(open.directory.devices.has('new-box')).toBe(true)
    const closed = setUp()
    const outcome = await closed.send('park/devices/new-box/telemetry', message)
    expect(outcome.refused[0]).toMatchObject({ code: 'unknown-device' })
  })
})

describe('what intake refuses', () => {
  const cases: [string, string, unknown, string, RegExp][] = [
    ['broken JSON', samples, '{"id":', 'not-json', /JSON/],
    ['an empty payload', samples, '', 'not-json', /empty/],
    ['bare NaN', samples, '{"id":"a","at":1,"inputs":{"temperature":NaN},"prediction":"empty"}', 'not-json', /JSON/],
    ['a number beyond all bounds', telemetry, `{"at":${now},"values":{"t":1e999}}`, 'wrong-shape', /values\.t/],
    ['a missing prediction', samples, { id: 'a', at: now, inputs: {} }, 'wrong-shape', /prediction.*nothing/],
    ['an unknown field', samples, { ...good, extra: 1 }, 'wrong-shape', /extra/],
    [
      'a wrong type',
      samples,
      { ...good, inputs: { temperature: 'hot' } },
      'schema-mismatch',
      /inputs\.temperature.*"hot"/,
    ],
    [
      'a nested input',
      samples,
      { ...good, inputs: { temperature: {} } },
      'wrong-shape',
      /inputs\.temperature.*an object/,
    ],
    [
      'an undeclared class',
      samples,
      { ...good, prediction: 'fox' },
      'schema-mismatch',
      /prediction.*empty, occupied.*"fox"/,
    ],
    ['scores of an undeclared class', samples, { ...good, scores: { fox: 1 } }, 'schema-mismatch', /scores.*"fox"/],
    ['an undeclared label', labels, { id: 'a', label: 'fox' }, 'schema-mismatch', /label.*"fox"/],
    ['the far future', samples, { ...good, at: now + 7_200_000 }, 'ahead-of-time', /2 h in the future/],
    ['the distant past', telemetry, { at: 0, values: { t: 1 } }, 'time-out-of-bounds', /1970-01-01/],
    ['an unknown topic', 'park/elsewhere', good, 'unknown-topic', /park\/elsewhere/],
    ['an unknown deployment', 'park/deployments/x/samples', good, 'unknown-deployment', /"x"/],
    ['an unknown device of a sample', samples, { ...good, device: 'ghost' }, 'unknown-device', /"ghost"/],
    ['an unknown version', samples, { ...good, version: '9' }, 'unknown-version', /"9"/],
    ['deep nesting', samples, `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'too-deep', /100000 deep/],
    ['10 MB', samples, `"${'x'.repeat(10_000_000)}"`, 'too-large', /10000002 bytes/],
    ['a picture that is none', samples, { ...good, images: { frame: 'aGVsbG8=' } }, 'blob-refused', /PNG nor JPEG/],
    ['a picture for no column', samples, { ...good, images: { face: 'aGVsbG8=' } }, 'schema-mismatch', /images\.face/],
    ['prototype names', samples, '{"__proto__":{"id":"a"}}', 'wrong-shape', /./],
  ]
  it.each(cases)('%s', async (_name, topic, body, code, reason) => {
    const { sink, send } = setUp()
    const outcome = await send(topic, body)
    expect(outcome.accepted).toBe(0)
    expect(outcome.refused).toHaveLength(1)
    expect(outcome.refused[0].code).toBe(code)
    expect(outcome.refused[0].reason).toMatch(reason)
    expect(sink.letters).toHaveLength(1)
    expect(sink.letters[0]).toMatchObject({ code, connectionId: 'con_1', source: topic })
    // What a mended mapping or a larger limit may take is kept whole.
    if (code !== 'blob-refused')
      expect(Buffer.from(sink.letters[0].payloadBase64, 'base64').length).toBeLessThanOrEqual(16 * 1024)
    expect(sink.samples.size + sink.points.size + sink.labels.size).toBe(0)
  })

  it('refuses text that is not UTF-8', async () => {
    const { send } = setUp()
    const outcome = await send(samples, '', { payload: Uint8Array.of(0x22, 0xff, 0x22) })
    expect(outcome.refused[0]).toMatchObject({ code: 'not-json', reason: expect.stringContaining('UTF-8') })
  })

  it('refuses one bad element of an array and keeps the rest', async () => {
    const { sink, send } = setUp()
    const outcome = await send(samples, [good, { ...good, id: 'b', prediction: 3 }, { ...good, id: 'c' }])
    expect([...sink.samples.keys()]).toEqual(['a', 'c'])
    expect(outcome.refused).toEqual([
      expect.objectContaining({
        index: 1,
        code: 'schema-mismatch',
        reason: expect.stringMatching(/^\[1\] prediction/),
      }),
    ])
    expect(JSON.parse(Buffer.from(sink.letters[0].payloadBase64, 'base64').toString())).toMatchObject({ id: 'b' })
  })

  it('holds apart what lies too far ahead: it is not refused, and tells of the clock of its device', async () => {
    const { sink, send } = setUp()
    const early = now + 3 * 3_600_000
    const { accepted, refused } = await send(telemetry, [
      { at: early, values: { t: 1 } },
      { at: now, values: { t: 2 } },
    ])
    expect({ accepted, refused }).toMatchObject({ accepted: 1, refused: [{ code: 'ahead-of-time', aheadAt: early }] })
    const [{ counters, ahead, deadLetters }] = sink.batches
    expect(counters[0]).toMatchObject({ received: 2, refused: 0 })
    expect(ahead).toEqual([{ deviceId: 'dev_1', at: early }])
    expect(deadLetters).toMatchObject([{ aheadAt: early, code: 'ahead-of-time' }])
    // Later it is judged by then, and earlier than it says where the clock was ahead.
    const again = (judged: object) =>
      send(telemetry, { at: early, values: { t: 1 } }, { replay: { id: 1, arrivedAt: now, ...judged } })
    expect((await again({})).refused).toHaveLength(1)
    expect(sink.batches[1].replays).toBeUndefined()
    expect((await again({ shiftMs: 3 * 3_600_000 })).refused).toEqual([])
    expect(sink.batches[2]).toMatchObject({ replays: [{ id: 1, status: 'taken' }], telemetry: [{ at: now, value: 1 }] })
  })

  it('counts every refused element but keeps the number of dead letters of one message small', async () => {
    const { sink, send } = setUp({ limits: { lettersPerMessage: 5 } })
    const outcome = await send(
      samples,
      Array.from({ length: 50 }, () => 1),
    )
    expect(outcome.refused).toHaveLength(50)
    expect(sink.letters).toHaveLength(6)
    expect(sink.letters[5].reason).toMatch(/^45 more/)
    expect(sink.batches[0].counters[0].refused).toBe(50)
  })
})

describe('batches', () => {
  it('commits together what comes together, each connection apart, in order', async () => {
    const { sink, send } = setUp()
    const order: string[] = []
    const offers = Array.from({ length: 30 }, (_, i) =>
      send(samples, { ...good, id: `s${i}` }, { connectionId: i % 3 ? 'con_1' : 'con_2' }).then(() =>
        order.push(`s${i}`),
      ),
    )
    await Promise.all(offers)
    expect(sink.batches).toHaveLength(2)
    for (const batch of sink.batches) expect(batch.counters).toHaveLength(1)
    const mine = order.filter((id) => Number(id.slice(1)) % 3)
    expect(mine).toEqual([...mine].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
  })

  it('cuts batches at the number of elements', async () => {
    const { sink, send } = setUp({ limits: { transactionElements: 10 } })
    await Promise.all(Array.from({ length: 35 }, (_, i) => send(samples, { ...good, id: `s${i}` })))
    expect(sink.batches.map((batch) => batch.samples.length)).toEqual([10, 10, 10, 5])
  })

  it('commits what came during a commit, though nothing follows it', async () => {
    const commits: PromiseWithResolvers<void>[] = []
    const sizes: number[] = []
    const none = { stored: 0, repeated: 0 }
    const { send } = setUp({
      limits: { batchMessages: 4, transactionElements: 4 },
      append: async (batch) => {
        sizes.push(batch.samples.length)
        const commit = Promise.withResolvers<void>()
        commits.push(commit)
        await commit.promise
        return { samples: none, labels: { ...none, waiting: 0 }, telemetry: none }
      },
    })
    const sent = Array.from({ length: 4 }, (_, index) => send(samples, { ...good, id: `s${index}` }))
    // One more than fills the next batch comes while the first is being stored; the timer sees a full batch and ends.
    for (let index = 4; index < 9; index++) sent.push(send(samples, { ...good, id: `s${index}` }))
    await new Promise((resolve) => setTimeout(resolve, 10))
    for (let count = 0; count < 3; count++) {
      while (commits.length <= count) await new Promise((resolve) => setTimeout(resolve, 1))
      commits[count].resolve()
    }
    await Promise.all(sent)
    expect(sizes).toEqual([4, 4, 1])
  })

  it('tells a source to stop when the queue is full, and to go on when there is room', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const sink = makeSink()
    const { send, intake } = setUp({
      limits: { queueMessages: 5 },
      append: async (batch) => {
        await gate
        return sink.append(batch)
      },
    })
    const first = send(samples, good)
    await new Promise((resolve) => setTimeout(resolve, 30))
    const rest = Array.from({ length: 5 }, (_, i) => send(samples, { ...good, id: `s${i}` }))
    expect(intake.isFull('con_1')).toBe(true)
    expect(intake.isFull('con_2')).toBe(false)
    const room = intake.whenRoom('con_1')
    release()
    await room
    expect(intake.isFull('con_1')).toBe(false)
    await Promise.all([first, ...rest])
    expect(sink.samples.size).toBe(6)
  })
})

describe('a store that fails', () => {
  it('asks again until it works; nobody is told before', async () => {
    const sink = makeSink()
    let failures = 5
    const { send, problems } = setUp({
      append: async (batch) => {
        if (failures-- > 0) throw new Error('disk full')
        return sink.append(batch)
      },
    })
    await Promise.all([send(samples, good), send(samples, { ...good, id: 'b' })])
    expect(failures).toBeLessThan(0)
    expect([...sink.samples.keys()]).toEqual(['a', 'b'])
    expect(problems[0]).toMatch(/disk full/)
    expect(problems.at(-1)).toBeNull()
    expect(sink.letters).toHaveLength(0)
  })

  it('finds the one message that the store can never take, and keeps it as a dead letter', async () => {
    const sink = makeSink()
    const { send } = setUp({
      append: async (batch) => {
        if (batch.samples.some(({ sample }) => sample.id === 's7')) throw new Error('constraint failed')
        return sink.append(batch)
      },
    })
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => send(samples, { ...good, id: `s${i}` })))
    expect(sink.samples.size).toBe(19)
    expect(outcomes[7].refused[0].reason).toMatch(/constraint failed/)
    expect(sink.letters).toHaveLength(1)
  })

  it('refuses no message because the disk is full, even where a dead letter would still fit', async () => {
    const sink = makeSink()
    let failures = 6
    const full = () => Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL' })
    const { send } = setUp({
      append: async (batch) => {
        if (batch.samples.length > 0 && failures-- > 0) throw full()
        return sink.append(batch)
      },
    })
    await send(samples, good)
    expect([...sink.samples.keys()]).toEqual(['a'])
    expect(sink.letters).toEqual([])
  })

  it('registers a device when the disk has room again', async () => {
    const directory = makeDirectory({ acceptsNewDevices: true })
    let failures = 2
    const { send, sink } = setUp({
      directory: {
        ...directory,
        registerDevice: async (key, connectionId) => {
          if (failures-- > 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
          return directory.registerDevice(key, connectionId)
        },
      },
    })
    const outcome = await send('park/devices/box-9/telemetry', { at: good.at, values: { t: 1 } })
    expect(outcome).toMatchObject({ accepted: 1, refused: [] })
    expect(sink.letters).toEqual([])
  })

  it('rejects on closing what never became durable', async () => {
    const { send, intake } = setUp({ append: () => Promise.reject(new Error('disk full')) })
    const offers = [send(samples, good), send(samples, { ...good, id: 'b' })]
    const settled = Promise.allSettled(offers)
    await intake.close(20)
    for (const result of await settled) expect(result.status).toBe('rejected')
    await expect(send(samples, good)).rejects.toThrow('closed')
  })

  it('commits what waits when it closes in good order', async () => {
    const { send, intake, sink } = setUp({ limits: { batchMs: 10_000, quietMs: 10_000 } })
    const offer = send(samples, good)
    await intake.close(1000)
    await offer
    expect(sink.samples.size).toBe(1)
  })
})
