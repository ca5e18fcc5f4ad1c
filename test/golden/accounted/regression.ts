import { uninterrupted } from '../../../src/analysis/answer.ts'
import { parametersOf } from '../../../src/analysis/parameters.ts'
import { analyzePerformance } from '../../../src/analysis/performance.ts'
import { numbers, tableOf } from '../../../src/analysis/testing/tables.ts'
import { pinballLoss, regressionMetrics } from '../../../src/stats/regression-metrics.ts'
import { readColumns } from '../shared.ts'
import { Book, type Claims, equal } from './claims.ts'

/** regression.json: the performance question for what it answers, the functions beneath it for the rest. */
export function claimRegression(): Claims {
  const book = new Book()
  book.described('inputs', 'names the file and how the model was fitted')
  const file = readColumns('golden/diabetes_linear.csv')
  for (const split of ['train', 'test', 'all']) {
    const keep = (_: string, row: number) => split === 'all' || file.split[row] === split
    const actual = Float64Array.from(file.y_true.filter(keep), Number)
    const predicted = Float64Array.from(file.y_pred.filter(keep), Number)
    const { metrics } = analyzePerformance(
      {
        current: tableOf({}, { label: numbers(actual), prediction: numbers(predicted) }),
        reference: null,
        task: 'regression',
        classes: [],
        positiveClass: null,
      },
      parametersOf.performance.parse({}),
      uninterrupted,
    ).detail
    const beneath = regressionMetrics(actual, predicted)
    const inside = book.at(split)
    inside.value('n', beneath.n, equal)
    inside.values({
      mae: metrics.mae.value,
      mse: metrics.mse?.value ?? beneath.meanSquaredError,
      rmse: metrics.rmse.value,
      r2: metrics.r2.value,
      mape: metrics.mape?.value ?? beneath.meanAbsolutePercentageError,
      medae: beneath.medianAbsoluteError,
      max_error: beneath.maxError,
      explained_variance: beneath.explainedVariance,
      std_error_ddof1: beneath.errorDeviation,
      smape_0_2: beneath.symmetricPercentageError,
      rmsle: beneath.rootMeanSquaredLogError,
      mean_pinball_q90: pinballLoss(actual, predicted, 0.9),
    })
    // On the rows of the fit the mean error is zero but for rounding: the limit is relative to the errors' size.
    const within = 1e-9 * (beneath.meanAbsoluteError ?? 0)
    inside.value('mean_error_pred_minus_true', beneath.meanError, { by: 'absolute', within })
  }
  return book.claims
}
