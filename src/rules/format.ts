/** How numbers and instants read in sentences: plain English, UTC, the same on every machine. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const unitsNotSaid = new Set(['', '1', 'share', 'ratio', 'count'])

const groupThousands = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** A count, with thousands grouped: `12,345`. */
export const formatCount = (count: number): string => (count < 0 ? '-' : '') + groupThousands(String(Math.abs(count)))

/**
 * A number as a person would write it: `0.90`, `0.9878`, `12.5`, `1,234.5`. Without `decimals` it keeps at most four and
 * drops trailing zeros beyond two; tiny numbers keep two significant digits. Infinite and undefined numbers say so.
 */
export function formatNumber(value: number, decimals?: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'undefined' : value > 0 ? 'unlimited' : '-unlimited'
  const size = Math.abs(value)
  if (decimals === undefined && Number.isInteger(value) && size < 1e15) return formatCount(value)
  if (size >= 1e15 || (size > 0 && size < 0.001)) return value.toPrecision(2)
  const wanted = decimals ?? (size >= 100 ? 1 : size >= 1 ? 2 : 4)
  let [whole, fraction = ''] = size.toFixed(wanted).split('.')
  if (decimals === undefined) while (fraction.length > 2 && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  whole = groupThousands(whole)
  return (value < 0 ? '-' : '') + (fraction ? `${whole}.${fraction}` : whole)
}

/** Decimals that an interval of this width justifies: two for 0.89 to 0.93, three for 0.973 to 0.984. */
const decimalsFor = (width: number) =>
  width > 0 && Number.isFinite(width) ? Math.min(4, Math.max(2, Math.ceil(-Math.log10(width / 2)))) : undefined

export const withUnit = (text: string, unit: string): string =>
  unitsNotSaid.has(unit) ? text : unit === '%' ? `${text} %` : `${text} ${unit}`

/** `0.91 (0.89 to 0.93)`, the value alone without an interval, `no value` without either. */
export function formatEstimate(estimate: {
  readonly value: number | null
  readonly interval: readonly [number, number] | null
  readonly unit?: string
}): string {
  const { value, interval, unit = '' } = estimate
  if (value === null) return 'no value'
  if (interval === null) return withUnit(formatNumber(value), unit)
  const decimals = decimalsFor(interval[1] - interval[0])
  const [low, high] = interval.map((end) => formatNumber(end, decimals))
  return withUnit(`${formatNumber(value, decimals)} (${low} to ${high})`, unit)
}

const two = (part: number) => String(part).padStart(2, '0')

/** `14:20 UTC` on the day of `now`, `20 Nov 14:20 UTC` in its year, `20 Nov 2024 14:20 UTC` otherwise. */
export function formatInstant(at: number, now: number): string {
  const then = new Date(at)
  const today = new Date(now)
  const time = `${two(then.getUTCHours())}:${two(then.getUTCMinutes())} UTC`
  if (Math.floor(at / 86_400_000) === Math.floor(now / 86_400_000)) return time
  const day = `${then.getUTCDate()} ${months[then.getUTCMonth()]}`
  const year = then.getUTCFullYear()
  return year === today.getUTCFullYear() ? `${day} ${time}` : `${day} ${year} ${time}`
}

/** `3 minutes`, `2 hours`, `6 days`: the largest unit of which there are at least two, rounded. */
export function formatDuration(ms: number): string {
  const units: [string, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ]
  for (const [name, size] of units) {
    const count = Math.round(ms / size)
    if (count >= 2) return `${formatCount(count)} ${name}s`
  }
  const seconds = Math.max(0, Math.round(ms / 1000))
  return seconds === 1 ? '1 second' : `${formatCount(seconds)} seconds`
}

/** `a`, `a and b`, `a, b and c`; beyond `most` names the rest is counted: `a, b and 5 more`. */
export function formatList(names: readonly string[], most = 4): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : [...names]
  if (shown.length <= 1) return shown[0] ?? ''
  return `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`
}

export const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Cuts a text to a length in UTF-16 units without splitting a character; what was cut ends in `…`. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  let end = maxLength - 1
  const last = text.charCodeAt(end - 1)
  if (last >= 0xd800 && last <= 0xdbff) end -= 1
  return `${text.slice(0, end)}…`
}
