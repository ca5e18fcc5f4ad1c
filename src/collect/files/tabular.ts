/** A cell as read: text, a number where the format has numbers, null where missing. */
export type Cell = string | number | null

/** What is wrong with one row; `row` is the line of a text file (the header is line 1) or the row of a Parquet file (from 1). */
export interface RowError {
  readonly row: number
  readonly column: string | null
  readonly message: string
}

/** A file as columns of equal length, before anybody said what they mean. */
export interface Tabular {
  readonly format: 'csv' | 'jsonl' | 'parquet'
  readonly columns: readonly string[]
  readonly n: number
  /** By column, in the order of `columns`. */
  readonly cells: readonly (readonly Cell[])[]
  /** `row` of each row, for errors found later. */
  readonly rowNumbers: readonly number[]
  /** The first ones; `errorCount` counts all. Rows with errors are left out, the others stand. */
  readonly errors: readonly RowError[]
  readonly errorCount: number
}

/** Names the whole file as unreadable; thrown by the readers, with a sentence for the person who chose the file. */
export class FileFault extends Error {}

export const mostColumns = 2000
export const mostErrorsListed = 100

const missing = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL'])

/** Whether text stands for a missing value. `?` and `None` do not: files use them as categories, and they stay visible. */
export const isMissing = (text: string) => missing.has(text)

/** Collects errors: lists the first, counts all. */
export class ErrorList {
  readonly listed: RowError[] = []
  count = 0

  add(row: number, column: string | null, message: string) {
    this.count++
    if (this.listed.length < mostErrorsListed) this.listed.push({ row, column, message: message.slice(0, 500) })
  }
}

/** Column names as a file gives them, made usable: trimmed, empty ones named by position, repeated ones numbered. */
export function cleanNames(names: readonly string[]): string[] {
  const used = new Set<string>()
  return names.map((given, index) => {
    const base = given.trim().slice(0, 190) || `column_${index + 1}`
    let name = base
    for (let copy = 2; used.has(name); copy++) name = `${base}_${copy}`
    used.add(name)
    return name
  })
}
