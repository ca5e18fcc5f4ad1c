import { twoSidedZ } from './normal-distribution.ts'
import { checkConfidence, type Estimate, insufficient, type Outcome } from './outcome.ts'
import type { ScoredClasses } from './scored-classes.ts'

export type RocAuc = Estimate & {
  readonly positives: number
  readonly negatives: number
  /** DeLong's standard error; 0 when the classes are apart. */
  readonly standardError: number
}

/**
 * Area under the ROC curve: the probability that a positive scores above a negative, ties counted half, with DeLong's
 * interval on the logit scale.
 *
 * When the classes are perfectly apart the variance is zero and says nothing: the open bound is then the exact binomial one
 * for min(positives, negatives) successes in a row. `insufficient` with `one-class` when a class is absent, `too-few`
 * when one has a single row. O(n) on split scores. Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837;
 * Sun and Xu, IEEE Signal Process. Lett. 21 (2014) 1389.
 */
export function rocAuc({ positive, negative }: ScoredClasses, confidence = 0.95): Outcome<RocAuc> {
  checkConfidence(confidence)
  const n = positive.length
  const m = negative.length
  if (n === 0 || m === 0) return insufficient('one-class', n + m)
  if (n < 2 || m < 2) return insufficient('too-few', Math.min(n, m), 2)
  // For each positive the negatives it beats, for each negative the positives that beat it; ties half.
  let sum = 0
  let positiveSquares = 0
  let negativeSquares = 0
  forEachScoreUp(positive, negative, (equalPositives, equalNegatives, positivesBelow, negativesBelow) => {
    const beaten = negativesBelow + equalNegatives / 2
    const beatenBy = n - positivesBelow - equalPositives / 2
    sum += equalPositives * beaten
    positiveSquares += equalPositives * beaten * beaten
    negativeSquares += equalNegatives * beatenBy * beatenBy
  })
  const value = sum / (n * m)
  const positiveVariance = (positiveSquares / (m * m) - n * value * value) / (n - 1)
  const negativeVariance = (negativeSquares / (n * n) - m * value * value) / (m - 1)
  const standardError = Math.sqrt(Math.max(0, positiveVariance / n + negativeVariance / m))
  const interval = { ...aucBounds(value, standardError, Math.min(n, m), confidence), confidence }
  return { status: 'ok', value, interval, n: n + m, positives: n, negatives: m, standardError }
}

function aucBounds(value: number, error: number, fewest: number, confidence: number): { low: number; high: number } {
  if (value === 0 || value === 1) {
    const open = ((1 - confidence) / 2) ** (1 / fewest)
    return value === 1 ? { low: open, high: 1 } : { low: 0, high: 1 - open }
  }
  const logit = Math.log(value / (1 - value))
  const margin = (twoSidedZ(confidence) * error) / (value * (1 - value))
  return { low: 1 / (1 + Math.exp(margin - logit)), high: 1 / (1 + Math.exp(-margin - logit)) }
}

/** Visits each distinct score upwards with how many positives and negatives have it and how many lie below. */
function forEachScoreUp(
  positive: Float64Array,
  negative: Float64Array,
  visit: (equalPositives: number, equalNegatives: number, positivesBelow: number, negativesBelow: number) => void,
): void {
  let i = 0
  let j = 0
  while (i < positive.length || j < negative.length) {
    const x = j >= negative.length || (i < positive.length && positive[i] < negative[j]) ? positive[i] : negative[j]
    const i0 = i
    const j0 = j
    while (i < positive.length && positive[i] === x) i++
    while (j < negative.length && negative[j] === x) j++
    visit(i - i0, j - j0, i0, j0)
  }
}

/** One point of a ROC curve: rows scoring at least `threshold` are called positive. */
export type RocPoint = {
  readonly threshold: number
  readonly truePositiveRate: number
  readonly falsePositiveRate: number
}

/**
 * The ROC curve from the highest threshold down, thinned to at most about `maxPoints` distinct scores.
 *
 * Empty when a class is absent. The corner (0, 0) is left to the reader. O(n).
 */
export function rocCurve({ positive, negative }: ScoredClasses, maxPoints = 200): RocPoint[] {
  const points: RocPoint[] = []
  const n = positive.length
  const m = negative.length
  if (n === 0 || m === 0) return points
  const stride = Math.max(1, (n + m) / maxPoints)
  let next = stride
  for (let i = n, j = m; i > 0 || j > 0; ) {
    const x = j === 0 || (i > 0 && positive[i - 1] > negative[j - 1]) ? positive[i - 1] : negative[j - 1]
    while (i > 0 && positive[i - 1] === x) i--
    while (j > 0 && negative[j - 1] === x) j--
    const taken = n - i + (m - j)
    if (taken < next && taken < n + m) continue
    next = taken + stride
    points.push({ threshold: x, truePositiveRate: (n - i) / n, falsePositiveRate: (m - j) / m })
  }
  return points
}
