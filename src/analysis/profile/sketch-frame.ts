/** Without a reference nothing is known of the values: buckets are a share of them down to a millionth. */
const unknownScale = 1e-6
/** Below this share of the numbers about it a distance is none: an edge stands just below a common smallest value. */
const negligible = 1e-9

/**
 * Where a column's quantile sketch has its origin, and its scale, from how the reference is binned: the middle edge, which is
 * about the median, and the smaller of its distances from the outer edges, so that the denser side of a skew is told well.
 *
 * Where all edges are one, the distance of the mean; where that is none too, 1. Without edges the origin is 0. Follows from the
 * binning alone, so that all hours of a version count in the same buckets. O(1).
 */
export function sketchFrame(shift: number, edges: readonly number[]): { origin: number; scale: number } {
  if (edges.length === 0) return { origin: 0, scale: unknownScale }
  const origin = edges[edges.length >> 1]
  const distances = [origin - edges[0], edges[edges.length - 1] - origin]
  const least = negligible * Math.max(Math.abs(origin), Math.abs(shift - origin), ...distances)
  const usable = distances.filter((distance) => distance > least && Number.isFinite(distance))
  const fallback = Math.abs(shift - origin)
  const scale = usable.length > 0 ? Math.min(...usable) : fallback > least ? fallback : 1
  return { origin, scale: Number.isFinite(scale) ? scale : 1 }
}
