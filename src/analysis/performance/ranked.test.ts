import { describe, expect, it } from 'vitest'
import { createRandom, randomInteger, randomNormal } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { parametersOf } from '../parameters.ts'
import { analyzePerformance } from '../performance.ts'
import { categories, numbers, tableOf } from '../testing/tables.ts'

/** Lists of eight, ranked by relevance with noise. */
function lists(count: number, noise: number, seed: number) {
  const random = createRandom(seed)
  const rows = Array.from({ length: count * 8 }, (_, i) => {
    const relevance = randomInteger(random, 4)
    return { query: `q${Math.floor(i / 8)}`, relevance, score: relevance + noise * randomNormal(random) }
  })
  return tableOf(
    { query: categories(rows.map(({ query }) => query)) },
    { prediction: numbers(rows.map(({ score }) => score)), label: numbers(rows.map(({ relevance }) => relevance)) },
  )
}

const ask = (noise: number, reference: ReturnType<typeof lists> | null = null, changes: object = {}) =>
  analyzePerformance(
    {
      current: lists(60, noise, 2),
      reference,
      task: 'regression',
      classes: [],
      positiveClass: null,
      ranking: { queryColumn: 'query', k: [3, 5] },
      ...changes,
    },
    parametersOf.performance.parse({}),
    uninterrupted,
  )

describe('performance of a ranking', () => {
  it('is how lists are ranked, with the lists that are ranked worst, and not how near scores come to relevances', () => {
    const { headline, detail, findings } = ask(1)
    expect(headline).toMatchObject({
      status: 'ok',
      text: expect.stringMatching(/^NDCG at 3 0\.\d+ \(.*\), 60 queries/),
    })
    expect(Object.keys(detail.metrics)).toEqual([
      ...['ndcg@3', 'precision@3', 'recall@3', 'hitRate@3', 'averagePrecision@3', 'reciprocalRank@3'],
      ...['ndcg@5', 'precision@5', 'recall@5', 'hitRate@5', 'averagePrecision@5', 'reciprocalRank@5'],
    ])
    expect(detail.ranking).toMatchObject({
      queryColumn: 'query',
      k: [3, 5],
      queries: 60,
      withoutRelevant: 0,
      leftOut: 0,
    })
    const [first, second] = detail.ranking?.worst ?? []
    expect(first.ndcg).toBeLessThanOrEqual(second.ndcg)
    const { interval, value } = detail.metrics['ndcg@3']
    expect(interval?.[0]).toBeLessThan(value ?? 0)
    expect(findings[0].message).toContain('on 60 queries')
    expect(detail.estimated).toBeUndefined()
  })

  it('warns where it lies wholly below the reference', () => {
    const { headline, detail } = ask(6, lists(60, 0.1, 9))
    expect(detail.referenceMetrics?.['ndcg@3'].value).toBeGreaterThan(0.95)
    expect(headline.status).toBe('warning')
    expect(headline.text).toContain('in the reference')
  })

  it('cannot be judged of few lists, without the query column or without labels, and says why', () => {
    const few = ask(1, null, { current: lists(5, 1, 3) }).headline
    expect(few).toMatchObject({ status: 'insufficient', text: expect.stringContaining('too few queries to judge') })
    const without = ask(1, null, { ranking: { queryColumn: 'list', k: [10] } }).headline
    expect(without.text).toBe('Performance cannot be judged: the samples have no column list')
    const unlabelled = ask(1, null, { current: { ...lists(60, 1, 3), label: null } })
    expect(unlabelled.headline.text).toBe('Performance cannot be judged: there are no labels')
    expect(unlabelled.detail.metrics).toHaveProperty('ndcg@3')
  })
})
