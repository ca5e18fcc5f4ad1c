import { CliFault } from '../fault.ts'
import { suggest } from '../near-matches.ts'
import type { Measured } from '../questions/asked.ts'

/** A limit of a gate, as written: `--max psi=0.2`, `--min recall:cat=0.8`. */
export interface GateLimit {
  readonly direction: 'max' | 'min'
  readonly metric: string
  /** Column, class or group; null: wherever the metric is measured. */
  readonly of: string | null
  readonly value: number
}

/**
 * How a number is held against its limit. `value`: the number itself. `strict`: all of its interval, so that only what is proven
 * good passes. `lenient`: only what is proven bad fails, by all of its interval, or by the test behind it where it has no interval.
 */
export type Judging = 'value' | 'strict' | 'lenient'
export const judgings: readonly Judging[] = ['value', 'strict', 'lenient']

export interface JudgeOptions {
  readonly judging: Judging
  /** Numbers of fewer rows are not judged. */
  readonly minN: number
  readonly alpha: number
}

export interface GateResult extends Measured {
  readonly direction: 'max' | 'min'
  readonly limit: number
  readonly outcome: 'ok' | 'breach' | 'insufficient'
}

/** Reads `metric=limit` or `metric:where=limit`; a where may hold colons and equals signs. */
export function parseLimit(direction: 'max' | 'min', text: string): GateLimit {
  const at = text.lastIndexOf('=')
  const name = text.slice(0, at).trim()
  const given = text.slice(at + 1).trim()
  const value = Number(given)
  if (at < 1 || given === '' || !Number.isFinite(value))
    throw new CliFault(`--${direction} ${text}: a limit is written metric=number, or metric:where=number`)
  const colon = name.indexOf(':')
  const metric = colon < 0 ? name : name.slice(0, colon)
  const of = colon < 0 ? null : name.slice(colon + 1)
  if (metric === '' || of === '') throw new CliFault(`--${direction} ${text}: metric or place is empty`)
  return { direction, metric, of, value }
}

/** Numbers that a limit applies to; none is a CliFault that names what there is. */
export function select(limit: GateLimit, measured: readonly Measured[]): Measured[] {
  const { metric, of, direction } = limit
  const sameMetric = measured.filter((found) => found.metric === metric)
  if (sameMetric.length === 0)
    throw new CliFault(
      `--${direction} ${metric}: no such metric is measured here${suggest(metric, [...new Set(measured.map((found) => found.metric))])}`,
    )
  // Without a place a limit is on the whole where the whole is measured, and on every part where only parts are.
  if (of === null) {
    const whole = sameMetric.filter((found) => found.of === null)
    return whole.length > 0 ? whole : sameMetric
  }
  if (of === '*') return sameMetric.filter((found) => found.of !== null)
  const found = sameMetric.filter((candidate) => candidate.of === of)
  if (found.length > 0) return found
  const places = sameMetric.flatMap((candidate) => candidate.of ?? [])
  throw new CliFault(`--${direction} ${metric}:${of}: it is not measured there${suggest(of, places)}`)
}

/** Holds every limit against the numbers it applies to, in the order of the limits. */
export function judgeLimits(
  limits: readonly GateLimit[],
  measured: readonly Measured[],
  options: JudgeOptions,
): GateResult[] {
  return limits.flatMap((limit) =>
    select(limit, measured).map((found) => ({
      ...found,
      direction: limit.direction,
      limit: limit.value,
      outcome: judge(found, limit, options),
    })),
  )
}

function judge(found: Measured, { direction, value: limit }: GateLimit, options: JudgeOptions): GateResult['outcome'] {
  const { value, interval, n, pValue, isApart } = found
  if (value === null || !Number.isFinite(value) || n < options.minN || isApart) return 'insufficient'
  const isPast = (number: number) => (direction === 'max' ? number > limit : number < limit)
  const [best, worst] = direction === 'max' ? [0, 1] : [1, 0]
  if (options.judging === 'strict') return isPast(interval === null ? value : interval[worst]) ? 'breach' : 'ok'
  if (options.judging === 'lenient') {
    if (interval !== null) return isPast(interval[best]) ? 'breach' : 'ok'
    return isPast(value) && (pValue === null || pValue <= options.alpha) ? 'breach' : 'ok'
  }
  return isPast(value) ? 'breach' : 'ok'
}
