import type { RowError, SampleTableResult } from '../../collect/files.ts'
import type { IntakeBatch } from '../../contract/intake.ts'
import type { Column } from '../../contract/table.ts'

type Letter = IntakeBatch['deadLetters'][number]

/** Rows of one import that get a dead letter each; the others are counted in a last one. */
export const maxLetters = 1000

const valueAt = (column: Column, row: number) =>
  column.type === 'numeric' ? column.values[row] : (column.categories[column.codes[row]] ?? null)

/** A row of the table as JSON, for whoever looks into what was refused. */
function rowText({ table, rowNumbers }: SampleTableResult, rowNumber: number): string {
  const row = rowNumbers.indexOf(rowNumber)
  if (row < 0) return ''
  const members = [...table.columns].map(([name, column]) => [name, valueAt(column, row)])
  for (const [name, column] of [
    ['prediction', table.prediction],
    ['label', table.label],
  ] as const)
    if (column !== null) members.push([name, valueAt(column, row)])
  return JSON.stringify({ id: table.ids?.[row], at: table.at?.[row], ...Object.fromEntries(members) })
}

/** Writes the dead letters of one import: rows that were refused, with their reasons. */
export function createImportLetters({
  fileName,
  at,
  result,
  lines,
  connectionId = null,
}: {
  readonly fileName: string
  readonly at: number
  readonly result: SampleTableResult
  readonly lines: ReadonlyMap<number, string>
  readonly connectionId?: string | null
}) {
  let written = 0
  const letter = (row: number | null, code: Letter['code'], reason: string): Letter => {
    const payload = Buffer.from(row === null ? '' : (lines.get(row) ?? rowText(result, row)))
    return {
      at,
      connectionId,
      source: `${fileName}${row === null ? '' : `, row ${row}`}`.slice(0, 1000),
      code,
      reason: reason.slice(0, 2000),
      payloadBase64: payload.subarray(0, 16_384).toString('base64'),
      payloadBytes: payload.length,
    }
  }
  return {
    /** Letters for refused rows, as far as there is room. */
    of(errors: readonly RowError[], code: Letter['code']): Letter[] {
      const kept = errors.slice(0, maxLetters - written)
      written += kept.length
      return kept.map(({ row, column, message }) =>
        letter(row, code, column === null ? message : `${column}: ${message}`),
      )
    },
    /** One for all that had no room, of `refused` rows. */
    rest: (refused: number): Letter[] =>
      refused > written
        ? [letter(null, 'wrong-shape', `${refused - written} more rows of this file were refused`)]
        : [],
  }
}
