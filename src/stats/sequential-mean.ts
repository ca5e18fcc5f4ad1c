import { reserveAfter, startWeight } from './e-process.ts'

/**
 * State of a sequential test that the mean of bounded values keeps to a limit, over an unlimited life; plain data.
 *
 * Example: errors as 0/1 against a tolerated error rate of 0.1.
 */
export type SequentialMeanTest = {
  readonly limit: number
  readonly low: number
  readonly high: number
  /** What the alarm claims: the mean has come to lie `above` or `below` the limit. */
  readonly side: 'above' | 'below'
  readonly alpha: number
  n: number
  missing: number
  /** Wealth at stake per size of bet. */
  readonly staked: number[]
  wealth: number
  peak: number
}

/** Bets tried at once, as shares of the largest that cannot go broke. */
const BETS = [0.9, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015, 0.0075]
const MAX_WEALTH = 1e290

/**
 * Starts a test that values in [low, high] have a mean at most (`above`) or at least (`below`) `limit`.
 *
 * While every value's mean, given the past, keeps to the limit, it ever alarms with probability at most `alpha`. RangeError
 * unless low < limit < high and 0 < alpha < 1. Source: Waudby-Smith and Ramdas, J. R. Statist. Soc. B 86 (2024) 1, with
 * mixtures over the size of the bet and over the step at which the mean may have changed.
 */
export function createSequentialMeanTest(
  limit: number,
  { low = 0, high = 1, side = 'above' as 'above' | 'below', alpha = 0.05 } = {},
): SequentialMeanTest {
  if (!(low < limit && limit < high)) throw new RangeError(`a limit lies inside (${low}, ${high}), got ${limit}`)
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha lies in (0, 1), got ${alpha}`)
  return { limit, low, high, side, alpha, n: 0, missing: 0, staked: BETS.map(() => 0), wealth: 1, peak: 1 }
}

/**
 * Takes the next value (in place); `alarm` once the wealth has reached 1/alpha, and from then on.
 *
 * NaN counts as missing and changes nothing else; RangeError for a value outside [low, high]. Constant time.
 */
export function updateSequentialMeanTest(
  test: SequentialMeanTest,
  value: number,
): { readonly wealth: number; readonly pValue: number; readonly alarm: boolean } {
  if (Number.isNaN(value)) test.missing++
  else step(test, value)
  const pValue = Math.min(1, 1 / test.peak)
  return { wealth: test.wealth, pValue, alarm: pValue <= test.alpha }
}

function step(test: SequentialMeanTest, value: number): void {
  if (!(value >= test.low && value <= test.high)) {
    throw new RangeError(`a value lies in [${test.low}, ${test.high}], got ${value}`)
  }
  test.n++
  // In units in which the worst value loses the whole bet: gain in [−1, …).
  const room = test.side === 'above' ? test.limit - test.low : test.high - test.limit
  const gain = (test.side === 'above' ? value - test.limit : test.limit - value) / room
  const entering = startWeight(test.n)
  let sum = 0
  for (let b = 0; b < BETS.length; b++) {
    test.staked[b] = Math.min(MAX_WEALTH, (test.staked[b] + entering) * (1 + BETS[b] * gain))
    sum += test.staked[b]
  }
  test.wealth = sum / BETS.length + reserveAfter(test.n)
  test.peak = Math.max(test.peak, test.wealth)
}
