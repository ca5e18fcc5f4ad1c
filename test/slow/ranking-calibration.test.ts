import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeRanking } from '../../src/analysis/ranking.ts'
import { categories, numbers } from '../../src/analysis/testing/tables.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../../src/stats/random.ts'

/** Lists that are ranked with more or less skill, so that rows of one list go together. */
function ask(random: Random, queries: number, resamples: number) {
  const rows = Array.from({ length: queries }, (_, q) => {
    const skill = randomNormal(random)
    return Array.from({ length: 4 + randomInteger(random, 8) }, (): [string, number, number] => {
      const relevance = randomUniform(random) < 0.3 ? 1 : 0
      return [`q${q}`, relevance, skill * relevance + randomNormal(random)]
    })
  }).flat()
  const input = {
    query: categories(rows.map(([query]) => query)),
    relevance: numbers(rows.map(([, relevance]) => relevance)),
    score: numbers(rows.map(([, , score]) => score)),
  }
  return analyzeRanking(input, { k: [3], confidence: 0.95, resamples, seed: 1, minimumN: 1 }, uninterrupted).metrics
}

describe('intervals of ranking', () => {
  const truth = ask(createRandom(5), 10_000, 50)

  it.each([
    { queries: 30, repeats: 300, least: 0.87 },
    { queries: 100, repeats: 200, least: 0.89 },
    { queries: 1000, repeats: 60, least: 0.88 },
  ])('hold the mean over all queries about as often as they say, $queries queries', ({ queries, repeats, least }) => {
    const random = createRandom(queries)
    const covered: Record<string, number> = {}
    for (let i = 0; i < repeats; i++) {
      for (const [name, { interval }] of Object.entries(ask(random, queries, 200))) {
        const value = truth[name].value ?? Number.NaN
        if (interval && interval[0] <= value && value <= interval[1]) covered[name] = (covered[name] ?? 0) + 1
      }
    }
    console.info(`coverage of 95 % intervals, ${queries} queries:`, JSON.stringify(covered), `of ${repeats}`)
    for (const [name, count] of Object.entries(covered)) expect(count / repeats, name).toBeGreaterThan(least)
  })
})
