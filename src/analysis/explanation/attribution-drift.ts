import type { AttributionDrift } from '../../contract/explanation.ts'
import type { Status } from '../../contract/primitives.ts'
import { bootstrapInterval } from '../../stats/bootstrap.ts'
import { createRandom, randomInteger, shuffle } from '../../stats/random.ts'
import { intervalEstimate, plainEstimate } from '../estimates.ts'
import { meanEstimate } from '../explanation-permutation.ts'
import { sayCount, sayEstimate, sayList, sayNumber, sayPValue } from '../wording.ts'
import type { ExplainedRows } from './global.ts'

const permutations = 2000
const resamples = 300
/** Between the threshold and this, a change that is surely there is worth a look. */
const nearby = 0.5

type Sizes = ExplainedRows['sizes']

/**
 * Whether predictions rest on the same columns as in the reference.
 *
 * NDCG of the columns ranked by their mean |contribution| now, with the mean |contribution| in the reference as gains: 1 for the same order,
 * lower the more weight has moved. p: share of shufflings of samples between both sides with an NDCG as low or lower (exact for
 * exchangeable samples, 2,000 shufflings). Interval: percentile bootstrap over samples. A drift is an NDCG below `threshold` AND p < alpha; halfway
 * to 1 from there it is a warning. Null for fewer than two columns or samples, or where nothing contributes.
 * Source: the ranking measure of Järvelin and Kekäläinen (2002), as feature attribution monitors use it with 0.9.
 */
export function compareAttributions(
  reference: Sizes,
  current: Sizes,
  {
    threshold,
    alpha,
    confidence,
    seed,
  }: { readonly threshold: number; readonly alpha: number; readonly confidence: number; readonly seed: number },
): AttributionDrift | null {
  const columns = [...reference.keys()].filter((name) => current.has(name))
  const before = columns.map((name) => reference.get(name) as Float64Array)
  const now = columns.map((name) => current.get(name) as Float64Array)
  const n = before[0]?.length ?? 0
  const k = now[0]?.length ?? 0
  if (columns.length < 2 || n < 2 || k < 2) return null
  const value = rankingGain(before.map(meanOf), now.map(meanOf))
  if (value === null) return null

  // One array a column, reference first: rows are drawn from it by their place.
  const pooled = before.map((sizes, j) => Float64Array.from([...sizes, ...now[j]]))
  const meansAt = (rows: Uint32Array, from: number, to: number) =>
    pooled.map((sizes) => {
      let sum = 0
      for (let i = from; i < to; i++) sum += sizes[rows[i]]
      return sum / (to - from)
    })
  const random = createRandom(seed + 31)
  const order = Uint32Array.from({ length: n + k }, (_, i) => i)
  let asLow = 0
  for (let permutation = 0; permutation < permutations; permutation++) {
    shuffle(random, order)
    const drawn = rankingGain(meansAt(order, 0, n), meansAt(order, n, n + k))
    if (drawn !== null && drawn <= value) asLow++
  }
  const pValue = (1 + asLow) / (permutations + 1)

  const others = Uint32Array.from({ length: n }, () => 0)
  const interval = bootstrapInterval(
    k,
    (rows) => {
      for (let i = 0; i < n; i++) others[i] = randomInteger(random, n)
      return rankingGain(
        meansAt(others, 0, n),
        meansAt(
          rows.map((row) => n + row),
          0,
          k,
        ),
      )
    },
    { random, repeats: resamples, confidence },
  )
  const estimate = interval.status === 'ok' ? intervalEstimate(value, k, interval.interval) : plainEstimate(value, k)
  const isReal = pValue < alpha
  const status: Status =
    isReal && value < threshold ? 'breach' : isReal && value < threshold + nearby * (1 - threshold) ? 'warning' : 'ok'
  const placesBefore = placesOf(before.map(meanOf))
  const placesNow = placesOf(now.map(meanOf))
  const listed = columns
    .map((column, j) => ({
      column,
      reference: meanEstimate(before[j], confidence),
      current: meanEstimate(now[j], confidence),
      placeBefore: placesBefore[j],
      placeNow: placesNow[j],
    }))
    .sort((a, b) => a.placeBefore - b.placeBefore)
  const moved = listed.filter(({ placeBefore, placeNow }) => placeBefore !== placeNow)
  const sayMove = ({ column, placeBefore, placeNow }: (typeof listed)[number]) =>
    `${column} from place ${placeBefore} to ${placeNow}`
  const facts = `NDCG ${sayEstimate(estimate)}, threshold ${sayNumber(threshold)}, ${sayPValue(pValue)}, n ${sayCount(k)} against ${sayCount(n)}`
  const sentence =
    status === 'ok'
      ? `The predictions rest on the same columns as in the reference: ${facts}`
      : `The predictions no longer rest on what they rested on in the reference: ${sayList(moved.map(sayMove)) || 'the sizes have moved'}; ${facts}`
  return { ndcg: estimate, threshold, pValue, status, sentence, columns: listed }
}

/**
 * NDCG of a few columns: the same number as for a long list, without its sorting by bits, since it is needed thousands of times. Columns
 * of equal size now share their gains.
 */
function rankingGain(gains: readonly number[], sizes: readonly number[]): number | null {
  const places = gains.map((_, i) => i)
  const byGain = [...places].sort((a, b) => gains[b] - gains[a])
  const bySize = places.sort((a, b) => sizes[b] - sizes[a])
  let ideal = 0
  let found = 0
  for (let from = 0; from < bySize.length; ) {
    let to = from
    let shared = 0
    while (to < bySize.length && sizes[bySize[to]] === sizes[bySize[from]]) shared += gains[bySize[to++]]
    for (let place = from; place < to; place++) {
      const discount = Math.log2(place + 2)
      ideal += gains[byGain[place]] / discount
      found += shared / (to - from) / discount
    }
    from = to
  }
  return ideal > 0 ? Math.min(1, found / ideal) : null
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Places from 1, the largest first. */
function placesOf(sizes: readonly number[]): number[] {
  const order = sizes.map((_, i) => i).sort((a, b) => sizes[b] - sizes[a] || a - b)
  const places = new Array<number>(sizes.length)
  order.forEach((column, place) => {
    places[column] = place + 1
  })
  return places
}
