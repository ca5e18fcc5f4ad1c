import { describe, expect, it } from 'vitest'
import { reportDetail } from '../../contract/report.ts'
import type { Column } from '../../contract/table.ts'
import { createRandom, randomNormal, randomUniform } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { analyzeDrift } from '../drift.ts'
import { parametersOf } from '../parameters.ts'
import { categories, numbers, tableOf } from '../testing/tables.ts'

const normals = (seed: number, n: number, shift = 0) => {
  const random = createRandom(seed)
  return numbers(Array.from({ length: n }, () => randomNormal(random) + shift))
}
const draws = (seed: number, n: number, share: number) => {
  const random = createRandom(seed)
  return categories(Array.from({ length: n }, () => (randomUniform(random) < share ? 'a' : 'b')))
}

function ask(reference: Record<string, Column>, current: Record<string, Column>) {
  const input = { reference: tableOf(reference), current: tableOf(current), schema: null }
  return analyzeDrift(input, parametersOf.drift.parse({ panel: true }), uninterrupted).detail
}

function panelOf(reference: Column, current: Column) {
  const { panel } = ask({ x: reference }, { x: current }).features[0]
  if (panel === undefined) throw new Error('no panel')
  const of = (rule: string) => {
    const found = panel.rules.find((each) => each.rule === rule)
    if (found === undefined) throw new Error(`no rule ${rule}`)
    return found
  }
  return { panel, of }
}

describe('the verdict panel', () => {
  it('shows significance without size where there are many values', () => {
    const { panel, of } = panelOf(normals(1, 20_000), normals(2, 20_000, 0.06))
    expect(of('alibi-detect')).toMatchObject({ verdict: 'drift', measure: 'Kolmogorov–Smirnov p', threshold: 0.05 })
    expect(of('whylogs').verdict).toBe('drift')
    for (const rule of ['Evidently', 'deepchecks', 'SageMaker', 'Azure']) expect(of(rule).verdict).toBe('no drift')
    expect(of('alibi-detect').sentence).toMatch(/^It asks only whether anything differs: 20,000 and 20,000 values/)
    expect(panel.sentence).toMatch(/^The console calls it no drift; of 7 other default rules .*whylogs/)
  })

  it('shows fixed limits that so few values reach by chance', () => {
    // Samples of one population whose distance is beyond 0.1 by chance.
    const { of } = panelOf(normals(5, 60), normals(6, 60))
    expect(of('Azure')).toMatchObject({ verdict: 'drift', firesWhen: 'above', threshold: 0.1 })
    expect(of('SageMaker')).toMatchObject({ verdict: 'no drift', value: 0 })
    expect(of('Azure').sentence).toMatch(/where the console holds back, for about \d+ values a side are needed/)
  })

  it('takes the choices of Evidently from n and the number of values', () => {
    const measure = (reference: Column, current: Column) => panelOf(reference, current).of('Evidently').measure
    expect(measure(normals(1, 1000), normals(2, 50))).toBe('Kolmogorov–Smirnov p')
    expect(measure(normals(1, 1001), normals(2, 50))).toBe('Wasserstein / deviation of the reference')
    expect(measure(draws(1, 1000, 0.5), draws(2, 50, 0.5))).toBe('two-proportion z p')
    expect(measure(draws(1, 1001, 0.5), draws(2, 50, 0.5))).toBe('Jensen–Shannon distance, natural logarithm')
  })

  it('divides alibi-detect’s level by the columns tested together', () => {
    const columns = (seed: number) => ({ x: normals(seed, 100), y: normals(seed + 1, 100), z: draws(seed, 100, 0.5) })
    for (const { panel } of ask(columns(1), columns(9)).features)
      expect(panel?.rules.find(({ rule }) => rule === 'alibi-detect')?.threshold).toBeCloseTo(0.05 / 3, 12)
  })

  it('takes NannyML’s limit from ten chunks of the reference, so that a drifting reference raises it', () => {
    const steady = panelOf(normals(1, 2000), normals(2, 2000, 0.6)).of('NannyML')
    const rising = numbers(Array.from({ length: 2000 }, (_, i) => i / 1000 + randomNormal(createRandom(i))))
    const moving = panelOf(rising, normals(2, 2000, 1.3)).of('NannyML')
    expect(steady.verdict).toBe('drift')
    expect(moving.threshold).toBeGreaterThan(2 * (steady.threshold ?? 1))
    // Fewer rows than chunks have no limit.
    expect(panelOf(normals(3, 8), normals(4, 100)).of('NannyML')).toMatchObject({ verdict: 'none', threshold: null })
  })

  it('corrects deepchecks’ Cramér’s V for its bias and asks less of labels', () => {
    const many = (seed: number) => {
      const random = createRandom(seed)
      return categories(Array.from({ length: 100 }, () => `c${Math.floor(10 * randomUniform(random))}`))
    }
    const { value } = panelOf(many(1), many(2)).of('deepchecks')
    const plain = ask({ x: many(1) }, { x: many(2) }).features[0].measures.cramersV ?? 0
    expect(value).toBeLessThan(plain)
    const table = (seed: number) => tableOf({ x: normals(seed, 50) }, { prediction: draws(seed, 50, 0.5) })
    const { features } = analyzeDrift(
      { reference: table(1), current: table(2), schema: null },
      parametersOf.drift.parse({ panel: true }),
      uninterrupted,
    ).detail
    const thresholds = features.map(({ panel }) => panel?.rules.find(({ rule }) => rule === 'deepchecks')?.threshold)
    expect(thresholds).toEqual([0.2, 0.15])
  })

  it('has something finite to say about any two columns, as the contract wants it', () => {
    const odd: Record<string, Column> = {
      constant: numbers(Array.from({ length: 50 }, () => 4)),
      huge: numbers([1e308, -1e308, 5, Number.POSITIVE_INFINITY, ...Array.from({ length: 40 }, () => 1)]),
      one: categories(Array.from({ length: 40 }, () => 'a')),
      single: numbers([1]),
      missing: numbers([null, null, 3, 4]),
    }
    const other: Record<string, Column> = {
      constant: numbers(Array.from({ length: 50 }, () => 5)),
      huge: numbers([1, 2, 3]),
      one: categories(Array.from({ length: 40 }, () => 'b')),
      single: numbers([2]),
      missing: numbers([null, 3]),
    }
    const detail = ask(odd, other)
    expect(reportDetail.safeParse(detail).error).toBeUndefined()
    for (const { panel } of detail.features) expect(panel?.rules).toHaveLength(7)
    expect(JSON.stringify(detail)).not.toMatch(/NaN|Infinity/)
  })

  it('is left out unless asked for', () => {
    const input = { reference: tableOf({ x: normals(1, 50) }), current: tableOf({ x: normals(2, 50) }), schema: null }
    const [feature] = analyzeDrift(input, parametersOf.drift.parse({}), uninterrupted).detail.features
    expect(feature.panel).toBeUndefined()
  })
})
