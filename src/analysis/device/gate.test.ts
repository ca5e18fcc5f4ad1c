import { describe, expect, it } from 'vitest'
import type { Channel } from '../../contract/device.ts'
import type { SampleTable } from '../../contract/table.ts'
import { createRandom, randomNormal } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { analyzeDrift } from '../drift.ts'
import { parametersOf } from '../parameters.ts'
import { findSensorFaults } from './gate.ts'
import { dewPoint, humidityRatio } from './physics.ts'
import { findCoarser } from './resolution.ts'
import { jitterOf } from './rhythm.ts'
import { faultsOfInputs, gateSamples, inputsOf } from './set-apart.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 2, 2)
const n = 2880
const at = Float64Array.from({ length: n }, (_, i) => start + i * minute)
const window = { from: start + 24 * hour, to: start + 48 * hour }

const spec = (name: string, unit: string, range: Channel['range'] = null): Channel => ({
  name,
  unit,
  range,
  limit: null,
  expectedEveryMs: minute,
  stuckAfterMs: 2 * hour,
})
const normal = (seed: number, mean: number, deviation: number) => {
  const random = createRandom(seed)
  return Float64Array.from({ length: n }, () => mean + deviation * randomNormal(random))
}
const isBad = (i: number, fromHour = 30, toHour = 34) => i >= fromHour * 60 && i < toHour * 60

function gate(channels: readonly Channel[], values: readonly Float64Array[], now = window.to) {
  const device = {
    id: 'dev_1',
    key: 'box',
    name: 'box',
    site: '',
    firmware: null,
    tags: [],
    channels: [...channels],
    createdAt: start,
  }
  const points = new Map(channels.map(({ name }, i) => [name, { at, value: values[i] }]))
  return findSensorFaults({ device, channels: points, window, now }, parametersOf.device.parse({}))
}

describe('findSensorFaults', () => {
  const light = spec('light', 'lx', [0, 2000])
  const healthy = normal(1, 300, 20)

  it('passes a healthy channel', () => {
    expect(gate([light], [healthy])).toEqual([])
  })

  it.each([
    ['stuck', (x: number, i: number) => (isBad(i) ? 119.5 : x), 'light stuck at 119.5 lx since 3 Mar 2026 06:00 UTC'],
    [
      'saturated',
      (x: number, i: number) => (isBad(i, 30, 31) ? 2000 : x),
      'light saturated at 2,000 lx, the end of its range',
    ],
    ['out-of-range', (x: number, i: number) => (isBad(i) ? 5000 + x : x), 'light outside its range in 240 readings'],
    [
      'replayed',
      (_: number, i: number) => healthy[isBad(i) ? i - 1500 : i],
      'light repeats its readings of 2 Mar 2026 05:00 UTC',
    ],
  ])('finds what is %s, and when', (kind, change, sentence) => {
    const faults = gate([light], [healthy.map(change)])
    expect(faults.map((fault) => fault.kind)).toEqual([kind])
    expect(faults[0]).toMatchObject({
      channels: ['light'],
      from: start + 30 * hour,
      sentence: expect.stringContaining(sentence),
    })
  })

  it('takes darkness, a cycle by nature and a switch for what they are', () => {
    const dark = healthy.map((x, i) => (i % 1440 < 100 ? 0 : x))
    expect(gate([light], [dark])).toEqual([])
    const cycle = healthy.map((_, i) => Math.sin((2 * Math.PI * (i % 60)) / 60))
    const toggle = healthy.map((_, i) => (i % 20 < 7 ? 1 : 0))
    expect(gate([spec('phase', ''), spec('pump', '')], [cycle, toggle])).toEqual([])
  })

  it('knows gravity: a tilt is none of its business, a lost axis is', () => {
    const axes = ['X', 'Y', 'Z'].map((axis) => spec(`accelerometer${axis}`, 'm/s²'))
    const level = [normal(2, 0, 0.03), normal(3, 0, 0.03), normal(4, 9.81, 0.03)]
    const tilt = level.map((values, axis) =>
      values.map((x, i) => (isBad(i) ? [4.9, 0, 8.5][axis] + (x - [0, 0, 9.81][axis]) : x)),
    )
    expect(gate(axes, tilt)).toEqual([])
    const lost = [level[0], level[1], level[2].map((x, i) => (isBad(i) ? x - 4 : x))]
    expect(gate(axes, lost)).toMatchObject([
      { kind: 'physics', from: start + 30 * hour, to: start + 34 * hour, channels: axes.map(({ name }) => name) },
    ])
    expect(gate(axes, lost)[0].sentence).toContain('|acceleration| is 5.8')
  })

  it('knows the field of the Earth', () => {
    const axes = ['x', 'y', 'z'].map((axis) => spec(`magnetometer.${axis}`, 'µT'))
    const values = [normal(5, 24, 0.4), normal(6, 3, 0.4), normal(7, -39, 0.4)]
    expect(gate(axes, values)).toEqual([])
    expect(gate(axes, [values[0], values[1], values[2].map((x) => x * 10)])).toMatchObject([{ kind: 'physics' }])
  })

  it('holds a dew point and a humidity ratio against temperature and humidity', () => {
    const air = [spec('temperature', '°C'), spec('humidity', '%')]
    const [t, h] = [normal(8, 21, 0.3), normal(9, 40, 1)]
    const dew = t.map((x, i) => dewPoint(x, h[i]))
    expect(gate([...air, spec('dewPoint', '°C')], [t, h, dew])).toEqual([])
    const [fault] = gate([...air, spec('dewPoint', '°C')], [t, h, dew.map((x, i) => (isBad(i) ? x + 5 : x))])
    expect(fault).toMatchObject({ kind: 'physics', from: start + 30 * hour, to: start + 34 * hour })
    const ratio = t.map((x, i) => 1.3 * humidityRatio(x, h[i], 1013.25))
    expect(gate([...air, spec('HumidityRatio', '')], [t, h, ratio])).toMatchObject([{ kind: 'physics' }])
  })

  it('finds a clock that is ahead', () => {
    const faults = gate([light], [healthy], window.to - 3 * hour)
    expect(faults).toMatchObject([
      { kind: 'clock', channels: [], sentence: "the device's clock is 3 hours ahead of ours" },
    ])
  })
})

describe('dewPoint and humidityRatio', () => {
  it('agree with published tables', () => {
    expect(dewPoint(25, 50)).toBeCloseTo(13.86, 1)
    expect(dewPoint(20, 100)).toBeCloseTo(20, 6)
    expect(humidityRatio(23.18, 27.272, 1013.25)).toBeCloseTo(0.00479, 4)
  })
})

describe('findCoarser and jitterOf', () => {
  const points = (value: Float64Array) => ({ at, value })

  it('tell lost bits from a channel that moves less', () => {
    const fine = normal(10, 20, 1)
    expect(findCoarser(points(fine), points(fine.map((x) => Math.round(x * 4) / 4)))).toMatchObject({ before: n })
    expect(findCoarser(points(fine), points(normal(11, 20, 1)))).toBeNull()
    const tenths = (values: Float64Array) => values.map((x) => Math.round(x * 100) / 100)
    expect(findCoarser(points(tenths(fine)), points(tenths(normal(12, 20, 0.02))))).toBeNull()
  })

  it('measure how far the rhythm is off', () => {
    expect(jitterOf(at)).toBe(0)
    const late = normal(13, 0, 15_000)
    expect(jitterOf(at.map((x, i) => x + late[i]))).toBeCloseTo((0.6745 * Math.SQRT2 * 15) / 60, 1)
    expect(jitterOf(at.map((x, i) => x + (i % 10 === 5 ? 20_000 : 0)))).toBe(0)
    expect(jitterOf(at.slice(0, 10))).toBeNull()
  })
})

describe('the gate before drift', () => {
  const column = (values: Float64Array) => ({ type: 'numeric' as const, values })
  const table = (columns: Record<string, Float64Array>, times: Float64Array | null): SampleTable => ({
    n,
    ids: null,
    at: times,
    columns: new Map(Object.entries(columns).map(([name, values]) => [name, column(values)])),
    prediction: { type: 'categorical', codes: new Int32Array(n).map((_, i) => i % 2), categories: ['a', 'b'] },
    label: null,
    scores: new Map(),
    latencyMs: null,
  })
  const light = spec('light', 'lx', [0, 2000])
  const broken = normal(21, 300, 20).map((x, i) => (isBad(i) ? 119.5 : x))
  const faults = gate([light], [broken])
  const inputs = inputsOf(['Light', 'co2'], ['light', 'other'])
  const reference = table({ Light: normal(22, 300, 20), co2: normal(23, 500, 9) }, null)
  const ask = (current: SampleTable, gated: ReturnType<typeof gateSamples>) =>
    analyzeDrift({ reference, current, schema: null, gated }, parametersOf.drift.parse({}), uninterrupted)

  it('keeps a broken sensor from looking like a changed world, and says so', () => {
    const current = table({ Light: broken, co2: normal(24, 500, 9) }, at)
    const without = ask(current, null)
    expect(without.detail.features.find(({ name }) => name === 'Light')?.verdict.isDrifted).toBe(true)
    const gated = gateSamples(current, faultsOfInputs(faults, inputs), inputs)
    const answer = ask(current, gated)
    expect(answer.detail.features.find(({ name }) => name === 'Light')?.verdict.isDrifted).toBe(false)
    expect(answer.detail.setApart).toMatchObject({ n: 240, of: n, faults: [{ kind: 'stuck', n: 240 }] })
    expect(answer.headline.text).toContain('240 samples set apart: light stuck at 119.5 lx since 3 Mar 2026 06:00 UTC')
    const count = (name: string) => answer.detail.features.find((feature) => feature.name === name)?.n.current
    expect([count('Light'), count('co2'), count('prediction')]).toEqual([n - 240, n, n - 240])
    expect(answer.findings.find(({ subject }) => subject.metric === 'setApartShare')).toMatchObject({ value: 240 / n })
  })

  it('does not judge an input of which nothing can be trusted', () => {
    const current = table({ Light: broken.map(() => 119.5), co2: normal(24, 500, 9) }, at)
    const all = gate([light], [broken.map(() => 119.5)])
    const answer = ask(current, gateSamples(current, all, inputs))
    const of = (name: string) => answer.detail.features.find((feature) => feature.name === name)
    expect(of('Light')?.verdict.status).toBe('insufficient')
    expect(of('Light')?.verdict.reason).toContain('no sample with a trustworthy sensor is left')
    expect(of('co2')?.verdict.status).toBe('ok')
  })

  it('lets everything through where no sample is touched, or times are not known', () => {
    const current = table({ Light: broken, co2: broken }, null)
    expect(gateSamples(current, faults, inputs)).toBeNull()
    expect(gateSamples(table({ Light: broken }, at), [], inputs)).toBeNull()
    expect(faultsOfInputs(faults, inputsOf(['co2'], ['light']))).toEqual([])
  })
})
