import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeDrift } from '../../src/analysis/drift.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { buildBinning } from '../../src/analysis/profile/binning.ts'
import { analyzeDriftFromProfiles, profileOfTable } from '../../src/analysis/profiles.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { DriftFeature } from '../../src/contract/report.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import { adultPairs, readRoom } from './analysis-tables.ts'
import { isSharedPresent, pValueError, readJson, relativeError } from './shared.ts'

interface Shares {
  psi: number
  js_distance_base2: number
  hellinger: number
  total_variation: number
}
interface Golden {
  numeric: Record<
    string,
    {
      ref_mean: number
      cur_mean: number
      ks: { statistic: number; pvalue: number }
      quantile10_rightclosed: Shares
      wasserstein: { raw: number; normed_ref_std_ddof0: number }
      evidently: Record<string, { score: number }>
    }
  >
  categorical: Record<string, Shares & { chi2: { statistic: number; pvalue: number; dof: number; cramers_v: number } }>
}

const present = isSharedPresent()
const golden: Record<string, Golden> = present ? readJson('golden/drift.json') : {}
const pairs = present ? adultPairs() : {}
const parameters = parametersOf.drift.parse({})
const ask = (reference: SampleTable, current: SampleTable) =>
  analyzeDrift({ reference, current, schema: null }, parameters, uninterrupted)

function featuresOf(pair: string): Map<string, DriftFeature> {
  const { reference, current } = pairs[pair]
  return new Map(ask(reference, current).detail.features.map((feature) => [feature.name, feature]))
}

function expectShares({ measures }: DriftFeature, want: Shares): void {
  expect(relativeError(measures.psi, want.psi)).toBeLessThan(1e-9)
  expect(relativeError(measures.jensenShannon, want.js_distance_base2)).toBeLessThan(1e-9)
  expect(relativeError(measures.hellinger ?? null, want.hellinger)).toBeLessThan(1e-9)
  expect(relativeError(measures.totalVariation ?? null, want.total_variation)).toBeLessThan(1e-9)
}

describe.skipIf(!present).each(Object.keys(golden))('drift of %s', (pair) => {
  const features = featuresOf(pair)
  const get = (name: string): DriftFeature => {
    const feature = features.get(name)
    if (feature === undefined) throw new Error(`no feature ${name}`)
    return feature
  }

  it.each(Object.entries(golden[pair].numeric))('%s', (name, want) => {
    const feature = get(name)
    expect(relativeError(feature.measures.ks?.statistic ?? null, want.ks.statistic)).toBeLessThan(1e-9)
    expect(pValueError(feature.measures.ks?.pValue ?? null, want.ks.pvalue)).toBeLessThan(1e-9)
    expectShares(feature, want.quantile10_rightclosed)
    expect(relativeError(feature.measures.wasserstein ?? null, want.wasserstein.raw)).toBeLessThan(1e-9)
    const normed = feature.measures.wassersteinNormed ?? null
    expect(relativeError(normed, want.wasserstein.normed_ref_std_ddof0)).toBeLessThan(1e-9)
    // Computed independently a second time.
    expect(relativeError(normed, want.evidently.wasserstein.score)).toBeLessThan(1e-9)
    expect(relativeError(feature.mean?.reference ?? null, want.ref_mean)).toBeLessThan(1e-12)
    expect(relativeError(feature.mean?.current ?? null, want.cur_mean)).toBeLessThan(1e-12)
  })

  it.each(Object.entries(golden[pair].categorical))('%s', (name, want) => {
    const feature = get(name)
    const { chiSquare, cramersV } = feature.measures
    expect(relativeError(chiSquare?.statistic ?? null, want.chi2.statistic)).toBeLessThan(1e-9)
    expect(pValueError(chiSquare?.pValue ?? null, want.chi2.pvalue)).toBeLessThan(1e-9)
    expect(chiSquare?.degreesOfFreedom).toBe(want.chi2.dof)
    expect(relativeError(cramersV ?? null, want.chi2.cramers_v)).toBeLessThan(1e-9)
    expectShares(feature, want)
  })
})

describe.skipIf(!present)('verdicts on real data', () => {
  it('find no drift between the two halves of a census, where fixed rules differ', () => {
    expect(ask(pairs.adult_train_vs_test.reference, pairs.adult_train_vs_test.current).headline.status).toBe('ok')
    // Tests without correction across columns call 6 of these 15 drifted.
    const small = ask(pairs.adult_small_500_vs_400.reference, pairs.adult_small_500_vs_400.current)
    expect(small.detail.features.filter((feature) => feature.verdict.isDrifted)).toEqual([])
  })

  it('find what differs between people under forty and from forty on', () => {
    const drifted = [...featuresOf('adult_age_lt40_vs_ge40').values()].filter((feature) => feature.verdict.isDrifted)
    expect(drifted.map(({ name }) => name)).toEqual([
      'age',
      'workclass',
      'education',
      'education_num',
      'marital_status',
      'occupation',
      'relationship',
      'income',
    ])
  })

  it.each(['datatest', 'datatest2'] as const)('find temperature, humidity and CO2 of %s drifted', (file) => {
    const { detail } = ask(readRoom('datatraining'), readRoom(file))
    const drifted = detail.features.filter((feature) => feature.verdict.isDrifted).map(({ name }) => name)
    expect(drifted).toEqual(expect.arrayContaining(['Temperature', 'Humidity', 'CO2']))
    const ks = Object.fromEntries(
      detail.features.map(({ name, measures }) => [name, measures.ks?.statistic?.toFixed(4)]),
    )
    expect(ks).toMatchObject(
      file === 'datatest'
        ? { Temperature: '0.4195', Humidity: '0.3485', Light: '0.1647', CO2: '0.3585' }
        : { Temperature: '0.2335', Humidity: '0.3703', Light: '0.0323', CO2: '0.6679' },
    )
  })

  it('are the same from profiles, as far as bins can tell', () => {
    for (const { reference, current } of Object.values(pairs)) {
      const schema: SchemaSpec = {
        task: 'binary',
        classes: [],
        positiveClass: null,
        columns: [...reference.columns].map(([name, { type }]) => ({
          name,
          type,
          role: 'input',
          isGroup: false,
          isRequired: true,
        })),
      }
      const binning = buildBinning('ver_1', reference, schema)
      const binned = analyzeDriftFromProfiles(
        {
          reference: profileOfTable(reference, schema, binning),
          current: profileOfTable(current, schema, binning),
          binning,
          schema,
        },
        parameters,
      )
      const exact = ask(reference, current)
      const numbers = (feature: DriftFeature) => {
        const { psi, jensenShannon, hellinger, totalVariation, chiSquare, cramersV } = feature.measures
        const ofCategories = feature.type === 'categorical' ? { chiSquare, cramersV } : {}
        const { name, n, missing } = feature
        return { name, n, missing, psi, jensenShannon, hellinger, totalVariation, ...ofCategories }
      }
      const rounded = (features: readonly DriftFeature[]) =>
        JSON.parse(JSON.stringify(features.map(numbers)), (_, value) =>
          typeof value === 'number' ? Number(value.toPrecision(10)) : value,
        )
      expect(rounded(binned.detail.features)).toEqual(rounded(exact.detail.features))
      expect(binned.detail.features.map(({ verdict }) => verdict.isDrifted)).toEqual(
        exact.detail.features.map(({ verdict }) => verdict.isDrifted),
      )
    }
  })
})
