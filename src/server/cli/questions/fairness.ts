import { uninterrupted } from '../../../analysis/answer.ts'
import { analyzeFairness } from '../../../analysis/fairness.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { CliFault } from '../fault.ts'
import { type CommonOptions, type OutcomeOptions, parseParameters } from '../options.ts'
import { formatInterval, formatTable, formatValue } from '../output.ts'
import { type Asked, fromFindings, type Measured } from './asked.ts'
import { readOutcomes } from './outcomes.ts'

export type FairnessOptions = OutcomeOptions & CommonOptions & { readonly group: string[] }
type Detail = DetailOf<'fairness'>
type Row = Detail['overall']

const rates = [
  ['selectionRate', 'selected'],
  ['truePositiveRate', 'TPR'],
  ['falsePositiveRate', 'FPR'],
  ['precision', 'precision'],
  ['accuracy', 'accuracy'],
] as const

/** Compares how groups are treated. */
export async function askFairness(options: FairnessOptions): Promise<Asked> {
  const parameters = parseParameters(parametersOf.fairness, { groupColumns: options.group, ...options.set })
  const { table, task, facts, notes } = await readOutcomes(options, parameters.groupColumns)
  if (task.task === 'regression') throw new CliFault('fairness compares the rates of a class, and this is a regression')
  if (task.positiveClass === null)
    throw new CliFault(`--positive: say which class is compared; there are ${task.classes.slice(0, 10).join(', ')}`)
  const answer = analyzeFairness({ current: table, ...task }, parameters, uninterrupted)
  const { kind: _, ...detail } = answer.detail
  return {
    headline: answer.headline,
    json: detail,
    files: { data: facts },
    parameters,
    notes,
    measured: [
      ...fromFindings(answer.findings).map((found) => ({ ...found, of: null })),
      ...detail.groups.flatMap(measuredOf),
    ],
    text: () => textOf(answer.detail),
  }
}

const nameOf = (group: Row['group']) =>
  Object.entries(group)
    .map(([column, value]) => `${column}=${value}`)
    .join(', ')

/** The rates of a group, so that a limit can be set on the worst one. */
function measuredOf({ group, status, ...row }: Row): Measured[] {
  const isSmall = status === 'insufficient'
  return rates.map(([metric]) => ({
    metric,
    of: nameOf(group),
    ...row[metric],
    pValue: null,
    ...(isSmall ? { note: 'the group is too small, or its value missing', isApart: true } : {}),
  }))
}

function textOf({ groups, overall, measures, positiveClass, minimumGroupSize }: Detail): string {
  const cell = ({ value, interval }: Row['accuracy']) =>
    value === null ? '-' : `${formatValue(value)} (${formatInterval(interval)})`
  const rows = [...groups, overall].map((row, i) => [
    i === groups.length ? 'all' : nameOf(row.group),
    String(row.n),
    String(row.labelled),
    ...rates.map(([metric]) => cell(row[metric])),
    row.status === 'insufficient' ? 'not judged' : row.status,
  ])
  const groupTable = formatTable(
    [
      { title: 'group' },
      { title: 'n', align: 'right' },
      { title: 'labelled', align: 'right' },
      ...rates.map(([, title]) => ({ title, align: 'right' as const })),
      { title: '' },
    ],
    rows,
  )
  const measureTable = formatTable(
    [
      { title: 'measure' },
      { title: 'value', align: 'right' },
      { title: 'interval', align: 'right' },
      { title: 'n', align: 'right' },
      { title: '' },
    ],
    Object.entries(measures).map(([name, { value, interval, n, note }]) => [
      name,
      formatValue(value),
      formatInterval(interval),
      String(n),
      note ?? '',
    ]),
  )
  return `positive class ${positiveClass}; groups of fewer than ${minimumGroupSize} rows are not judged\n\n${groupTable}\n${measureTable}`
}
