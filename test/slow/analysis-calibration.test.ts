import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeBias } from '../../src/analysis/bias.ts'
import { findTrend } from '../../src/analysis/device/trend.ts'
import { analyzeDrift } from '../../src/analysis/drift.ts'
import { analyzeErrors } from '../../src/analysis/errors.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { buildBinning } from '../../src/analysis/profile/binning.ts'
import { analyzeDriftFromProfiles, profileOfTable } from '../../src/analysis/profiles.ts'
import { categories, numbers, tableOf } from '../../src/analysis/testing/tables.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { Column, SampleTable } from '../../src/contract/table.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../../src/stats/random.ts'

const drift = parametersOf.drift.parse({})

/** Twenty features as deployments have them: smooth, skewed, rounded, nearly always zero, sparse, few and many categories. */
const kinds: Record<string, (random: Random) => number | string | null> = {
  normal: randomNormal,
  skewed: (random) => Math.exp(1.5 * randomNormal(random)),
  rounded: (random) => Math.round(2 * randomNormal(random)),
  zero: (random) => (randomUniform(random) < 0.9 ? 0 : randomUniform(random)),
  sparse: (random) => (randomUniform(random) < 0.2 ? null : randomNormal(random)),
  few: (random) => (randomUniform(random) < 0.7 ? 'a' : 'b'),
  many: (random) => `c${Math.floor(40 * randomUniform(random) ** 3)}`,
}
const featureNames = Array.from({ length: 20 }, (_, i) => `${Object.keys(kinds)[i % 7]} ${i}`)

function drawTable(random: Random, n: number, shift = 0): SampleTable {
  const columns: Record<string, Column> = {}
  for (const name of featureNames) {
    const draw = kinds[name.split(' ')[0]]
    const values = Array.from({ length: n }, () => draw(random))
    columns[name] =
      typeof draw(createRandom(1)) === 'string' ? categories(values as string[]) : numbers(values as (number | null)[])
  }
  if (shift !== 0) columns['normal 0'] = numbers(Array.from({ length: n }, () => randomNormal(random) + shift))
  return tableOf(columns)
}

const schema: SchemaSpec = {
  task: 'binary',
  classes: [],
  positiveClass: null,
  columns: [...drawTable(createRandom(1), 2).columns].map(([name, { type }]) => ({
    name,
    type,
    role: 'input',
    isGroup: false,
    isRequired: true,
  })),
}

/** Runs in which something happens, of so many. */
const count = (repeats: number, happens: (i: number) => boolean) =>
  Array.from({ length: repeats }, (_, i) => happens(i)).filter(Boolean).length

/** Most events that a true rate of `rate` gives in all but one of a thousand series of `repeats`. */
const most = (repeats: number, rate: number) => repeats * rate + 3.1 * Math.sqrt(repeats * rate * (1 - rate))

describe('the drift verdict over twenty features without drift', () => {
  it.each([
    { n: 100, m: 100, repeats: 600 },
    { n: 500, m: 500, repeats: 400 },
    { n: 5000, m: 5000, repeats: 60 },
    { n: 5000, m: 200, repeats: 200 },
    { n: 40, m: 300, repeats: 300 },
  ])('flags none in at least 95 % of runs ($n against $m)', ({ n, m, repeats }) => {
    const random = createRandom(n + m)
    const flagged = count(repeats, () => {
      const input = { reference: drawTable(random, n), current: drawTable(random, m), schema: null }
      const { detail } = analyzeDrift(input, drift, uninterrupted)
      return detail.features.some((feature) => feature.verdict.isDrifted)
    })
    console.info(`no drift, ${n} against ${m}: ${flagged} of ${repeats} runs flag a feature`)
    expect(flagged).toBeLessThanOrEqual(most(repeats, 0.05))
    if (Math.min(n, m) >= 5000) expect(flagged).toBe(0)
  })

  it.each([
    { n: 30, m: 30, repeats: 500 },
    { n: 100, m: 100, repeats: 600 },
    { n: 100, m: 300, repeats: 1000 },
    { n: 300, m: 100, repeats: 600 },
    { n: 30, m: 1000, repeats: 200 },
    { n: 1000, m: 30, repeats: 300 },
    { n: 1000, m: 1000, repeats: 80 },
  ])('flags none in at least 95 % of runs from profiles ($n against $m)', ({ n, m, repeats }) => {
    const random = createRandom(n + m + 7)
    const flagged = count(repeats, () => {
      const reference = drawTable(random, n)
      const binning = buildBinning('ver_1', reference, schema)
      const input = {
        reference: profileOfTable(reference, schema, binning),
        current: profileOfTable(drawTable(random, m), schema, binning),
        binning,
        schema,
      }
      return analyzeDriftFromProfiles(input, drift).detail.features.some((feature) => feature.verdict.isDrifted)
    })
    console.info(`no drift from profiles, ${n} against ${m}: ${flagged} of ${repeats} runs flag a feature`)
    expect(flagged).toBeLessThanOrEqual(most(repeats, 0.05))
  })

  it('finds one feature that moved by half a standard deviation', () => {
    const random = createRandom(99)
    const found = count(100, () => {
      const input = { reference: drawTable(random, 500), current: drawTable(random, 500, 0.5), schema: null }
      const { features } = analyzeDrift(input, drift, uninterrupted).detail
      return features.find(({ name }) => name === 'normal 0')?.verdict.isDrifted === true
    })
    expect(found).toBeGreaterThanOrEqual(97)
  })
})

describe('bias without bias', () => {
  it.each([
    { n: 30, m: 30 },
    { n: 100, m: 100 },
    { n: 1000, m: 1000 },
    { n: 400, m: 60 },
    { n: 30, m: 1000 },
  ])('calls no breach in at least 95 % of runs ($n against $m)', ({ n, m }) => {
    const random = createRandom(5 + n + m)
    const draw = (rows: number) =>
      tableOf({}, { prediction: categories(Array.from({ length: rows }, () => 'abcd'[randomInteger(random, 4)])) })
    const flagged = count(1000, () => {
      const input = { current: draw(m), reference: draw(n), classes: ['a', 'b', 'c', 'd'] }
      return analyzeBias(input, parametersOf.bias.parse({ threshold: 0 })).headline.status === 'breach'
    })
    console.info(`no bias, ${n} against ${m}: ${flagged} of 1000 runs call a breach`)
    expect(flagged).toBeLessThanOrEqual(most(1000, 0.05))
  })
})

describe('error slices where errors fall evenly', () => {
  it.each([
    { n: 100, repeats: 400 },
    { n: 1000, repeats: 300 },
    { n: 10_000, repeats: 60 },
  ])('are confirmed in at most 5 % of runs (n $n)', ({ n, repeats }) => {
    const random = createRandom(51 + n)
    // No slice needs a certain lift, and the tree may split on anything: only the test on the rows kept apart decides.
    const parameters = parametersOf.errors.parse({ minLift: 1, minLeaf: 5 })
    const confirmed = count(repeats, (i) => {
      const label = Array.from({ length: n }, () => 'ab'[randomInteger(random, 2)])
      const prediction = label.map((truth) => (randomUniform(random) < 0.2 ? (truth === 'a' ? 'b' : 'a') : truth))
      const current = { ...drawTable(random, n), label: categories(label), prediction: categories(prediction) }
      const { worst } = analyzeErrors({ current, task: 'binary' }, { ...parameters, seed: i }, uninterrupted).detail
      return worst.some(({ isConfirmed }) => isConfirmed)
    })
    console.info(`even errors, n ${n}: ${confirmed} of ${repeats} runs confirm a slice`)
    expect(confirmed).toBeLessThanOrEqual(most(repeats, 0.05))
  })
})

describe('the trend of a channel', () => {
  it('is established without one in at most one of twenty weeks, with or without a course of the day', () => {
    const random = createRandom(41)
    const hour = 3_600_000
    const repeats = 400
    const at = Float64Array.from({ length: 7 * 24 * 4 }, (_, i) => (i * hour) / 4)
    const claimed = count(repeats, (i) => {
      const value = at.map(
        (t) => randomNormal(random) + (i % 2 === 0 ? 0 : 5 * Math.sin((2 * Math.PI * t) / (24 * hour))),
      )
      const options = { cycleMs: 24 * hour, confidence: 0.95, now: 7 * 24 * hour }
      return findTrend({ at, value }, null, options)?.isEstablished === true
    })
    console.info(`no trend: ${claimed} of ${repeats} weeks claim one`)
    expect(claimed).toBeLessThanOrEqual(most(repeats, 0.05))
  })
})
