import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { analyzePerformance } from '../../src/analysis/performance.ts'
import { categories, numbers, tableOf } from '../../src/analysis/testing/tables.ts'
import { isSharedPresent, readColumns, readJson, relativeError } from './shared.ts'

const present = isSharedPresent()
const parameters = parametersOf.performance.parse({ calibrationBins: 15 })

function expectMetrics(
  metrics: Readonly<
    Record<string, { readonly value: number | null; readonly interval: readonly [number, number] | null }>
  >,
  want: Readonly<Record<string, number>>,
  names: Readonly<Record<string, string>>,
): void {
  for (const [ours, theirs] of Object.entries(names)) {
    const { value, interval } = metrics[ours]
    expect(relativeError(value, want[theirs]), ours).toBeLessThan(1e-9)
    if (interval === null) continue
    expect(interval[0], ours).toBeLessThanOrEqual(value ?? 0)
    expect(interval[1], ours).toBeGreaterThanOrEqual(value ?? 1)
  }
}

describe.skipIf(!present)('performance on independent numbers', () => {
  it('agrees on a binary classifier of 16,281 people', () => {
    const want = readJson<{ adult_lr_test_16281: Record<string, number> }>(
      'golden/classification.json',
    ).adult_lr_test_16281
    const columns = readColumns('golden/adult_lr_test_predictions.csv')
    const current = tableOf(
      {},
      {
        label: categories(columns.y_true),
        prediction: categories(columns.y_pred),
        scores: new Map([['1', Float64Array.from(columns.y_score, Number)]]),
      },
    )
    const input = { current, reference: null, task: 'binary', classes: ['0', '1'], positiveClass: '1' } as const
    const { detail } = analyzePerformance(input, parameters, uninterrupted)
    expectMetrics(detail.metrics, want, {
      accuracy: 'accuracy',
      precision: 'precision',
      recall: 'recall',
      specificity: 'specificity',
      f1: 'f1',
      balancedAccuracy: 'balanced_accuracy',
      matthews: 'mcc',
      kappa: 'cohen_kappa',
      rocAuc: 'roc_auc',
      prAuc: 'average_precision',
      logLoss: 'log_loss',
      brier: 'brier',
      calibrationError: 'ece15_equal_width',
    })
    expect(detail.confusion?.counts).toEqual([
      [11583, 852],
      [1540, 2306],
    ])
    // The same model as a classifier of two classes without a positive one.
    const { metrics } = analyzePerformance({ ...input, task: 'multiclass' }, parameters, uninterrupted).detail
    expectMetrics(metrics, want, {
      macroF1: 'macro_f1',
      weightedF1: 'weighted_f1',
      macroPrecision: 'macro_precision',
      macroRecall: 'macro_recall',
      kappa: 'cohen_kappa',
      matthews: 'mcc',
    })
  })

  it('agrees on a classifier of three flowers', () => {
    const want = readJson<{ iris_multiclass_50: Record<string, number> }>(
      'golden/classification.json',
    ).iris_multiclass_50
    const columns = readColumns('golden/iris_multiclass.csv')
    const current = tableOf(
      {},
      {
        label: categories(columns.y_true),
        prediction: categories(columns.y_pred),
        scores: new Map(['0', '1', '2'].map((name) => [name, Float64Array.from(columns[`p${name}`], Number)])),
      },
    )
    const input = {
      current,
      reference: null,
      task: 'multiclass',
      classes: ['0', '1', '2'],
      positiveClass: null,
    } as const
    const { metrics } = analyzePerformance(input, parameters, uninterrupted).detail
    expectMetrics(metrics, want, {
      accuracy: 'accuracy',
      microF1: 'micro_f1',
      macroF1: 'macro_f1',
      weightedF1: 'weighted_f1',
      macroPrecision: 'macro_precision',
      macroRecall: 'macro_recall',
      matthews: 'mcc',
      kappa: 'cohen_kappa',
      logLoss: 'log_loss',
      rocAuc: 'roc_auc_ovr_macro',
    })
    expect(metrics.top2Accuracy.value).toBeGreaterThan(metrics.accuracy.value ?? 1)
    for (const name of Object.keys(metrics)) expect(metrics[name].interval, name).not.toBeNull()
  })

  it.each(['train', 'test', 'all'])('agrees on a regression (%s)', (split) => {
    const want = readJson<Record<string, Record<string, number>>>('golden/regression.json')[split]
    const columns = readColumns('golden/diabetes_linear.csv')
    const rows = columns.split.flatMap((name, row) => (split === 'all' || name === split ? [row] : []))
    const current = tableOf(
      {},
      {
        label: numbers(rows.map((row) => Number(columns.y_true[row]))),
        prediction: numbers(rows.map((row) => Number(columns.y_pred[row]))),
      },
    )
    const input = { current, reference: null, task: 'regression', classes: [], positiveClass: null } as const
    const { detail } = analyzePerformance(input, parameters, uninterrupted)
    expect(detail.labelled).toBe(want.n)
    expectMetrics(detail.metrics, want, {
      mae: 'mae',
      rmse: 'rmse',
      r2: 'r2',
      mape: 'mape',
      smape: 'smape_0_2',
      medianAbsoluteError: 'medae',
      maxError: 'max_error',
      explainedVariance: 'explained_variance',
    })
    expect(Math.abs((detail.metrics.bias.value ?? 1) - want.mean_error_pred_minus_true)).toBeLessThan(1e-9)
  })
})
