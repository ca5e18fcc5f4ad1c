import { describe, expect, it } from 'vitest'
import { reportDetail } from '../../contract/report.ts'
import { createRandom, randomInteger, randomNormal } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { analyzeDrift } from '../drift.ts'
import { parametersOf } from '../parameters.ts'
import { categories, numbers, tableOf } from '../testing/tables.ts'

const hourMs = 3_600_000

interface Sample {
  readonly device: string
  readonly site: string
  readonly hour: number
}

/** Samples of four devices at two sites around the clock; `tilt` says how far a sample is moved. */
function draw(seed: number, n: number, tilt: (sample: Sample) => number, deviceOf = (i: number) => i % 4) {
  const random = createRandom(seed)
  const samples = Array.from({ length: n }, (_, i): Sample => {
    const device = deviceOf(i)
    return { device: `camera-${device + 1}`, site: device < 2 ? 'north' : 'south', hour: randomInteger(random, 24) }
  })
  return tableOf(
    {
      tilt: numbers(samples.map((sample) => randomNormal(random) + tilt(sample))),
      device: categories(samples.map(({ device }) => device)),
      site: categories(samples.map(({ site }) => site)),
    },
    { at: Float64Array.from(samples, ({ hour }) => Date.UTC(2026, 10, 21) + hour * hourMs) },
  )
}

function partsOf(reference: ReturnType<typeof draw>, current: ReturnType<typeof draw>, changes: object = {}) {
  const answer = analyzeDrift({ reference, current, schema: null }, parametersOf.drift.parse(changes), uninterrupted)
  expect(reportDetail.safeParse(answer.detail).error).toBeUndefined()
  const feature = answer.detail.features.find(({ name }) => name === 'tilt')
  return new Map(feature?.parts?.map((part) => [part.by, part]) ?? [])
}

describe('the drift of a fleet', () => {
  it('is put down to the one device that moved', () => {
    const parts = partsOf(
      draw(1, 4000, () => 0),
      draw(2, 4000, ({ device }) => (device === 'camera-2' ? 3 : 0)),
    )
    expect([...parts.keys()]).toEqual(['device', 'site', 'time of day'])
    const device = parts.get('device')
    expect(device?.levels[0]).toMatchObject({ level: 'camera-2', standsOut: true })
    expect(device?.levels[0].explained).toBeGreaterThan(0.95)
    expect(device?.levels[0].without).toBeLessThan(0.1)
    expect(device?.levels.slice(1).every(({ standsOut }) => !standsOut)).toBe(true)
    expect(device?.sentence).toMatch(
      /^By device, camera-2 makes \d+(\.\d)? % of the drift: without it the distance is 0\.0/,
    )
    expect(parts.get('time of day')?.levels.some(({ standsOut }) => standsOut)).toBe(false)
  })

  it('is put down to the night where every device moves then', () => {
    const parts = partsOf(
      draw(3, 4000, () => 0),
      draw(4, 4000, ({ hour }) => (hour < 6 ? 3 : 0)),
    )
    expect(parts.get('time of day')?.levels[0]).toMatchObject({ level: 'night, 00 to 06 UTC', standsOut: true })
    expect(parts.get('device')?.levels.some(({ standsOut }) => standsOut)).toBe(false)
    expect(parts.get('device')?.sentence).toMatch(/^By device, no single one/)
  })

  it('is put down to the mix where devices differ always and one reports more than before', () => {
    const own = ({ device }: Sample) => (device === 'camera-1' ? 3 : 0)
    const parts = partsOf(
      draw(5, 4000, own),
      draw(6, 4000, own, (i) => (i % 10 < 7 ? 0 : 1 + (i % 3))),
    )
    expect(parts.get('device')?.mixExplained).toBeGreaterThan(0.95)
    expect(parts.get('device')?.sentence).toMatch(/changed mix of device/)
  })

  it('is nobody’s where all moved alike', () => {
    const parts = partsOf(
      draw(7, 4000, () => 0),
      draw(8, 4000, () => 1),
    )
    for (const { levels } of parts.values()) for (const { standsOut } of levels) expect(standsOut).toBe(false)
  })

  it('is taken apart by the columns that are asked for, and by none where nothing drifted', () => {
    const [before, now] = [draw(9, 1000, () => 0), draw(10, 1000, () => 2)]
    expect([...partsOf(before, now, { partsBy: ['site'] }).keys()]).toEqual(['site'])
    expect([...partsOf(before, now, { partsBy: ['time of day'] }).keys()]).toEqual(['time of day'])
    expect(partsOf(before, now, { partsBy: [] }).size).toBe(0)
    expect(
      partsOf(
        before,
        draw(11, 1000, () => 0),
      ).size,
    ).toBe(0)
  })

  it('says when there is only one', () => {
    const one = (seed: number, tilt: number) =>
      draw(
        seed,
        400,
        () => tilt,
        () => 0,
      )
    const parts = partsOf(one(12, 0), one(13, 2))
    expect(parts.get('device')).toMatchObject({ levels: [{ explained: null, standsOut: false }] })
    expect(parts.get('device')?.sentence).toBe(
      'There is only one device, so that it cannot be told apart from the rest.',
    )
  })
})
