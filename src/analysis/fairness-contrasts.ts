import { normalQuantile } from '../stats/normal-distribution.ts'
import { quantileSorted } from '../stats/quantiles.ts'
import type { Random } from '../stats/random.ts'
import { randomBinomial } from '../stats/random-binomial.ts'

/** A rate of one group: `hits` of `n`, n > 0. */
export interface Rate {
  readonly group: number
  readonly hits: number
  readonly n: number
}

/** One rate of all judged groups that have it, for example their true positive rates. */
export type RateSet = readonly Rate[]

export interface Gap {
  /** Largest difference, or smallest ratio, over all pairs of groups and all sets. */
  readonly value: number
  readonly interval: [number, number]
  /** The groups that make it: the one with the higher rate first. */
  readonly higher: Rate
  readonly lower: Rate
}

export interface GapOptions {
  readonly confidence: number
  readonly resamples: number
  readonly random: Random
  /** Called before every resample; throws to stop. */
  readonly check: () => void
}

/** What a measure compares: rates themselves, or their logarithms for ratios. */
interface Scale {
  readonly of: (rate: number) => number
  /** Variance of `of(rate)` for a rate estimated from n rows. */
  readonly variance: (rate: number, n: number) => number
}

const differences: Scale = { of: (rate) => rate, variance: (rate, n) => (rate * (1 - rate)) / n }
const logarithms: Scale = { of: Math.log, variance: (rate, n) => (1 - rate) / (n * rate) }

/** Half a hit and half a miss more, so that 0 of 3 is not taken for a certain 0. */
const smoothed = (hits: number, n: number) => (hits + 0.5) / (n + 1)

/**
 * Largest difference of a rate between any two groups, with an interval that holds for the pair picked afterwards.
 *
 * The largest of many differences is never negative and grows with the number of groups even where all are treated alike, so
 * the usual percentile interval of a bootstrap lies above zero on pure chance. Here the lower bound is the largest of
 * all pairs' lower bounds d − t·s, where t is the quantile of the largest studentised deviation of any pair in the resamples
 * (so all pairs' bounds hold together), and the upper bound the largest of the pairs' own upper bounds: the coverage is at least
 * the nominal one, whatever the truth. Resampling rows within a group and counting them is one multinomial draw of the group's
 * counts; given the denominators the numerators are independent binomial draws, so drawing those is exact, and costs the
 * same for a hundred rows as for a million.
 *
 * Sets are compared together (equalized odds: true and false positive rates). Null when a set has fewer than two groups.
 * O(resamples · pairs). Source: Romano and Wolf, Econometrica 73 (2005) 1237 (studentised maximum).
 */
export function largestDifference(sets: readonly RateSet[], options: GapOptions): Gap | null {
  if (sets.some((set) => set.length < 2)) return null
  const worst = worstPair(sets, (higher, lower) => higher.hits / higher.n - lower.hits / lower.n)
  const { low, high } = boundsOf(sets, differences, options)
  const { value } = worst
  return { ...worst, interval: [Math.min(value, Math.max(0, low)), Math.max(value, Math.min(1, high))] }
}

/**
 * Smallest ratio of a rate between any two groups (four fifths of 1 is the usual line), with an interval as above, of the
 * logarithms. A set in which every rate is 0 has no ratio and is left out; null when none is left.
 */
export function smallestRatio(sets: readonly RateSet[], options: GapOptions): Gap | null {
  if (sets.some((set) => set.length < 2)) return null
  const usable = sets.filter((set) => set.some(({ hits }) => hits > 0))
  if (usable.length === 0) return null
  const worst = worstPair(usable, (higher, lower) =>
    higher.hits === 0 ? -1 : -(lower.hits / lower.n) / (higher.hits / higher.n),
  )
  const { low, high } = boundsOf(usable, logarithms, options)
  const value = -worst.value
  return { ...worst, value, interval: [Math.min(value, Math.exp(-high)), Math.max(value, Math.min(1, Math.exp(-low)))] }
}

/** The pair with the largest `gap` of its higher and lower rate. */
function worstPair(sets: readonly RateSet[], gap: (higher: Rate, lower: Rate) => number) {
  let worst: { value: number; higher: Rate; lower: Rate } | null = null
  for (const set of sets) {
    const byRate = [...set].sort((a, b) => a.hits / a.n - b.hits / b.n || a.group - b.group)
    const [lower] = byRate
    const higher = byRate[byRate.length - 1]
    const value = gap(higher, lower)
    if (worst === null || value > worst.value) worst = { value, higher, lower }
  }
  if (worst === null) throw new RangeError('a gap needs at least one set of rates')
  return worst
}

/** Bounds of the largest contrast over all pairs of all sets, on a scale. */
function boundsOf(sets: readonly RateSet[], scale: Scale, options: GapOptions): { low: number; high: number } {
  const { confidence, resamples, random, check } = options
  const tail = (1 - confidence) / 2
  const centres = sets.map((set) => set.map(({ hits, n }) => smoothed(hits, n)))
  const largest = new Float64Array(resamples)
  for (let draw = 0; draw < resamples; draw++) {
    check()
    for (let s = 0; s < sets.length; s++)
      largest[draw] = Math.max(largest[draw], largestDeviation(sets[s], centres[s], scale, random))
  }
  const together = quantileSorted(largest.sort(), 1 - tail) ?? 0
  const alone = normalQuantile(1 - tail)
  let low = Number.NEGATIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  sets.forEach((set, s) => {
    const places = centres[s].map(scale.of)
    const variances = centres[s].map((rate, g) => scale.variance(rate, set[g].n))
    for (let i = 0; i < set.length; i++)
      for (let j = 0; j < i; j++) {
        const gap = Math.abs(places[i] - places[j])
        const spread = Math.sqrt(variances[i] + variances[j])
        low = Math.max(low, gap - together * spread)
        high = Math.max(high, gap + alone * spread)
      }
  })
  return { low, high }
}

/** Draws every group of a set again and gives the largest studentised deviation of any pair from where it was drawn. */
function largestDeviation(set: RateSet, centres: readonly number[], scale: Scale, random: Random): number {
  const moved = new Float64Array(set.length)
  const variance = new Float64Array(set.length)
  for (let g = 0; g < set.length; g++) {
    const { n } = set[g]
    const rate = smoothed(randomBinomial(random, n, centres[g]), n)
    moved[g] = scale.of(rate) - scale.of(centres[g])
    variance[g] = scale.variance(rate, n)
  }
  let largest = 0
  for (let i = 1; i < set.length; i++)
    for (let j = 0; j < i; j++) {
      const apart = moved[i] - moved[j]
      largest = Math.max(largest, (apart * apart) / (variance[i] + variance[j]))
    }
  return Math.sqrt(largest)
}
