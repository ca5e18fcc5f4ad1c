import { checkSameLength } from './outcome.ts'
import { sortedOrder } from './ranks.ts'

/**
 * Normalised discounted cumulative gain of a ranking by `scores`, highest first, against true `relevance` >= 0, cut at k.
 *
 * Σ relevance / log₂(place + 1) over the first k, divided by the same for the ideal order. Items with equal scores share
 * the mean relevance of their group, so that their order does not matter. Items with a NaN on either side are left out.
 * Null when no relevance is above zero. RangeError for a negative relevance or k < 1. O(n).
 * Source: Järvelin and Kekäläinen, ACM Trans. Inf. Syst. 20 (2002) 422; ties by McSherry and Najork (2008).
 */
export function ndcg(
  relevance: ArrayLike<number>,
  scores: ArrayLike<number>,
  k: number = relevance.length,
): number | null {
  const { gains, ranks, n } = completeItems(relevance, scores)
  const cut = checkCut(k, n)
  const ideal = discountedSum(gains.slice().sort().reverse(), cut)
  if (!(ideal > 0)) return null
  const order = sortedOrder(ranks).reverse()
  const shared = new Float64Array(n)
  for (let from = 0; from < n; ) {
    let to = from
    let sum = 0
    while (to < n && ranks[order[to]] === ranks[order[from]]) sum += gains[order[to++]]
    shared.fill(sum / (to - from), from, to)
    from = to
  }
  return Math.min(1, discountedSum(shared, cut) / ideal)
}

/**
 * Share of the k highest-scored items that are relevant (relevance > 0); of all when there are fewer than k.
 *
 * A group of equal scores on the border counts in proportion. NaN as in {@link ndcg}. Null for no items.
 */
export function precisionAt(relevance: ArrayLike<number>, scores: ArrayLike<number>, k: number): number | null {
  const { gains, ranks, n } = completeItems(relevance, scores)
  if (n === 0) return null
  const cut = checkCut(k, n)
  const order = sortedOrder(ranks).reverse()
  let hits = 0
  for (let from = 0; from < cut; ) {
    let to = from
    let relevant = 0
    while (to < n && ranks[order[to]] === ranks[order[from]]) relevant += gains[order[to++]] > 0 ? 1 : 0
    hits += (relevant * (Math.min(to, cut) - from)) / (to - from)
    from = to
  }
  return hits / cut
}

function checkCut(k: number, n: number): number {
  if (n > 0 && !(k >= 1)) throw new RangeError(`a ranking is cut at k >= 1, got ${k}`)
  return Math.min(Math.floor(k), n)
}

function completeItems(
  relevance: ArrayLike<number>,
  scores: ArrayLike<number>,
): { gains: Float64Array; ranks: Float64Array; n: number } {
  const items = checkSameLength(relevance, scores, 'relevance and scores')
  const gains = new Float64Array(items)
  const ranks = new Float64Array(items)
  let n = 0
  for (let i = 0; i < items; i++) {
    if (Number.isNaN(relevance[i]) || Number.isNaN(scores[i])) continue
    if (!(relevance[i] >= 0)) throw new RangeError(`relevance is not negative, got ${relevance[i]} at ${i}`)
    gains[n] = relevance[i]
    ranks[n++] = scores[i]
  }
  return { gains: gains.subarray(0, n), ranks: ranks.subarray(0, n), n }
}

function discountedSum(gains: Float64Array, cut: number): number {
  let sum = 0
  for (let place = 0; place < cut; place++) sum += gains[place] / Math.log2(place + 2)
  return sum
}
