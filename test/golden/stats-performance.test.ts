import { describe, expect, it } from 'vitest'
import { averagePrecision, precisionRecallTrapezoid } from '../../src/stats/average-precision.ts'
import { binaryMetrics } from '../../src/stats/binary-metrics.ts'
import { brierScore } from '../../src/stats/brier.ts'
import { scoreCalibration, topLabelCalibration } from '../../src/stats/calibration-error.ts'
import { binaryCountsOf, countConfusion } from '../../src/stats/confusion.ts'
import { kolmogorovSmirnovSorted } from '../../src/stats/kolmogorov-smirnov.ts'
import { logLoss, multiclassLogLoss } from '../../src/stats/log-loss.ts'
import { multiclassMetrics } from '../../src/stats/multiclass-metrics.ts'
import { multiclassRocAuc } from '../../src/stats/multiclass-roc-auc.ts'
import { pinballLoss, regressionMetrics } from '../../src/stats/regression-metrics.ts'
import { rocAuc } from '../../src/stats/roc-auc.ts'
import { splitScores } from '../../src/stats/scored-classes.ts'
import { isSharedPresent, readColumns, readJson, relativeError } from './shared.ts'

type Row = [name: string, got: number | null, want: number]
type CalibrationBin = { count: number; mean_score: number; frac_positive: number }
type Classification = {
  adult_lr_test_16281: Record<string, number> & { calibration_bins: CalibrationBin[] }
  iris_multiclass_50: Record<string, number> & { confusion: number[][] }
}

const present = isSharedPresent()

function checkRows(rows: readonly Row[]): void {
  it.each(rows)('%s', (_, got, want) => expect(relativeError(got, want)).toBeLessThan(1e-9))
}

describe.skipIf(!present)('binary classification: adult_lr_test', () => {
  if (!present) return
  const want = readJson<Classification>('golden/classification.json').adult_lr_test_16281
  const columns = readColumns('golden/adult_lr_test_predictions.csv')
  const labels = Uint8Array.from(columns.y_true, Number)
  const predictions = Uint8Array.from(columns.y_pred, Number)
  const scores = Float64Array.from(columns.y_score, Number)
  const confusion = countConfusion(labels, predictions, 2)
  const counts = binaryCountsOf(confusion, 1)
  const binary = binaryMetrics(counts)
  const all = multiclassMetrics(confusion)
  const scored = splitScores(scores, labels)
  const auc = rocAuc(scored)
  const separation = kolmogorovSmirnovSorted(
    { values: scored.negative, missing: 0 },
    { values: scored.positive, missing: 0 },
  )
  const calibration = scoreCalibration(scores, labels, 15)
  checkRows([
    ['n', binary.n, want.n],
    ['tp, fp, tn, fn', counts.truePositives + 1e5 * counts.falsePositives, 2306 + 1e5 * 852],
    ['positives', counts.truePositives + counts.falseNegatives, want.positives],
    ['predicted positives', counts.truePositives + counts.falsePositives, want.predicted_positives],
    ['accuracy', binary.accuracy, want.accuracy],
    ['balanced accuracy', binary.balancedAccuracy, want.balanced_accuracy],
    ['precision', binary.precision, want.precision],
    ['recall', binary.recall, want.recall],
    ['specificity', binary.specificity, want.specificity],
    ['f1', binary.f1, want.f1],
    ['f1 of class 0', all.perClass[0].f1, want.f1_class0],
    ['macro f1', all.macro.f1, want.macro_f1],
    ['weighted f1', all.weighted.f1, want.weighted_f1],
    ['macro precision', all.macro.precision, want.macro_precision],
    ['macro recall', all.macro.recall, want.macro_recall],
    ['roc auc', auc.status === 'ok' ? auc.value : null, want.roc_auc],
    ['average precision', averagePrecision(scored), want.average_precision],
    ['pr auc by trapezoid', precisionRecallTrapezoid(scored), want.pr_auc_trapezoid],
    ['log loss', logLoss(scores, labels).value, want.log_loss],
    ['brier', brierScore(scores, labels).value, want.brier],
    ['ece, 15 equal-width bins', calibration.expectedError, want.ece15_equal_width],
    ['mce, 15 equal-width bins', calibration.maxError, want.mce15_equal_width],
    ['ece, top label', topLabelCalibration(scores, labels, 15).expectedError, want.ece15_top_label_guo],
    ['mcc', binary.matthewsCorrelation, want.mcc],
    ['mcc by the multiclass formula', all.matthewsCorrelation, want.mcc],
    ['cohen kappa', binary.kappa, want.cohen_kappa],
    ['kappa by the multiclass formula', all.kappa, want.cohen_kappa],
    ['ks score separation', separation.status === 'ok' ? separation.statistic : null, want.ks_score_separation],
    ...want.calibration_bins.flatMap((bin, i): Row[] => [
      [`calibration bin ${i} count`, calibration.bins[i].n, bin.count],
      [`calibration bin ${i} mean score`, calibration.bins[i].meanScore, bin.mean_score],
      [`calibration bin ${i} share of positives`, calibration.bins[i].hitRate, bin.frac_positive],
    ]),
  ])
})

describe.skipIf(!present)('multiclass classification: iris', () => {
  if (!present) return
  const want = readJson<Classification>('golden/classification.json').iris_multiclass_50
  const columns = readColumns('golden/iris_multiclass.csv')
  const labels = Uint8Array.from(columns.y_true, Number)
  const confusion = countConfusion(labels, Uint8Array.from(columns.y_pred, Number), 3)
  const metrics = multiclassMetrics(confusion)
  const scores = Float64Array.from(
    columns.y_true.flatMap((_, i) => [columns.p0[i], columns.p1[i], columns.p2[i]]),
    Number,
  )
  const auc = multiclassRocAuc(scores, labels, 3)
  it('confusion', () => expect([...confusion.counts]).toEqual(want.confusion.flat()))
  checkRows([
    ['accuracy', metrics.accuracy, want.accuracy],
    ['macro f1', metrics.macro.f1, want.macro_f1],
    ['weighted f1', metrics.weighted.f1, want.weighted_f1],
    ['micro f1', metrics.micro.f1, want.micro_f1],
    ['macro precision', metrics.macro.precision, want.macro_precision],
    ['macro recall', metrics.macro.recall, want.macro_recall],
    ['log loss', multiclassLogLoss(scores, labels, 3).value, want.log_loss],
    ['roc auc one versus rest', auc.status === 'ok' ? auc.oneVersusRest : null, want.roc_auc_ovr_macro],
    ['roc auc one versus one', auc.status === 'ok' ? auc.oneVersusOne : null, want.roc_auc_ovo_macro],
    ['mcc', metrics.matthewsCorrelation, want.mcc],
    ['cohen kappa', metrics.kappa, want.cohen_kappa],
  ])
})

describe.skipIf(!present)('regression: diabetes', () => {
  if (!present) return
  const golden = readJson<Record<string, Record<string, number>>>('golden/regression.json')
  const columns = readColumns('golden/diabetes_linear.csv')
  for (const split of ['train', 'test', 'all']) {
    const want = golden[split]
    const keep = (_: string, i: number) => split === 'all' || columns.split[i] === split
    const actual = Float64Array.from(columns.y_true.filter(keep), Number)
    const predicted = Float64Array.from(columns.y_pred.filter(keep), Number)
    const metrics = regressionMetrics(actual, predicted)
    checkRows([
      [`${split} n`, metrics.n, want.n],
      [`${split} mae`, metrics.meanAbsoluteError, want.mae],
      [`${split} mse`, metrics.meanSquaredError, want.mse],
      [`${split} rmse`, metrics.rootMeanSquaredError, want.rmse],
      [`${split} r2`, metrics.r2, want.r2],
      [`${split} mape`, metrics.meanAbsolutePercentageError, want.mape],
      [`${split} medae`, metrics.medianAbsoluteError, want.medae],
      [`${split} max error`, metrics.maxError, want.max_error],
      [`${split} explained variance`, metrics.explainedVariance, want.explained_variance],
      [`${split} std of error`, metrics.errorDeviation, want.std_error_ddof1],
      [`${split} smape`, metrics.symmetricPercentageError, want.smape_0_2],
      [`${split} rmsle`, metrics.rootMeanSquaredLogError, want.rmsle],
      [`${split} pinball q90`, pinballLoss(actual, predicted, 0.9), want.mean_pinball_q90],
    ])
    // On the training rows the mean error is zero but for rounding, so the limit is relative to the errors' size.
    it(`${split} mean error`, () =>
      expect(Math.abs((metrics.meanError ?? Number.NaN) - want.mean_error_pred_minus_true)).toBeLessThan(
        1e-9 * want.mae,
      ))
  }
})
