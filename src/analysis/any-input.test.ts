import { describe, it } from 'vitest'
import { expectSound } from '../../test/support/expect-sound.ts'
import type { Device } from '../contract/device.ts'
import type { SchemaSpec } from '../contract/model.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../stats/random.ts'
import { uninterrupted } from './answer.ts'
import { analyzeBias } from './bias.ts'
import { analyzeDevice } from './device.ts'
import { analyzeDrift } from './drift.ts'
import { analyzeEndpoint } from './endpoint.ts'
import { analyzeIntegrity } from './integrity.ts'
import { parametersOf } from './parameters.ts'
import { analyzePerformance } from './performance.ts'
import { buildBinning } from './profile/binning.ts'
import { analyzeDriftFromProfiles, profileOfTable } from './profiles.ts'
import { categories, numbers, tableOf } from './testing/tables.ts'

const odd = [0, -0, 1, -1, 1e308, -1e308, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]
const names = ['', 'a', 'b', '__proto__', 'constructor', '1', '0', 'ä'.repeat(50)]
const pick = <T>(random: Random, items: readonly T[]): T => items[randomInteger(random, items.length)]

function anyNumbers(random: Random, n: number): Column {
  const kind = randomInteger(random, 5)
  const draw = [
    () => pick(random, odd),
    () => randomNormal(random),
    () => 7,
    () => Number.NaN,
    () => (randomUniform(random) < 0.2 ? pick(random, odd) : Math.round(randomNormal(random))),
  ][kind]
  return numbers(Float64Array.from({ length: n }, draw))
}
function anyCategories(random: Random, n: number): Column {
  const kind = randomInteger(random, 4)
  const draw = [
    () => (randomUniform(random) < 0.2 ? null : pick(random, names)),
    () => 'a',
    () => null,
    () => `c${randomInteger(random, 1000)}`,
  ][kind]
  return categories(Array.from({ length: n }, draw))
}
const anyColumn = (random: Random, n: number) =>
  randomUniform(random) < 0.5 ? anyNumbers(random, n) : anyCategories(random, n)

function anyTable(random: Random): SampleTable {
  const n = pick(random, [0, 1, 2, 5, 31, 60, 200])
  const maybe = <T>(make: () => T): T | null => (randomUniform(random) < 0.25 ? null : make())
  const columns: Record<string, Column> = {}
  for (let i = randomInteger(random, 5); i > 0; i--) columns[`x${randomInteger(random, 5)}`] = anyColumn(random, n)
  const score = () =>
    Float64Array.from({ length: n }, () => (randomUniform(random) < 0.1 ? pick(random, odd) : randomUniform(random)))
  return tableOf(columns, {
    n,
    at: maybe(() => Float64Array.from({ length: n }, () => randomInteger(random, 1000))),
    prediction: maybe(() => anyColumn(random, n)),
    label: maybe(() => anyColumn(random, n)),
    scores: new Map(['a', 'b', '1', '0'].filter(() => randomUniform(random) < 0.4).map((name) => [name, score()])),
    latencyMs: maybe(() => Float64Array.from({ length: n }, () => pick(random, odd))),
  })
}

function anySchema(random: Random): SchemaSpec {
  return {
    task: pick(random, ['binary', 'multiclass', 'regression'] as const),
    classes: pick(random, [[], ['a', 'b'], ['0', '1'], ['x']]),
    positiveClass: pick(random, [null, 'b', '1', 'never']),
    columns: Array.from({ length: 5 }, (_, i) => ({
      name: `x${i}`,
      type: pick(random, ['numeric', 'categorical', 'image'] as const),
      role: 'input' as const,
      isGroup: randomUniform(random) < 0.5,
      isRequired: randomUniform(random) < 0.5,
      ...(randomUniform(random) < 0.5 && { range: [-1, 1] as [number, number] }),
      ...(randomUniform(random) < 0.5 && { categories: ['a', 'b'] }),
    })),
  }
}

describe('any input', () => {
  it('gives answers that the contract accepts, from samples', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = createRandom(seed)
      const [current, reference, schema] = [anyTable(random), anyTable(random), anySchema(random)]
      const known = pick(random, [schema, null])
      const drift = parametersOf.drift.parse({
        numericMeasure: pick(random, ['jensenShannon', 'psi', 'ks', 'wassersteinNormed'] as const),
        categoricalMeasure: pick(random, ['jensenShannon', 'cramersV'] as const),
        numericTest: pick(random, ['auto', 'ks', 'cramerVonMises', 'andersonDarling', 'welch', 'categories'] as const),
        categoricalTest: pick(random, ['auto', 'g', 'fisher'] as const),
        panel: true,
        multivariate: seed % 10 === 0,
        otherMeasures: ['psi', 'hellinger'],
        minimumN: pick(random, [1, 30]),
      })
      expectSound(analyzeDrift({ reference, current, schema: known }, drift, uninterrupted), seed)
      const binning = buildBinning('ver_1', reference, schema)
      const [before, now] = [reference, current].map((table) => profileOfTable(table, known, binning))
      expectSound(analyzeDriftFromProfiles({ reference: before, current: now, binning, schema: known }, drift), seed)
      const question = {
        current,
        reference: pick(random, [reference, null]),
        schema: known,
        window: pick(random, [null, { from: 0, to: 500 }]),
        ignoredColumns: ['x0'],
        wrongTypes: { x1: 3 },
        missingSequence: randomInteger(random, 3),
      }
      expectSound(analyzeIntegrity(question, parametersOf.integrity.parse({}), uninterrupted), seed)
      const { task, classes, positiveClass } = schema
      const asked = { current, reference: question.reference, task, classes, positiveClass }
      expectSound(analyzePerformance(asked, parametersOf.performance.parse({ resamples: 50 }), uninterrupted), seed)
      expectSound(analyzeBias({ current, reference, classes }, parametersOf.bias.parse({})), seed)
    }
  })

  it('gives answers that the contract accepts, from telemetry and probes', () => {
    const hour = 3_600_000
    for (let seed = 1; seed <= 300; seed++) {
      const random = createRandom(seed)
      const n = pick(random, [0, 1, 2, 3, 40, 500])
      const step = pick(random, [1, 60_000, hour])
      const column = anyNumbers(random, n)
      const value = column.type === 'numeric' ? column.values : new Float64Array(0)
      const start = 1_700_000_000_000
      let at = start
      const points = { at: Float64Array.from({ length: n }, () => (at += step * randomInteger(random, 4))), value }
      const device: Device = {
        id: 'dev_1',
        key: 'box',
        name: 'box',
        site: '',
        firmware: null,
        tags: [],
        createdAt: start,
        channels: [
          {
            name: 'x',
            unit: '°C',
            range: pick(random, [null, [-1, 1]]),
            limit: pick(random, [null, { value: 3, direction: 'above' }, { value: -1, direction: 'below' }]),
            expectedEveryMs: pick(random, [null, 1, hour]),
            stuckAfterMs: pick(random, [null, 1, hour]),
          },
        ],
      }
      const channels = new Map(pick(random, [[], [['x', points] as const], [['y', points] as const]]))
      const window = {
        from: start - pick(random, [0, 10 * hour]),
        to: pick(random, [start + 1, at + 1, at + 1000 * hour]),
      }
      expectSound(analyzeDevice({ device, channels, window, now: window.to }, parametersOf.device.parse({})), seed)
      const probes = Array.from({ length: n }, (_, i) => ({
        at: i,
        isReady: randomUniform(random) < 0.5,
        latencyMs: pick(random, [null, 0, 5, 1e9]),
      }))
      const asked = { window: { from: pick(random, [0, 20]), to: pick(random, [21, 500]) }, now: 400 }
      expectSound(analyzeEndpoint({ probes, latencies: value, ...asked }, parametersOf.endpoint.parse({})), seed)
    }
  })
})
