import { describe, expect, it } from 'vitest'
import { createRandom, randomNormal, randomUniform } from '../../stats/random.ts'
import { detectorName, parametersOfStream } from './parameters.ts'
import { runDetectors } from './run-detectors.ts'

const all = detectorName.options
const defaults = parametersOfStream.parse({})
const run = (values: ArrayLike<number>, changes: object = {}, wanted = all) =>
  new Map(
    runDetectors(Float64Array.from(values), wanted, parametersOfStream.parse(changes)).map((each) => [
      each.detector,
      each,
    ]),
  )

const errors = (seed: number) => {
  const random = createRandom(seed)
  return Float64Array.from({ length: 3000 }, (_, i) => (randomUniform(random) < (i < 1500 ? 0.1 : 0.5) ? 1 : 0))
}

describe('detectors over a stream', () => {
  it('fire soon after errors became five times as common', () => {
    const runs = run(errors(8), { sequentialMean: { limit: 0.2 } })
    for (const detector of [
      'adwin',
      'pageHinkley',
      'ddm',
      'eddm',
      'hddmA',
      'hddmW',
      'sequentialMean',
      'sequentialRanks',
    ] as const) {
      const first = runs.get(detector)?.alarms.find(({ index }) => index >= 1500)
      expect(first?.index, detector).toBeLessThan(1750)
    }
    // What bounds its false alarms has none before the change.
    expect(runs.get('sequentialMean')?.alarms[0].index).toBeGreaterThanOrEqual(1500)
    expect(runs.get('sequentialRanks')?.alarms[0]).toMatchObject({ direction: 'larger' })
    expect(runs.get('ddm')?.warnings.length).toBeGreaterThan(0)
  })

  it('are not asked about values that they cannot take, and say why', () => {
    const random = createRandom(2)
    const runs = run(Array.from({ length: 500 }, () => 20 + randomNormal(random)))
    expect(runs.get('ddm')?.notAsked).toMatch(/needs errors/)
    expect(runs.get('hddmA')?.notAsked).toBe('it needs values in [0, 1]')
    expect(runs.get('sequentialMean')?.notAsked).toMatch(/limit/)
    expect(runs.get('cusum')?.notAsked).toBeNull()
    const bounds = run([0.5, 3, 0.2], { sequentialMean: { limit: 0.2 } }).get('sequentialMean')
    expect(bounds?.notAsked).toMatch(/outside 0 to 1/)
    expect(run([1, 1, 1]).get('ewma')?.notAsked).toMatch(/set centre and deviation/)
  })

  it('judge no value from which a chart was made, and all where centre and deviation are given', () => {
    const random = createRandom(3)
    const values = Array.from({ length: 400 }, (_, i) => randomNormal(random) + (i < 10 || i >= 200 ? 4 : 0))
    for (const detector of ['cusum', 'ewma'] as const) {
      expect(
        run(values)
          .get(detector)
          ?.alarms.every(({ index }) => index >= 100),
      ).toBe(true)
      expect(run(values, { centre: 0, deviation: 1 }).get(detector)?.alarms[0].index).toBeLessThan(10)
    }
  })

  it('pass over what is no number, and give the same each time', () => {
    const whole = errors(4)
    const holes = Float64Array.from({ length: 6000 }, (_, i) => (i % 2 === 0 ? whole[i / 2] : Number.NaN))
    const [clean, mixed] = [run(errors(4)), run(holes)]
    for (const detector of ['adwin', 'ddm', 'eddm', 'hddmA', 'hddmW', 'kswin', 'cusum', 'ewma'] as const)
      expect(
        mixed.get(detector)?.alarms.map(({ index }) => index / 2),
        detector,
      ).toEqual(clean.get(detector)?.alarms.map(({ index }) => index))
    expect(run(errors(4))).toEqual(clean)
  })

  it.each([[[]], [[Number.NaN]], [[1]], [[Number.POSITIVE_INFINITY, 2]], [new Array(300).fill(7)]])(
    'take any stream (%#)',
    (values) => {
      for (const { alarms } of runDetectors(Float64Array.from(values as number[]), all, defaults))
        expect(alarms).toEqual([])
    },
  )

  it('refuse parameters that make no sense', () => {
    expect(parametersOfStream.safeParse({ kswin: { recentSize: 80 } }).success).toBe(false)
    expect(parametersOfStream.safeParse({ sequentialMean: { limit: 2 } }).success).toBe(false)
    expect(parametersOfStream.safeParse({ cusums: {} }).success).toBe(false)
  })
})
