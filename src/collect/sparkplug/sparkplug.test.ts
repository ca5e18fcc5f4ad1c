import { describe, expect, it } from 'vitest'
import { decodeSparkplug, encodeSparkplug, types } from '../../../test/support/sparkplug.ts'
import { decodePayload, numberOf } from './decode-payload.ts'
import { readTopic } from './read-topic.ts'
import { createSparkplugSession } from './session.ts'

const now = Date.UTC(2026, 5, 1)

function setUp() {
  const commands: { topic: string; payload: Uint8Array }[] = []
  const session = createSparkplugSession({ publish: (topic, payload) => void commands.push({ topic, payload }) })
  const read = (topic: string, message: object | Uint8Array, at = now) =>
    session.read(`spBv1.0/${topic}`, message instanceof Uint8Array ? message : encodeSparkplug(message), at)
  return { read, commands }
}

const birth = (more: object = {}) => ({
  timestamp: now,
  seq: 0,
  metrics: [
    { name: 'bdSeq', datatype: types.int64, long_value: 3 },
    { name: 'Node Control/Rebirth', datatype: types.boolean, boolean_value: false },
    { name: 'Supply Voltage', alias: 1, datatype: types.float, float_value: 12.5 },
    { name: 'Drift', alias: 2, datatype: types.int16, int_value: 65_533 },
    { name: 'Label', alias: 3, datatype: types.string, string_value: 'gate' },
  ],
  ...more,
})
const values = (readings: ReturnType<ReturnType<typeof setUp>['read']>) =>
  (readings ?? []).map(({ route, decoded }) => [
    route.key,
    decoded.refusal === null ? decoded.json : decoded.refusal.reason,
  ])

describe('Sparkplug B', () => {
  it('reads every numeric type as its own, signed ones out of unsigned fields', () => {
    const big = 2n ** 64n
    const cases: [number, object, number | null][] = [
      [types.int8, { int_value: 255 }, -1],
      [types.int16, { int_value: 65_535 }, -1],
      [types.int32, { int_value: 4_294_967_295 }, -1],
      [types.int32, { int_value: 7 }, 7],
      [types.int64, { long_value: String(big - 5n) }, -5],
      [types.uint64, { long_value: String(big - 1n) }, Number(big - 1n)],
      [types.uint8, { int_value: 255 }, 255],
      [types.float, { float_value: 0.5 }, 0.5],
      [types.double, { double_value: -1e300 }, -1e300],
      [types.double, { double_value: Number.NaN }, null],
      [types.boolean, { boolean_value: true }, 1],
      [types.string, { string_value: '5' }, null],
      [types.double, { is_null: true }, null],
    ]
    const { metrics } = decodePayload(
      encodeSparkplug({
        metrics: cases.map(([datatype, value], i) => ({ alias: String(big - 1n - BigInt(i)), datatype, ...value })),
      }),
    )
    expect(metrics.map((metric) => numberOf(metric, metric.datatype))).toEqual(cases.map(([, , expected]) => expected))
    expect(metrics[0].alias).toBe(String(big - 1n))
  })

  it('knows nodes and devices by their topics', () => {
    expect(readTopic('spBv1.0/park/DDATA/gate 1/box')).toMatchObject({ kind: 'DDATA', key: 'park.gate-1.box' })
    expect(readTopic('spBv1.0/park/NBIRTH/gate')).toMatchObject({ device: null, key: 'park.gate' })
    const others = [
      'STATE/host',
      'park/NCMD/gate',
      'park/NDATA',
      'park/NDATA/gate/box',
      'park/DDATA/gate',
      'park/DDATA/a/b/c',
    ]
    for (const topic of others) expect(readTopic(`spBv1.0/${topic}`), topic).toBeNull()
    expect(readTopic(`spBv1.0/${'x'.repeat(200)}/NDATA/y`)?.key).toHaveLength(64)
  })

  it('follows a node from its birth by aliases, and to its death', () => {
    const { read, commands } = setUp()
    expect(values(read('park/NBIRTH/gate', birth()))).toEqual([
      ['park.gate', [{ at: now, values: { 'Supply Voltage': 12.5, Drift: -3, online: 1 } }]],
    ])
    const device = {
      timestamp: now + 1,
      seq: 1,
      metrics: [{ name: 'Heat', alias: 9, datatype: types.double, double_value: 20 }],
    }
    expect(values(read('park/DBIRTH/gate/box', device))).toEqual([
      ['park.gate.box', [{ at: now + 1, values: { Heat: 20, online: 1 } }]],
    ])
    const data = {
      ...{ timestamp: now + 5, seq: 2 },
      metrics: [
        { alias: 9, timestamp: now + 2, double_value: 21, is_historical: true },
        { alias: 9, timestamp: now + 4, double_value: 22 },
      ],
    }
    expect(values(read('park/DDATA/gate/box', data))).toEqual([
      [
        'park.gate.box',
        [
          { at: now + 2, values: { Heat: 21 } },
          { at: now + 4, values: { Heat: 22 } },
        ],
      ],
    ])
    // Signed by the type that the birth gave.
    expect(
      values(read('park/NDATA/gate', { timestamp: now, seq: 3, metrics: [{ alias: 2, int_value: 65_535 }] })),
    ).toEqual([['park.gate', [{ at: now, values: { Drift: -1 } }]]])
    const will = (bdSeq: number) => ({ metrics: [{ name: 'bdSeq', datatype: types.int64, long_value: bdSeq }] })
    // The will of the connection before says nothing any more.
    expect(read('park/NDEATH/gate', will(2))).toEqual([])
    expect(values(read('park/NDEATH/gate', will(3), now + 9))).toEqual([
      ['park.gate', { at: now + 9, values: { online: 0 } }],
      ['park.gate.box', { at: now + 9, values: { online: 0 } }],
    ])
    expect(commands).toEqual([])
  })

  it('tells gaps and unknown aliases, keeps what can be read, and asks for a rebirth, not too often', () => {
    const { read, commands } = setUp()
    const data = (seq: number, metrics: object[]) => ({ timestamp: now, seq, metrics })
    expect(values(read('park/NDATA/gate', data(7, [{ alias: 1, float_value: 1 }])))).toEqual([
      ['park.gate', 'alias 1 is not known; a rebirth is asked for'],
    ])
    expect(commands[0].topic).toBe('spBv1.0/park/NCMD/gate')
    expect(decodeSparkplug(commands[0].payload)).toEqual({
      ...{ timestamp: now, metrics: [{ name: 'Node Control/Rebirth', datatype: types.boolean, boolean_value: true }] },
    })
    read('park/NBIRTH/gate', birth())
    // The same again, as after a reconnection, is no gap.
    read('park/NDATA/gate', data(1, [{ alias: 1, float_value: 1 }]))
    expect(read('park/NDATA/gate', data(1, [{ alias: 1, float_value: 1 }]))).toHaveLength(1)
    expect(values(read('park/NDATA/gate', data(4, [{ alias: 1, float_value: 2 }])))).toEqual([
      ['park.gate', [{ at: now, values: { 'Supply Voltage': 2 } }]],
      ['park.gate', { at: now, lost: 2, values: {} }],
      ['park.gate', 'the sequence went from 1 to 4: 2 messages are missing; a rebirth was asked for'],
    ])
    expect(commands).toHaveLength(1)
    read('park/NDATA/gate', data(9, []), now + 11_000)
    expect(commands).toHaveLength(2)
    for (let seq = 10; seq < 300; seq++) expect(read('park/NDATA/gate', data(seq % 256, []))).toEqual([])
  })

  it('refuses what is no payload with a sentence, and never more than that', () => {
    const { read } = setUp()
    const hostile: [number[], RegExp][] = [
      [[0x12, 0xff, 0xff, 0xff, 0xff, 0x0f], /longer than the payload/],
      [[0x08], /ends within a number/],
      [Array(12).fill(0xff), /more than ten bytes/],
      [[0x0b], /unknown wire type 3/],
      [[0x00, 0x00], /field 0 cannot be/],
      [[0x12, 3, 0x65, 0, 0], /ends within field 12/],
      [[0x12, 4, 0x0a, 2, 0xff, 0xfe], /not UTF-8/],
      [[0x12, 2, 0x60, 1], /wrong length/],
    ]
    for (const [bytes, reason] of hostile)
      expect(values(read('park/NDATA/gate', Uint8Array.from(bytes)))).toEqual([
        ['park.gate', expect.stringMatching(reason)],
      ])
    const good = encodeSparkplug(birth())
    let seed = 11
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * below)
    }
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.from(good)
      for (let n = 0; n < 3; n++) bytes[random(bytes.length)] = random(256)
      expect(Array.isArray(read('park/NBIRTH/gate', bytes.subarray(0, random(bytes.length + 1))))).toBe(true)
    }
  })
})
