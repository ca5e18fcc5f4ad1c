/** How numbers read in the sentences of findings: plain English, the same on every machine. */

const groupThousands = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** A count with its thousands grouped: `12,345`. */
export const sayCount = (count: number): string => groupThousands(String(count))

/** `1 row`, `12,345 rows`. */
export const sayMany = (count: number, one: string, many = `${one}s`): string =>
  `${sayCount(count)} ${count === 1 ? one : many}`

/** A number with four significant digits, without trailing zeros beyond the second decimal: `0.90`, `0.9878`, `12.50`, `1,234`. */
export function sayNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'undefined' : value > 0 ? 'infinite' : 'minus infinite'
  const size = Math.abs(value)
  if (size >= 1e15 || (size > 0 && size < 0.0001)) return value.toPrecision(2)
  const sign = value < 0 ? '-' : ''
  if (Number.isInteger(value)) return sign + sayCount(size)
  const decimals = Math.min(7, Math.max(0, 3 - Math.floor(Math.log10(size))))
  let [whole, fraction = ''] = size.toFixed(decimals).split('.')
  while (fraction.length > 2 && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  whole = groupThousands(whole)
  return sign + (fraction ? `${whole}.${fraction}` : whole)
}

/** `0.91 (0.89 to 0.93)`; the value alone without an interval, `no value` without either. */
export function sayEstimate(value: number | null, interval: readonly [number, number] | null): string {
  if (value === null) return 'no value'
  return interval === null
    ? sayNumber(value)
    : `${sayNumber(value)} (${sayNumber(interval[0])} to ${sayNumber(interval[1])})`
}

/** `a`, `a and b`, `a, b and c`; beyond `most` names the rest is counted: `a, b and 5 more`. */
export function sayList(names: readonly string[], most = 4): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names
  if (shown.length <= 1) return shown[0] ?? ''
  return `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`
}

/** `demographicParityDifference` reads `demographic parity difference`. */
export const sayMetric = (metric: string): string =>
  metric.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)

export const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Cuts a text to a length; what was cut ends in `…`. */
export const shorten = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`
