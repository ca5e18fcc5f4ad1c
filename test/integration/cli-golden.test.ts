import { describe, expect, it } from 'vitest'
import { isSharedPresent, pValueError, readJson, relativeError, sharedUrl } from '../golden/shared.ts'
import { assay } from '../support/command-line.ts'

/* Real files through the whole command line, against numbers of independent implementations. */

const present = isSharedPresent()
const path = (name: string) => sharedUrl(name).pathname

async function ask(...words: string[]) {
  const { code, out, err } = await assay(['analyze', ...words, '--json'])
  expect(code, err.join('\n')).toBe(0)
  return JSON.parse(out)
}

interface Wrong {
  readonly wrong: string[]
  readonly compare: (what: string, got: number | null, want: number, error?: typeof relativeError) => void
}
function comparing(): Wrong {
  const wrong: string[] = []
  return {
    wrong,
    compare(what, got, want, error = relativeError) {
      if (error(got, want) > 1e-9) wrong.push(`${what}: ${got} instead of ${want}`)
    },
  }
}

describe.skipIf(!present)('assay analyze on Adult', () => {
  const predictions = [
    '--data',
    path('golden/adult_lr_test_predictions.csv'),
    '--label',
    'y_true',
    '--prediction',
    'y_pred',
  ]

  it('drift', async () => {
    const { features } = await ask(
      'drift',
      '--reference',
      path('data/adult/adult_train.csv'),
      '--current',
      path('data/adult/adult_test.csv'),
    )
    type Shares = { psi: number; js_distance_base2: number; hellinger: number; total_variation: number }
    interface Pair {
      numeric: Record<
        string,
        {
          ks: { statistic: number; pvalue: number }
          quantile10_rightclosed: Shares
          wasserstein: { raw: number; normed_ref_std_ddof0: number }
        }
      >
      categorical: Record<
        string,
        Shares & { chi2: { statistic: number; pvalue: number; dof: number; cramers_v: number } }
      >
    }
    const want = readJson<{ adult_train_vs_test: Pair }>('golden/drift.json').adult_train_vs_test
    const { wrong, compare } = comparing()
    for (const { name, type, measures } of features) {
      const shares: Shares = type === 'numeric' ? want.numeric[name].quantile10_rightclosed : want.categorical[name]
      compare(`${name} PSI`, measures.psi, shares.psi)
      compare(`${name} Jensen–Shannon`, measures.jensenShannon, shares.js_distance_base2)
      compare(`${name} Hellinger`, measures.hellinger, shares.hellinger)
      compare(`${name} total variation`, measures.totalVariation, shares.total_variation)
      if (type === 'numeric') {
        const { ks, wasserstein } = want.numeric[name]
        compare(`${name} KS`, measures.ks.statistic, ks.statistic)
        compare(`${name} KS p`, measures.ks.pValue, ks.pvalue, pValueError)
        compare(`${name} Wasserstein`, measures.wasserstein, wasserstein.raw)
        compare(`${name} Wasserstein normed`, measures.wassersteinNormed, wasserstein.normed_ref_std_ddof0)
      } else {
        const { chi2 } = want.categorical[name]
        compare(`${name} chi-square`, measures.chiSquare.statistic, chi2.statistic)
        compare(`${name} chi-square p`, measures.chiSquare.pValue, chi2.pvalue, pValueError)
        compare(`${name} Cramér's V`, measures.cramersV, chi2.cramers_v)
      }
    }
    expect(wrong).toEqual([])
    expect(features).toHaveLength(Object.keys(want.numeric).length + Object.keys(want.categorical).length)
  })

  it('performance', async () => {
    const { metrics, n } = await ask('performance', ...predictions, '--score', 'y_score')
    const want = readJson<{ adult_lr_test_16281: Record<string, number> }>(
      'golden/classification.json',
    ).adult_lr_test_16281
    const { wrong, compare } = comparing()
    const names = {
      accuracy: 'accuracy',
      precision: 'precision',
      recall: 'recall',
      specificity: 'specificity',
      f1: 'f1',
      rocAuc: 'roc_auc',
      logLoss: 'log_loss',
      brier: 'brier',
      balancedAccuracy: 'balanced_accuracy',
      matthews: 'mcc',
    }
    for (const [name, golden] of Object.entries(names)) compare(name, metrics[name].value, want[golden])
    expect(wrong).toEqual([])
    expect(n).toBe(16_281)
  })

  it('fairness', async () => {
    const { groups, measures } = await ask('fairness', ...predictions, '--positive', '1', '--group', 'race,sex')
    interface Golden {
      groups: Record<string, Record<string, number>>
      demographic_parity_difference: number
      equalized_odds_difference_worst_case: number
    }
    const want = readJson<{ adult_lr_test_16281: { race_x_sex: Golden } }>('golden/fairness.json').adult_lr_test_16281
      .race_x_sex
    const { wrong, compare } = comparing()
    for (const { group, n, selectionRate, truePositiveRate, falsePositiveRate } of groups) {
      const golden = want.groups[`${group.race} | ${group.sex}`]
      compare('n', n, golden.count)
      compare('selection rate', selectionRate.value, golden.selection_rate)
      compare('true positive rate', truePositiveRate.value, golden.tpr)
      compare('false positive rate', falsePositiveRate.value, golden.fpr)
    }
    compare('demographic parity', measures.demographicParityDifference.value, want.demographic_parity_difference)
    compare('equalized odds', measures.equalizedOddsDifference.value, want.equalized_odds_difference_worst_case)
    expect(wrong).toEqual([])
    expect(groups).toHaveLength(10)
  })
})

describe.skipIf(!present)('assay analyze on other real files', () => {
  it('reads Parquet with a model’s scores and late targets', async () => {
    const data = path('data/employment/employment_MA_reference.pq')
    const found = await ask(
      'performance',
      '--data',
      data,
      '--label',
      'employed',
      '--prediction',
      'prediction',
      '--score',
      'predicted_probability',
    )
    expect(found).toMatchObject({ task: 'binary', positiveClass: '1' })
    expect(found.metrics.rocAuc.value).toBeGreaterThan(0.9)
  }, 60_000)

  it('reads the occupancy files, whose header lacks a name, and sees every sensor drift', async () => {
    const folder = 'data/occupancy'
    const reference = path(`${folder}/datatraining.txt`)
    for (const [current, temperature] of [
      ['datatest.txt', 0.4195],
      ['datatest2.txt', 0.2335],
    ] as const) {
      const { features, files } = await ask(
        'drift',
        '--reference',
        reference,
        '--current',
        path(`${folder}/${current}`),
      )
      const of = (name: string) => features.find((feature: { name: string }) => feature.name === name)
      expect(of('Temperature').measures.ks.statistic).toBeCloseTo(temperature, 4)
      for (const name of ['Temperature', 'Humidity', 'CO2']) expect(of(name).verdict.isDrifted).toBe(true)
      expect(files.current.leftOut).toEqual(['row (an identifier)', 'date (a time)'])
    }
  })
})
