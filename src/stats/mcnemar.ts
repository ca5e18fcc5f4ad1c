import { binomialTestTwoSided } from './binomial-distribution.ts'
import { twoSidedZ } from './normal-distribution.ts'
import { checkConfidence, type Interval, insufficient, type Outcome } from './outcome.ts'

export type Mcnemar = {
  readonly pValue: number
  /** (rows only the second got right − rows only the first got right) / n. */
  readonly difference: number
  readonly interval: Interval
  readonly n: number
}

/**
 * McNemar's exact test that two versions judged on the same n rows are right equally often.
 *
 * `onlyFirst` rows only the first got right, `onlySecond` only the second; rows on which both agree say nothing about which
 * is better. p is the two-sided binomial one at 1/2; the interval Agresti and Min's, half a row added to either count.
 * `insufficient` with `too-few` when n = 0; with no disagreement p is 1. RangeError for counts that do not fit.
 * Source: McNemar, Psychometrika 12 (1947) 153; Agresti and Min, Statistics in Medicine 24 (2005) 729.
 */
export function mcnemar(onlyFirst: number, onlySecond: number, n: number, confidence = 0.95): Outcome<Mcnemar> {
  checkConfidence(confidence)
  if (!Number.isInteger(onlyFirst) || !Number.isInteger(onlySecond) || onlyFirst < 0 || onlySecond < 0) {
    throw new RangeError(`counts must be whole and >= 0, got ${onlyFirst} and ${onlySecond}`)
  }
  if (onlyFirst + onlySecond > n) throw new RangeError(`${onlyFirst} and ${onlySecond} rows differ, but there are ${n}`)
  if (n === 0) return insufficient('too-few', 0, 1)
  const differing = onlyFirst + onlySecond
  const total = n + 2
  const centre = (onlySecond - onlyFirst) / total
  const margin = (twoSidedZ(confidence) * Math.sqrt(Math.max(0, differing + 1 - total * centre * centre))) / total
  return {
    status: 'ok',
    pValue: differing === 0 ? 1 : binomialTestTwoSided(onlyFirst, differing, 0.5),
    difference: (onlySecond - onlyFirst) / n,
    interval: { low: Math.max(-1, centre - margin), high: Math.min(1, centre + margin), confidence },
    n,
  }
}
