import { createTableBuilder, readJsonLines, toCell } from './json-lines.ts'
import { type Cell, ErrorList, type Tabular } from './tabular.ts'

/** Members of nested objects become columns `outer.inner`; arrays stay as their JSON text. */
function flatten(value: object, prefix: string, into: (name: string, cell: Cell) => void) {
  for (const [name, member] of Object.entries(value)) {
    const path = (prefix + name).slice(0, 200)
    if (typeof member === 'object' && member !== null && !Array.isArray(member)) flatten(member, `${path}.`, into)
    else into(path, toCell(member))
  }
}

/**
 * Reads one JSON object a line. Columns are those of all rows in order of appearance; a row without one has it missing. A line that
 * is no object is left out and reported with its number.
 */
export async function readJsonl(source: AsyncIterable<Uint8Array>): Promise<Tabular> {
  const errors = new ErrorList()
  const table = createTableBuilder()
  for await (const { line, value } of readJsonLines(source, errors))
    table.addRow(line, (put) => flatten(value, '', put))
  return table.finish(errors)
}
