import { decodeTable } from '../../../collect/dataset-codec.ts'
import type { InferRow, InferValue } from '../../../collect/endpoint.ts'
import { isBlobKind } from '../../../contract/blob.ts'
import type { ColumnSpec, Dataset, SchemaSpec } from '../../../contract/model.ts'
import type { Column, SampleTable } from '../../../contract/table.ts'
import { formatCount, formatList } from '../../../rules/format.ts'
import type { BlobStore } from '../../../store/store.ts'
import type { EvidenceColumn, EvidenceRow } from '../evidence/shape.ts'
import { cellOfNumber } from '../evidence/tables.ts'
import { RunFault } from './run-fault.ts'

/** More rows than this are not sent through an endpoint in one run. */
export const maxTestRows = 100_000

type Cell = EvidenceRow['values'][number]

/** A labelled test set, ready to be sent. */
export interface TestSet {
  readonly n: number
  readonly schema: SchemaSpec
  /** Inputs in the order the model takes them. */
  readonly inputs: readonly ColumnSpec[]
  /** Everything that evidence keeps of a row: inputs, and the columns that groups and slices are formed by. */
  readonly columns: readonly EvidenceColumn[]
  readonly table: SampleTable
  valuesOf(row: number): Cell[]
  labelOf(row: number): Cell
  idOf(row: number): string | null
  /** The inputs of a row as they go over the wire; blobs are read by their digest. */
  inferRow(row: number): Promise<InferRow>
}

export function cellAt(column: Column, row: number): Cell {
  if (column.type === 'numeric') return cellOfNumber(column.values[row])
  const code = column.codes[row]
  return code < 0 ? null : column.categories[code]
}

function faultsOf(table: SampleTable, schema: SchemaSpec): string[] {
  const found: string[] = []
  if (table.n === 0) found.push('The test set is empty')
  if (table.n > maxTestRows)
    found.push(`The test set has ${formatCount(table.n)} rows; at most ${formatCount(maxTestRows)} are run`)
  if (table.label === null) found.push('The test set has no labels')
  const inputs = schema.columns.filter((column) => column.role === 'input')
  const absent = inputs.filter((spec) => spec.isRequired && !table.columns.has(spec.name)).map((spec) => spec.name)
  if (absent.length > 0) found.push(`The test set lacks the inputs ${formatList(absent)}`)
  const wrong = inputs.filter(({ name, type }) => {
    const column = table.columns.get(name)
    return column !== undefined && (column.type === 'numeric') !== (type === 'numeric')
  })
  if (wrong.length > 0)
    found.push(
      `The test set holds ${formatList(wrong.map(({ name, type }) => `${name} not as ${type === 'numeric' ? 'numbers' : 'text'}`))}`,
    )
  return found
}

/** Label as the schema names it: classes are texts, even where a file held them as numbers. */
function labelCell(column: Column, row: number, schema: SchemaSpec): Cell {
  const cell = cellAt(column, row)
  return schema.task === 'regression' || cell === null ? cell : String(cell)
}

/** Reads the versioned test set of a plan. Throws a `RunFault` when it cannot serve to test this version. */
export async function loadTestSet(
  blobs: Pick<BlobStore, 'get'>,
  dataset: Pick<Dataset, 'digest' | 'name'>,
  schema: SchemaSpec,
): Promise<TestSet> {
  const bytes = await blobs.get(dataset.digest)
  if (bytes === null) throw new RunFault(`The rows of the test set ${dataset.name} are not in the workspace`)
  const table = decodeTable(bytes)
  const faults = faultsOf(table, schema)
  if (faults.length > 0) throw new RunFault(`${faults.join('. ')}.`)
  const specs = new Map(schema.columns.map((spec) => [spec.name, spec]))
  const columns = [...table.columns].map(([name, column]): EvidenceColumn => {
    const spec = specs.get(name)
    return {
      name,
      type: spec !== undefined && isBlobKind(spec.type) ? spec.type : column.type,
      role: spec?.role ?? 'context',
    }
  })
  const inputs = schema.columns.filter((column) => column.role === 'input')

  async function inputValue(spec: ColumnSpec, row: number): Promise<InferValue> {
    const column = table.columns.get(spec.name)
    const cell = column === undefined ? null : cellAt(column, row)
    if (cell === null || !isBlobKind(spec.type)) return cell
    // A text may also stand in the table itself.
    if (spec.type === 'text' && !/^[0-9a-f]{64}$/.test(String(cell))) return cell
    const blob = await blobs.get(String(cell))
    const what = spec.type === 'image' ? 'picture' : spec.type
    if (blob === null) throw new RunFault(`The ${what} of row ${row + 1} is not in the workspace`)
    return spec.type === 'text' ? new TextDecoder().decode(blob) : blob
  }

  return {
    n: table.n,
    schema,
    inputs,
    columns,
    table,
    valuesOf: (row) => [...table.columns.values()].map((column) => cellAt(column, row)),
    labelOf: (row) => (table.label === null ? null : labelCell(table.label, row, schema)),
    idOf: (row) => table.ids?.[row] ?? null,
    inferRow: async (row) =>
      Object.fromEntries(
        await Promise.all(inputs.map(async (spec) => [spec.name, await inputValue(spec, row)] as const)),
      ),
  }
}
