import type { Column, SampleTable } from '../../contract/table.ts'

/** Two tables with the same columns, categories coded alike. */
export interface AlignedRows {
  readonly rows: SampleTable
  readonly background: SampleTable
}

/** Restricts both to `columns` and codes categories by one list, so that values can be copied from one to the other. */
export function alignRows(rows: SampleTable, background: SampleTable, columns: readonly string[]): AlignedRows {
  const pairs = columns.map((name) => {
    const left = rows.columns.get(name)
    const right = background.columns.get(name)
    if (left === undefined || right === undefined) throw new RangeError(`there is no column ${name}`)
    return [name, ...alignPair(left, right)] as const
  })
  return {
    rows: tableOf(rows.n, new Map(pairs.map(([name, left]) => [name, left]))),
    background: tableOf(background.n, new Map(pairs.map(([name, , right]) => [name, right]))),
  }
}

function alignPair(left: Column, right: Column): [Column, Column] {
  if (left.type === 'numeric' && right.type === 'numeric') return [left, right]
  if (left.type !== 'categorical' || right.type !== 'categorical')
    throw new RangeError('a column holds numbers on one side and categories on the other')
  const categories = [...new Set([...left.categories, ...right.categories])]
  const codeOf = new Map(categories.map((name, code) => [name, code]))
  const recode = ({ codes, categories: before }: typeof left): Column => ({
    type: 'categorical',
    categories,
    codes: codes.map((code) => (code < 0 ? -1 : (codeOf.get(before[code]) ?? -1))),
  })
  return [recode(left), recode(right)]
}

/** A table of columns alone. */
export function tableOf(n: number, columns: ReadonlyMap<string, Column>): SampleTable {
  return { n, columns, ids: null, at: null, prediction: null, label: null, scores: new Map(), latencyMs: null }
}

/**
 * Row `row` mixed with every background row, once for each coalition: k · background.n + b has the row's value where
 * coalition k has the column, else that of background row b.
 */
export function mixRow(
  { rows, background }: AlignedRows,
  row: number,
  isPresent: Uint8Array,
  coalitions: number,
): SampleTable {
  const b = background.n
  const m = rows.columns.size
  let place = 0
  const columns = new Map<string, Column>()
  for (const [name, column] of rows.columns) {
    const j = place++
    const fill = <T extends Float64Array | Int32Array>(into: T, own: number, theirs: T): T => {
      for (let k = 0; k < coalitions; k++) {
        if (isPresent[k * m + j] === 1) into.fill(own, k * b, (k + 1) * b)
        else into.set(theirs, k * b)
      }
      return into
    }
    const other = background.columns.get(name) as Column
    columns.set(
      name,
      column.type === 'numeric'
        ? {
            type: 'numeric',
            values: fill(
              new Float64Array(coalitions * b),
              column.values[row],
              other.type === 'numeric' ? other.values : new Float64Array(b),
            ),
          }
        : {
            ...column,
            codes: fill(
              new Int32Array(coalitions * b),
              column.codes[row],
              other.type === 'categorical' ? other.codes : new Int32Array(b),
            ),
          },
    )
  }
  return tableOf(coalitions * b, columns)
}

/** Numeric columns as one row of numbers. */
export function numbersAt(table: SampleTable, columns: readonly string[], row: number): Float64Array {
  return Float64Array.from(columns, (name) => {
    const column = table.columns.get(name)
    return column?.type === 'numeric' ? column.values[row] : Number.NaN
  })
}
