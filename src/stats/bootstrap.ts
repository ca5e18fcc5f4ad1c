import { normalCdf, normalQuantile } from './normal-distribution.ts'
import { checkConfidence, type Estimate, insufficient, type Outcome, type StopFlag } from './outcome.ts'
import { quantileSorted } from './quantiles.ts'
import { type Random, randomInteger } from './random.ts'
import { randomMultinomial } from './random-binomial.ts'

export type BootstrapOptions = {
  readonly random: Random
  /** Resamples; 1,000 when not given. */
  readonly repeats?: number
  /** 0.95 when not given. */
  readonly confidence?: number
  /** `bca` corrects bias and skewness, at the cost of a jackknife; `percentile` when not given. */
  readonly method?: 'percentile' | 'bca'
  readonly stop?: StopFlag
}

export type Bootstrap = Estimate & {
  /** `percentile` also when BCa was asked for but its correction was infinite. */
  readonly method: 'percentile' | 'bca'
  readonly repeats: number
  /** Resamples on which the statistic had no value; they are left out. */
  readonly undefinedRepeats: number
}

/** Groups of rows that the jackknife leaves out in turn. */
const JACKKNIFE_GROUPS = 200
/** Beyond this share of resamples without a value no interval is given. */
const MAX_UNDEFINED_SHARE = 0.1

/**
 * Bootstrap interval of any statistic of n rows, by drawing rows with replacement.
 *
 * `statistic` gets row numbers (with repeats; the array is reused) and returns its value, or null where it has none.
 * BCa takes its acceleration from a delete-a-group jackknife of at most 200 groups of neighbouring rows. `insufficient`:
 * `too-few` for n < 2, `undefined` when the statistic has no value on the data or on more than a tenth of the resamples,
 * `aborted` once the flag is raised. O(repeats · n). Source: Efron, JASA 82 (1987) 171.
 */
export function bootstrapInterval(
  n: number,
  statistic: (rows: Uint32Array) => number | null,
  options: BootstrapOptions,
): Outcome<Bootstrap> {
  if (n < 2) return insufficient('too-few', n, 2)
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  const rows = new Uint32Array(n)
  const resample = (): number | null => {
    for (let i = 0; i < n; i++) rows[i] = randomInteger(options.random, n)
    return statistic(rows)
  }
  const jackknife = (): Jackknife => {
    const groups = Math.min(n, JACKKNIFE_GROUPS)
    const values: (number | null)[] = []
    for (let g = 0; g < groups; g++) {
      const from = Math.floor((g * n) / groups)
      const to = Math.floor(((g + 1) * n) / groups)
      const rest = new Uint32Array(n - (to - from))
      rest.set(all.subarray(0, from))
      rest.set(all.subarray(to), from)
      values.push(statistic(rest))
    }
    return { values, weights: null }
  }
  return interval(n, statistic(all), resample, jackknife, options)
}

/**
 * Bootstrap interval of a statistic of counts (a confusion table, a histogram) at a cost that does not depend on n.
 *
 * Resampling rows and counting them is the same as one multinomial draw of the counts. `statistic` gets an array that is
 * reused. Edge cases as {@link bootstrapInterval}; counts must be whole. O(repeats · cells).
 */
export function bootstrapCounts(
  counts: ArrayLike<number>,
  statistic: (counts: Float64Array) => number | null,
  options: BootstrapOptions,
): Outcome<Bootstrap> {
  const observed = Float64Array.from(counts)
  const n = observed.reduce((sum, count) => sum + count, 0)
  if (n < 2) return insufficient('too-few', n, 2)
  const drawn = new Float64Array(observed.length)
  const resample = () => statistic(randomMultinomial(options.random, n, observed, drawn))
  const jackknife = (): Jackknife => {
    const cells = [...observed.keys()].filter((cell) => observed[cell] > 0)
    const values = cells.map((cell) => {
      drawn.set(observed)
      drawn[cell]--
      return statistic(drawn)
    })
    return { values, weights: cells.map((cell) => observed[cell]) }
  }
  return interval(n, statistic(observed.slice()), resample, jackknife, options)
}

type Jackknife = { readonly values: readonly (number | null)[]; readonly weights: readonly number[] | null }

function interval(
  n: number,
  value: number | null,
  resample: () => number | null,
  jackknife: () => Jackknife,
  { repeats = 1000, confidence = 0.95, method = 'percentile', stop }: BootstrapOptions,
): Outcome<Bootstrap> {
  checkConfidence(confidence)
  if (!Number.isInteger(repeats) || repeats < 10) throw new RangeError(`at least 10 repeats are needed, got ${repeats}`)
  if (value === null) return insufficient('undefined', n)
  const draws = new Float64Array(repeats)
  let kept = 0
  for (let r = 0; r < repeats; r++) {
    if (stop?.aborted) return insufficient('aborted', n)
    const drawn = resample()
    if (drawn !== null) draws[kept++] = drawn
  }
  if (repeats - kept > MAX_UNDEFINED_SHARE * repeats) return insufficient('undefined', n)
  const sorted = draws.subarray(0, kept).sort()
  const tail = (1 - confidence) / 2
  const shifted = method === 'bca' ? bcaTails(sorted, value, jackknife(), tail) : null
  const [low, high] = shifted ?? [tail, 1 - tail]
  return {
    status: 'ok',
    value,
    interval: { low: quantileSorted(sorted, low) ?? value, high: quantileSorted(sorted, high) ?? value, confidence },
    n,
    method: shifted ? 'bca' : 'percentile',
    repeats,
    undefinedRepeats: repeats - kept,
  }
}

/** Where BCa reads the bounds off the resamples; null when bias or acceleration cannot be computed. */
function bcaTails(sorted: Float64Array, value: number, jackknife: Jackknife, tail: number): [number, number] | null {
  let below = 0
  for (const drawn of sorted) below += drawn < value ? 1 : drawn === value ? 0.5 : 0
  const bias = normalQuantile(below / sorted.length)
  const acceleration = accelerationOf(jackknife)
  if (!Number.isFinite(bias) || acceleration === null) return null
  const moved = (p: number): number => {
    const z = bias + normalQuantile(p)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  return [moved(tail), moved(1 - tail)]
}

/** Σ w (mean − v)³ / (6 (Σ w (mean − v)²)^1.5); null when a value is undefined or nothing varies. */
function accelerationOf({ values, weights }: Jackknife): number | null {
  let total = 0
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null) return null
    const weight = weights?.[i] ?? 1
    total += weight
    sum += weight * value
  }
  const mean = sum / total
  let squares = 0
  let cubes = 0
  for (let i = 0; i < values.length; i++) {
    const d = mean - (values[i] ?? mean)
    const weight = weights?.[i] ?? 1
    squares += weight * d * d
    cubes += weight * d * d * d
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : null
}
