import type { ColumnMapping } from '../../contract/model.ts'
import type { CategoricalColumn, Column, NumericColumn, SampleTable } from '../../contract/table.ts'
import { parseNumber } from './infer-columns.ts'
import { parseTime } from './parse-time.ts'
import { type Cell, ErrorList, FileFault, type RowError, type Tabular } from './tabular.ts'

export interface SampleTableResult {
  readonly table: SampleTable
  /** `rowNumbers` of the rows in the table. */
  readonly rowNumbers: readonly number[]
  /** The first ones; `errorCount` counts all. */
  readonly errors: readonly RowError[]
  readonly errorCount: number
}

type Report = (row: number, message: string) => void

function toNumbers(cells: readonly Cell[], rows: Int32Array, report: Report): Float64Array {
  const values = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const cell = cells[rows[i]]
    if (cell === null) {
      values[i] = Number.NaN
      continue
    }
    const value = parseNumber(cell)
    if (Number.isNaN(value)) report(rows[i], `expected a number, got ${JSON.stringify(String(cell).slice(0, 60))}`)
    values[i] = value
  }
  return values
}

function toCategories(cells: readonly Cell[], rows: Int32Array): CategoricalColumn {
  const codes = new Int32Array(rows.length)
  const known = new Map<Cell, number>()
  const categories: string[] = []
  const codeOf = new Map<string, number>()
  for (let i = 0; i < rows.length; i++) {
    const cell = cells[rows[i]]
    if (cell === null) {
      codes[i] = -1
      continue
    }
    let code = known.get(cell)
    if (code === undefined) {
      const name = String(cell).slice(0, 1000)
      code = codeOf.get(name) ?? categories.push(name) - 1
      codeOf.set(name, code)
      known.set(cell, code)
    }
    codes[i] = code
  }
  return { type: 'categorical', codes, categories }
}

function toColumn(mapping: ColumnMapping, cells: readonly Cell[], rows: Int32Array, report: Report): Column {
  if (mapping.type !== 'numeric') return toCategories(cells, rows)
  const column: NumericColumn = { type: 'numeric', values: toNumbers(cells, rows, report) }
  return column
}

/** Rows that can be used: a time that cannot be read costs the row, because nobody can say when it happened. */
function usableRows(tabular: Tabular, timeCells: readonly Cell[] | null, timeName: string, errors: ErrorList) {
  const rows = new Int32Array(tabular.n)
  const at = timeCells ? new Float64Array(tabular.n) : null
  let count = 0
  for (let i = 0; i < tabular.n; i++) {
    if (timeCells && at) {
      const cell = timeCells[i]
      const instant = cell === null ? null : parseTime(cell)
      if (instant === null) {
        const got = cell === null ? 'nothing' : JSON.stringify(String(cell).slice(0, 60))
        errors.add(tabular.rowNumbers[i], timeName, `expected a time, got ${got}; the row is left out`)
        continue
      }
      at[count] = instant
    }
    rows[count++] = i
  }
  return { rows: rows.subarray(0, count), at: at?.slice(0, count) ?? null }
}

/** Finds faults of a mapping that no row can mend; a sentence, or null. */
export function checkMapping(tabular: Pick<Tabular, 'columns'>, mapping: readonly ColumnMapping[]): string | null {
  const names = new Set<string>()
  const single = new Map<string, string>()
  const classes = new Set<string>()
  for (const { name, role, className } of mapping) {
    if (!tabular.columns.includes(name)) return `the file has no column “${name}”`
    if (names.has(name)) return `the column “${name}” is mapped twice`
    names.add(name)
    if (['prediction', 'label', 'time', 'id', 'latency'].includes(role)) {
      const other = single.get(role)
      if (other) return `“${other}” and “${name}” are both mapped as ${role}; only one column can be`
      single.set(role, name)
    }
    if (role === 'score') {
      if (!className) return `the score column “${name}” needs the name of the class whose score it is`
      if (classes.has(className)) return `two columns hold the score of class “${className}”`
      classes.add(className)
    }
  }
  return null
}

/**
 * Reads a file's columns as their mapping says. Features and groups become the table's columns. A value that is not of its
 * column's type is missing in the table and reported with its row. Missing: empty, NA, N/A, NaN, null; `?` is a category of
 * its own. Throws `FileFault` when the mapping cannot be meant.
 */
export function toSampleTable(tabular: Tabular, mapping: readonly ColumnMapping[]): SampleTableResult {
  const fault = checkMapping(tabular, mapping)
  if (fault) throw new FileFault(fault)
  const errors = new ErrorList()
  const cellsOf = (name: string) => tabular.cells[tabular.columns.indexOf(name)]
  const find = (role: ColumnMapping['role']) => mapping.find((column) => column.role === role) ?? null
  const report =
    (name: string): Report =>
    (row, message) =>
      errors.add(tabular.rowNumbers[row], name, message)

  const time = find('time')
  const { rows, at } = usableRows(tabular, time ? cellsOf(time.name) : null, time?.name ?? '', errors)
  const read = (column: ColumnMapping | null) =>
    column && toColumn(column, cellsOf(column.name), rows, report(column.name))
  const numbers = (column: ColumnMapping) => toNumbers(cellsOf(column.name), rows, report(column.name))

  const columns = new Map<string, Column>()
  const scores = new Map<string, Float64Array>()
  for (const column of mapping) {
    if (column.role === 'feature' || column.role === 'group')
      columns.set(column.name, toColumn(column, cellsOf(column.name), rows, report(column.name)))
    else if (column.role === 'score' && column.className) scores.set(column.className, numbers(column))
  }
  const id = find('id')
  const latency = find('latency')
  const table: SampleTable = {
    n: rows.length,
    columns,
    ids: id ? Array.from(rows, (row) => String(cellsOf(id.name)[row] ?? '')) : null,
    at,
    prediction: read(find('prediction')),
    label: read(find('label')),
    scores,
    latencyMs: latency ? numbers(latency) : null,
  }
  const rowNumbers = Array.from(rows, (row) => tabular.rowNumbers[row])
  return { table, rowNumbers, errors: errors.listed, errorCount: errors.count }
}
