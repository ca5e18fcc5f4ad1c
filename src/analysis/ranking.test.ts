import { describe, expect, it } from 'vitest'
import { rankedHits } from '../stats/ranking-metrics.ts'
import { uninterrupted } from './answer.ts'
import { analyzeRanking } from './ranking.ts'
import { categories, numbers } from './testing/tables.ts'

const parameters = { k: [3], confidence: 0.95, resamples: 500, seed: 1, minimumN: 1 }
const ask = (rows: readonly [string | null, number | null, number | null][], changes = {}) =>
  analyzeRanking(
    {
      query: categories(rows.map(([query]) => query)),
      relevance: numbers(rows.map(([, relevance]) => relevance)),
      score: numbers(rows.map(([, , score]) => score)),
    },
    { ...parameters, ...changes },
    uninterrupted,
  )

describe('hits of one ranking', () => {
  it('are those of the first k', () => {
    const found = rankedHits([0, 2, 0, 1], [4, 3, 2, 1], 3)
    expect(found).toEqual({ hits: 1, relevant: 2, items: 4, reciprocalRank: 0.5, averagePrecision: 0.25 })
  })

  it('of equal scores are the mean over all orders', () => {
    const relevance = [1, 0, 0, 1, 0]
    const orders = permutations([0, 1, 2, 3, 4])
    const mean = { hits: 0, reciprocalRank: 0, averagePrecision: 0 }
    for (const order of orders) {
      const found = rankedHits(
        order.map((i) => relevance[i]),
        [5, 4, 3, 2, 1],
        3,
      )
      for (const name of ['hits', 'reciprocalRank', 'averagePrecision'] as const)
        mean[name] += found[name] / orders.length
    }
    const tied = rankedHits(relevance, [1, 1, 1, 1, 1], 3)
    expect(tied.hits).toBeCloseTo(mean.hits, 12)
    expect(tied.reciprocalRank).toBeCloseTo(mean.reciprocalRank, 12)
    expect(tied.averagePrecision).toBeCloseTo(mean.averagePrecision, 12)
  })
})

describe('ranking', () => {
  it('is the mean over queries, what cannot be ranked left out and counted', () => {
    const { metrics, queries, withoutRelevant, leftOut, worst, headline } = ask([
      ['a', 3, 9],
      ['a', 0, 8],
      ['a', 1, 7],
      ['b', 0, 9],
      ['b', 1, 8],
      ['c', 0, 1],
      [null, 1, 1],
      ['a', null, 1],
      ['b', -1, 1],
    ])
    expect({ queries, withoutRelevant, leftOut }).toEqual({ queries: 3, withoutRelevant: 1, leftOut: 3 })
    const ofA = (3 + 1 / 2) / (3 + 1 / Math.log2(3))
    const ofB = 1 / Math.log2(3)
    expect(metrics['ndcg@3'].value).toBeCloseTo((ofA + ofB) / 2, 12)
    expect(metrics['precision@3'].value).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 12)
    expect(metrics['recall@3']).toMatchObject({ value: 1, n: 2 })
    expect(metrics['reciprocalRank@3'].value).toBeCloseTo(0.75, 12)
    expect(worst.map(({ query }) => query)).toEqual(['b', 'a'])
    expect(headline.text).toContain('over 2 queries; 1 more have nothing relevant')
  })

  it('cannot be judged where nothing is relevant, or of too few queries', () => {
    expect(ask([['a', 0, 1]]).headline).toMatchObject({ status: 'insufficient' })
    expect(ask([]).headline.text).toBe('Ranking cannot be judged: no query has a relevant item')
    expect(ask([['a', 1, 1]], { minimumN: 30 }).headline.status).toBe('insufficient')
  })
})

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  )
}
