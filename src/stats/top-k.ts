/**
 * Rows whose true class is among the k highest-scored, as a count that need not be whole: where the true class shares its score
 * with others on the border, it counts in proportion to how many of them fit.
 *
 * `scores` holds n rows of `classes` scores, row after row; `labels` n codes. A code outside the dictionary or a row with a NaN
 * score is missing. RangeError for wrong sizes or k < 1. O(n · classes).
 */
export function topKHits(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  k: number,
): { readonly hits: number; readonly n: number; readonly missing: number } {
  if (scores.length !== labels.length * classes) {
    throw new RangeError(`expected ${labels.length} rows of ${classes} scores, got ${scores.length} numbers`)
  }
  if (!(k >= 1)) throw new RangeError(`the first k >= 1 are looked at, got ${k}`)
  let hits = 0
  let n = 0
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]
    if (!(label >= 0 && label < classes)) continue
    const own = scores[row * classes + label]
    let [above, equal, complete] = [0, 0, true]
    for (let c = 0; c < classes; c++) {
      const score = scores[row * classes + c]
      if (Number.isNaN(score)) complete = false
      else if (score > own) above++
      else if (score === own) equal++
    }
    if (!complete) continue
    n++
    hits += Math.min(1, Math.max(0, k - above) / equal)
  }
  return { hits, n, missing: labels.length - n }
}
