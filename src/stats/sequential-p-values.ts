import { startWeight } from './e-process.ts'

/**
 * Turns a p-value into an e-value: (1 − p + p ln p) / (p ln² p), the mean of κ p^(κ−1) over all κ in (0, 1).
 *
 * Large where p is small, 1/2 at p = 1, expectation one under the null. Feeding such values to an e-process needs p-values
 * that hold given the past: independent windows each tested against a known law, not one finite reference used every day,
 * whose own error repeats. For those use {@link spendAlpha}. RangeError outside [0, 1].
 * Source: Vovk and Wang, Annals of Statistics 49 (2021) 1736.
 */
export function eValueOfPValue(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value lies in [0, 1], got ${p}`)
  const kept = Math.max(p, 1e-280)
  const log = Math.log(kept)
  // Near one numerator and denominator both vanish; the first terms of the series about it are exact there.
  if (1 - kept < 1e-4) return 0.5 + (1 - kept) / 6
  return (1 - kept + kept * log) / (kept * log * log)
}

/** State of a test that spends its error probability over an unlimited number of looks; plain data. */
export type AlphaSpending = { readonly alpha: number; looks: number }

/** Starts a test whose false-alarm probability over its whole life is at most `alpha`. */
export function createAlphaSpending(alpha = 0.05): AlphaSpending {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha lies in (0, 1), got ${alpha}`)
  return { alpha, looks: 0 }
}

/**
 * Takes the next look's p-value (in place): alarm when p is at most this look's part of alpha, about alpha / (k ln² k).
 *
 * Any dependence between looks is allowed (one reference for all, growing windows), since the parts only add up. RangeError
 * for p outside [0, 1]; null, a look that could not be done, spends nothing.
 */
export function spendAlpha(
  spending: AlphaSpending,
  p: number | null,
): { readonly limit: number; readonly alarm: boolean } {
  if (p === null) return { limit: 0, alarm: false }
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value lies in [0, 1], got ${p}`)
  spending.looks++
  const limit = spending.alpha * startWeight(spending.looks)
  return { limit, alarm: p <= limit }
}
