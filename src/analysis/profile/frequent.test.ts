import { describe, expect, it } from 'vitest'
import { type CategoricalSummary, categoricalSummary } from '../../contract/profile.ts'
import { createRandom, type Random, randomInteger, randomUniform, shuffle } from '../../stats/random.ts'
import { makeColumnSummaries } from './column-summary.ts'
import { makeKeyLimit } from './counts.ts'
import { boundsOf, lastListed, maxFrequent, mostFrequent } from './frequent.ts'

const plan = { type: 'categorical' as const, categories: new Set<string>() }

function summarise(names: readonly string[]): CategoricalSummary {
  const { emptySummary, addValue } = makeColumnSummaries(makeKeyLimit())
  const summary = names.reduce((so, name) => addValue(so, name, plan), emptySummary(plan))
  if (summary.type !== 'categorical') throw new Error('it holds names')
  return summary
}

/** Parts of random sizes, added in a random tree. */
function inAnyOrder(names: readonly string[], random: Random): CategoricalSummary {
  const order = shuffle(random, [...names])
  const { mergeSummaries } = makeColumnSummaries(makeKeyLimit())
  const parts: CategoricalSummary[] = []
  for (let from = 0; from < order.length; ) {
    const to = from + 1 + randomInteger(random, 6000)
    parts.push(summarise(order.slice(from, to)))
    from = to
  }
  while (parts.length > 1) {
    const [a] = parts.splice(randomInteger(random, parts.length), 1)
    const [b] = parts.splice(randomInteger(random, parts.length), 1)
    const [sum, other] = [mergeSummaries(a, b), mergeSummaries(b, a)]
    expect(sum).toEqual(other)
    if (sum.type === 'categorical') parts.push(sum)
  }
  return parts[0]
}

/** Many rare names, and some that are frequent wherever they come in the alphabet. */
function draw(n: number, values: number, random: Random): string[] {
  const frequent = ['zebra', '__proto__', 'apple', 'zoo', 'constructor']
  return Array.from({ length: n }, () => {
    const u = randomUniform(random)
    return u < 0.25 ? frequent[Math.floor(20 * u)] : `v${randomInteger(random, values)}`
  })
}

describe.each([
  { values: 400, isExact: true },
  { values: 1300, isExact: true },
  { values: 20_000, isExact: false },
])('the most frequent of some $values values', ({ values, isExact }) => {
  const random = createRandom(values)
  const names = draw(20_000, values, random)
  const truth = new Map<string, number>()
  for (const name of names) truth.set(name, (truth.get(name) ?? 0) + 1)

  it('are bounded for certain, in any order of values and any tree of merges', () => {
    const whole = summarise(names)
    expect(categoricalSummary.safeParse(whole).error).toBeUndefined()
    for (let seed = 0; seed < 4; seed++) {
      const summary = seed === 0 ? whole : inAnyOrder(names, random)
      const last = lastListed(summary)
      let outside = 0
      for (const name of [...truth.keys(), 'never there', 'zzz']) {
        const { low, high } = boundsOf(summary, name, last)
        const count = truth.get(name) ?? 0
        if (count < low || count > high) outside++
      }
      expect(outside).toBe(0)
      const { frequent, overflow } = summary
      expect(Object.keys(frequent?.counts ?? {}).length).toBeLessThanOrEqual(maxFrequent)
      const counted = Object.values(frequent?.counts ?? {}).reduce((sum, count) => sum + count, 0)
      expect((frequent?.error ?? 0) * (maxFrequent + 1)).toBeLessThanOrEqual(overflow - counted)
      if (isExact) expect(summary).toEqual(whole)
      // Each of the frequent names is one value in twenty: none can go unnamed.
      expect(
        mostFrequent(summary, 5)
          .map(({ value }) => value)
          .sort(),
      ).toEqual(['__proto__', 'apple', 'constructor', 'zebra', 'zoo'])
    }
  })
})

it('knows of hours that were counted before only how many values they do not list', () => {
  const { mergeSummaries } = makeColumnSummaries(makeKeyLimit())
  const old: CategoricalSummary = {
    ...{ type: 'categorical', n: 50, missing: 0, unseen: 0, counts: {}, overflow: 50 },
  }
  for (let i = 0; i < 1000; i++) old.counts[`a${String(i).padStart(4, '0')}`] = 1
  const sum = mergeSummaries(old, summarise(Array.from({ length: 30 }, () => 'zebra')))
  if (sum.type !== 'categorical') throw new Error('it holds names')
  expect(boundsOf(sum, 'zebra', lastListed(sum))).toEqual({ value: 'zebra', low: 30, high: 80 })
})
