import { checkSameLength } from './outcome.ts'
import { sortedOrder } from './ranks.ts'

/** Places of the relevant items of one ranking, and what follows from them at a cut k. */
export type RankedHits = {
  /** Expected relevant items among the first k; ties on the border count in proportion. */
  readonly hits: number
  readonly relevant: number
  readonly items: number
  /** 1 / place of the first relevant item within the first k, 0 when there is none; equal scores: mean over their orders. */
  readonly reciprocalRank: number
  /** Mean over the relevant items of the precision at their place, within the first k, divided by min(relevant, k). */
  readonly averagePrecision: number
}

/**
 * Hits, reciprocal rank and average precision at k of one ranking by `scores`, highest first; relevant is relevance > 0.
 *
 * Items with a NaN on either side are left out. Within a group of equal scores every order is equally likely: hits and the
 * first place are their mean over orders; precision within the group is taken at the mean of its orders. RangeError when
 * lengths differ or k < 1. O(n log n).
 */
export function rankedHits(relevance: ArrayLike<number>, scores: ArrayLike<number>, k: number): RankedHits {
  const rows = checkSameLength(relevance, scores, 'relevance and scores')
  if (!(k >= 1)) throw new RangeError(`a ranking is cut at k >= 1, got ${k}`)
  const kept: number[] = []
  for (let i = 0; i < rows; i++) if (!Number.isNaN(relevance[i]) && !Number.isNaN(scores[i])) kept.push(i)
  const ranks = Float64Array.from(kept, (i) => scores[i])
  const order = sortedOrder(ranks).reverse()
  const isRelevant = (place: number) => relevance[kept[order[place]]] > 0
  const items = kept.length
  let [hits, relevant, precision, reciprocalRank] = [0, 0, 0, 0]
  // Probability that nothing relevant stood before this place.
  let isFirst = true
  for (let from = 0; from < items; ) {
    let to = from
    let found = 0
    while (to < items && ranks[order[to]] === ranks[order[from]]) found += isRelevant(to++) ? 1 : 0
    const size = to - from
    if (found > 0 && from < k) {
      if (isFirst) reciprocalRank = expectedReciprocal(from, size, found, k)
      const inside = Math.min(to, k) - from
      for (let place = 0; place < inside; place++) {
        // Relevant items before a place of the group, and itself given that it is one.
        const before = size > 1 ? ((found - 1) * place) / (size - 1) : 0
        precision += ((found / size) * (relevant + before + 1)) / (from + place + 1)
      }
      hits += (found * inside) / size
      isFirst = false
    }
    relevant += found
    from = to
  }
  const most = Math.min(relevant, k)
  return { hits, relevant, items, reciprocalRank, averagePrecision: most === 0 ? 0 : precision / most }
}

/** Mean of 1 / place of the first of `found` relevant items among `size` in random order after `before` places; 0 beyond k. */
function expectedReciprocal(before: number, size: number, found: number, k: number): number {
  let sum = 0
  let isNoneYet = 1
  for (let i = 0; i <= size - found && before + i < k; i++) {
    const here = found / (size - i)
    sum += (isNoneYet * here) / (before + i + 1)
    isNoneYet *= 1 - here
  }
  return sum
}
