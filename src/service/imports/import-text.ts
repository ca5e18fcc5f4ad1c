import type { RowError } from '../../collect/files.ts'
import { formatCount } from '../../rules/format.ts'

/** `1 row`, `48,842 rows`. */
export const countOf = (count: number, noun: string): string =>
  `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`

/** Where an error is and what it is: `row 17, age: expected a number, got "x"`. */
export const sayRowError = ({ row, column, message }: RowError): string =>
  `row ${row}${column === null ? '' : `, ${column}`}: ${message}`
