import type { RankingSpec } from '../../contract/model.ts'
import type { SampleTable } from '../../contract/table.ts'
import type { AnalysisContext } from '../answer.ts'
import { noEstimate } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { analyzeRanking } from '../ranking.ts'
import type { Measured } from './measure.ts'

/**
 * Measures numbers by which lists are ranked: `ndcg@k`, `precision@k`, `recall@k`, `hitRate@k`, `averagePrecision@k` (its mean over
 * queries is known as MAP) and `reciprocalRank@k` (MRR) with intervals by a bootstrap over whole queries: see `analyzeRanking`.
 */
export function measureRanking(
  { columns, prediction, label, n }: SampleTable,
  { queryColumn, k }: RankingSpec,
  parameters: ParametersOf<'performance'>,
  context: AnalysisContext,
): Measured {
  const none = { confusion: null, perClass: [], calibration: [] }
  const query = columns.get(queryColumn)
  const leading = `ndcg@${k[0]}`
  if (query === undefined)
    return { ...none, labelled: 0, metrics: { [leading]: noEstimate(0, `the samples have no column ${queryColumn}`) } }
  if (prediction?.type !== 'numeric' || label?.type !== 'numeric')
    return { ...none, labelled: 0, metrics: { [leading]: noEstimate(0, 'scores or relevances are not numbers') } }
  const { confidence, resamples, seed, minimumN } = parameters
  const { metrics, queries, withoutRelevant, leftOut, worst } = analyzeRanking(
    { query, relevance: label, score: prediction },
    { k, confidence, resamples, seed, minimumN },
    context,
  )
  return {
    ...none,
    labelled: n - leftOut,
    metrics: { ...metrics },
    ranking: {
      queryColumn,
      k: [...k],
      queries,
      withoutRelevant,
      leftOut,
      worst: worst.flatMap(({ ndcg, ...list }) => (ndcg === null ? [] : [{ ...list, ndcg }])),
    },
  }
}
