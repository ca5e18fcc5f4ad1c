import { describe, expect, it } from 'vitest'
import { columnsOf, fitBoostedTrees, scoreBoostedTrees } from './boosted-trees.ts'
import { binColumn } from './feature-binning.ts'
import { mannWhitney } from './mann-whitney.ts'
import { principalComponents, reconstructionErrors } from './principal-components.ts'
import { createRandom, randomNormal } from './random.ts'
import { stratifiedRankSum } from './stratified-rank-sum.ts'
import { eigenSymmetric } from './symmetric-eigen.ts'

const normals = (seed: number, n: number) => {
  const random = createRandom(seed)
  return Float64Array.from({ length: n }, () => randomNormal(random))
}

describe('eigenSymmetric', () => {
  it('finds known values', () => {
    const { values, vectors } = eigenSymmetric(Float64Array.of(2, 1, 1, 2), 2)
    expect(values[0]).toBeCloseTo(3, 12)
    expect(values[1]).toBeCloseTo(1, 12)
    expect(vectors[0][0]).toBeCloseTo(Math.SQRT1_2, 12)
    expect(vectors[0][1]).toBeCloseTo(Math.SQRT1_2, 12)
  })

  it('takes a matrix apart so that it can be put together again', () => {
    const size = 12
    const random = createRandom(1)
    const matrix = new Float64Array(size * size)
    for (let i = 0; i < size; i++)
      for (let j = i; j < size; j++) {
        const value = randomNormal(random)
        matrix[i * size + j] = value
        matrix[j * size + i] = value
      }
    const { values, vectors } = eigenSymmetric(matrix, size)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const again = vectors.reduce((sum, vector, k) => sum + values[k] * vector[i] * vector[j], 0)
        expect(again).toBeCloseTo(matrix[i * size + j], 10)
      }
    expect([...values]).toEqual([...values].sort((a, b) => b - a))
  })

  it('refuses what is no matrix', () => {
    expect(() => eigenSymmetric(Float64Array.of(1, 2, 3), 2)).toThrow(RangeError)
    expect(() => eigenSymmetric(Float64Array.of(Number.NaN), 1)).toThrow(RangeError)
  })
})

describe('principal components', () => {
  const x = normals(2, 500)
  const noise = normals(3, 500)
  const columns = [x, x.map((value, i) => 3 * value + 0.1 * noise[i]), normals(4, 500)]

  it('find what columns have in common', () => {
    const fit = principalComponents(columns)
    if (fit.status !== 'ok') throw new Error('enough rows')
    expect(fit.components).toHaveLength(1)
    expect(fit.explained).toBeGreaterThan(0.65)
    expect(fit.components[0][0]).toBeCloseTo(fit.components[0][1], 2)
  })

  it('err where the relation breaks, not where values keep it', () => {
    const fit = principalComponents([columns[0], columns[1]])
    if (fit.status !== 'ok') throw new Error('enough rows')
    const [kept, broken] = reconstructionErrors(fit, [
      [2, 2],
      [6, -6],
    ])
    expect(kept).toBeLessThan(0.2)
    expect(broken).toBeGreaterThan(2)
  })

  it('leave constants out and put what is missing at the mean', () => {
    expect(principalComponents([x, new Float64Array(500)])).toMatchObject({
      status: 'insufficient',
      reason: 'constant',
    })
    expect(
      principalComponents([
        [1, 2],
        [2, 1],
      ]),
    ).toMatchObject({ status: 'insufficient', needed: 3 })
    const fit = principalComponents([...columns, new Float64Array(500).fill(7)])
    if (fit.status !== 'ok') throw new Error('enough rows')
    const [error] = reconstructionErrors(fit, [[Number.NaN], [Number.NaN], [Number.NaN], [9]])
    expect(error).toBe(0)
    expect(Number.isFinite(reconstructionErrors(fit, [[1e308], [0], [0], [0]])[0])).toBe(true)
  })
})

describe('boosted trees', () => {
  it('learn what no single column tells', () => {
    const [a, b] = [normals(5, 800), normals(6, 800)]
    const target = Float64Array.from(a, (value, i) => (value * b[i] > 0 ? 1 : 0))
    const columns = [a, b, normals(7, 800)].map((values) => binColumn({ kind: 'numeric', values }))
    const held = target.map((y, i) => (i < 600 ? y : Number.NaN))
    const fit = fitBoostedTrees(columns, held)
    if (fit.status !== 'ok') throw new Error('enough rows')
    const scores = scoreBoostedTrees(
      fit,
      columns.map(({ rows }) => rows),
    )
    const hits = [...target.keys()].filter((i) => i >= 600 && (scores[i] > 0.5 ? 1 : 0) === target[i])
    expect(hits.length / 200).toBeGreaterThan(0.85)
    expect(columnsOf(fit).has(0) && columnsOf(fit).has(1)).toBe(true)
  })

  it('say when there is nothing to learn', () => {
    const columns = [binColumn({ kind: 'numeric', values: normals(8, 100) })]
    expect(fitBoostedTrees(columns, new Float64Array(100))).toMatchObject({
      status: 'insufficient',
      reason: 'constant',
    })
    expect(fitBoostedTrees(columns, new Float64Array(100).fill(Number.NaN))).toMatchObject({ reason: 'too-few' })
  })
})

describe('stratifiedRankSum', () => {
  it('of one stratum is the one-sided rank-sum test without a correction for continuity', () => {
    const [negative, positive] = [
      normals(9, 40).sort(),
      normals(10, 60)
        .map((x) => x + 0.4)
        .sort(),
    ]
    const one = stratifiedRankSum([{ negative, positive }])
    const plain = mannWhitney(negative, positive)
    if (one.status !== 'ok' || plain.status !== 'ok') throw new Error('enough rows')
    expect(2 * one.pValue).toBeCloseTo(plain.pValue, 3)
  })

  it('adds strata up, ranks each by itself and needs both classes', () => {
    const strata = [0, 1000].map((offset) => ({
      negative: normals(11, 30)
        .map((x) => x + offset)
        .sort(),
      positive: normals(12, 30)
        .map((x) => x + offset + 0.5)
        .sort(),
    }))
    const [both, one] = [stratifiedRankSum(strata), stratifiedRankSum(strata.slice(1))]
    if (both.status !== 'ok' || one.status !== 'ok') throw new Error('enough rows')
    expect(both.statistic).toBeCloseTo(Math.SQRT2 * one.statistic, 10)
    expect(stratifiedRankSum([{ negative: new Float64Array(3), positive: new Float64Array(0) }])).toMatchObject({
      status: 'insufficient',
      reason: 'one-class',
    })
    expect(stratifiedRankSum([{ negative: new Float64Array(3), positive: new Float64Array(3) }])).toMatchObject({
      reason: 'constant',
    })
  })
})
