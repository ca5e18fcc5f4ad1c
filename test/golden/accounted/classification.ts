import { uninterrupted } from '../../../src/analysis/answer.ts'
import { parametersOf } from '../../../src/analysis/parameters.ts'
import { analyzePerformance } from '../../../src/analysis/performance.ts'
import { categories, tableOf } from '../../../src/analysis/testing/tables.ts'
import { averagePrecision, precisionRecallTrapezoid } from '../../../src/stats/average-precision.ts'
import { binaryMetrics } from '../../../src/stats/binary-metrics.ts'
import { scoreCalibration, topLabelCalibration } from '../../../src/stats/calibration-error.ts'
import { binaryCountsOf, countConfusion } from '../../../src/stats/confusion.ts'
import { kolmogorovSmirnovSorted } from '../../../src/stats/kolmogorov-smirnov.ts'
import { multiclassMetrics } from '../../../src/stats/multiclass-metrics.ts'
import { multiclassRocAuc } from '../../../src/stats/multiclass-roc-auc.ts'
import { splitScores } from '../../../src/stats/scored-classes.ts'
import { readColumns } from '../shared.ts'
import { Book, type Claims, equal } from './claims.ts'

const parameters = parametersOf.performance.parse({ calibrationBins: 15 })

/** classification.json: what the performance question answers where it does, the functions beneath it for the rest. */
export function claimClassification(): Claims {
  const book = new Book()
  claimAdult(book.at('adult_lr_test_16281'))
  claimIris(book.at('iris_multiclass_50'))
  return book.claims
}

function claimAdult(book: Book): void {
  const file = readColumns('golden/adult_lr_test_predictions.csv')
  const labels = Uint8Array.from(file.y_true, Number)
  const scores = Float64Array.from(file.y_score, Number)
  const predictions = scores.map((score) => (score >= 0.5 ? 1 : 0))
  const current = tableOf(
    {},
    {
      label: categories(file.y_true),
      prediction: categories([...predictions].map(String)),
      scores: new Map([['1', scores]]),
    },
  )
  const ask = (task: 'binary' | 'multiclass') =>
    analyzePerformance(
      { current, reference: null, task, classes: ['0', '1'], positiveClass: '1' },
      parameters,
      uninterrupted,
    ).detail
  const binary = ask('binary').metrics
  const both = ask('multiclass').metrics
  const confusion = countConfusion(labels, predictions, 2)
  const counts = binaryCountsOf(confusion, 1)
  book.values(
    {
      n: binaryMetrics(counts).n,
      positives: counts.truePositives + counts.falseNegatives,
      predicted_positives: counts.truePositives + counts.falsePositives,
    },
    equal,
  )
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = counts
  book.at('confusion').values({ tn, fp, fn, tp }, equal)
  const scored = splitScores(scores, labels)
  const separation = kolmogorovSmirnovSorted(
    { values: scored.negative, missing: 0 },
    { values: scored.positive, missing: 0 },
  )
  const calibration = scoreCalibration(scores, labels, 15)
  book.values({
    accuracy: binary.accuracy.value,
    balanced_accuracy: binary.balancedAccuracy.value,
    precision: binary.precision.value,
    recall: binary.recall.value,
    specificity: binary.specificity.value,
    f1: binary.f1.value,
    f1_class0: multiclassMetrics(confusion).perClass[0].f1,
    macro_f1: both.macroF1.value,
    weighted_f1: both.weightedF1.value,
    macro_precision: both.macroPrecision.value,
    macro_recall: both.macroRecall.value,
    roc_auc: binary.rocAuc.value,
    average_precision: averagePrecision(scored),
    pr_auc_trapezoid: precisionRecallTrapezoid(scored),
    log_loss: binary.logLoss.value,
    brier: binary.brier.value,
    ece15_equal_width: binary.calibrationError.value,
    mce15_equal_width: calibration.maxError,
    ece15_top_label_guo: topLabelCalibration(scores, labels, 15).expectedError,
    mcc: binary.matthews.value,
    cohen_kappa: both.kappa.value,
    ks_score_separation: separation.status === 'ok' ? separation.statistic : null,
  })
  calibration.bins.forEach((bin, i) => {
    const inside = book.at('calibration_bins', i)
    inside.values({ bin: i, count: bin.n }, equal)
    inside.values({ lo: i / 15, hi: (i + 1) / 15, mean_score: bin.meanScore, frac_positive: bin.hitRate })
  })
  book.described('inputs', 'names the file')
}

function claimIris(book: Book): void {
  const file = readColumns('golden/iris_multiclass.csv')
  const classes = ['0', '1', '2']
  const probabilities = classes.map((name) => Float64Array.from(file[`p${name}`], Number))
  const current = tableOf(
    {},
    {
      label: categories(file.y_true),
      prediction: categories(file.y_pred),
      scores: new Map(classes.map((name, i) => [name, probabilities[i]])),
    },
  )
  const { metrics, confusion } = analyzePerformance(
    { current, reference: null, task: 'multiclass', classes, positiveClass: null },
    parameters,
    uninterrupted,
  ).detail
  confusion?.counts.forEach((row, i) => {
    book.at('confusion').list(String(i), row)
  })
  const labels = Uint8Array.from(file.y_true, Number)
  const flat = Float64Array.from({ length: labels.length * 3 }, (_, i) => probabilities[i % 3][Math.floor(i / 3)])
  const auc = multiclassRocAuc(flat, labels, 3)
  const counted = multiclassMetrics(countConfusion(labels, Uint8Array.from(file.y_pred, Number), 3))
  book.values({
    accuracy: metrics.accuracy.value,
    macro_f1: metrics.macroF1.value,
    weighted_f1: metrics.weightedF1.value,
    micro_f1: counted.micro.f1,
    macro_precision: metrics.macroPrecision.value,
    macro_recall: metrics.macroRecall.value,
    log_loss: metrics.logLoss.value,
    roc_auc_ovr_macro: auc.status === 'ok' ? auc.oneVersusRest : null,
    roc_auc_ovo_macro: auc.status === 'ok' ? auc.oneVersusOne : null,
    mcc: metrics.matthews.value,
    cohen_kappa: metrics.kappa.value,
  })
  book.described('inputs', 'names the file')
}
