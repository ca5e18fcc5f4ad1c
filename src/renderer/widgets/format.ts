/** How numbers, instants and names are written on screen. Pure; one language (English), UTC everywhere. */

/** What stands where there is no value. */
export const absent = '–'

export type Unit = 'percent' | 'count' | 'milliseconds' | 'bytes' | 'none' | (string & {})

const decimalFormats = new Map<number, Intl.NumberFormat>()

function significant(digits: number): Intl.NumberFormat {
  let format = decimalFormats.get(digits)
  if (format === undefined) {
    format = new Intl.NumberFormat('en', { maximumSignificantDigits: digits })
    decimalFormats.set(digits, format)
  }
  return format
}

const integerFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

function isMissing(value: number | null | undefined): value is null | undefined {
  return value === null || value === undefined || !Number.isFinite(value)
}

/** `1234.5` to `1,235`, `0.004567` to `0.00457`, `4.2e-9` to `4.2e-9`; a missing or non-finite value to a dash. */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  if (isMissing(value)) return absent
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return tidyExponent(value.toExponential(Math.max(0, digits - 1)))
  if (size >= 10 ** digits) return withMinus(integerFormat.format(value))
  return withMinus(significant(digits).format(value))
}

/** With a fixed number of decimals, so that a column of numbers lines up. */
export function formatFixed(value: number | null | undefined, decimals = 2): string {
  if (isMissing(value)) return absent
  const text = value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  // What is rounded to nothing has no sign.
  return /[1-9]/.test(text) ? withMinus(text) : text.replace('-', '')
}

export function formatCount(value: number | null | undefined): string {
  return isMissing(value) ? absent : withMinus(integerFormat.format(value))
}

/** A share in [0, 1] as per cent: `0.9312` to `93.1 %`. */
export function formatPercent(share: number | null | undefined, decimals = 1): string {
  return isMissing(share) ? absent : `${formatFixed(share * 100, decimals)} %`
}

/** A sentence of the service as it is set here: with minus signs, and no per cent sign parted from its number. */
export function setSentence(text: string): string {
  return text.replace(/(\d) %/g, '$1\u00a0%').replace(/(^|[\s(])-(?=\d)/g, '$1−')
}

/** A change, always with its sign: `+0.031`, `−4`. */
export function formatSigned(value: number | null | undefined, digits = 3): string {
  if (isMissing(value)) return absent
  const text = formatNumber(value, digits)
  return value > 0 ? `+${text}` : text
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Decimal units (1 kB = 1,000 B). */
export function formatBytes(bytes: number | null | undefined): string {
  if (isMissing(bytes)) return absent
  let amount = bytes
  let unit = 0
  // 999.5 would be written 1,000: go on to the next unit.
  while (Math.abs(amount) >= 999.5 && unit < byteUnits.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${formatNumber(amount, 3)} ${byteUnits[unit]}`
}

/** The two largest units that say something: `840 ms`, `4.2 s`, `3 min 5 s`, `2 h`, `6 d 4 h`. */
export function formatDuration(durationMs: number | null | undefined): string {
  if (isMissing(durationMs)) return absent
  const sign = durationMs < 0 ? '−' : ''
  const size = Math.abs(durationMs)
  if (size < 999.5) return `${sign}${formatNumber(size, 3)} ms`
  if (size < 9_950) return `${sign}${formatNumber(size / 1000, 2)} s`
  const totalSeconds = Math.round(size / 1000)
  const parts: [number, string][] = [
    [Math.floor(totalSeconds / 86_400), 'd'],
    [Math.floor(totalSeconds / 3600) % 24, 'h'],
    [Math.floor(totalSeconds / 60) % 60, 'min'],
    [totalSeconds % 60, 's'],
  ]
  const first = parts.findIndex(([amount]) => amount > 0)
  const shown = parts.slice(first, first + 2).filter(([amount]) => amount > 0)
  return sign + shown.map(([amount, unit]) => `${integerFormat.format(amount)} ${unit}`).join(' ')
}

/** Never "0": what is below a ten-thousandth is said to be below it. */
export function formatPValue(p: number | null | undefined): string {
  if (isMissing(p)) return absent
  if (p < 0.0001) return '< 0.0001'
  if (p > 0.9999) return '> 0.9999'
  return p < 0.001 ? p.toFixed(4) : p.toFixed(3)
}

/** A value in its unit; unknown units stand after the number as they are. */
export function formatValue(value: number | null | undefined, unit: Unit = 'none', digits = 3): string {
  if (isMissing(value)) return absent
  switch (unit) {
    case 'percent':
      return formatPercent(value)
    case 'count':
      return formatCount(value)
    case 'milliseconds':
      return formatDuration(value)
    case 'bytes':
      return formatBytes(value)
    case 'none':
    case '':
      return formatNumber(value, digits)
    default:
      return `${formatNumber(value, digits)} ${unit}`
  }
}

/** A value on an axis: shorter, since its neighbours give the scale. */
export function formatTick(value: number, unit: Unit = 'none'): string {
  if (unit === 'percent') return formatPercent(value, Number.isInteger(Math.round(value * 1e6) / 1e4) ? 0 : 1)
  return formatValue(value, unit, 4)
}

/** Decimals that an interval justifies: one more than its half-width shows, at most `digits`; two at least below ten. */
export function intervalDecimals(value: number, [low, high]: readonly [number, number], digits = 3): number {
  const wanted = high > low ? Math.ceil(-Math.log10((high - low) / 2)) + 1 : digits
  return Math.min(digits, Math.max(Math.abs(value) < 10 ? 2 : 0, wanted))
}

/** `(0.89 to 0.93)` without the brackets; the unit stands once, at the end. */
export function formatInterval(interval: readonly [number, number], unit: Unit = 'none', digits = 3): string {
  const [low, high] = interval
  if (unit === 'percent') return `${formatFixed(low * 100, 1)} to ${formatPercent(high)}`
  if (unit === 'none' || unit === '' || unit === 'count') {
    return `${formatValue(low, unit, digits)} to ${formatValue(high, unit, digits)}`
  }
  if (unit === 'milliseconds' || unit === 'bytes') return `${formatValue(low, unit)} to ${formatValue(high, unit)}`
  return `${formatNumber(low, digits)} to ${formatValue(high, unit, digits)}`
}

function pad(part: number): string {
  return String(part).padStart(2, '0')
}

export function formatDate(at: number): string {
  const date = new Date(at)
  return `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`
}

/** `2026-11-21 14:20:05` in UTC; seconds only when asked for. */
export function formatInstant(at: number | null | undefined, withSeconds = false): string {
  if (isMissing(at)) return absent
  const date = new Date(at)
  const clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`
  return `${formatDate(at)} ${withSeconds ? `${clock}:${pad(date.getUTCSeconds())}` : clock}`
}

/** `3 min ago`, `in 6 d`, `now`: one unit, since the exact instant stands beside it. */
export function formatRelative(at: number, nowAt: number): string {
  const distanceMs = Math.abs(nowAt - at)
  if (distanceMs < 10_000) return 'now'
  const steps: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ]
  const [size, unit] = steps.find(([step]) => distanceMs >= step) ?? [1000, 's']
  const amount = `${integerFormat.format(Math.floor(distanceMs / size))} ${unit}`
  return at <= nowAt ? `${amount} ago` : `in ${amount}`
}

/** A hash short enough to read aloud: its first and last characters. */
export function shortenDigest(digest: string, keep = 8): string {
  return digest.length <= keep + 5 ? digest : `${digest.slice(0, keep)}…${digest.slice(-4)}`
}

function withMinus(text: string): string {
  return text.replace(/^-/, '−')
}

function tidyExponent(text: string): string {
  return withMinus(text.replace(/\.?0+e/, 'e').replace('e+', 'e'))
}
