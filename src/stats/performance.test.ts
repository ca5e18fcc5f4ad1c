import { describe, expect, it } from 'vitest'
import { averagePrecision, precisionRecallTrapezoid } from './average-precision.ts'
import { binaryMetrics } from './binary-metrics.ts'
import { brierScore } from './brier.ts'
import { scoreCalibration, topLabelCalibration } from './calibration-error.ts'
import { binaryCountsOf, countConfusion, mergeConfusions } from './confusion.ts'
import { logLoss, multiclassLogLoss } from './log-loss.ts'
import { multiclassMetrics } from './multiclass-metrics.ts'
import { multiclassRocAuc } from './multiclass-roc-auc.ts'
import { createRandom, randomNormal } from './random.ts'
import { pinballLoss, regressionMetrics } from './regression-metrics.ts'
import { rocAuc, rocCurve } from './roc-auc.ts'
import { splitScores } from './scored-classes.ts'

const NONE = Number.NaN

describe('confusion', () => {
  it('counts codes and sets missing rows apart', () => {
    const table = countConfusion([0, 1, 1, -1, 2, 1], [0, 1, 0, 1, 2, 9], 3)
    expect(table).toEqual({ classes: 3, counts: Float64Array.of(1, 0, 0, 1, 1, 0, 0, 0, 1), missing: 2 })
    expect(binaryCountsOf(table, 1)).toEqual({
      truePositives: 1,
      falsePositives: 0,
      trueNegatives: 2,
      falseNegatives: 1,
    })
    expect(mergeConfusions(table, table).counts[3]).toBe(2)
    expect(() => mergeConfusions(table, { classes: 2, counts: new Float64Array(4), missing: 0 })).toThrow(RangeError)
    expect(() => countConfusion([0], [0, 1], 2)).toThrow(RangeError)
  })
})

describe('binaryMetrics', () => {
  it('follows the formulas', () => {
    const m = binaryMetrics({ truePositives: 6, falsePositives: 2, trueNegatives: 9, falseNegatives: 3 })
    expect(m).toMatchObject({ n: 20, accuracy: 0.75, precision: 0.75, recall: 2 / 3, specificity: 9 / 11 })
    expect(m).toMatchObject({
      falsePositiveRate: 2 / 11,
      falseNegativeRate: 1 / 3,
      selectionRate: 0.4,
      prevalence: 0.45,
    })
    expect(m.f1).toBeCloseTo(12 / 17, 14)
    expect(m.matthewsCorrelation).toBeCloseTo(48 / Math.sqrt(8 * 9 * 11 * 12), 14)
    expect(m.kappa).toBeCloseTo((0.75 - 0.51) / 0.49, 14)
  })

  it('has null, not 0 or NaN, where a formula divides by zero', () => {
    const onlyNegatives = binaryMetrics({ truePositives: 0, falsePositives: 0, trueNegatives: 5, falseNegatives: 0 })
    expect(onlyNegatives).toMatchObject({ accuracy: 1, precision: null, recall: null, f1: null, specificity: 1 })
    expect(onlyNegatives).toMatchObject({ matthewsCorrelation: null, kappa: null, balancedAccuracy: null })
    const { n, ...nothing } = binaryMetrics({
      truePositives: 0,
      falsePositives: 0,
      trueNegatives: 0,
      falseNegatives: 0,
    })
    expect(n).toBe(0)
    expect(Object.values(nothing).every((value) => value === null)).toBe(true)
  })
})

describe('multiclassMetrics', () => {
  it('leaves out classes that no one has or predicts', () => {
    const three = multiclassMetrics(countConfusion([0, 0, 1, 1], [0, 1, 1, 1], 2))
    const four = multiclassMetrics(countConfusion([0, 0, 1, 1], [0, 1, 1, 1], 4))
    expect({ ...four, perClass: [] }).toEqual({ ...three, perClass: [] })
    expect(four.perClass[3]).toMatchObject({ support: 0, predicted: 0, precision: null, recall: null, f1: null })
  })

  it('counts a class that is never predicted as precision 0 in the mean', () => {
    const m = multiclassMetrics(countConfusion([0, 1, 2, 2], [0, 1, 1, 1], 3))
    expect(m.perClass[2]).toMatchObject({ precision: null, recall: 0, f1: 0 })
    expect(m.macro.precision).toBeCloseTo((1 + 1 / 3 + 0) / 3, 14)
    expect(m.balancedAccuracy).toBeCloseTo(2 / 3, 14)
  })

  it('is null for nothing and for one class', () => {
    const empty = multiclassMetrics(countConfusion([], [], 2))
    expect(empty).toMatchObject({ n: 0, accuracy: null, kappa: null, macro: { f1: null }, weighted: { f1: null } })
    const one = multiclassMetrics(countConfusion([1, 1], [1, 1], 2))
    expect(one).toMatchObject({ accuracy: 1, kappa: null, matthewsCorrelation: null })
  })
})

describe('rocAuc', () => {
  const labels = [0, 0, 1, 0, 1, 1, 0, 1]
  const scores = [0.1, 0.4, 0.35, 0.35, 0.8, 0.7, 0.2, 0.4]

  it('counts pairs, ties half, with DeLong’s error', () => {
    const positives = scores.filter((_, i) => labels[i] === 1)
    const negatives = scores.filter((_, i) => labels[i] === 0)
    const beats = (p: number, q: number) => (p > q ? 1 : p === q ? 0.5 : 0)
    const perPositive = positives.map((p) => negatives.reduce((sum, q) => sum + beats(p, q), 0) / 4)
    const perNegative = negatives.map((q) => positives.reduce((sum, p) => sum + beats(p, q), 0) / 4)
    const auc = perPositive.reduce((sum, v) => sum + v, 0) / 4
    const variance = (parts: number[]) => parts.reduce((sum, v) => sum + (v - auc) ** 2, 0) / 3
    const result = rocAuc(splitScores(scores, labels))
    expect(result).toMatchObject({ value: auc, positives: 4, negatives: 4 })
    expect(result).toMatchObject({
      standardError: expect.closeTo(Math.sqrt((variance(perPositive) + variance(perNegative)) / 4), 14),
    })
  })

  it('has an honest interval when the classes are apart', () => {
    const result = rocAuc(splitScores([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1]))
    expect(result).toMatchObject({ value: 1, interval: { low: expect.closeTo(0.025 ** (1 / 3), 14), high: 1 } })
  })

  it('needs both classes, and counts rows without score or label', () => {
    expect(rocAuc(splitScores([1, 2], [1, 1]))).toMatchObject({ reason: 'one-class' })
    expect(rocAuc(splitScores([1, 2, 3], [1, 0, 1]))).toMatchObject({ reason: 'too-few' })
    expect(splitScores([1, NONE, 3], [1, 0, NONE])).toMatchObject({ missing: 2 })
  })

  it('draws a curve under which the same area lies', () => {
    const random = createRandom(5)
    const y = Array.from({ length: 2000 }, (_, i) => i % 2)
    const s = y.map((label) => Math.round((label + randomNormal(random)) * 20) / 20)
    const scored = splitScores(s, y)
    const points = [{ truePositiveRate: 0, falsePositiveRate: 0 }, ...rocCurve(scored, 1e6)]
    let area = 0
    for (let i = 1; i < points.length; i++) {
      const width = points[i].falsePositiveRate - points[i - 1].falsePositiveRate
      area += (width * (points[i].truePositiveRate + points[i - 1].truePositiveRate)) / 2
    }
    expect(rocAuc(scored)).toMatchObject({ value: expect.closeTo(area, 12) })
    expect(rocCurve(scored, 20).length).toBeLessThanOrEqual(21)
    expect(rocCurve(scored, 20).at(-1)).toMatchObject({ truePositiveRate: 1, falsePositiveRate: 1 })
    expect(rocCurve(splitScores([1], [1]))).toEqual([])
  })

  it('averages over classes', () => {
    const result = multiclassRocAuc([0.8, 0.2, 0.6, 0.4, 0.3, 0.7, 0.1, 0.9, NONE, 1], [0, 0, 1, 1, 1], 2)
    expect(result).toMatchObject({ oneVersusRest: 1, oneVersusOne: 1, n: 4, missing: 1 })
    expect(multiclassRocAuc([1, 0], [0], 2)).toMatchObject({ reason: 'one-class' })
    expect(() => multiclassRocAuc([1, 0, 1], [0], 2)).toThrow(RangeError)
  })
})

describe('averagePrecision', () => {
  it('sums precision over recall from the top', () => {
    const scored = splitScores([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    expect(averagePrecision(scored)).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 14)
    expect(precisionRecallTrapezoid(scored)).toBeCloseTo(0.5 + 0.5 * ((0.5 + 2 / 3) / 2), 14)
    expect(averagePrecision(splitScores([1, 2], [0, 0]))).toBeNull()
  })
})

describe('probability scores', () => {
  const scores = [0.9, 0.2, NONE, 0.6]
  const labels = [1, 0, 1, 0]

  it('log loss and Brier', () => {
    expect(logLoss(scores, labels)).toEqual({
      value: expect.closeTo(-(Math.log(0.9) + Math.log(0.8) + Math.log(0.4)) / 3, 14),
      n: 3,
      missing: 1,
    })
    expect(brierScore(scores, labels).value).toBeCloseTo((0.01 + 0.04 + 0.36) / 3, 14)
    expect(multiclassLogLoss([0.9, 0.1, 0.8, 0.2], [0, -1], 2)).toEqual({
      value: expect.closeTo(-Math.log(0.9), 14),
      n: 1,
      missing: 1,
    })
  })

  it('a certain miss is dear but finite; nothing has no loss; what is no probability is refused', () => {
    expect(logLoss([0], [1]).value).toBeCloseTo(52 * Math.LN2, 12)
    expect(logLoss([], []).value).toBeNull()
    expect(brierScore([NONE], [1]).value).toBeNull()
    expect(() => logLoss([0.2, 1.2], [0, 1])).toThrow('row 1')
    expect(() => brierScore([-0.1], [1])).toThrow(RangeError)
  })

  it('calibration by score and by confidence', () => {
    const byScore = scoreCalibration([0.1, 0.2, 0.9, 1], [0, 1, 1, 1], 2)
    expect(byScore.bins).toEqual([
      { low: 0, high: 0.5, n: 2, meanScore: expect.closeTo(0.15, 14), hitRate: 0.5 },
      { low: 0.5, high: 1, n: 2, meanScore: 0.95, hitRate: 1 },
    ])
    expect(byScore.expectedError).toBeCloseTo((0.35 + 0.05) / 2, 14)
    expect(byScore.maxError).toBeCloseTo(0.35, 14)
    const byConfidence = topLabelCalibration([0.1, 0.2, 0.9, 1], [0, 1, 1, 1], 2)
    expect(byConfidence.bins.map(({ n }) => n)).toEqual([0, 4])
    expect(byConfidence.bins[0]).toMatchObject({ meanScore: null, hitRate: null })
    expect(byConfidence.expectedError).toBeCloseTo(Math.abs(0.75 - 0.9), 14)
    expect(scoreCalibration([], [])).toMatchObject({ expectedError: null, maxError: null, n: 0 })
  })
})

describe('regressionMetrics', () => {
  it('follows the formulas and leaves incomplete rows out', () => {
    const m = regressionMetrics([3, -0.5, 2, 7, NONE, 1], [2.5, 0, 2, 8, 1, Number.POSITIVE_INFINITY])
    expect(m).toMatchObject({
      n: 4,
      missing: 2,
      meanAbsoluteError: 0.5,
      meanSquaredError: 0.375,
      medianAbsoluteError: 0.5,
    })
    expect(m).toMatchObject({ maxError: 1, meanError: 0.25 })
    expect(m.r2).toBeCloseTo(0.9486081370449679, 14)
    expect(m.explainedVariance).toBeCloseTo(0.9571734475374732, 14)
    expect(m.meanAbsolutePercentageError).toBeCloseTo(0.3273809523809524, 14)
  })

  it('has no value where there is none', () => {
    expect(regressionMetrics([], [])).toMatchObject({
      n: 0,
      meanAbsoluteError: null,
      r2: null,
      maxError: null,
      meanError: null,
    })
    expect(regressionMetrics([2, 2], [1, 3])).toMatchObject({ r2: null, explainedVariance: null, meanAbsoluteError: 1 })
    expect(regressionMetrics([5], [5])).toMatchObject({ errorDeviation: null, meanAbsoluteError: 0 })
    expect(regressionMetrics([0, 2], [1, 3])).toMatchObject({ meanAbsolutePercentageError: 0.5, zeroActuals: 1 })
    expect(regressionMetrics([0], [0])).toMatchObject({
      symmetricPercentageError: 0,
      meanAbsolutePercentageError: null,
    })
    expect(regressionMetrics([-3], [1]).rootMeanSquaredLogError).toBeNull()
  })

  it('weighs quantile misses by side', () => {
    expect(pinballLoss([10, 0], [0, 10], 0.9)).toBeCloseTo((9 + 1) / 2, 14)
    expect(pinballLoss([NONE], [1], 0.5)).toBeNull()
    expect(() => pinballLoss([1], [1], 1)).toThrow(RangeError)
  })
})
