const oldest = Date.UTC(1971, 0, 1)
const newest = 253_402_300_799_999

/**
 * Reads an instant: epoch seconds or milliseconds (told apart by size), or ISO 8601; without an offset it is taken as UTC, and a
 * blank may stand for the T. Null when it is none.
 */
export function parseTime(cell: string | number): number | null {
  if (typeof cell === 'number' || /^-?\d{9,16}(\.\d+)?$/.test(cell)) {
    const number = Number(cell)
    const at = Math.round(Math.abs(number) < 1e11 ? number * 1000 : number)
    return at >= oldest && at <= newest ? at : null
  }
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i.exec(cell)
  if (!match) return null
  const [, day, time = '00:00', zone = 'Z'] = match
  const offset = /^(Z|UTC)$/i.test(zone) ? 'Z' : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  // A day that no month has would be read as one of the next month.
  if (new Date(`${day}T00:00Z`).getUTCDate() !== Number(day.slice(8))) return null
  const at = Date.parse(`${day}T${time.replace(',', '.').replace(/(\.\d{3})\d+/, '$1')}${offset}`)
  return Number.isFinite(at) && at >= 0 ? at : null
}
