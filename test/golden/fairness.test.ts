import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeFairness } from '../../src/analysis/fairness.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import type { CategoricalColumn, SampleTable } from '../../src/contract/table.ts'
import { isSharedPresent, readColumns, readJson, relativeError } from './shared.ts'

type Rates = Record<
  'base_rate' | 'count' | 'selection_rate' | 'tpr' | 'fpr' | 'fnr' | 'tnr' | 'ppv' | 'accuracy',
  number
>
interface Golden {
  groups: Record<string, Rates>
  overall: Rates
  difference_between_groups: Rates
  ratio_between_groups: Rates
  equal_opportunity_ratio: number
  disparate_impact_min_over_max: number
  disparate_impact_vs_privileged?: { privileged: string; ratios: Record<string, number> }
  demographic_parity_difference: number
  demographic_parity_ratio: number
  equalized_odds_difference_worst_case: number
  equalized_odds_ratio_worst_case: number
}

/** Metrics by the name that the reference gives them. */
const goldenNames = {
  selectionRate: 'selection_rate',
  truePositiveRate: 'tpr',
  falsePositiveRate: 'fpr',
  falseNegativeRate: 'fnr',
  trueNegativeRate: 'tnr',
  precision: 'ppv',
  accuracy: 'accuracy',
} as const

const present = isSharedPresent()
/** Tolerance of the golden folder for statistics. */
const tolerance = 1e-9

function categories(values: readonly string[]): CategoricalColumn {
  const names = [...new Set(values)]
  const place = new Map(names.map((name, code) => [name, code]))
  return { type: 'categorical', codes: Int32Array.from(values, (value) => place.get(value) ?? -1), categories: names }
}

function adult(): SampleTable {
  const file = readColumns('golden/adult_lr_test_predictions.csv')
  return {
    n: file.y_true.length,
    columns: new Map([
      ['race', categories(file.race)],
      ['sex', categories(file.sex)],
    ]),
    ids: null,
    at: null,
    prediction: categories(file.y_pred),
    label: categories(file.y_true),
    scores: new Map(),
    latencyMs: null,
  }
}

describe.skipIf(!present)('fairness of a logistic regression on Adult, 16,281 rows', () => {
  const golden = present
    ? readJson<{ adult_lr_test_16281: Record<string, Golden> }>('golden/fairness.json').adult_lr_test_16281
    : {}
  const table = present ? adult() : null

  it.each([
    ['race', ['race']],
    ['sex', ['sex']],
    ['race_x_sex', ['race', 'sex']],
  ])('agrees on every rate and measure by %s', (key, groupColumns) => {
    const want = golden[key]
    const { privileged, ratios } = want.disparate_impact_vs_privileged ?? { privileged: 'White | Male', ratios: null }
    const values = privileged.split(' | ')
    const parameters = parametersOf.fairness.parse({
      groupColumns,
      privileged: Object.fromEntries(groupColumns.map((column, i) => [column, values[i]])),
      // The reference compares groups however small.
      minimumGroupSize: 1,
      metrics: Object.keys(goldenNames),
    })
    const { detail } = analyzeFairness(
      { current: table as SampleTable, classes: ['0', '1'], positiveClass: '1' },
      parameters,
      uninterrupted,
    )
    expect(detail.groups.map(({ group }) => groupColumns.map((column) => group[column]).join(' | ')).sort()).toEqual(
      Object.keys(want.groups).sort(),
    )
    const wrong: string[] = []
    const compare = (what: string, got: number | null, expected: number) => {
      if (relativeError(got, expected) > tolerance) wrong.push(`${what}: ${got} instead of ${expected}`)
    }
    const rows = [
      ...detail.groups.map((row) => [row, groupColumns.map((column) => row.group[column]).join(' | ')] as const),
      [detail.overall, ''] as const,
    ]
    for (const [row, name] of rows) {
      const rates = name === '' ? want.overall : want.groups[name]
      compare(`${name} n`, row.n, rates.count)
      compare(`${name} selection rate`, row.selectionRate.value, rates.selection_rate)
      compare(`${name} true positive rate`, row.truePositiveRate.value, rates.tpr)
      compare(`${name} false positive rate`, row.falsePositiveRate.value, rates.fpr)
      compare(`${name} false negative rate`, row.falseNegativeRate.value, rates.fnr)
      compare(`${name} true negative rate`, row.trueNegativeRate.value, rates.tnr)
      compare(`${name} precision`, row.precision.value, rates.ppv)
      compare(`${name} accuracy`, row.accuracy.value, rates.accuracy)
    }
    const { measures } = detail
    compare('demographic parity', measures.demographicParityDifference.value, want.demographic_parity_difference)
    compare('demographic parity ratio', measures.demographicParityRatio.value, want.demographic_parity_ratio)
    compare('equalized odds', measures.equalizedOddsDifference.value, want.equalized_odds_difference_worst_case)
    compare('equalized odds ratio', measures.equalizedOddsRatio.value, want.equalized_odds_ratio_worst_case)
    compare('equal opportunity', measures.equalOpportunityDifference.value, want.difference_between_groups.tpr)
    compare('predictive parity', measures.predictiveParityDifference.value, want.difference_between_groups.ppv)
    compare('accuracy', measures.accuracyDifference.value, want.difference_between_groups.accuracy)
    compare('equal opportunity ratio', measures.truePositiveRateRatio.value, want.equal_opportunity_ratio)
    compare('smallest over largest', measures.demographicParityRatio.value, want.disparate_impact_min_over_max)
    for (const { metric, difference, ratio, byGroup } of detail.frames ?? []) {
      const name = goldenNames[metric as keyof typeof goldenNames]
      // Without a case to be wrong or right about, the reference takes a rate of 0 where here there is none.
      if (byGroup.some(({ value }) => value === null)) continue
      compare(`${metric} difference`, difference.value, want.difference_between_groups[name])
      compare(`${metric} ratio`, ratio.value, want.ratio_between_groups[name])
    }
    for (const { group, ratio } of detail.disparateImpact?.ratios ?? []) {
      const name = groupColumns.map((column) => group[column]).join(' | ')
      const rates = want.groups
      compare(
        `${name} against ${privileged}`,
        ratio.value,
        ratios?.[name] ?? rates[name].selection_rate / rates[privileged].selection_rate,
      )
    }
    expect(detail.disparateImpact?.ratios).toHaveLength(detail.groups.length - 1)
    expect(wrong).toEqual([])
    for (const { value, interval } of Object.values(measures)) {
      expect(interval?.[0]).toBeLessThanOrEqual(value as number)
      expect(interval?.[1]).toBeGreaterThanOrEqual(value as number)
    }
  })
})
