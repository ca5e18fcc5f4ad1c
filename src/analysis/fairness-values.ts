import { normalQuantile } from '../stats/normal-distribution.ts'
import { quantileSorted } from '../stats/quantiles.ts'
import { type Random, randomNormal } from '../stats/random.ts'
import type { GapOptions } from './fairness-contrasts.ts'

/** A number of one group that is no rate, with its standard error. */
export interface GroupValue {
  readonly group: number
  readonly value: number
  readonly standardError: number
  /** What the standard error was estimated from. */
  readonly n: number
}

export interface ValueGap {
  readonly value: number
  readonly interval: [number, number]
  readonly higher: GroupValue
  readonly lower: GroupValue
}

/**
 * Largest difference of a number (F1, mean score, calibration bias, area under the curve) between any two groups, with an interval
 * that holds for the pair picked afterwards.
 *
 * As `largestDifference` of rates, with normal draws of each group's standard error in place of binomial ones, and the errors
 * themselves drawn too (a variance of n values strays as χ² with n − 1 degrees of freedom): the lower bound is the largest of d − t·s
 * over all pairs with t the quantile of the largest studentised deviation, the upper one the largest of d + z·s. It holds as far
 * as each group's number is about normal. Null with fewer than two groups. O(resamples · groups²).
 * Source: Romano and Wolf, Econometrica 73 (2005) 1237; Wilson and Hilferty, PNAS 17 (1931) 684 (χ² from a normal).
 */
export function largestValueDifference(values: readonly GroupValue[], options: GapOptions): ValueGap | null {
  if (values.length < 2) return null
  const { low, high, higher, lower } = boundsOf(values, options)
  const value = higher.value - lower.value
  return { value, interval: [Math.min(value, Math.max(0, low)), Math.max(value, high)], higher, lower }
}

/** Smallest ratio of a positive number between any two groups, as above on the logarithms; null where one is not above 0. */
export function smallestValueRatio(values: readonly GroupValue[], options: GapOptions): ValueGap | null {
  if (values.length < 2 || values.some(({ value }) => value <= 0)) return null
  const logarithms = values.map(({ group, value, standardError, n }) => ({
    group,
    n,
    value: Math.log(value),
    standardError: standardError / value,
  }))
  const { low, high, higher, lower } = boundsOf(logarithms, options)
  const ofGroup = (found: GroupValue) => values.find(({ group }) => group === found.group) ?? found
  const value = Math.exp(lower.value - higher.value)
  return {
    value,
    interval: [Math.min(value, Math.exp(-high)), Math.max(value, Math.min(1, Math.exp(-low)))],
    higher: ofGroup(higher),
    lower: ofGroup(lower),
  }
}

function boundsOf(values: readonly GroupValue[], { confidence, resamples, random, check }: GapOptions) {
  const tail = (1 - confidence) / 2
  const spread = (i: number, j: number) => Math.hypot(values[i].standardError, values[j].standardError)
  const largest = new Float64Array(resamples)
  for (let draw = 0; draw < resamples; draw++) {
    check()
    const moved = values.map(({ standardError }) => randomNormal(random) * standardError)
    const errors = values.map(({ standardError, n }) => standardError * drawErrorFactor(random, n))
    for (let i = 1; i < values.length; i++)
      for (let j = 0; j < i; j++) {
        const apart = Math.abs(moved[i] - moved[j])
        if (apart > 0) largest[draw] = Math.max(largest[draw], apart / Math.hypot(errors[i], errors[j]))
      }
  }
  const together = quantileSorted(largest.sort(), 1 - tail) ?? 0
  const alone = normalQuantile(1 - tail)
  let [higher, lower] = [values[0], values[0]]
  let low = Number.NEGATIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    if (values[i].value > higher.value) higher = values[i]
    if (values[i].value < lower.value) lower = values[i]
    for (let j = 0; j < i; j++) {
      const gap = Math.abs(values[i].value - values[j].value)
      low = Math.max(low, gap - together * spread(i, j))
      high = Math.max(high, gap + alone * spread(i, j))
    }
  }
  return { low, high, higher, lower }
}

/** By what factor a standard error estimated from n values misses the true one: √(χ² / (n − 1)). */
function drawErrorFactor(random: Random, n: number): number {
  const spread = 2 / (9 * Math.max(1, n - 1))
  return Math.max(0.05, 1 - spread + Math.sqrt(spread) * randomNormal(random)) ** 1.5
}
