/** Where a command writes: answers to `out`, everything else to `err`. */
export interface Output {
  readonly out: (text: string) => void
  /** One line for whoever watches. */
  readonly err: (line: string) => void
}

/** One object, alone on standard output; what is no number is null. */
export const writeJson = ({ out }: Output, value: object): void => out(`${JSON.stringify(value)}\n`)

export type Align = 'left' | 'right'
export interface TableColumn {
  readonly title: string
  readonly align?: Align
}

// What a file holds may not move the cursor of a terminal.
const printable = (text: string) => text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD')
const widest = 60
const cut = (text: string) => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text)

/** Rows in columns that line up, under their titles; the last column is not padded and may be long. */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const last = columns.length - 1
  const cells = [columns.map(({ title }) => title), ...rows].map((row) =>
    row.map((cell, column) => (column === last ? printable(cell) : cut(printable(cell)))),
  )
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => [...row[column]].length)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        const blanks = ' '.repeat(widths[column] - [...cell].length)
        if (columns[column].align === 'right') return blanks + cell
        return column === last ? cell : cell + blanks
      })
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

/** A number in a table: four decimals that matter, `-` without a value. */
export function formatValue(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-'
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e15) return String(value)
  if (size >= 1e9 || (size > 0 && size < 0.0001)) return value.toExponential(2)
  return value.toFixed(size >= 1000 ? 1 : size >= 10 ? 2 : 4)
}

export const formatInterval = (interval: readonly [number, number] | null | undefined): string =>
  interval ? `${formatValue(interval[0])} to ${formatValue(interval[1])}` : '-'

export const formatPValue = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : value < 0.0001 ? '<0.0001' : value.toFixed(4)

/** Status as a word before the sentence: `BREACH  …`. */
export const formatHeadline = ({ status, text }: { readonly status: string; readonly text: string }): string =>
  `${status.toUpperCase()}  ${printable(text)}\n`
