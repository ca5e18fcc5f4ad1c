import { type Random, randomUniform } from './random.ts'
import { createSequentialMeanTest, updateSequentialMeanTest } from './sequential-mean.ts'

/**
 * Where each value stands among itself and those before it, in (0, 1]; ties are broken at random. NaN stays NaN.
 *
 * While the values come in random order (independent draws of one law do) these are independent and uniform, whatever the law.
 * O(n log n). Source: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), 8.2.
 */
export function sequentialRanks(values: ArrayLike<number>, random: Random): Float64Array {
  const order = [...Array(values.length).keys()]
    .filter((i) => !Number.isNaN(values[i]))
    .sort((i, j) => values[i] - values[j])
  // Equal values share a place, counted from 1.
  const place = new Uint32Array(values.length)
  let places = 0
  order.forEach((i, k) => {
    if (k === 0 || values[i] !== values[order[k - 1]]) places++
    place[i] = places
  })
  // Counts of values seen so far by place, as a binary indexed tree.
  const tree = new Float64Array(places + 1)
  const countUpTo = (at: number) => {
    let sum = 0
    for (let k = at; k > 0; k -= k & -k) sum += tree[k]
    return sum
  }
  const ranks = new Float64Array(values.length).fill(Number.NaN)
  let seen = 0
  for (let i = 0; i < values.length; i++) {
    if (place[i] === 0) continue
    for (let k = place[i]; k <= places; k += k & -k) tree[k]++
    seen++
    const below = countUpTo(place[i] - 1)
    const equal = countUpTo(place[i]) - below
    ranks[i] = (below + randomUniform(random) * equal) / seen
  }
  return ranks
}

/** What a rank test claims. */
export type RankAlarm = { readonly index: number; readonly claims: 'larger' | 'smaller' | 'wider' | 'narrower' }

/**
 * First position at which values are shown not to come in random order: they grew larger, smaller, wider apart or closer together.
 *
 * Four sequential tests of the mean of the ranks and of their distance from the middle, each at a quarter of `alpha`: of a stream
 * without a change one ever alarms with probability at most `alpha`, however long it lasts. Null when none alarms. O(n log n).
 */
export function findRankAlarm(values: ArrayLike<number>, random: Random, alpha = 0.05): RankAlarm | null {
  const claims = ['larger', 'smaller', 'wider', 'narrower'] as const
  const tests = claims.map((claim) => ({
    claim,
    test: createSequentialMeanTest(0.5, {
      side: claim === 'larger' || claim === 'wider' ? 'above' : 'below',
      alpha: alpha / claims.length,
    }),
  }))
  const ranks = sequentialRanks(values, random)
  for (let index = 0; index < ranks.length; index++) {
    const rank = ranks[index]
    if (Number.isNaN(rank)) continue
    for (const { claim, test } of tests) {
      const value = claim === 'larger' || claim === 'smaller' ? rank : Math.abs(2 * rank - 1)
      if (updateSequentialMeanTest(test, value).alarm) return { index, claims: claim }
    }
  }
  return null
}
