import { uninterrupted } from '../../../analysis/answer.ts'
import { analyzeComparison, type ComparisonAnswer } from '../../../analysis/comparison.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import { CliFault } from '../fault.ts'
import { type CommonOptions, type OutcomeOptions, parseParameters } from '../options.ts'
import { formatInterval, formatPValue, formatTable, formatValue } from '../output.ts'
import type { Asked } from './asked.ts'
import { readOutcomes } from './outcomes.ts'

export interface CompareOptions extends OutcomeOptions, CommonOptions {
  readonly other: string
  readonly otherScore?: string[]
}

/** Compares two columns of predictions on the rows of one file. */
export async function askComparison(options: CompareOptions): Promise<Asked> {
  const { prediction, other, score, otherScore } = options
  if (prediction === other) throw new CliFault('--other: the same column as --prediction')
  if ((score === undefined) !== (otherScore === undefined))
    throw new CliFault('--score and --other-score are given both or not at all')
  const parameters = parseParameters(parametersOf.performance, options.set ?? {})
  const first = await readOutcomes(options, [])
  const task = first.task.task
  const second = await readOutcomes(
    { ...without(options), prediction: other, task, ...(otherScore && { score: otherScore }) },
    [],
  )
  const { label, prediction: predicted, scores } = first.table
  if (label === null) throw new CliFault(`--label: ${options.label} could not be read`)
  const classes = [...new Set([...first.task.classes, ...second.task.classes])]
  if (task === 'binary' && classes.length > 2)
    throw new CliFault(
      `--task binary takes two classes, and there are ${classes.length}: ${classes.slice(0, 5).join(', ')}`,
    )
  const { positiveClass } = first.task
  const answer = analyzeComparison(
    {
      label,
      first: { prediction: predicted, scores },
      second: { prediction: second.table.prediction, scores: second.table.scores },
      task,
      classes,
      positiveClass,
    },
    parameters,
    uninterrupted,
  )
  const { headline, ...json } = answer
  const { confidence, resamples, seed, minimumN } = parameters
  return {
    headline,
    json: { first: prediction, second: other, ...json },
    files: { data: first.facts },
    parameters: { confidence, resamples, seed, minimumN },
    notes: first.notes,
    measured: answer.metrics.map(({ metric, difference, pValue }) => ({ metric, of: null, ...difference, pValue })),
    text: () => textOf(answer, prediction, other),
  }
}

function without({ score: _, ...rest }: CompareOptions): Omit<CompareOptions, 'score'> {
  return rest
}

function textOf({ metrics, n, task, positiveClass }: ComparisonAnswer, first: string, second: string): string {
  const head = `${task}${positiveClass === null ? '' : `, positive class ${positiveClass}`}; ${n} rows with a label and both predictions\n\n`
  return (
    head +
    formatTable(
      [
        { title: 'metric' },
        { title: first, align: 'right' },
        { title: second, align: 'right' },
        { title: 'difference', align: 'right' },
        { title: 'interval', align: 'right' },
        { title: 'p', align: 'right' },
        { title: 'method' },
      ],
      metrics.map((compared) => [
        compared.metric,
        formatValue(compared.first),
        formatValue(compared.second),
        formatValue(compared.difference.value),
        formatInterval(compared.difference.interval),
        formatPValue(compared.pValue),
        compared.method,
      ]),
    )
  )
}
