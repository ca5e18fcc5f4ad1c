/** A cell that a spreadsheet would take for a formula; plain numbers are none. */
const isFormula = (cell: string) => /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell)

function encodeCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = isFormula(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** CSV (RFC 4180) with a heading; cells that a spreadsheet would run begin with an apostrophe. */
export function encodeCsv(
  heading: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Uint8Array {
  const lines = [heading, ...rows].map((row) => row.map(encodeCell).join(','))
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n`)
}
