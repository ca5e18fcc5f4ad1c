import { describe, expect, it } from 'vitest'
import type { SchemaSpec } from '../contract/model.ts'
import { type Binning, type Profile, profile as profileSchema } from '../contract/profile.ts'
import type { Sample } from '../contract/sample.ts'
import type { SampleTable } from '../contract/table.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../stats/random.ts'
import { uninterrupted } from './answer.ts'
import { analyzeDrift } from './drift.ts'
import { parametersOf } from './parameters.ts'
import { buildBinning } from './profile/binning.ts'
import { makeProfileFold } from './profile/fold.ts'
import { analyzeDriftFromProfiles, mergeProfiles, profileOfTable } from './profiles.ts'
import { categories, numbers, tableOf } from './testing/tables.ts'

const parameters = parametersOf.drift.parse({})
const column = (name: string, type: 'numeric' | 'categorical' | 'image', rest: object = {}) => ({
  name,
  type,
  role: 'input' as const,
  isGroup: false,
  isRequired: true,
  ...rest,
})
const schema: SchemaSpec = {
  task: 'binary',
  classes: ['cat', 'dog'],
  positiveClass: 'dog',
  columns: [
    column('light', 'numeric', { range: [-3, 3] }),
    column('site', 'categorical', { isGroup: true }),
    column('code', 'categorical'),
    column('frame', 'image'),
  ],
}

interface Row {
  light: number | null
  site: string | null
  code: number | null
  prediction: string
  label: string | null
  latencyMs: number | null
}

function randomRow(random: Random, shift = 0): Row {
  const isDog = randomUniform(random) < 0.5 + shift / 4
  return {
    // Eighths, so that sums are exact in any order.
    light: randomUniform(random) < 0.1 ? null : Math.round(8 * (randomNormal(random) + shift)) / 8,
    site:
      randomUniform(random) < 0.1 ? null : ['north', '__proto__', 'south'][randomInteger(random, shift > 0 ? 3 : 2)],
    code: randomUniform(random) < 0.1 ? null : randomInteger(random, 5),
    prediction: isDog ? 'dog' : 'cat',
    label: randomUniform(random) < 0.5 ? null : randomUniform(random) < 0.9 === isDog ? 'dog' : 'cat',
    latencyMs: randomUniform(random) < 0.3 ? null : randomInteger(random, 400) / 4,
  }
}
const rowsOf = (seed: number, n: number, shift = 0) => {
  const random = createRandom(seed)
  return Array.from({ length: n }, () => randomRow(random, shift))
}

const tableOfRows = (rows: readonly Row[]): SampleTable =>
  tableOf(
    {
      light: numbers(rows.map((row) => row.light)),
      site: categories(rows.map((row) => row.site)),
      code: numbers(rows.map((row) => row.code)),
      frame: categories(rows.map((_, i) => `digest ${i}`)),
    },
    {
      prediction: categories(rows.map((row) => row.prediction)),
      label: categories(rows.map((row) => row.label)),
      latencyMs: Float64Array.from(rows, (row) => row.latencyMs ?? Number.NaN),
    },
  )

function foldRows(rows: readonly Row[], binning: Binning): Profile {
  const fold = makeProfileFold()
  const key = { deploymentId: 'dep_table', versionId: 'ver_1', hour: 0 }
  const profile = fold.empty(key, binning)
  rows.forEach((row, i) => {
    const { light, site, code, prediction, latencyMs } = row
    const sample: Sample = {
      ...key,
      id: `s${i}`,
      at: 0,
      arrivedAt: 0,
      inputs: { light, site, code, frame: `digest ${i}` },
      prediction,
      scores: null,
      latencyMs,
      deviceId: null,
      seq: null,
    }
    fold.addSample(profile, sample, binning)
    if (row.label !== null) fold.addLabel(profile, sample, row.label, null, binning)
  })
  return profile
}

/** With the keys of every object in order. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))
      : part,
  )

const built = buildBinning('ver_1', tableOfRows(rowsOf(1, 500)), schema)
// An origin in eighths, as the values, keeps sums exact.
const binning: Binning = { ...built, numeric: { light: { shift: 0.125, edges: built.numeric.light.edges } } }

describe('the profile of a table', () => {
  it('is what folding its rows one by one gives', () => {
    for (let seed = 2; seed < 6; seed++) {
      const rows = rowsOf(seed, 400, seed % 2)
      const profile = profileOfTable(tableOfRows(rows), schema, binning)
      expect(plain(profile)).toEqual(plain(foldRows(rows, binning)))
      expect(profileSchema.safeParse(profile).error).toBeUndefined()
    }
  })

  it('lists the categories that come first by name, and adds up the others', () => {
    const names = Array.from({ length: 1500 }, (_, i) => `c${String(i).padStart(5, '0')}`)
    const profile = profileOfTable(tableOf({ many: categories([...names, ...names]) }), null, {
      ...binning,
      numeric: {},
      categorical: { many: ['c00001'] },
      groups: [],
    })
    expect(profile.columns.many).toMatchObject({ n: 3000, unseen: 2998, overflow: 1000 })
    expect(Object.keys(profile.columns.many.type === 'categorical' ? profile.columns.many.counts : {})).toHaveLength(
      1000,
    )
  })

  it('adds up errors of a regression', () => {
    const profile = profileOfTable(
      tableOf({}, { prediction: numbers([3, 4, null]), label: numbers([5, null, 1]) }),
      null,
      { ...binning, numeric: { prediction: { shift: 0, edges: [3.5] } }, categorical: {}, groups: [] },
    )
    expect(profile.outcomes['']).toMatchObject({ labelled: 1, sumError: -2, sumSquaredError: 4, sumLabel: 5 })
    expect(profile.prediction).toMatchObject({ n: 2, missing: 1, counts: [1, 1] })
    expect(profile.predictedByGroup).toEqual({})
  })
})

describe('merging profiles', () => {
  it('gives the profile of all rows, in any order', () => {
    const rows = rowsOf(7, 600)
    const parts = [rows.slice(0, 5), rows.slice(5, 300), rows.slice(300, 301), rows.slice(301)].map((part) =>
      profileOfTable(tableOfRows(part), schema, binning),
    )
    const whole = plain(profileOfTable(tableOfRows(rows), schema, binning))
    expect(plain(mergeProfiles(parts))).toEqual(whole)
    expect(plain(mergeProfiles(parts.toReversed()))).toEqual(whole)
    expect(mergeProfiles([])).toBeNull()
  })

  it('is the same as merging one after the other, whatever the parts hold', () => {
    const { merge } = makeProfileFold()
    const names = (from: number, n: number) => categories(Array.from({ length: n }, (_, i) => `c${from + i}`))
    const other: Binning = { ...binning, numeric: { light: { shift: 0.5, edges: [0] } } }
    const wide = { ...binning, numeric: {}, categorical: {}, groups: ['group'] }
    const series: Profile[][] = [
      [rowsOf(11, 50), rowsOf(12, 50)].map((rows) => profileOfTable(tableOfRows(rows), schema, binning)),
      [binning, other].map((bins) => profileOfTable(tableOfRows(rowsOf(13, 60)), schema, bins)),
      [
        profileOfTable(tableOf({ wild: numbers([1, 2]) }), null, wide),
        profileOfTable(tableOf({ wild: names(0, 3), more: numbers([1, 2, 3]) }), null, wide),
      ],
      [names(0, 700), names(500, 700), names(0, 5)].map((group) =>
        profileOfTable(tableOf({ group }, { prediction: group, label: group }), null, wide),
      ),
    ]
    for (const parts of series) {
      const before = plain(parts)
      const oneByOne = parts.slice(1).reduce(merge, parts[0])
      expect(plain(mergeProfiles(parts))).toEqual(plain(oneByOne))
      expect(plain(parts)).toEqual(before)
    }
  })
})

describe('drift from profiles', () => {
  const ask = (before: readonly Row[], now: readonly Row[], changes: object = {}) =>
    analyzeDriftFromProfiles(
      {
        reference: profileOfTable(tableOfRows(before), schema, binning),
        current: profileOfTable(tableOfRows(now), schema, binning),
        binning,
        schema,
      },
      parametersOf.drift.parse(changes),
    )

  it('agrees with drift from samples on everything that bins hold', () => {
    const [before, now] = [rowsOf(1, 500), rowsOf(9, 800, 1)]
    const binned = ask(before, now).detail.features
    const declared = { ...tableOfRows(before), columns: new Map(tableOfRows(before).columns) }
    const exact = analyzeDrift({ reference: declared, current: tableOfRows(now), schema }, parameters, uninterrupted)
    expect(binned.map(({ name, role }) => [name, role])).toEqual([
      ['light', 'feature'],
      ['site', 'feature'],
      ['code', 'feature'],
      ['prediction', 'prediction'],
      ['label', 'label'],
    ])
    for (const feature of binned) {
      const same = exact.detail.features.find(({ name }) => name === feature.name)
      expect(feature.isExact).toBe(false)
      expect(feature.verdict.isDrifted).toBe(feature.name !== 'code')
      if (feature.name === 'code') continue
      expect(feature.measures.jensenShannon).toBeCloseTo(same?.measures.jensenShannon ?? 0, 12)
      expect(feature.measures.psi).toBeCloseTo(same?.measures.psi ?? 0, 12)
      expect(feature.n).toEqual(same?.n)
      expect(feature.missing).toEqual(same?.missing)
    }
    const light = binned[0]
    expect(light.mean?.current).toBeCloseTo(exact.detail.features[0].mean?.current ?? 0, 10)
    expect(light.verdict.test).toBe('splits of the bins')
    const [inBins, inSamples] = [
      light.measures.ks?.statistic ?? 0,
      exact.detail.features[0].measures.ks?.statistic ?? 0,
    ]
    expect(inBins).toBeGreaterThan(0.9 * inSamples)
    expect(inBins).toBeLessThanOrEqual(inSamples + 1e-12)
    const { ks, wassersteinNormed } = light.bounds ?? {}
    const normed = exact.detail.features[0].measures.wassersteinNormed ?? 0
    expect(ks?.low).toBe(inBins)
    expect(ks?.high).toBeGreaterThanOrEqual(inSamples)
    expect(wassersteinNormed?.low).toBeLessThanOrEqual(normed)
    expect(wassersteinNormed?.high).toBeGreaterThanOrEqual(normed)
    expect(light.measures.wassersteinNormed).toBeCloseTo(normed, 1)
  })

  it('says what profiles cannot tell', () => {
    const byWasserstein = { numericMeasure: 'wassersteinNormed' }
    expect(ask(rowsOf(1, 500), rowsOf(9, 500, 1), byWasserstein).detail.features[0].verdict.isDrifted).toBe(true)
    // Hours that were counted before there were sketches.
    const [old, oldNow] = [rowsOf(1, 500), rowsOf(9, 500, 1)].map((rows): Profile => {
      const profile = profileOfTable(tableOfRows(rows), schema, binning)
      if (profile.columns.light.type === 'numeric') delete profile.columns.light.sketch
      return profile
    })
    const { detail } = analyzeDriftFromProfiles(
      { reference: old, current: oldNow, binning, schema },
      parametersOf.drift.parse(byWasserstein),
    )
    expect(detail.features[0].verdict).toMatchObject({
      status: 'insufficient',
      reason: 'normed Wasserstein distance has no value here',
    })
    const reference = profileOfTable(tableOfRows(rowsOf(1, 500)), schema, binning)
    const other = { ...binning, numeric: { light: { shift: 0, edges: [0, 1] } } }
    const current = profileOfTable(tableOfRows(rowsOf(2, 500)), schema, other)
    const mixed = analyzeDriftFromProfiles({ reference, current, binning, schema }, parameters)
    expect(mixed.detail.features[0].verdict.reason).toBe('its profiles were made with other bins than the reference')
  })

  it('compares no labels of which profiles left some out', () => {
    const reference = profileOfTable(tableOfRows(rowsOf(1, 500)), schema, binning)
    const current: Profile = JSON.parse(JSON.stringify(reference))
    current.outcomes[''].omitted = { count: 3, from: ['zebra', 'cat'] }
    const { features } = analyzeDriftFromProfiles({ reference, current, binning, schema }, parameters).detail
    const label = features.find(({ name }) => name === 'label')
    expect(label?.verdict).toMatchObject({ status: 'insufficient', reason: expect.stringContaining('keep 5000 pairs') })
    expect(label?.n.current).toBe((label?.n.reference ?? 0) + 3)
  })
})
