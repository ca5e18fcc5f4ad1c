import { regularisedBeta } from './incomplete-beta.ts'
import { regularisedGammaQ } from './incomplete-gamma.ts'
import { logBeta } from './log-gamma.ts'
import { normalQuantile } from './normal-distribution.ts'
import { checkSameLength, insufficient, type Outcome, type PerSample } from './outcome.ts'

export type ReferenceBinsTest = {
  /** Sum of the squared normal scores of the splits: about `splits` without a difference. */
  readonly statistic: number
  readonly pValue: number
  /** Splits that a current value reached. */
  readonly splits: number
  readonly n: PerSample
}

/** Splits of more values than this, of which more than a few are expected on either side, are judged by a smooth distribution. */
const mostCounted = 500
const fewExpected = 50
/** Chance of all that is left when counting ends. */
const unlikely = 1e-12
/** Below it a normal score is of no use. */
const smallest = 1e-300

/**
 * Test that current values come from the distribution of a reference, from counts over neighbouring bins that were laid by the
 * reference's own quantiles.
 *
 * Such bins have the same counts in every reference, so the two samples are not two rows of a contingency table, whose chi-square
 * test takes the counts of both for random and, of a small reference, rejects too often. Instead: shares between order statistics
 * of n values are Dirichlet(count of each bin, an outer one ½ more, since edges lie between two order statistics), whatever the
 * continuous distribution; so, halving the bins again and again, the values that go left of a split are beta-binomial given all
 * that reach it, independently of the other splits. Each gives a mid-p-value and its normal score z; Σ z² is gamma distributed
 * with the mean and variance that the scores of so few values have (1 and 2 each in the limit: chi-square).
 *
 * Where values are tied or edges are of another sample, counts of the reference are random; the beta-binomial then is, by Altham's
 * duality, Fisher's mid-p to within half a count: give bins of at least five reference values, but for outer ones that are empty,
 * which count as half a value. `insufficient`: `too-few` when a sample is empty, `one-class` with a single bin. RangeError when
 * lengths differ. O(bins · 500). Source: Wilks, Mathematical Statistics (1962) 8.7; Altham, J. R. Stat. Soc. B 31 (1969) 261.
 */
export function referenceBinsTest(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): Outcome<ReferenceBinsTest> {
  const k = checkSameLength(reference, current, 'bin counts')
  const shares = Float64Array.from(reference, (count, bin) =>
    Math.max(0.5, count + (bin === 0 || bin === k - 1 ? 0.5 : 0)),
  )
  const n = { reference: total(reference, 0, k), current: total(current, 0, k) }
  if (n.reference === 0 || n.current === 0) return insufficient('too-few', 0, 1)
  if (k < 2) return insufficient('one-class', Math.min(n.reference, n.current))
  const sum = { square: 0, mean: 0, variance: 0 }
  let splits = 0
  halve(0, k)
  // Gamma of the same mean and variance.
  const rate = sum.mean / sum.variance
  const pValue = regularisedGammaQ(sum.mean * rate, sum.square * rate)
  return { status: 'ok', statistic: sum.square, pValue, splits, n }

  function halve(from: number, to: number): void {
    const middle = (from + to) >> 1
    const left = total(current, from, middle)
    const all = left + total(current, middle, to)
    if (to - from < 2 || all === 0) return
    const score = scoreOf(left, all, total(shares, from, middle), total(shares, middle, to))
    sum.square += score.square
    sum.mean += score.mean
    sum.variance += score.variance
    splits += 1
    halve(from, middle)
    halve(middle, to)
  }
}

function total(counts: ArrayLike<number>, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += counts[i]
  return sum
}

interface Score {
  readonly square: number
  readonly mean: number
  readonly variance: number
}

const squaredScore = (below: number, above: number) =>
  normalQuantile(Math.max(smallest, Math.min(below, above, 0.5))) ** 2

/** Squared normal score of the mid-p-value of `hits` of `n`, whose chance is Beta(a, b), and its mean and variance. */
function scoreOf(hits: number, n: number, a: number, b: number): Score {
  // From the side of which fewer are expected: its chances begin at 0 hits, where many values have not vanished yet.
  if (a > b) return scoreOf(n - hits, n, b, a)
  const isCounted = n <= mostCounted || (n * a) / (a + b) <= fewExpected
  return (isCounted ? countedScore(hits, n, a, b) : null) ?? smoothScore((hits + 0.5) / (n + 1), n, a, b)
}

/** From a beta distribution of the mean and variance of the share of hits. */
function smoothScore(share: number, n: number, a: number, b: number): Score {
  const size = (n * (a + b + 1)) / (a + b + n) - 1
  const [p, q] = [(a / (a + b)) * size, (b / (a + b)) * size]
  const square = squaredScore(regularisedBeta(share, p, q), regularisedBeta(1 - share, q, p, share))
  return { square, mean: 1, variance: 2 }
}

/** From the chance of every number of hits that is likely at all; null where `hits` is none of them. */
function countedScore(hits: number, n: number, a: number, b: number): Score | null {
  let chance = Math.exp(logBeta(a, n + b) - logBeta(a, b))
  const chances: number[] = []
  for (let [i, left] = [0, 1]; i <= n && left > unlikely; i++) {
    chances.push(chance)
    left -= chance
    chance *= ((n - i) * (i + a)) / ((i + 1) * (n - i - 1 + b))
  }
  if (hits >= chances.length) return null
  const above = new Float64Array(chances.length + 1)
  for (let i = chances.length - 1; i >= 0; i--) above[i] = above[i + 1] + chances[i]
  let [below, square, mean, fourth] = [0, 0, 0, 0]
  chances.forEach((chance, i) => {
    const one = squaredScore(below + chance / 2, above[i + 1] + chance / 2)
    if (i === hits) square = one
    mean += chance * one
    fourth += chance * one * one
    below += chance
  })
  return { square, mean, variance: fourth - mean * mean }
}
