import type { Estimate } from '../contract/primitives.ts'

/* How numbers read in the sentences of findings: plain English, the same on every machine. */

/** `12,345`. */
export const sayCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** `1 sample`, `12,345 samples`. */
export const sayMany = (count: number, one: string, many = `${one}s`): string =>
  `${sayCount(count)} ${count === 1 ? one : many}`

/** `0.9`, `0.9878`, `12.5`, `1,234.5`; below a thousandth two significant digits. */
export function sayNumber(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e15) return (value < 0 ? '-' : '') + sayCount(size)
  if (size >= 1e15 || size < 0.001) return value.toPrecision(2)
  const [whole, fraction] = size.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 4).split('.')
  const kept = fraction.replace(/0+$/, '')
  return (value < 0 ? '-' : '') + sayCount(Number(whole)) + (kept && `.${kept}`)
}

/** `12.5 %`; between 0 and 0.1 % and close to 100 % with more digits, so that neither end is claimed wrongly. */
export function sayShare(share: number): string {
  const percent = share * 100
  const toEnd = Math.min(Math.abs(percent), Math.abs(100 - percent))
  return `${Number(percent.toFixed(toEnd === 0 || toEnd >= 0.1 ? 1 : 3))} %`
}

/** `0.91 (0.89 to 0.93)`, `no value` where there is none. */
export function sayEstimate({ value, interval }: Pick<Estimate, 'value' | 'interval'>, say = sayNumber): string {
  if (value === null) return 'no value'
  return interval === null ? say(value) : `${say(value)} (${say(interval[0])} to ${say(interval[1])})`
}

/** `p = 0.032`, `p < 0.0001`. */
export const sayPValue = (p: number): string => (p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(2))}`)

/** `a`, `a and b`, `a, b and 5 more`. */
export function sayList(names: readonly string[], most = 4): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names
  if (shown.length <= 1) return shown[0] ?? ''
  return `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`
}

/** `3 minutes`, `2 hours`, `6 days`: the largest unit of which there are at least two, rounded. */
export function sayDuration(ms: number): string {
  const units: [string, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ]
  for (const [name, size] of units) {
    const count = Math.round(ms / size)
    if (count >= 2) return sayMany(count, name)
  }
  return sayMany(Math.max(0, Math.round(ms / 1000)), 'second')
}

/** `20 Nov 2026 14:20 UTC`. */
export function sayInstant(at: number): string {
  const [date, time] = new Date(at).toISOString().split('T')
  const [year, month, day] = date.split('-')
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  return `${Number(day)} ${months[Number(month) - 1]} ${year} ${time.slice(0, 5)} UTC`
}

export const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
