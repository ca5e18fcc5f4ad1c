/** How the latest values of a stream lie beside each stretch of its past; plain data of constant size. */
export type StreamCourse = {
  readonly reach: number
  n: number
  /** The last `reach` values, in a ring. */
  readonly values: Float64Array
  /** By lag: fading sum of the distances between the latest values and those so many values earlier. */
  readonly distances: Float64Array
}

/** Values over which a distance fades, and the shortest lag: nearer values are the same stretch. */
const FADE = 8
const NEAREST = 12
/** Values before which there is too little to compare with. */
const FEWEST = 100

/** A course that knows nothing yet. `reach`: how many values back it compares. */
export function createCourse(reach: number): StreamCourse {
  return { reach, n: 0, values: new Float64Array(reach), distances: new Float64Array(reach) }
}

/**
 * How little the last values resemble anything before, then learns the value (in place): the least, over lags τ from 12 to
 * `reach` values, of Σₖ (7/8)ᵏ·|x(t−k) − x(t−k−τ)|; null for the first 100 values.
 *
 * Zero where the stream repeats itself, however wild its course; large where a cycle is missed, comes faster or stands still,
 * although each value alone is usual. Constant time, `reach` additions a value. It is the distance to the nearest neighbour of the
 * matrix profile (Yeh et al., IEEE ICDM 2016, 1317) with a fading window in place of a sharp one.
 */
export function updateCourse(course: StreamCourse, value: number): number | null {
  const { reach, values, distances, n } = course
  const keep = 1 - 1 / FADE
  // The oldest lags have compared too little yet to tell.
  const known = n - FADE
  const last = Math.min(reach - 1, n)
  let least = Number.POSITIVE_INFINITY
  let at = (n - NEAREST + NEAREST * reach) % reach
  for (let lag = NEAREST; lag <= last; lag++) {
    const distance = distances[lag] * keep + Math.abs(value - values[at])
    distances[lag] = distance
    if (distance < least && lag < known) least = distance
    at = at === 0 ? reach - 1 : at - 1
  }
  values[n % reach] = value
  course.n++
  return n < FEWEST ? null : least
}
