import type { Estimate, Headline } from '../contract/primitives.ts'
import type { Column, NumericColumn } from '../contract/table.ts'
import { bootstrapInterval } from '../stats/bootstrap.ts'
import { ndcg } from '../stats/ndcg.ts'
import { createRandom } from '../stats/random.ts'
import { rankedHits } from '../stats/ranking-metrics.ts'
import { type AnalysisContext, throwIfCancelled } from './answer.ts'
import { intervalEstimate, noEstimate, plainEstimate, shareEstimate } from './estimates.ts'
import { classCodes, listClasses } from './performance/codes.ts'
import { sayCount, sayEstimate, sayMany } from './wording.ts'

export interface RankingInput {
  /** Which list a row belongs to; rows without one are left out. */
  readonly query: Column
  /** How relevant a row is, 0 or more; missing rows are left out. */
  readonly relevance: NumericColumn
  /** By which rows are ranked, highest first. */
  readonly score: NumericColumn
}

export interface RankingParameters {
  /** Places that are looked at. */
  readonly k: readonly number[]
  readonly confidence: number
  readonly resamples: number
  readonly seed: number
  readonly minimumN: number
}

export interface RankedQuery {
  readonly query: string
  readonly items: number
  readonly relevant: number
  /** At the first k; null when nothing is relevant. */
  readonly ndcg: number | null
}

export interface RankingAnswer {
  readonly headline: Headline
  /** Lists that were judged, and those in which nothing is relevant (NDCG, recall and reciprocal rank say nothing of them). */
  readonly queries: number
  readonly withoutRelevant: number
  readonly rows: number
  readonly leftOut: number
  readonly metrics: Readonly<Record<string, Estimate>>
  /** Lists that are ranked worst, by NDCG at the first k. */
  readonly worst: readonly RankedQuery[]
}

const mostWorst = 20

/**
 * How well lists are ranked: means over queries of `ndcg@k`, `precision@k`, `recall@k`, `hitRate@k`, `averagePrecision@k`
 * and `reciprocalRank@k`, each with a BCa bootstrap over whole queries, since rows of one query are not independent; Wilson's where all are 0 or 1.
 *
 * Queries in which nothing is relevant count in precision (as 0) and hit rate, and are left out of the others. A negative
 * relevance leaves its row out. The headline is `insufficient` below `minimumN` queries. Throws AnalysisCancelled.
 * O(n log n + metrics · resamples · queries).
 */
export function analyzeRanking(
  { query, relevance, score }: RankingInput,
  parameters: RankingParameters,
  context: AnalysisContext,
): RankingAnswer {
  const names = listClasses([], [query])
  const codes = classCodes(query, names)
  const lists: number[][] = names.names.map(() => [])
  let leftOut = 0
  for (let row = 0; row < codes.length; row++) {
    const isUsable = codes[row] >= 0 && relevance.values[row] >= 0 && !Number.isNaN(score.values[row])
    if (isUsable && Number.isFinite(relevance.values[row])) lists[codes[row]].push(row)
    else leftOut++
  }
  const ranked = lists.flatMap((rows, code) =>
    rows.length === 0
      ? []
      : [
          {
            name: names.names[code],
            gains: Float64Array.from(rows, (row) => relevance.values[row]),
            scores: Float64Array.from(rows, (row) => score.values[row]),
          },
        ],
  )
  const metrics: Record<string, Estimate> = {}
  const add = (name: string, values: readonly (number | null)[]) => {
    throwIfCancelled(context)
    metrics[name] = meanOverQueries(
      values.filter((value) => value !== null),
      parameters,
    )
  }
  let worst: RankedQuery[] = []
  let withoutRelevant = 0
  for (const k of parameters.k) {
    const gains = ranked.map((list) => ndcg(list.gains, list.scores, k))
    const hits = ranked.map((list) => rankedHits(list.gains, list.scores, k))
    const ofRelevant = (read: (of: (typeof hits)[number]) => number) =>
      hits.map((of) => (of.relevant === 0 ? null : read(of)))
    add(`ndcg@${k}`, gains)
    add(
      `precision@${k}`,
      hits.map((of) => of.hits / Math.min(k, of.items)),
    )
    add(
      `recall@${k}`,
      ofRelevant((of) => of.hits / of.relevant),
    )
    add(
      `hitRate@${k}`,
      hits.map((of) => Math.min(1, of.hits)),
    )
    add(
      `averagePrecision@${k}`,
      ofRelevant((of) => of.averagePrecision),
    )
    add(
      `reciprocalRank@${k}`,
      ofRelevant((of) => of.reciprocalRank),
    )
    if (k !== parameters.k[0]) continue
    withoutRelevant = hits.filter(({ relevant }) => relevant === 0).length
    worst = ranked
      .map(({ name }, i) => ({ query: name, items: hits[i].items, relevant: hits[i].relevant, ndcg: gains[i] }))
      .filter((list) => list.ndcg !== null)
      .sort((a, b) => (a.ndcg ?? 0) - (b.ndcg ?? 0) || b.relevant - a.relevant)
      .slice(0, mostWorst)
  }
  const leading = metrics[`ndcg@${parameters.k[0]}`]
  const rows = codes.length
  const text =
    leading.value === null
      ? `Ranking cannot be judged: ${leading.note}`
      : `NDCG at ${parameters.k[0]} ${sayEstimate(leading)} over ${sayMany(leading.n, 'query', 'queries')}${withoutRelevant > 0 ? `; ${sayCount(withoutRelevant)} more have nothing relevant` : ''}`
  const isEnough = leading.value !== null && leading.n >= parameters.minimumN
  return {
    headline: {
      status: isEnough ? 'ok' : 'insufficient',
      text: isEnough || leading.value === null ? text : `${text}: too few to judge (at least ${parameters.minimumN})`,
    },
    queries: ranked.length,
    withoutRelevant,
    rows,
    leftOut,
    metrics,
    worst,
  }
}

function meanOverQueries(values: readonly number[], { resamples, seed, confidence }: RankingParameters): Estimate {
  const n = values.length
  if (n === 0) return noEstimate(0, 'no query has a relevant item')
  const of = Float64Array.from(values)
  const mean = (rows: Uint32Array) => {
    let sum = 0
    for (const row of rows) sum += of[row]
    return sum / rows.length
  }
  const value = of.reduce((sum, one) => sum + one, 0) / n
  if (values.every((one) => one === 0 || one === 1)) return shareEstimate(value * n, n, confidence)
  // Where all are alike no resample differs, and the interval would claim certainty.
  if (of.every((one) => one === of[0])) return plainEstimate(value, n)
  const drawn = bootstrapInterval(n, mean, {
    random: createRandom(seed),
    repeats: resamples,
    confidence,
    method: 'bca',
  })
  return drawn.status === 'ok' ? intervalEstimate(value, n, drawn.interval) : plainEstimate(value, n)
}
