import { quantileSorted } from '../stats/quantiles.ts'
import { type Random, randomInteger, randomNormal } from '../stats/random.ts'
import type { GapOptions } from './fairness-contrasts.ts'

/** A mean of one group in one stratum, or a root of one, with its standard error and how to draw both again. */
export interface NumberCell {
  readonly value: number
  readonly standardError: number
  readonly n: number
  readonly draw: (random: Random) => { readonly value: number; readonly standardError: number }
}

/** A number of one group by stratum; null where the group has too few rows there. */
export interface GroupCells {
  readonly group: number
  readonly cells: readonly (NumberCell | null)[]
}

export interface NumberGap {
  readonly value: number
  readonly interval: [number, number]
  /** Values over the strata that the two groups share. */
  readonly higher: { readonly group: number; readonly value: number; readonly n: number }
  readonly lower: { readonly group: number; readonly value: number; readonly n: number }
}

/** Larger groups stray as a normal would: their rows are not drawn again one by one. */
const mostDrawn = 500
/** A resample of few rows may hold one value alone, and would claim certainty. */
const leastError = 0.05

/**
 * A mean of terms (its square root where `isRoot`) as a cell. Null for fewer than two terms, whose spread nobody knows.
 * Drawing takes n of the terms with replacement; above 500 a normal of the mean's standard error. O(n).
 */
export function cellOfTerms(terms: Float64Array, isRoot: boolean): NumberCell | null {
  const n = terms.length
  if (n < 2) return null
  const all = momentsOf(n, (i) => terms[i])
  const toNumber = (mean: number, error: number) => {
    if (!isRoot) return { value: mean, standardError: error }
    const root = Math.sqrt(Math.max(0, mean))
    return { value: root, standardError: root > 0 ? error / (2 * root) : error }
  }
  const drawMean = (random: Random) =>
    n > mostDrawn
      ? { mean: all.mean + randomNormal(random) * all.error, error: all.error }
      : momentsOf(n, () => terms[randomInteger(random, n)])
  return {
    ...toNumber(all.mean, all.error),
    n,
    draw: (random) => {
      const { mean, error } = drawMean(random)
      return toNumber(mean, Math.max(error, leastError * all.error))
    },
  }
}

function momentsOf(n: number, termAt: (i: number) => number): { mean: number; error: number } {
  let mean = 0
  let m2 = 0
  for (let i = 0; i < n; i++) {
    const term = termAt(i)
    const apart = term - mean
    mean += apart / (i + 1)
    m2 += apart * (term - mean)
  }
  return { mean, error: Math.sqrt(m2 / (n - 1) / n) }
}

/**
 * Largest difference of a number between any two groups, with an interval that holds for the pair picked afterwards.
 *
 * A bootstrap-t over rows: in every resample each pair's difference is taken less that of the rows, over its own standard error. The
 * lower bound is the largest of all pairs' d − t·s with t the quantile of the largest |t| of any pair, so that all bounds hold
 * together; the upper one the largest of the pairs' own bootstrap-t bounds. Over several strata two groups are compared
 * within each, and the values averaged with the weights of Mantel and Haenszel, n₁n₂ / (n₁ + n₂). Null where no two groups
 * share a stratum. O(resamples · (min(n, 500 · groups) + pairs · strata)).
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993) 12.5; Romano and Wolf, Econometrica 73 (2005) 1237.
 */
export function largestNumberDifference(groups: readonly GroupCells[], options: GapOptions): NumberGap | null {
  const found = boundsOf(groups, options, (a, b, varianceOfA, varianceOfB) => [
    a - b,
    Math.sqrt(varianceOfA + varianceOfB),
  ])
  if (found === null) return null
  const { gap, low, high, higher, lower } = found
  return { value: gap, interval: [Math.min(gap, Math.max(0, low)), Math.max(gap, high)], higher, lower }
}

/** Smallest ratio of a positive number between any two groups, as above on the logarithms; null where one is not above 0. */
export function smallestNumberRatio(groups: readonly GroupCells[], options: GapOptions): NumberGap | null {
  if (groups.some(({ cells }) => cells.some((cell) => cell !== null && cell.value <= 0))) return null
  const found = boundsOf(groups, options, (a, b, varianceOfA, varianceOfB) =>
    a > 0 && b > 0
      ? [Math.log(a / b), Math.sqrt(varianceOfA / (a * a) + varianceOfB / (b * b))]
      : [Number.NaN, Number.NaN],
  )
  if (found === null) return null
  const { gap, low, high, higher, lower } = found
  const value = Math.exp(-gap)
  return {
    value,
    interval: [Math.min(value, Math.exp(-high)), Math.max(value, Math.min(1, Math.exp(-low)))],
    higher,
    lower,
  }
}

/** Contrast of two values and its standard error. */
type Contrast = (a: number, b: number, varianceOfA: number, varianceOfB: number) => readonly [number, number]
type Drawn = readonly ({ readonly value: number; readonly standardError: number } | null)[]

function boundsOf(groups: readonly GroupCells[], options: GapOptions, contrast: Contrast) {
  const { confidence, resamples, random, check } = options
  const pairs = groups.flatMap((first, i) =>
    groups.slice(0, i).flatMap((second, j) => {
      const weights = first.cells.map((cell, k) => weightOf(cell, second.cells[k]))
      return weights.some((weight) => weight > 0)
        ? [{ i, j, weights, compared: compare(first.cells, second.cells, weights) }]
        : []
    }),
  )
  if (pairs.length === 0) return null
  const known = pairs.map(({ compared: [a, b, varianceOfA, varianceOfB] }) => contrast(a, b, varianceOfA, varianceOfB))
  const deviations = pairs.map(() => new Float64Array(resamples))
  const largest = new Float64Array(resamples)
  for (let draw = 0; draw < resamples; draw++) {
    check()
    const drawn = groups.map(({ cells }): Drawn => cells.map((cell) => cell?.draw(random) ?? null))
    pairs.forEach(({ i, j, weights }, p) => {
      const [gap, error] = contrast(...compare(drawn[i], drawn[j], weights))
      const apart = gap - known[p][0]
      const t = apart === 0 ? 0 : apart / error
      deviations[p][draw] = Number.isFinite(t) ? t : 0
      largest[draw] = Math.max(largest[draw], Math.abs(deviations[p][draw]))
    })
  }
  const tail = (1 - confidence) / 2
  const together = quantileSorted(largest.sort(), 1 - tail) ?? 0
  let low = Number.NEGATIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let worst = 0
  pairs.forEach((_, p) => {
    const [gap, error] = known[p]
    const sorted = deviations[p].sort()
    const [least, most] = [quantileSorted(sorted, tail) ?? 0, quantileSorted(sorted, 1 - tail) ?? 0]
    low = Math.max(low, Math.abs(gap) - together * error)
    high = Math.max(high, gap - least * error, -(gap - most * error))
    if (Math.abs(gap) > Math.abs(known[worst][0])) worst = p
  })
  const { i, j, weights, compared } = pairs[worst]
  const rowsOf = ({ cells }: GroupCells) =>
    cells.reduce((sum, cell, k) => sum + (weights[k] > 0 ? (cell?.n ?? 0) : 0), 0)
  const first = { group: groups[i].group, value: compared[0], n: rowsOf(groups[i]) }
  const second = { group: groups[j].group, value: compared[1], n: rowsOf(groups[j]) }
  const [higher, lower] = known[worst][0] >= 0 ? [first, second] : [second, first]
  return { gap: Math.abs(known[worst][0]), low, high, higher, lower }
}

const weightOf = (a: NumberCell | null, b: NumberCell | null) =>
  a === null || b === null ? 0 : (a.n * b.n) / (a.n + b.n)

/** Weighted means of both sides over the strata they share, and the variances of those. */
function compare(first: Drawn, second: Drawn, weights: readonly number[]): [number, number, number, number] {
  let [a, b, varianceOfA, varianceOfB, total] = [0, 0, 0, 0, 0]
  weights.forEach((weight, k) => {
    const [one, other] = [first[k], second[k]]
    if (one == null || other == null || weight === 0) return
    a += weight * one.value
    b += weight * other.value
    varianceOfA += (weight * one.standardError) ** 2
    varianceOfB += (weight * other.standardError) ** 2
    total += weight
  })
  return [a / total, b / total, varianceOfA / total ** 2, varianceOfB / total ** 2]
}
