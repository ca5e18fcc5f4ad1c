import { describe, expect, it } from 'vitest'
import { adwinMean, createAdwin, updateAdwin } from './adwin.ts'
import { estimatePerformance } from './cbpe.ts'
import { createDdm, updateDdm } from './ddm.ts'
import { applyIsotonic, fitIsotonic } from './isotonic-regression.ts'
import { createKswin, updateKswin } from './kswin.ts'
import { createPageHinkley, updatePageHinkley } from './page-hinkley.ts'
import { createRandom, randomNormal, randomUniform } from './random.ts'
import { rocAuc } from './roc-auc.ts'
import { splitScores } from './scored-classes.ts'

const NONE = Number.NaN

/** Values about 0, then about `shift` from the thousandth on. */
function shifted(seed: number, shift: number): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length: 2000 }, (_, i) => randomNormal(random) + (i < 1000 ? 0 : shift))
}

describe('stream detectors find a shift of a stream, and only it', () => {
  it('ADWIN, which then forgets the past', () => {
    const adwin = createAdwin()
    const alarms = [...shifted(1, 2)].flatMap((value, i) => (updateAdwin(adwin, value) ? [i] : []))
    expect(alarms.length).toBe(1)
    expect(alarms[0]).toBeGreaterThanOrEqual(1000)
    expect(alarms[0]).toBeLessThan(1080)
    expect(adwinMean(adwin)).toBeCloseTo(2, 0)
  })

  it('ADWIN keeps a window with the mean and spread of what it holds, in few buckets', () => {
    const adwin = createAdwin({ delta: 1e-9 })
    const values = shifted(2, 0)
    for (const value of values) updateAdwin(adwin, value)
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length
    expect(adwin.width).toBe(2000)
    expect(adwinMean(adwin)).toBeCloseTo(mean, 12)
    expect(adwin.squares).toBeCloseTo(
      values.reduce((sum, x) => sum + (x - mean) ** 2, 0),
      8,
    )
    expect(adwin.rows.reduce((sum, { totals }) => sum + totals.length, 0)).toBeLessThan(60)
    expect(JSON.parse(JSON.stringify(adwin))).toEqual(adwin)
  })

  it('Page–Hinkley, in the direction asked for', () => {
    for (const [mode, shift, wants] of [
      ['up', 2, true],
      ['down', 2, false],
      ['down', -2, true],
      ['both', -2, true],
    ] as const) {
      const test = createPageHinkley({ threshold: 40, mode, delta: 0.2 })
      const alarms = [...shifted(3, shift)].flatMap((value, i) => (updatePageHinkley(test, value) ? [i] : []))
      expect(alarms.some((i) => i >= 1000 && i < 1060)).toBe(wants)
      expect(alarms.some((i) => i < 1000)).toBe(false)
    }
  })

  it('KSWIN, repeatably', () => {
    const run = () => {
      const kswin = createKswin(createRandom(5), { alpha: 1e-5 })
      return [...shifted(4, 2)].flatMap((value, i) => (updateKswin(kswin, value) ? [i] : []))
    }
    expect(run()).toEqual(run())
    expect(run().some((i) => i >= 1000 && i < 1060)).toBe(true)
    expect(() => createKswin(createRandom(1), { recentSize: 60 })).toThrow(RangeError)
  })

  it('DDM warns before it alarms', () => {
    const random = createRandom(6)
    const ddm = createDdm()
    const states = Array.from({ length: 1000 }, (_, i) =>
      updateDdm(ddm, randomUniform(random) < (i < 500 ? 0.1 : 0.6) ? 1 : 0),
    )
    const drift = states.indexOf('drift')
    expect(drift).toBeGreaterThanOrEqual(500)
    expect(drift).toBeLessThan(600)
    expect(states.slice(500, drift)).toContain('warning')
  })

  it('none is moved by a missing value', () => {
    const adwin = createAdwin()
    const ddm = createDdm()
    const test = createPageHinkley()
    const kswin = createKswin(createRandom(1))
    const before = JSON.stringify([adwin, ddm, test, kswin.window])
    expect([
      updateAdwin(adwin, NONE),
      updatePageHinkley(test, NONE),
      updateKswin(kswin, NONE),
      updateDdm(ddm, NONE),
    ]).toEqual([false, false, false, 'ok'])
    expect(JSON.stringify([adwin, ddm, test, kswin.window])).toBe(before)
    expect(adwinMean(adwin)).toBeNull()
  })
})

describe('isotonic regression', () => {
  it('pools what falls', () => {
    const fit = fitIsotonic([1, 2, 3, 4, 5], [1, 3, 2, 2.5, 7])
    expect(fit).toMatchObject({ x: Float64Array.of(1, 2, 4, 5), y: Float64Array.of(1, 2.5, 2.5, 7) })
    if (fit.status !== 'ok') throw new Error('a fit was expected')
    expect([...applyIsotonic(fit, [0, 1.5, 3, 4.5, 9])]).toEqual([1, 1.75, 2.5, 4.75, 7])
    expect(applyIsotonic(fit, [NONE])[0]).toBeNaN()
  })

  it('takes equal x together, and never falls', () => {
    expect(fitIsotonic([1, 1, 2], [0, 1, 1])).toMatchObject({ x: Float64Array.of(1, 2), y: Float64Array.of(0.5, 1) })
    const random = createRandom(7)
    const x = Float64Array.from({ length: 500 }, () => randomUniform(random))
    const fit = fitIsotonic(
      x,
      x.map((p) => (randomUniform(random) < p ? 1 : 0)),
    )
    if (fit.status !== 'ok') throw new Error('a fit was expected')
    expect([...fit.y]).toEqual([...fit.y].sort((p, q) => p - q))
    // The mean of the fit is the mean of the labels.
    expect(fit.n).toBe(500)
  })

  it('needs a point', () => expect(fitIsotonic([NONE], [1])).toMatchObject({ reason: 'too-few', needed: 1 }))
})

describe('estimatePerformance', () => {
  it('expects what the probabilities say', () => {
    const result = estimatePerformance([0.9, 0.6, 0.2, NONE], [1, 1, 0, 1], [0.9, 0.6, 0.2, 0.1])
    if (result.status !== 'ok') throw new Error('an estimate was expected')
    expect(result).toMatchObject({ n: 3, missing: 1 })
    expect(result.metrics.accuracy).toBeCloseTo((0.9 + 0.6 + 0.8) / 3, 14)
    expect(result.metrics.f1).toBeCloseTo(3 / (3 + 0.5 + 0.2), 14)
    expect(result.accuracyDeviation).toBeCloseTo(Math.sqrt(0.09 + 0.24 + 0.16) / 3, 14)
  })

  it('equals the realised measures when the probabilities are certain', () => {
    const labels = [1, 0, 1, 0, 1]
    const scores = [0.9, 0.4, 0.4, 0.1, 0.7]
    const result = estimatePerformance(labels, [1, 0, 0, 0, 1], scores)
    const auc = rocAuc(splitScores(scores, labels))
    expect(result).toMatchObject({ rocAuc: auc.status === 'ok' ? auc.value : null, accuracyDeviation: 0 })
    expect(result).toMatchObject({ metrics: { accuracy: 0.8 } })
  })

  it('has no ranking of one class, and nothing for nothing', () => {
    expect(estimatePerformance([1, 1], [1, 1], [0.5, 0.6])).toMatchObject({ rocAuc: null })
    expect(estimatePerformance([], [], [])).toMatchObject({ reason: 'too-few' })
    expect(() => estimatePerformance([2], [1], [1])).toThrow(RangeError)
  })
})
