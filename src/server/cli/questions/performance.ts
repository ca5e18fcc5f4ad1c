import { uninterrupted } from '../../../analysis/answer.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import { analyzePerformance } from '../../../analysis/performance.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { type CommonOptions, type OutcomeOptions, parseParameters } from '../options.ts'
import { formatInterval, formatTable, formatValue } from '../output.ts'
import { type Asked, fromFindings, type Measured, withoutRepeats } from './asked.ts'
import { readOutcomes } from './outcomes.ts'

export type PerformanceOptions = OutcomeOptions & CommonOptions
type Detail = DetailOf<'performance'>

/** Compares predictions with labels. */
export async function askPerformance(options: PerformanceOptions): Promise<Asked> {
  const parameters = parseParameters(parametersOf.performance, options.set ?? {})
  const { table, task, facts, notes } = await readOutcomes(options, [])
  const answer = analyzePerformance({ current: table, reference: null, ...task }, parameters, uninterrupted)
  const { kind: _, referenceMetrics: __, ...detail } = answer.detail
  return {
    headline: answer.headline,
    json: { n: detail.labelled, ...detail },
    files: { data: facts },
    parameters,
    notes,
    measured: withoutRepeats([...fromFindings(answer.findings), ...measuredOf(answer.detail)]),
    text: () => textOf(answer.detail),
  }
}

function measuredOf({ metrics, perClass }: Detail): Measured[] {
  const whole = Object.entries(metrics).map(([metric, estimate]) => ({ metric, of: null, ...estimate, pValue: null }))
  const byClass = perClass.flatMap(({ className, precision, recall, f1 }) =>
    Object.entries({ precision, recall, f1 }).map(([metric, estimate]) => ({
      metric,
      of: className,
      ...estimate,
      pValue: null,
    })),
  )
  return [...whole, ...byClass]
}

function textOf(detail: Detail): string {
  const { task, positiveClass, metrics, confusion, labelled, total, perClass } = detail
  const rows = Object.entries(metrics).map(([metric, { value, interval, n, note }]) => [
    metric,
    formatValue(value),
    formatInterval(interval),
    String(n),
    note ?? '',
  ])
  const head = `${task}${positiveClass === null ? '' : `, positive class ${positiveClass}`}; ${labelled} labelled rows of ${total}\n\n`
  const table = formatTable(
    [
      { title: 'metric' },
      { title: 'value', align: 'right' },
      { title: 'interval', align: 'right' },
      { title: 'n', align: 'right' },
      { title: '' },
    ],
    rows,
  )
  return [head + table, classesOf(perClass, task), confusionOf(confusion), usesOf(detail)].filter(Boolean).join('\n')
}

function classesOf(perClass: Detail['perClass'], task: Detail['task']): string {
  if (task !== 'multiclass') return ''
  const cell = ({ value, interval }: Detail['perClass'][number]['recall']) =>
    `${formatValue(value)} (${formatInterval(interval)})`
  return formatTable(
    [
      { title: 'class' },
      { title: 'n', align: 'right' },
      { title: 'precision', align: 'right' },
      { title: 'recall', align: 'right' },
      { title: 'f1', align: 'right' },
    ],
    perClass.map(({ className, n, precision, recall, f1 }) => [
      className,
      String(n),
      cell(precision),
      cell(recall),
      cell(f1),
    ]),
  )
}

const mostClassesShown = 20

function confusionOf(confusion: Detail['confusion']): string {
  if (confusion === null || confusion.classes.length > mostClassesShown) return ''
  return formatTable(
    [{ title: 'label \\ predicted' }, ...confusion.classes.map((title) => ({ title, align: 'right' as const }))],
    confusion.classes.map((name, i) => [name, ...confusion.counts[i].map(String)]),
  )
}

const shownShares = [0.05, 0.1, 0.2, 0.5]

/** What the score can be used for: whom to look at first, and from where on to call positive. */
function usesOf({ gains = [], thresholds }: Detail): string {
  const rows = gains
    .filter(({ share }) => shownShares.some((shown) => Math.abs(shown - share) < 1e-9))
    .map(({ share, captured, lift }) => [
      formatValue(share),
      formatValue(captured.value),
      formatInterval(captured.interval),
      formatValue(lift.value),
      formatInterval(lift.interval),
    ])
  const table =
    rows.length === 0
      ? ''
      : `${formatTable(
          [
            { title: 'highest scores', align: 'right' },
            { title: 'positives caught', align: 'right' },
            { title: 'interval', align: 'right' },
            { title: 'lift', align: 'right' },
            { title: 'interval', align: 'right' },
          ],
          rows,
        )}\n`
  if (thresholds === undefined) return table
  const { costs, best, bestCost, currentCost } = thresholds
  const at = best.value === null ? best.note : `${formatValue(best.value)} (${formatInterval(best.interval)})`
  return `${table}best threshold at costs ${costs.falsePositive} (false positive) and ${costs.falseNegative} (false negative): ${at}\ncost a row: there ${formatValue(bestCost.value)} (${formatInterval(bestCost.interval)}), as predicted ${formatValue(currentCost.value)} (${formatInterval(currentCost.interval)})\n`
}
