import type { Column } from '../../contract/table.ts'
import { sayCount } from '../wording.ts'

/** A dictionary of classes: the declared ones in their order, then others as they occur. */
export interface ClassList {
  readonly names: readonly string[]
  /** Code of a class; -1 for one that does not occur. */
  codeOf(name: string): number
}

/** Declared classes and those that occur in any of the columns; a label nobody declared is a class, not a gap. */
export function listClasses(declared: readonly string[], columns: readonly (Column | null)[]): ClassList {
  const codes = new Map<string, number>()
  const add = (name: string) => codes.has(name) || codes.set(name, codes.size)
  declared.forEach(add)
  const found = new Set<string>()
  for (const column of columns) if (column !== null) for (const name of occurring(column)) found.add(name)
  for (const name of [...found].sort()) add(name)
  return { names: [...codes.keys()], codeOf: (name) => codes.get(name) ?? -1 }
}

/** Beyond it a table of all pairs of classes fits no page, and from some ten thousand on no memory. */
const mostClasses = 1000

/** Why so many classes cannot be compared, null when they can: most often they name rows, or are the numbers of a regression. */
export const tooManyClasses = ({ names }: ClassList): string | null =>
  names.length <= mostClasses
    ? null
    : `${sayCount(names.length)} classes occur and at most ${sayCount(mostClasses)} can be compared; is it an identifier, or a number to be predicted?`

function occurring(column: Column): Set<string> {
  if (column.type === 'numeric') {
    const values = new Set<number>()
    for (const value of column.values) if (Number.isFinite(value)) values.add(value)
    return new Set([...values].map(String))
  }
  const seen = new Uint8Array(column.categories.length)
  for (const code of column.codes) if (code >= 0) seen[code] = 1
  return new Set(column.categories.filter((_, code) => seen[code] === 1))
}

/** Codes of a column over a class list, -1 where missing or infinite; numbers stand for the class of that name (1 for `1`). */
export function classCodes(column: Column, classes: ClassList): Int32Array {
  if (column.type === 'numeric') {
    const known = new Map<number, number>()
    const codes = new Int32Array(column.values.length)
    for (let row = 0; row < codes.length; row++) {
      const value = column.values[row]
      let code = known.get(value)
      if (code === undefined) {
        code = Number.isFinite(value) ? classes.codeOf(String(value)) : -1
        known.set(value, code)
      }
      codes[row] = code
    }
    return codes
  }
  const place = Int32Array.from(column.categories, (name) => classes.codeOf(name))
  return column.codes.map((code) => (code >= 0 ? place[code] : -1))
}
