import { uninterrupted } from '../../../analysis/answer.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import { analyzePerformance } from '../../../analysis/performance.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { readDataFile, requireColumn } from '../data-file.ts'
import { type CommonOptions, type OutcomeOptions, parseParameters } from '../options.ts'
import { formatInterval, formatTable, formatValue } from '../output.ts'
import { type FileFacts, toTable, typesOf } from '../to-table.ts'
import { type Asked, fromFindings, type Measured, withoutRepeats } from './asked.ts'
import { readOutcomes, scoresOf } from './outcomes.ts'

export type PerformanceOptions = OutcomeOptions & CommonOptions & { readonly reference?: string }
type Detail = DetailOf<'performance'>

/** Compares predictions with labels. */
export async function askPerformance(options: PerformanceOptions): Promise<Asked> {
  const parameters = parseParameters(parametersOf.performance, options.set ?? {})
  const { table, task, reference, files, notes } = await readWithReference(options)
  const answer = analyzePerformance({ current: table, reference, ...task }, parameters, uninterrupted)
  const { kind: _, referenceMetrics, ...detail } = answer.detail
  return {
    headline: answer.headline,
    json: { n: detail.labelled, ...detail, ...(referenceMetrics && { referenceMetrics }) },
    files,
    parameters,
    notes,
    measured: withoutRepeats([...fromFindings(answer.findings), ...measuredOf(answer.detail)]),
    text: () => textOf(answer.detail),
  }
}

/** The data and, where one is named, a labelled reference; the data then need no label column. */
async function readWithReference(options: PerformanceOptions) {
  const { reference, ...rest } = options
  if (reference === undefined) {
    const { table, task, facts, notes } = await readOutcomes(rest, [])
    return { table, task, reference: null, files: { data: facts } as Record<string, FileFacts>, notes }
  }
  const file = await readDataFile(options.data)
  const hasLabel = file.tabular.columns.includes(options.label)
  requireColumn(file, options.prediction, '--prediction')
  const before = await readOutcomes({ ...rest, data: reference }, null)
  const { task } = before
  const columns = task.task === 'regression' ? [...before.table.columns.keys()] : []
  const choice = {
    ...(hasLabel && { label: options.label }),
    prediction: options.prediction,
    scores: scoresOf(options.score ?? [], task),
    columns: columns.filter((name) => file.tabular.columns.includes(name)),
    ...(options.numeric && { numeric: options.numeric }),
    ...(options.categorical && { categorical: options.categorical }),
  }
  const { table, facts, notes } = toTable(file, choice, typesOf(file, choice), task)
  return {
    table,
    task,
    reference: before.table,
    files: { data: facts, reference: before.facts },
    notes: [...before.notes, ...notes],
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
  return [head + table, classesOf(perClass, task), confusionOf(confusion), usesOf(detail), estimatedOf(detail)]
    .filter(Boolean)
    .join('\n')
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

/** What is estimated without labels, and what few labels say with the help of scores. */
function estimatedOf({ estimated, fewLabels }: Detail): string {
  const head = [
    { title: 'estimated without labels' },
    { title: 'value', align: 'right' as const },
    { title: 'interval', align: 'right' as const },
    { title: 'n', align: 'right' as const },
    { title: '' },
  ]
  const table =
    estimated === undefined
      ? ''
      : `${formatTable(
          head,
          Object.entries(estimated.metrics).map(([metric, { value, interval, n, note }]) => [
            metric,
            formatValue(value),
            formatInterval(interval),
            String(n),
            note ?? '',
          ]),
        )}${estimated.method}: ${estimated.note}\n`
  if (fewLabels === undefined || !fewLabels.isNarrower) return table
  const { powered, classical, unlabelled } = fewLabels
  return `${table}${table && '\n'}accuracy with the scores of ${unlabelled} rows without a label: ${formatValue(powered.value)} (${formatInterval(powered.interval)}); by the labels alone ${formatValue(classical.value)} (${formatInterval(classical.interval)}); if rows were labelled at random\n`
}
