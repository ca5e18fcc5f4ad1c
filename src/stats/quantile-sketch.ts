/**
 * Values counted in buckets whose width grows with the distance from an origin: equally wide about it, a constant share of
 * the distance far from it. The buckets are of u = asinh((x − origin) / scale): bucket i of step h holds ((i − 1)·h, i·h].
 *
 * Bounded by `maxBuckets`: when more hold a value, neighbours are joined two by two, which doubles the step. The step is
 * thus the smallest at which all values fit, which depends on the values alone: any order of adding and any tree of merges
 * gives the same sketch, bucket by bucket.
 *
 * Error: a value v told from a bucket of step h is off by at most α·√((v − origin)² + (scale·cosh(h/2))²), α = tanh(h/2):
 * at first 1.6 % of the distance from the origin, where that is more than the scale, and of the scale where it is less.
 * An origin amid the values, with a scale of their spread, keeps this small for values with a large offset (pressures,
 * instants), which a sketch of errors relative to 0 (as UDDSketch, Epicoco et al., IEEE Access 8 (2020) 147603, whose
 * uniform joining this is) does not.
 */
export interface QuantileSketch {
  readonly origin: number
  /** Above 0. */
  readonly scale: number
  /** The step is 2^level / 32. */
  level: number
  /** Buckets that hold a value, ascending. */
  indexes: number[]
  /** Their counts, in the same order. */
  counts: number[]
}

/** Most buckets that may hold a value. */
export const maxBuckets = 256
const finestStep = 1 / 32
/** What rounding may cost at a bucket's end, of the numbers that it is computed from. */
const rounding = 1e-12

export const emptySketch = (origin: number, scale: number): QuantileSketch => ({
  ...{ origin, scale, level: 0, indexes: [], counts: [] },
})

/** Width of the buckets in u. */
export const stepOf = (level: number): number => finestStep * 2 ** level

/** Largest error as a share: α of the bound in {@link QuantileSketch}. */
export const relativeErrorOf = ({ level }: QuantileSketch): number => Math.tanh(stepOf(level) / 2)

function place(x: number, { origin, scale }: QuantileSketch): number {
  const u = (x - origin) / scale
  if (Number.isFinite(u)) return Math.asinh(u)
  // So far away that the quotient overflows: half of each difference still tells its logarithm.
  const half = x / 2 - origin / 2
  return Math.sign(half) * (Math.log(Math.abs(half)) + 2 * Math.LN2 - Math.log(scale))
}

/** Number of the bucket that joins bucket `index` with its neighbour. */
const joined = (index: number): number => (index + 1) >> 1

/** Bucket of a finite value at a level. */
function bucketOf(sketch: QuantileSketch, x: number): number {
  // Adding 0 turns −0, which would not compare as 0, into 0.
  let index = Math.ceil(place(x, sketch) / finestStep) + 0
  for (let level = 0; level < sketch.level; level++) index = joined(index)
  return index
}

/** Adds one finite value, in place. O(log buckets), and O(buckets) where it opens a bucket. */
export function addToSketch(sketch: QuantileSketch, x: number): void {
  const { indexes, counts } = sketch
  const index = bucketOf(sketch, x)
  let low = 0
  let high = indexes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (indexes[middle] < index) low = middle + 1
    else high = middle
  }
  if (indexes[low] === index) {
    counts[low] += 1
    return
  }
  indexes.splice(low, 0, index)
  counts.splice(low, 0, 1)
  widen(sketch)
}

/** The sketch of an array of finite values: the same as adding them one by one. O(values). */
export function sketchOf(values: Iterable<number>, origin: number, scale: number): QuantileSketch {
  const sketch = emptySketch(origin, scale)
  const found = new Map<number, number>()
  for (const x of values) {
    const index = bucketOf(sketch, x)
    found.set(index, (found.get(index) ?? 0) + 1)
  }
  sketch.indexes = [...found.keys()].sort((a, b) => a - b)
  sketch.counts = sketch.indexes.map((index) => found.get(index) ?? 0)
  widen(sketch)
  return sketch
}

/** Whether two sketches count in the same buckets, so that they can be added. */
export const canMerge = (a: QuantileSketch, b: QuantileSketch): boolean => a.origin === b.origin && a.scale === b.scale

/** Adds a sketch of the same origin and scale to another, in place; RangeError otherwise. O(buckets). */
export function mergeIntoSketch(sum: QuantileSketch, part: QuantileSketch): void {
  if (!canMerge(sum, part)) throw new RangeError('sketches of another origin or scale cannot be added')
  while (sum.level < part.level) join(sum)
  const other = atLevel(part, sum.level)
  if (addWhereKnown(sum, other)) return
  const [indexes, counts]: [number[], number[]] = [[], []]
  let a = 0
  let b = 0
  while (a < sum.indexes.length || b < other.indexes.length) {
    const [left, right] = [sum.indexes[a] ?? Number.POSITIVE_INFINITY, other.indexes[b] ?? Number.POSITIVE_INFINITY]
    indexes.push(Math.min(left, right))
    counts.push((left <= right ? sum.counts[a++] : 0) + (right <= left ? other.counts[b++] : 0))
  }
  sum.indexes = indexes
  sum.counts = counts
  widen(sum)
}

/** The sketch with the buckets of a coarser level: itself where it has them, else another. */
export function atLevel(sketch: QuantileSketch, level: number): QuantileSketch {
  if (sketch.level >= level) return sketch
  const coarser = { ...sketch, indexes: [...sketch.indexes], counts: [...sketch.counts] }
  while (coarser.level < level) join(coarser)
  return coarser
}

/** Adds counts of buckets that are all there already, as they mostly are; false, with nothing done, where one is not. */
function addWhereKnown(sum: QuantileSketch, part: QuantileSketch): boolean {
  const { indexes, counts } = sum
  const places = new Int32Array(part.indexes.length)
  let at = 0
  for (let i = 0; i < places.length; i++) {
    while (at < indexes.length && indexes[at] < part.indexes[i]) at++
    if (indexes[at] !== part.indexes[i]) return false
    places[i] = at
  }
  for (let i = 0; i < places.length; i++) counts[places[i]] += part.counts[i]
  return true
}

/** Widens buckets until there are few enough. */
function widen(sketch: QuantileSketch): void {
  while (sketch.indexes.length > maxBuckets) join(sketch)
}

/** Joins buckets two by two. */
function join(sketch: QuantileSketch): void {
  const [indexes, counts]: [number[], number[]] = [[], []]
  for (let i = 0; i < sketch.indexes.length; i++) {
    const index = joined(sketch.indexes[i])
    if (index === indexes[indexes.length - 1]) counts[counts.length - 1] += sketch.counts[i]
    else {
      indexes.push(index)
      counts.push(sketch.counts[i])
    }
  }
  sketch.level += 1
  sketch.indexes = indexes
  sketch.counts = counts
}

/** Half of scale · sinh(u), which is finite for every u that a value has. */
function halfDistance(u: number, scale: number): number {
  const size = Math.abs(u)
  return size < 700 ? (Math.sinh(u) * scale) / 2 : Math.sign(u) * Math.exp(size + Math.log(scale) - 2 * Math.LN2)
}

/** Ends between which a bucket's values lie for certain. */
export function endsOf({ origin, scale, level }: QuantileSketch, index: number): [low: number, high: number] {
  const step = stepOf(level)
  const most = Number.MAX_VALUE
  // In halves, since the difference of two huge numbers may overflow.
  const end = (u: number, towards: number) => {
    const distance = Math.min(most, Math.max(-most, halfDistance(u, scale)))
    const slack = rounding * (Math.abs(distance) + Math.abs(origin) / 2 + scale / 2)
    return Math.min(most, Math.max(-most, 2 * (origin / 2 + distance + towards * slack)))
  }
  return [end((index - 1) * step, -1), end(index * step, 1)]
}

/** Ends between which the value that has `before` values below it lies for certain; null without so many. O(buckets). */
export function orderStatisticBounds(sketch: QuantileSketch, before: number): [low: number, high: number] | null {
  let passed = 0
  for (let i = 0; i < sketch.counts.length; i++) {
    passed += sketch.counts[i]
    if (before < passed) return endsOf(sketch, sketch.indexes[i])
  }
  return null
}
