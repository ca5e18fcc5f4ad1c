import { uninterrupted } from '../../../analysis/answer.ts'
import { analyzeBias } from '../../../analysis/bias.ts'
import { analyzeLabelBias } from '../../../analysis/bias-labels.ts'
import { objectionTo } from '../../../analysis/bias-targets.ts'
import { worstStatus } from '../../../analysis/estimates.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import { type LabelBias, labelBiasParameters } from '../../../contract/label-bias.ts'
import type { Status } from '../../../contract/primitives.ts'
import type { DetailOf } from '../../../contract/report.ts'
import type { SampleTable } from '../../../contract/table.ts'
import { type DataFile, readDataFile, requireColumn } from '../data-file.ts'
import { CliFault } from '../fault.ts'
import { type CommonOptions, parseParameters, splitPair } from '../options.ts'
import { formatInterval, formatPValue, formatTable, formatValue } from '../output.ts'
import { findTask, type TaskFacts } from '../task.ts'
import { toTable, typesOf } from '../to-table.ts'
import { type Asked, fromFindings, type Measured } from './asked.ts'

export type BiasOptions = CommonOptions & {
  readonly data: string
  readonly label: string
  readonly group?: string[]
  readonly control?: string[]
  readonly targetShares?: string[]
  readonly prediction?: string
  readonly reference?: string
  readonly positive?: string
}

/** What labels prefer before anything is trained on them, and what predictions prefer against a reference or declared shares. */
export async function askBias(options: BiasOptions): Promise<Asked> {
  const { group = [], control = [], prediction, label } = options
  const file = await readDataFile(options.data)
  requireColumn(file, label, '--label')
  if (prediction === undefined && options.reference !== undefined)
    throw new CliFault('--reference is what predictions are held against: name their column with --prediction')
  if (prediction !== undefined) requireColumn(file, prediction, '--prediction')
  const task = findTask(file, {
    label: prediction === undefined ? null : label,
    prediction: prediction ?? label,
    ...(options.positive === undefined ? {} : { positive: options.positive }),
  })
  if (task.task === 'regression') throw new CliFault('bias compares the shares of classes, and this is a regression')
  const targetShares = options.targetShares === undefined ? null : toShares(options.targetShares, task.classes)
  if (prediction !== undefined && options.reference === undefined && targetShares === null)
    throw new CliFault('--prediction needs what it is held against: --reference or --target-shares')
  const parameters = parseParameters(labelBiasParameters, {
    groupColumns: group,
    controlColumns: control,
    targetShares,
    ...options.set,
  })
  const read = readTable(file, options, task, [...parameters.groupColumns, ...parameters.controlColumns])
  const labels = analyzeLabelBias({ table: read.table, ...task }, parameters, uninterrupted)
  const predictions =
    prediction === undefined ? null : await askPredictions(read.table, options, task, targetShares, parameters)
  const { headline, ...detail } = labels
  const status = worstStatus([headline, ...(predictions ? [predictions.headline] : [])].map(toStatus))
  return {
    headline: {
      status: predictions === null ? headline.status : status,
      text: predictions === null ? headline.text : `${headline.text}; ${predictions.headline.text}`,
    },
    json: { ...detail, predictions: predictions?.detail ?? null },
    files: { data: read.facts },
    parameters,
    notes: read.notes,
    measured: [...measuredOf(labels), ...fromFindings(predictions?.findings ?? [])],
    text: () => textOf(labels, predictions?.detail ?? null),
  }
}

const toStatus = ({ status }: { readonly status: string }): Status =>
  status === 'breach' || status === 'warning' || status === 'ok' ? status : 'insufficient'

function readTable(file: DataFile, options: BiasOptions, task: TaskFacts, columns: readonly string[]) {
  const choice = {
    label: options.label,
    ...(options.prediction === undefined ? {} : { prediction: options.prediction }),
    columns,
    ...(options.numeric === undefined ? {} : { numeric: options.numeric }),
    ...(options.categorical === undefined ? {} : { categorical: options.categorical }),
  }
  return toTable(file, choice, typesOf(file, choice), task)
}

async function askPredictions(
  current: SampleTable,
  { reference: path, prediction = '' }: BiasOptions,
  task: TaskFacts,
  targetShares: Record<string, number> | null,
  { confidence, alpha, maxDifference: threshold }: { confidence: number; alpha: number; maxDifference: number },
) {
  const parameters = parametersOf.bias.parse({ confidence, alpha, threshold, targetShares })
  if (path === undefined) return analyzeBias({ current, reference: null, classes: task.classes }, parameters)
  const file = await readDataFile(path)
  requireColumn(file, prediction, '--prediction')
  const choice = { prediction, columns: [] }
  const { table } = toTable(file, choice, typesOf(file, choice), task)
  // A reference that is given is what is meant; declared shares then are those of the labels.
  return analyzeBias({ current, reference: table, classes: task.classes }, { ...parameters, targetShares: null })
}

/** Reads `cat=0.5`, once for each class. */
function toShares(given: readonly string[], classes: readonly string[]): Record<string, number> {
  const shares = Object.fromEntries(
    given.map((text) => {
      const [name, share] = splitPair(text) ?? ['', '']
      const value = Number(share)
      if (name === '' || !(value >= 0 && value <= 1))
        throw new CliFault(`--target-shares ${text}: say class=share with a share from 0 to 1`)
      return [name, value]
    }),
  )
  const objection = objectionTo(shares, classes)
  if (objection !== null) throw new CliFault(`--target-shares: ${objection}`)
  return shares
}

const nameOf = (group: Record<string, string>) =>
  Object.entries(group)
    .map(([column, value]) => `${column}=${value}`)
    .join(', ')

function measuredOf({ classes, groups, labels, imbalance, n }: LabelBias): Measured[] {
  const plain = (metric: string, of: string | null, value: number | null): Measured => ({
    metric,
    of,
    value,
    interval: null,
    n,
    pValue: null,
  })
  return [
    plain('classRatio', null, imbalance.ratio),
    ...classes.flatMap(({ className, difference, adjustedPValue }) =>
      difference === null ? [] : [{ metric: 'targetDifference', of: className, ...difference, pValue: adjustedPValue }],
    ),
    ...labels.flatMap(({ className, difference, disparity, conditionalDisparity }) => [
      { metric: 'labelShareDifference', of: labels.length === 1 ? null : className, ...difference, pValue: null },
      ...[
        ['demographicDisparity', disparity] as const,
        ['conditionalDemographicDisparity', conditionalDisparity ?? []] as const,
      ].flatMap(([metric, found]) =>
        found.map((estimate, i) => ({
          metric,
          of: labels.length === 1 ? nameOf(groups[i].group) : `${className} ${nameOf(groups[i].group)}`,
          ...estimate,
          pValue: null,
          ...(groups[i].status === 'insufficient' && {
            isApart: true,
            note: 'the group is too small, or its value missing',
          }),
        })),
      ),
    ]),
  ]
}

const right = (title: string) => ({ title, align: 'right' as const })

function textOf(
  { classes, imbalance, groups, labels, n, unlabelled, controlColumns }: LabelBias,
  predictions: DetailOf<'bias'> | null,
): string {
  const said = `${n} labels, ${unlabelled} rows without; largest class to smallest ${formatValue(imbalance.ratio)} to 1, evenness ${formatValue(imbalance.evenness)}\n`
  const classTable = formatTable(
    [{ title: 'label' }, right('share'), right('interval'), right('declared'), right('p adjusted'), { title: '' }],
    classes.map(({ className, share, target, adjustedPValue, status }) => [
      className,
      formatValue(share.value),
      formatInterval(share.interval),
      formatValue(target),
      formatPValue(adjustedPValue),
      target === null ? '' : status,
    ]),
  )
  const given = controlColumns.join(' × ')
  const groupTables = labels.map(
    ({ className, byGroup, difference, disparity, conditionalDisparity }) =>
      `${formatTable(
        [
          { title: `label ${className}` },
          right('n'),
          right('share'),
          right('interval'),
          right('disparity'),
          right('interval'),
          ...(conditionalDisparity ? [right(`given ${given}`), right('interval')] : []),
          { title: '' },
        ],
        groups.map(({ group, n: rows, status }, i) => [
          nameOf(group),
          String(rows),
          formatValue(byGroup[i].value),
          formatInterval(byGroup[i].interval),
          formatValue(disparity[i].value),
          formatInterval(disparity[i].interval),
          ...(conditionalDisparity
            ? [formatValue(conditionalDisparity[i].value), formatInterval(conditionalDisparity[i].interval)]
            : []),
          status === 'insufficient' ? 'not judged' : '',
        ]),
      )}largest difference ${formatValue(difference.value)} (${formatInterval(difference.interval)})\n`,
  )
  const predictionTable =
    predictions === null
      ? []
      : [
          formatTable(
            [{ title: 'prediction' }, right('share'), right('held against'), right('difference'), right('interval')],
            predictions.classes.map(({ className, current, reference, difference }) => [
              className,
              formatValue(current.value),
              formatValue(reference.value),
              formatValue(difference.value),
              formatInterval(difference.interval),
            ]),
          ),
        ]
  return [said, classTable, ...groupTables, ...predictionTable].join('\n')
}
