import { parseNumber } from '../../collect/files/infer-columns.ts'
import { toSampleTable } from '../../collect/files.ts'
import type { ColumnMapping } from '../../contract/model.ts'
import type { SampleTable } from '../../contract/table.ts'
import { type DataFile, problemsOf, requireColumn } from './data-file.ts'
import { CliFault } from './fault.ts'
import { type TaskFacts, toClasses } from './task.ts'

/** Which columns a command's options name. */
export interface ColumnChoice {
  readonly label?: string
  readonly prediction?: string
  /** Score columns by class; `value` for a regression. */
  readonly scores?: ReadonlyMap<string, string>
  readonly time?: string
  readonly id?: string
  /** Only these as features; absent: all that look like one. */
  readonly columns?: readonly string[]
  readonly ignore?: readonly string[]
  readonly numeric?: readonly string[]
  readonly categorical?: readonly string[]
}

export type ColumnTypes = ReadonlyMap<string, 'numeric' | 'categorical'>

/** What became of a file: for the answer's JSON and for lines on standard error. */
export interface FileFacts {
  readonly path: string
  readonly rows: number
  /** Rows left out and values not of their column's type. */
  readonly problemCount: number
  readonly problems: readonly { row: number; column: string | null; message: string }[]
  /** Columns that are no features, and why. */
  readonly leftOut: readonly string[]
}

export interface ReadTable {
  readonly table: SampleTable
  readonly facts: FileFacts
  readonly notes: readonly string[]
  /** Values that are not of their column's type, by column. */
  readonly wrongTypes: Readonly<Record<string, number>>
}

/** The types of a file's columns as the options correct them. */
export function typesOf(file: DataFile, { numeric = [], categorical = [] }: ColumnChoice): ColumnTypes {
  const types = new Map(file.types)
  for (const [option, names, type] of [
    ['--numeric', numeric, 'numeric'],
    ['--categorical', categorical, 'categorical'],
  ] as const)
    for (const name of names) {
      requireColumn(file, name, option)
      types.set(name, type)
    }
  return types
}

/** Types by which both files are read: the reference's, where it has values. */
export function commonTypes(reference: DataFile, current: DataFile, choice: ColumnChoice): ColumnTypes {
  const types = new Map(typesOf(current, { ...choice, numeric: [], categorical: [] }))
  for (const [name, type] of typesOf(reference, choice)) {
    const cells = reference.tabular.cells[reference.tabular.columns.indexOf(name)]
    if (!types.has(name) || cells.some((cell) => cell !== null)) types.set(name, type)
  }
  return types
}

/** Reads a file's columns as the options say. Columns that look like row names or times are no features unless named. */
export function toTable(file: DataFile, choice: ColumnChoice, types: ColumnTypes, task: TaskFacts | null): ReadTable {
  const mapping = mappingOf(file, choice, types, task)
  const isClass = (role: string) =>
    task !== null && task.task !== 'regression' && (role === 'label' || role === 'prediction')
  const cells = file.tabular.cells.map((column, i) =>
    isClass(mapping[i].role) ? toClasses(column, task?.areNumbers ?? false) : column,
  )
  const used = mapping.filter(({ role }) => role !== 'ignore')
  const { table, errors, errorCount } = toSampleTable({ ...file.tabular, cells }, used)
  const problems = [...file.tabular.errors, ...errors].slice(0, 100)
  const problemCount = file.tabular.errorCount + errorCount
  const leftOut = leftOutOf(file, choice, mapping)
  return {
    table,
    facts: { path: file.path, rows: table.n, problemCount, problems, leftOut },
    notes: [
      ...problemsOf(file.path, problems, problemCount),
      ...(leftOut.length > 0 ? [`${file.path}: left out ${leftOut.join(', ')}; --columns includes what it names`] : []),
    ],
    wrongTypes: countWrongTypes(file, used),
  }
}

function mappingOf(file: DataFile, choice: ColumnChoice, types: ColumnTypes, task: TaskFacts | null): ColumnMapping[] {
  const roles = new Map<string, Pick<ColumnMapping, 'role' | 'className'>>()
  const name = (column: string | undefined, option: string, role: ColumnMapping['role'], className?: string) => {
    if (column === undefined) return
    requireColumn(file, column, option)
    const taken = roles.get(column)
    if (taken !== undefined && taken.role !== 'ignore')
      throw new CliFault(`${option}: “${column}” is already the ${taken.role} column`)
    roles.set(column, className === undefined ? { role } : { role, className })
  }
  for (const column of choice.ignore ?? []) name(column, '--ignore', 'ignore')
  name(choice.label, '--label', 'label')
  name(choice.prediction, '--prediction', 'prediction')
  for (const [className, column] of choice.scores ?? []) name(column, '--score', 'score', className)
  name(choice.time, '--time', 'time')
  name(choice.id, '--id', 'id')
  for (const column of choice.columns ?? []) {
    requireColumn(file, column, '--columns')
    if (!roles.has(column)) roles.set(column, { role: 'feature' })
  }
  const isRegression = task?.task === 'regression'
  return file.tabular.columns.map((column): ColumnMapping => {
    const named = roles.get(column)
    const isFeature = choice.columns === undefined && !file.unlikeFeatures.has(column)
    const role = named?.role ?? (isFeature ? 'feature' : 'ignore')
    const type =
      role === 'score' || (isRegression && (role === 'label' || role === 'prediction'))
        ? 'numeric'
        : role === 'label' || role === 'prediction'
          ? task === null
            ? (types.get(column) ?? 'categorical')
            : 'categorical'
          : (types.get(column) ?? 'categorical')
    return { name: column, role, type, ...(named?.className === undefined ? {} : { className: named.className }) }
  })
}

/** Columns that nobody named and that are no features: said, so that nobody misses them in silence. */
const leftOutOf = (file: DataFile, choice: ColumnChoice, mapping: readonly ColumnMapping[]): string[] =>
  choice.columns !== undefined
    ? []
    : mapping
        .filter(({ name, role }) => role === 'ignore' && !choice.ignore?.includes(name))
        .map(({ name }) => `${name} (${file.unlikeFeatures.get(name) === 'time' ? 'a time' : 'an identifier'})`)

function countWrongTypes(file: DataFile, mapping: readonly ColumnMapping[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { name, type, role } of mapping) {
    if (type !== 'numeric' || role !== 'feature') continue
    let wrong = 0
    for (const cell of file.tabular.cells[file.tabular.columns.indexOf(name)])
      if (typeof cell === 'string' && Number.isNaN(parseNumber(cell))) wrong++
    if (wrong > 0) counts[name] = wrong
  }
  return counts
}
