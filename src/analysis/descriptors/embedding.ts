import type { MeasureOf } from '../../contract/blob.ts'

/**
 * Numbers that describe where an embedding lies.
 *
 * - `norm`: Euclidean length.
 * - `distance`: cosine distance from the declared centre (the mean of the reference's embeddings), 1 - cos of the angle, 0 to 2;
 *   null without a centre of the same length, and where either is the zero vector.
 *
 * O(length).
 */
export function describeEmbedding(
  values: ArrayLike<number>,
  center: readonly number[] | null,
): Record<MeasureOf<'embedding'>, number | null> {
  let [squares, dot, centerSquares] = [0, 0, 0]
  const isComparable = center !== null && center.length === values.length
  for (let i = 0; i < values.length; i++) {
    squares += values[i] * values[i]
    if (!isComparable) continue
    dot += values[i] * center[i]
    centerSquares += center[i] * center[i]
  }
  const norms = Math.sqrt(squares) * Math.sqrt(centerSquares)
  const cosine = norms === 0 ? null : Math.max(-1, Math.min(1, dot / norms))
  return { norm: Math.sqrt(squares), distance: cosine === null ? null : 1 - cosine }
}
