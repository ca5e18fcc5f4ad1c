import { computeMoments } from './moments.ts'
import { checkSameLength, type Estimate, insufficient, type Outcome } from './outcome.ts'
import { logitScaleInterval } from './scale-interval.ts'

export type PredictionPowered = Estimate & {
  /** How much the guesses count for: 0, they tell nothing; 1, as if they were labels. */
  readonly weight: number
}

/**
 * Share of rows for which something is true (that a prediction is right), from few labels drawn at random and a guess for every row.
 *
 * θ = mean y + λ (mean of all guesses − mean of the labelled rows' guesses), with λ = cov(y, g) / ((1 + n / N) var g), chosen on the
 * labels, kept in [0, 1]. It is right whatever the guesses are worth, as long as the labelled rows are a random draw; good
 * guesses make the interval narrower than the labels alone could. The error √(var(y − λ g) / n + λ² var(g) / N) is taken to the
 * logit scale with n − 1 degrees of freedom. `outcomes` (0/1) and `guesses` are of the labelled rows, `others` the guesses of rows
 * without a label. `insufficient`: `too-few` below ten labels, `constant` where all labels agree. O(n + N).
 * Source: Angelopoulos, Duchi and Zrnic, PPI++, arXiv 2311.01453 (2023).
 */
export function predictionPoweredShare(
  outcomes: ArrayLike<number>,
  guesses: ArrayLike<number>,
  others: ArrayLike<number>,
  confidence = 0.95,
): Outcome<PredictionPowered> {
  const n = checkSameLength(outcomes, guesses, 'outcomes and guesses')
  if (n < 10 || others.length < 1) return insufficient('too-few', n, 10)
  const y = computeMoments(outcomes)
  const g = computeMoments(guesses)
  const rest = computeMoments(others)
  if (!(y.m2 > 0)) return insufficient('constant', n)
  let together = 0
  for (let i = 0; i < n; i++) together += (outcomes[i] - y.mean) * (guesses[i] - g.mean)
  const weight = g.m2 > 0 ? Math.min(1, Math.max(0, together / g.m2 / (1 + n / rest.n))) : 0
  const value = y.mean + weight * (rest.mean - g.mean)
  // Two numbers were fitted to the labels: their mean and the weight.
  let squares = 0
  for (let i = 0; i < n; i++) squares += (outcomes[i] - y.mean - weight * (guesses[i] - g.mean)) ** 2
  const error = Math.sqrt(squares / (n - 2) / n + (weight * weight * (rest.m2 / Math.max(1, rest.n - 1))) / rest.n)
  const bounds = logitScaleInterval(value, error, n, confidence)
  return bounds.status === 'ok'
    ? { status: 'ok', value, interval: bounds.interval, n, weight }
    : insufficient('constant', n)
}
