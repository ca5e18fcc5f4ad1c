import { readFile } from 'node:fs/promises'
import { uninterrupted } from '../../../analysis/answer.ts'
import { analyzeExplanation } from '../../../analysis/explanation.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { SchemaSpec } from '../../../contract/model.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { describeOnnx, type OnnxDescription } from '../../../service/models/onnx/describe.ts'
import { openOnnxModel } from '../../../service/models/onnx/session.ts'
import { type DataFile, readDataFile, requireColumn } from '../data-file.ts'
import { CliFault, oneLine } from '../fault.ts'
import { type CommonOptions, type OutcomeOptions, parseParameters } from '../options.ts'
import { formatInterval, formatTable, formatValue } from '../output.ts'
import { findTask, type TaskFacts } from '../task.ts'
import { type ColumnTypes, toTable, typesOf } from '../to-table.ts'
import { type Asked, fromFindings } from './asked.ts'

export type ExplanationOptions = CommonOptions &
  Pick<OutcomeOptions, 'data' | 'task' | 'positive'> & {
    readonly model: string
    readonly label?: string
    readonly reference?: string
    readonly classes?: string[]
  }
type Detail = DetailOf<'explanation'>

/** Asks an ONNX model why it answers as it does about the rows of a file. */
export async function askExplanation(options: ExplanationOptions): Promise<Asked> {
  const parameters = parseParameters(parametersOf.explanation, options.set ?? {})
  const bytes = await readModel(options.model)
  const described = describeOnnx(bytes)
  if (described === null) throw new CliFault(`${options.model} is not an ONNX model`)
  const data = await readDataFile(options.data)
  if (options.label !== undefined) requireColumn(data, options.label, '--label')
  const inputs = inputsOf(data, described, options)
  const task = taskOf(data, described, options)
  const types = typesOf(data, options)
  const read = (file: DataFile) => toTable(file, { ...options, columns: inputs }, types, task)
  const { table, facts, notes } = read(data)
  const reference =
    options.reference === undefined
      ? null
      : readReference(await readDataFile(options.reference), options, types, inputs)
  const schema = schemaOf(inputs, types, task)
  const model = await openOnnxModel(bytes, schema, table)
  if (typeof model === 'string')
    throw new CliFault(`${options.model} cannot be asked about ${options.data}: ${oneLine(model)}`)
  try {
    const { classes, positiveClass } = schema
    const answer = await analyzeExplanation(
      { current: table, task: schema.task, classes, positiveClass, model, inputs, reference: reference?.table ?? null },
      parameters,
      uninterrupted,
    )
    const { kind: _, ...detail } = answer.detail
    return {
      headline: answer.headline,
      json: { ...detail, task: schema.task, classes, positiveClass, inputs },
      files: { data: facts, ...(reference === null ? {} : { reference: reference.facts }) },
      parameters,
      notes: [...notes, ...(reference?.notes ?? [])],
      measured: fromFindings(answer.findings),
      text: () => textOf(answer.detail),
    }
  } finally {
    await model.close()
  }
}

async function readModel(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new CliFault(`${path} cannot be read: ${oneLine(error instanceof Error ? error.message : String(error))}`)
  }
}

/** The columns that the model takes: those it names, those named with --columns, or all that look like features. */
function inputsOf(file: DataFile, { inputs, columnNames }: OnnxDescription, options: ExplanationOptions): string[] {
  const { columns } = file.tabular
  const require = (names: readonly string[]) => {
    for (const name of names) requireColumn(file, name, '--model')
    return [...names]
  }
  const isPacked =
    inputs.length === 1 &&
    inputs[0].shape.length === 2 &&
    !(columns.includes(inputs[0].name) && inputs[0].shape[1] === 1)
  if (!isPacked) return require(inputs.map(({ name }) => name))
  const width = inputs[0].shape[1]
  if (options.columns === undefined && columnNames !== null) return require(columnNames)
  for (const name of options.columns ?? []) requireColumn(file, name, '--columns')
  const found =
    options.columns ??
    columns.filter(
      (name) => name !== options.label && !options.ignore?.includes(name) && !file.unlikeFeatures.has(name),
    )
  if (width > 0 && found.length !== width)
    throw new CliFault(
      `${options.model} takes ${width} values a row, and ${file.path} has ${found.length} columns for it (${found.slice(0, 8).join(', ')}${found.length > 8 ? ', …' : ''}); name them in its order with --columns, or leave some out with --ignore`,
    )
  return [...found]
}

function taskOf(file: DataFile, { classes, scoreWidth }: OnnxDescription, options: ExplanationOptions): TaskFacts {
  const { label, positive, task } = options
  const regression: TaskFacts = { task: 'regression', classes: [], positiveClass: null, areNumbers: true }
  const named = options.classes ?? classes
  if (task === 'regression' || (task === undefined && named === null && (scoreWidth === null || scoreWidth === 1)))
    return regression
  const labels =
    label === undefined
      ? null
      : findTask(file, { label: null, prediction: label, task: scoreWidth === 2 ? 'binary' : 'multiclass' })
  const width = named?.length ?? scoreWidth ?? 2
  const found =
    named ?? (labels?.classes.length === width ? labels.classes : Array.from({ length: width }, (_, i) => String(i)))
  if (positive !== undefined && !found.includes(positive))
    throw new CliFault(`--positive: the model has no class “${positive}”; it has ${found.slice(0, 10).join(', ')}`)
  const isBinary = found.length === 2
  return {
    task: isBinary ? 'binary' : 'multiclass',
    classes: found,
    positiveClass: isBinary ? (positive ?? found[1]) : null,
    areNumbers: labels?.areNumbers ?? true,
  }
}

function readReference(file: DataFile, options: ExplanationOptions, types: ColumnTypes, inputs: readonly string[]) {
  for (const name of inputs) requireColumn(file, name, '--reference')
  const { numeric, categorical } = options
  const choice = {
    columns: inputs,
    ...(numeric === undefined ? {} : { numeric }),
    ...(categorical === undefined ? {} : { categorical }),
  }
  return toTable(file, choice, types, null)
}

const schemaOf = (
  inputs: readonly string[],
  types: ColumnTypes,
  { task, classes, positiveClass }: TaskFacts,
): SchemaSpec => ({
  ...{ task, classes: [...classes], positiveClass },
  columns: inputs.map((name) => ({
    ...{ name, type: types.get(name) ?? 'numeric', role: 'input' as const, isGroup: false, isRequired: true },
  })),
})

function textOf({ note, baseline, importances, attribution, dependence, remarks = [] }: Detail): string {
  const importanceTable = formatTable(
    [
      { title: 'column' },
      { title: 'importance', align: 'right' },
      { title: 'interval', align: 'right' },
      { title: '' },
    ],
    importances.map(({ column, importance }) => [
      column,
      formatValue(importance.value),
      formatInterval(importance.interval),
      '',
    ]),
  )
  const parts = [
    `${note}\nBefore shuffling: ${formatValue(baseline.value)} (${formatInterval(baseline.interval)})\n\n${importanceTable}`,
  ]
  if (attribution !== undefined)
    parts.push(
      `${attribution.sentence}\n\n${formatTable(
        [
          { title: 'column' },
          { title: `mean size of the contribution, ${attribution.unit}`, align: 'right' },
          { title: 'interval', align: 'right' },
          { title: 'with its value', align: 'right' },
          { title: '' },
        ],
        attribution.columns.map(({ column, meanAbsolute, direction }) => [
          ...[
            column,
            formatValue(meanAbsolute.value),
            formatInterval(meanAbsolute.interval),
            formatValue(direction),
            '',
          ],
        ]),
      )}`,
    )
  if (dependence !== undefined)
    parts.push(
      formatTable(
        [
          { title: 'column' },
          { title: 'lowest mean', align: 'right' },
          { title: 'at', align: 'right' },
          { title: 'highest mean', align: 'right' },
          { title: 'at', align: 'right' },
          { title: '' },
        ],
        dependence.columns.map(({ column, grid, mean }) => {
          const low = mean.indexOf(Math.min(...mean))
          const high = mean.indexOf(Math.max(...mean))
          const at = (i: number) => (typeof grid[i] === 'number' ? formatValue(grid[i]) : String(grid[i]))
          return [column, formatValue(mean[low]), at(low), formatValue(mean[high]), at(high), '']
        }),
      ),
    )
  return [...parts, ...remarks].join('\n')
}
