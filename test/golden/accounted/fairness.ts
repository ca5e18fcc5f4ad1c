import { uninterrupted } from '../../../src/analysis/answer.ts'
import { analyzeFairness } from '../../../src/analysis/fairness.ts'
import { parametersOf } from '../../../src/analysis/parameters.ts'
import { categories, tableOf } from '../../../src/analysis/testing/tables.ts'
import type { DetailOf } from '../../../src/contract/report.ts'
import { binaryMetrics } from '../../../src/stats/binary-metrics.ts'
import { binaryCountsOf, countConfusion } from '../../../src/stats/confusion.ts'
import { readColumns } from '../shared.ts'
import { Book, type Claims, equal } from './claims.ts'
import { contrastGroups, ratiosToGroup } from './group-contrasts.ts'

type Row = DetailOf<'fairness'>['groups'][number]

/** Every rate of a group row by the folder's name; counts as whole numbers. */
const rates: Readonly<Record<string, (row: Row) => number | null>> = {
  count: (row) => row.n,
  selection_rate: (row) => row.selectionRate.value,
  tpr: (row) => row.truePositiveRate.value,
  fpr: (row) => row.falsePositiveRate.value,
  fnr: (row) => row.falseNegativeRate.value,
  tnr: (row) => row.trueNegativeRate.value,
  ppv: (row) => row.precision.value,
  accuracy: (row) => row.accuracy.value,
}

/** fairness.json: the fairness question, and contrasts of the rates that its rows carry. */
export function claimFairness(): Claims {
  const book = new Book()
  const file = readColumns('golden/adult_lr_test_predictions.csv')
  const current = tableOf(
    { race: categories(file.race), sex: categories(file.sex) },
    { prediction: categories(file.y_pred), label: categories(file.y_true) },
  )
  const ask = (groupColumns: string[]) =>
    analyzeFairness(
      { current, classes: ['0', '1'], positiveClass: '1' },
      // The folder judges all groups, however small.
      parametersOf.fairness.parse({ groupColumns, minimumGroupSize: 1, resamples: 200 }),
      uninterrupted,
    ).detail
  const outcomes = { labels: Uint8Array.from(file.y_true, Number), predictions: Uint8Array.from(file.y_pred, Number) }
  for (const [key, columns, privileged] of [
    ['race', ['race'], 'White'],
    ['sex', ['sex'], 'Male'],
    ['race_x_sex', ['race', 'sex'], null],
  ] as const) {
    const inside = book.at('adult_lr_test_16281', key)
    const groupOf = (row: number) => columns.map((column) => file[column][row]).join(' | ')
    claimGroups(inside, ask([...columns]), columns, groupOf, outcomes)
    claimMeasures(inside, ask([...columns]), columns, privileged)
  }
  return book.claims
}

function claimGroups(
  book: Book,
  detail: DetailOf<'fairness'>,
  columns: readonly string[],
  groupOf: (row: number) => string,
  { labels, predictions }: Readonly<Record<'labels' | 'predictions', Uint8Array>>,
): void {
  const nameOf = ({ group }: Row) => columns.map((column) => group[column]).join(' | ')
  for (const row of detail.groups) {
    const inside = book.at('groups', nameOf(row))
    for (const [name, rate] of Object.entries(rates)) inside.value(name, rate(row))
    const isMember = (_: number, i: number) => groupOf(i) === nameOf(row)
    const counts = binaryCountsOf(countConfusion(labels.filter(isMember), predictions.filter(isMember), 2), 1)
    const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = counts
    inside.at('confusion').values({ tn, fp, fn, tp }, equal)
    inside.value('base_rate', binaryMetrics(counts).prevalence)
    inside.value('ppv_defined', row.precision.value !== null, equal)
  }
  for (const [name, rate] of Object.entries(rates)) book.at('overall').value(name, rate(detail.overall))
}

function claimMeasures(
  book: Book,
  detail: DetailOf<'fairness'>,
  columns: readonly string[],
  privileged: string | null,
): void {
  const of = (rate: (row: Row) => number | null) =>
    new Map(detail.groups.map((row) => [columns.map((column) => row.group[column]).join(' | '), rate(row)]))
  const contrasts = Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, contrastGroups(of(rate))]))
  for (const [name, contrast] of Object.entries(contrasts)) {
    book.at('difference_between_groups').value(name, contrast?.difference)
    book.at('ratio_between_groups').value(name, contrast?.ratio)
    book.at('group_min').value(name, contrast?.min)
    book.at('group_max').value(name, contrast?.max)
  }
  const { measures } = detail
  const { tpr, fpr, selection_rate: selection } = contrasts
  const mean = (a = Number.NaN, b = Number.NaN) => (a + b) / 2
  book.values({
    demographic_parity_difference: measures.demographicParityDifference.value,
    demographic_parity_ratio: measures.demographicParityRatio.value,
    equalized_odds_difference_worst_case: measures.equalizedOddsDifference.value,
    equalized_odds_ratio_worst_case: measures.equalizedOddsRatio.value,
    equalized_odds_difference_mean: mean(tpr?.difference, fpr?.difference),
    equalized_odds_ratio_mean: mean(tpr?.ratio ?? undefined, fpr?.ratio ?? undefined),
    equal_opportunity_difference: measures.equalOpportunityDifference.value,
    equal_opportunity_ratio: tpr?.ratio,
    disparate_impact_min_over_max: selection?.ratio,
  })
  if (privileged === null) return
  const impact = book.at('disparate_impact_vs_privileged')
  impact.value('privileged', privileged, equal)
  for (const [name, value] of ratiosToGroup(of(rates.selection_rate), privileged))
    impact.at('ratios').value(name, value)
}
