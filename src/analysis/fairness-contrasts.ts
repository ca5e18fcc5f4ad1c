import { normalQuantile } from '../stats/normal-distribution.ts'
import { quantileSorted } from '../stats/quantiles.ts'
import type { Random } from '../stats/random.ts'
import { randomBinomial } from '../stats/random-binomial.ts'

/** A rate in one stratum: `hits` of `n`; n = 0 where the group has nothing to count. */
export interface Cell {
  readonly hits: number
  readonly n: number
}

/** One rate of one group, a cell for each stratum; a single stratum where nothing is controlled for. */
export interface Rate {
  readonly group: number
  readonly cells: readonly Cell[]
}

/** One rate of all judged groups that have it, for example their true positive rates. */
export type RateSet = readonly Rate[]

/** A group at one end of a gap, with its rate over the strata that the two groups share. */
export interface Extreme {
  readonly group: number
  readonly rate: number
  /** Rows that the rate rests on. */
  readonly n: number
}

export interface Gap {
  /** Largest difference, or smallest ratio, over all pairs of groups and all sets. */
  readonly value: number
  readonly interval: [number, number]
  /** Set whose gap it is. */
  readonly set: number
  /** The groups that make it: the one with the higher rate first. */
  readonly higher: Extreme
  readonly lower: Extreme
}

export interface GapOptions {
  readonly confidence: number
  readonly resamples: number
  readonly random: Random
  /** Called before every resample; throws to stop. */
  readonly check: () => void
}

/** Two groups compared over the strata they share: weighted means of their rates, and the variances of those. */
interface Comparison {
  a: number
  b: number
  varianceOfA: number
  varianceOfB: number
}

/** What a measure compares: rates themselves, or their logarithms for ratios. */
interface Scale {
  readonly contrast: (compared: Readonly<Comparison>) => number
  readonly variance: (compared: Readonly<Comparison>) => number
}

const differences: Scale = {
  contrast: ({ a, b }) => a - b,
  variance: ({ varianceOfA, varianceOfB }) => varianceOfA + varianceOfB,
}
const logarithms: Scale = {
  contrast: ({ a, b }) => Math.log(a / b),
  variance: ({ a, b, varianceOfA, varianceOfB }) => varianceOfA / (a * a) + varianceOfB / (b * b),
}

type Pair = readonly [i: number, j: number]

/** Half a hit and half a miss more, so that 0 of 3 is not taken for a certain 0. */
const smoothed = (hits: number, n: number) => (hits + 0.5) / (n + 1)
const raw = (hits: number, n: number) => hits / n

/**
 * Largest difference of a rate between any two groups, with an interval that holds for the pair picked afterwards.
 *
 * Over several strata (levels of what is controlled for) two groups are compared within each and the differences averaged with
 * the weights of Mantel and Haenszel, n₁n₂ / (n₁ + n₂); with one stratum that is the plain difference.
 *
 * The largest of many differences is never negative and grows with the number of groups even where all are treated alike, so
 * the usual percentile interval of a bootstrap lies above zero on pure chance. Here the lower bound is the largest of
 * all pairs' lower bounds d − t·s, where t is the quantile of the largest studentised deviation of any pair in the resamples
 * (so all pairs' bounds hold together), and the upper bound the largest of the pairs' own upper bounds: the coverage is at least
 * the nominal one, whatever the truth. Resampling rows within a group and counting them is one multinomial draw of the group's
 * counts; given the denominators the numerators are independent binomial draws, so drawing those is exact, and costs the
 * same for a hundred rows as for a million.
 *
 * Sets are compared together (equalized odds: true and false positive rates). Null when a set has no two groups that share a
 * stratum. O(resamples · pairs · strata). Source: Romano and Wolf, Econometrica 73 (2005) 1237 (studentised maximum);
 * Greenland and Robins, Biometrics 41 (1985) 55 (stratified differences and their variance).
 */
export function largestDifference(sets: readonly RateSet[], options: GapOptions): Gap | null {
  const pairs = sets.map(comparablePairs)
  if (pairs.some((found) => found.length === 0)) return null
  const worst = worstPair(sets, pairs, (higher, lower) => higher - lower)
  if (worst === null) return null
  const { low, high } = boundsOf(sets, pairs, differences, options)
  const { value } = worst
  return { ...worst, interval: [Math.min(value, Math.max(0, low)), Math.max(value, Math.min(1, high))] }
}

/**
 * Smallest ratio of a rate between any two groups (four fifths of 1 is the usual line), with an interval as above, of the
 * logarithms. A set in which every rate is 0 has no ratio and is left out; null when none is left.
 */
export function smallestRatio(sets: readonly RateSet[], options: GapOptions): Gap | null {
  if (sets.some((set) => comparablePairs(set).length === 0)) return null
  const pairs = sets.map((set) => (set.some(hasHits) ? comparablePairs(set) : []))
  const worst = worstPair(sets, pairs, (higher, lower) => (higher === 0 ? null : -lower / higher))
  if (worst === null) return null
  const { low, high } = boundsOf(sets, pairs, logarithms, options)
  const value = -worst.value
  return { ...worst, value, interval: [Math.min(value, Math.exp(-high)), Math.max(value, Math.min(1, Math.exp(-low)))] }
}

/** One group's rate over that of the group it is measured by. */
export interface RatioToBase {
  readonly group: number
  readonly value: number
  readonly interval: [number, number]
}

/**
 * Every group's rate divided by that of one group (the privileged one), each with an interval such that all hold together: the
 * studentised maximum as above, on the logarithms, over the comparisons with that group alone. Groups that share no stratum with
 * it are left out; null where its rate is 0 or it is not there. O(resamples · groups · strata).
 */
export function ratiosToBase(set: RateSet, base: number, options: GapOptions): RatioToBase[] | null {
  const place = set.findIndex(({ group }) => group === base)
  if (place < 0 || !hasHits(set[place])) return null
  const pairs = set.flatMap((rate, i): Pair[] => (i !== place && shareStratum(rate, set[place]) ? [[i, place]] : []))
  const together = quantileOfLargest([set], [pairs], logarithms, options)
  const centres = centresOf(set)
  return pairs.flatMap(([i, j]) => {
    const { a, b } = compare(set[i], set[j], ratesOf(set[i], raw), ratesOf(set[j], raw))
    if (b === 0) return []
    const compared = compare(set[i], set[j], centres[i], centres[j])
    const middle = logarithms.contrast(compared)
    const spread = together * Math.sqrt(logarithms.variance(compared))
    const value = a / b
    const interval: [number, number] = [
      Math.min(value, Math.exp(middle - spread)),
      Math.max(value, Math.exp(middle + spread)),
    ]
    return [{ group: set[i].group, value, interval }]
  })
}

const hasHits = ({ cells }: Rate) => cells.some(({ hits }) => hits > 0)
const shareStratum = (first: Rate, second: Rate) => first.cells.some(({ n }, s) => n > 0 && second.cells[s].n > 0)

function comparablePairs(set: RateSet): Pair[] {
  const pairs: Pair[] = []
  for (let i = 1; i < set.length; i++) for (let j = 0; j < i; j++) if (shareStratum(set[i], set[j])) pairs.push([i, j])
  return pairs
}

const ratesOf = ({ cells }: Rate, rate: (hits: number, n: number) => number) =>
  Float64Array.from(cells, ({ hits, n }) => (n === 0 ? 0 : rate(hits, n)))
const centresOf = (set: RateSet) => set.map((rate) => ratesOf(rate, smoothed))

/** Compares two groups whose rates by stratum are given; `into` spares an object where many are compared. */
function compare(
  first: Rate,
  second: Rate,
  ratesOfFirst: Float64Array,
  ratesOfSecond: Float64Array,
  into: Comparison = { a: 0, b: 0, varianceOfA: 0, varianceOfB: 0 },
): Comparison {
  let total = 0
  let a = 0
  let b = 0
  let varianceOfA = 0
  let varianceOfB = 0
  for (let s = 0; s < ratesOfFirst.length; s++) {
    const n = first.cells[s].n
    const m = second.cells[s].n
    if (n === 0 || m === 0) continue
    const weight = (n * m) / (n + m)
    const p = ratesOfFirst[s]
    const q = ratesOfSecond[s]
    total += weight
    a += weight * p
    b += weight * q
    varianceOfA += (weight * weight * p * (1 - p)) / n
    varianceOfB += (weight * weight * q * (1 - q)) / m
  }
  const square = total * total
  into.a = a / total
  into.b = b / total
  into.varianceOfA = varianceOfA / square
  into.varianceOfB = varianceOfB / square
  return into
}

/** The pair with the largest `gap` of its higher and lower rate; null where no pair has one. */
function worstPair(
  sets: readonly RateSet[],
  pairs: readonly (readonly Pair[])[],
  gap: (higher: number, lower: number) => number | null,
) {
  let worst: Omit<Gap, 'interval'> | null = null
  for (let s = 0; s < sets.length; s++) {
    const set = sets[s]
    const rates = set.map((rate) => ratesOf(rate, raw))
    for (const [i, j] of pairs[s]) {
      const { a, b } = compare(set[i], set[j], rates[i], rates[j])
      const value = gap(Math.max(a, b), Math.min(a, b))
      if (value === null || (worst !== null && value <= worst.value)) continue
      const first = { group: set[i].group, rate: a, n: sharedRows(set[i], set[j]) }
      const second = { group: set[j].group, rate: b, n: sharedRows(set[j], set[i]) }
      worst = { value, set: s, ...(a >= b ? { higher: first, lower: second } : { higher: second, lower: first }) }
    }
  }
  return worst
}

const sharedRows = ({ cells }: Rate, other: Rate) => cells.reduce((sum, { n }, s) => sum + (other.cells[s].n && n), 0)

/** Bounds of the largest contrast over all pairs of all sets, on a scale. */
function boundsOf(
  sets: readonly RateSet[],
  pairs: readonly (readonly Pair[])[],
  scale: Scale,
  options: GapOptions,
): { low: number; high: number } {
  const together = quantileOfLargest(sets, pairs, scale, options)
  const alone = normalQuantile(1 - (1 - options.confidence) / 2)
  let low = Number.NEGATIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  sets.forEach((set, s) => {
    const centres = centresOf(set)
    for (const [i, j] of pairs[s]) {
      const compared = compare(set[i], set[j], centres[i], centres[j])
      const gap = Math.abs(scale.contrast(compared))
      const spread = Math.sqrt(scale.variance(compared))
      low = Math.max(low, gap - together * spread)
      high = Math.max(high, gap + alone * spread)
    }
  })
  return { low, high }
}

/** How many standard errors the pair that strays furthest strays in all but (1 − confidence) / 2 of the resamples. */
function quantileOfLargest(
  sets: readonly RateSet[],
  pairs: readonly (readonly Pair[])[],
  scale: Scale,
  { confidence, resamples, random, check }: GapOptions,
): number {
  const centres = sets.map(centresOf)
  const truths = sets.map((set, s) =>
    pairs[s].map(([i, j]) => scale.contrast(compare(set[i], set[j], centres[s][i], centres[s][j]))),
  )
  const largest = new Float64Array(resamples)
  const drawn = sets.map((set) => set.map(({ cells }) => new Float64Array(cells.length)))
  const compared: Comparison = { a: 0, b: 0, varianceOfA: 0, varianceOfB: 0 }
  for (let draw = 0; draw < resamples; draw++) {
    check()
    for (let s = 0; s < sets.length; s++) {
      const set = sets[s]
      const rates = drawn[s]
      for (let g = 0; g < set.length; g++) {
        const { cells } = set[g]
        for (let k = 0; k < cells.length; k++) {
          const { n } = cells[k]
          if (n > 0) rates[g][k] = smoothed(randomBinomial(random, n, centres[s][g][k]), n)
        }
      }
      for (let p = 0; p < pairs[s].length; p++) {
        const [i, j] = pairs[s][p]
        compare(set[i], set[j], rates[i], rates[j], compared)
        const apart = scale.contrast(compared) - truths[s][p]
        const square = (apart * apart) / scale.variance(compared)
        if (square > largest[draw]) largest[draw] = square
      }
    }
  }
  return Math.sqrt(quantileSorted(largest.sort(), 1 - (1 - confidence) / 2) ?? 0)
}
