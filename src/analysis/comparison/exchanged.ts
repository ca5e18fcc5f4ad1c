import type { Confusion } from '../../stats/confusion.ts'
import { type Random, randomInteger } from '../../stats/random.ts'
import { randomBinomial } from '../../stats/random-binomial.ts'
import { type AnalysisContext, throwIfCancelled } from '../answer.ts'
import { intervalEstimate } from '../estimates.ts'
import type { JointCells } from './counted.ts'
import type { ComparedMetric } from './shape.ts'

interface Draws {
  readonly repeats: number
  readonly random: Random
  readonly context: AnalysisContext
}

/**
 * Differences of a measure once the two predictions of every row have changed sides by the toss of a coin: of equally good
 * predictions those are as likely as what was seen. Null where the measure has no value. O(repeats · cells).
 */
export function exchangeCells(
  { classes, label, first, second, counts }: JointCells,
  differenceOf: (first: Confusion, second: Confusion) => number | null,
  { repeats, random, context }: Draws,
): (number | null)[] {
  const [ofFirst, ofSecond] = [new Float64Array(classes * classes), new Float64Array(classes * classes)]
  const confusionOf = (table: Float64Array): Confusion => ({ classes, counts: table, missing: 0 })
  return Array.from({ length: repeats }, () => {
    throwIfCancelled(context)
    ofFirst.fill(0)
    ofSecond.fill(0)
    for (let cell = 0; cell < counts.length; cell++) {
      const [own, other] = [label[cell] * classes + first[cell], label[cell] * classes + second[cell]]
      const kept = own === other ? counts[cell] : randomBinomial(random, counts[cell], 0.5)
      ofFirst[own] += kept
      ofSecond[other] += kept
      ofFirst[other] += counts[cell] - kept
      ofSecond[own] += counts[cell] - kept
    }
    return differenceOf(confusionOf(ofFirst), confusionOf(ofSecond))
  })
}

/** The same of numbers by row; `differenceOf` gets arrays that are reused. O(repeats · (n + what it costs)). */
export function exchangeRows(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  differenceOf: (first: Float64Array, second: Float64Array) => number | null,
  { repeats, random, context }: Draws,
): (number | null)[] {
  const [one, other] = [new Float64Array(first.length), new Float64Array(first.length)]
  return Array.from({ length: repeats }, () => {
    throwIfCancelled(context)
    for (let row = 0; row < first.length; row++) {
      const isKept = randomInteger(random, 2) === 0
      one[row] = isKept ? first[row] : second[row]
      other[row] = isKept ? second[row] : first[row]
    }
    return differenceOf(one, other)
  })
}

/** What rounding may make of equal differences. */
const rounding = 1e-12

/**
 * Holds a comparison against what exchanged predictions differ by: p is at least (1 + exchanges that differ as much) / (1 + all
 * of them), and the interval reaches at least as far to either side as exchanges do with the confidence asked for.
 *
 * Of predictions that are equally good, given the label, that p is exact for any n: it keeps resampling honest where few rows
 * decide. An exchange without a value counts as one that differs as much. Source: Pesarin and Salmaso, Permutation Tests for
 * Complex Data (2010), chapter 1. `limit`: the largest difference the measure can have. O(m log m) of m exchanges.
 */
export function heldAgainst(
  exchanged: readonly (number | null)[],
  compared: ComparedMetric,
  confidence: number,
  limit = Number.POSITIVE_INFINITY,
): ComparedMetric {
  const { value, n, interval } = compared.difference
  if (value === null || interval === null || compared.pValue === null) return compared
  const sizes = Float64Array.from(exchanged, (one) => (one === null ? limit : Math.abs(one))).sort()
  const asMuch = sizes.reduce((sum, size) => sum + (size >= Math.abs(value) - rounding ? 1 : 0), 0)
  const beyond = Math.max(1, Math.floor((1 - confidence) * (sizes.length + 1) + rounding))
  const margin = sizes[sizes.length - beyond]
  return {
    ...compared,
    difference: intervalEstimate(value, n, {
      low: Math.min(interval[0], Math.max(-limit, value - margin)),
      high: Math.max(interval[1], Math.min(limit, value + margin)),
    }),
    pValue: Math.max(compared.pValue, (1 + asMuch) / (1 + sizes.length)),
  }
}
