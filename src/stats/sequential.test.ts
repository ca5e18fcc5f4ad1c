import { describe, expect, it } from 'vitest'
import { createConfidenceSequence, readConfidenceSequence, updateConfidenceSequence } from './confidence-sequence.ts'
import { anytimePValue, createEProcess, reserveAfter, startWeight, updateEProcess } from './e-process.ts'
import { createRandom, randomUniform } from './random.ts'
import { createSequentialMeanTest, updateSequentialMeanTest } from './sequential-mean.ts'
import { createAlphaSpending, eValueOfPValue, spendAlpha } from './sequential-p-values.ts'

describe('e-process', () => {
  it('keeps its wealth while nothing speaks against the null', () => {
    const process = createEProcess()
    for (let i = 0; i < 1000; i++) expect(updateEProcess(process, 1)).toBeCloseTo(1, 10)
    expect(anytimePValue(process)).toBeCloseTo(1, 10)
  })

  it('gains from a change after a long quiet time', () => {
    const process = createEProcess()
    for (let i = 0; i < 500; i++) updateEProcess(process, 0.6)
    let steps = 0
    while (updateEProcess(process, 4) < 20) steps++
    expect(steps).toBeLessThan(10)
    expect(anytimePValue(process)).toBeLessThan(0.05)
  })

  it('stays finite under overwhelming evidence and recovers from ruin', () => {
    const process = createEProcess()
    for (let i = 0; i < 50; i++) updateEProcess(process, 1e280)
    expect(Number.isFinite(process.peak)).toBe(true)
    const ruined = createEProcess()
    updateEProcess(ruined, 0)
    expect(updateEProcess(ruined, 0)).toBe(reserveAfter(2))
    expect(() => updateEProcess(ruined, Number.NaN)).toThrow(RangeError)
  })

  it('spends all of its weight and no more', () => {
    let sum = 0
    for (let k = 1; k <= 1000; k++) sum += startWeight(k)
    expect(sum + reserveAfter(1000)).toBeCloseTo(1, 12)
  })
})

describe('p-values in sequence', () => {
  it('turn into e-values with expectation one', () => {
    let sum = 0
    const steps = 2_000_000
    for (let i = 0; i < steps; i++) sum += eValueOfPValue((i + 0.5) / steps)
    // The integral from 0 to p is about 1/|ln p|: what the grid cannot see below its first point.
    expect(sum / steps).toBeLessThan(1)
    expect(sum / steps).toBeGreaterThan(0.9)
    expect(eValueOfPValue(1)).toBe(0.5)
    expect(eValueOfPValue(1 - 1e-4)).toBeCloseTo(eValueOfPValue(1 - 1.01e-4), 6)
    expect(eValueOfPValue(0)).toBeGreaterThan(1e270)
    expect(() => eValueOfPValue(1.1)).toThrow(RangeError)
  })

  it('spend alpha over all looks', () => {
    const spending = createAlphaSpending(0.05)
    let sum = 0
    for (let i = 0; i < 10_000; i++) sum += spendAlpha(spending, 0.5).limit
    expect(sum).toBeLessThan(0.05)
    expect(sum).toBeGreaterThan(0.04)
    expect(spendAlpha(spending, 1e-12).alarm).toBe(true)
    expect(spendAlpha(spending, null)).toEqual({ limit: 0, alarm: false })
    expect(spending.looks).toBe(10_001)
    expect(() => createAlphaSpending(1)).toThrow(RangeError)
  })
})

describe('sequential test of a mean', () => {
  it('alarms soon after an error rate doubles, and stays alarmed', () => {
    const random = createRandom(61)
    const test = createSequentialMeanTest(0.1)
    for (let i = 0; i < 2000; i++)
      expect(updateSequentialMeanTest(test, randomUniform(random) < 0.08 ? 1 : 0).alarm).toBe(false)
    let steps = 0
    while (!updateSequentialMeanTest(test, randomUniform(random) < 0.2 ? 1 : 0).alarm) steps++
    expect(steps).toBeLessThan(600)
    for (let i = 0; i < 50; i++) expect(updateSequentialMeanTest(test, 0).alarm).toBe(true)
  })

  it('works for a fall and on any scale', () => {
    const test = createSequentialMeanTest(90, { low: 0, high: 100, side: 'below' })
    let steps = 0
    while (!updateSequentialMeanTest(test, 70).alarm) steps++
    expect(steps).toBeLessThan(30)
  })

  it('survives the worst values, counts missing ones, and refuses what is out of bounds', () => {
    const test = createSequentialMeanTest(0.5)
    for (let i = 0; i < 5000; i++) updateSequentialMeanTest(test, 0)
    expect(test.wealth).toBeGreaterThan(0)
    updateSequentialMeanTest(test, Number.NaN)
    expect(test).toMatchObject({ n: 5000, missing: 1 })
    expect(() => updateSequentialMeanTest(test, 1.5)).toThrow(RangeError)
    expect(() => createSequentialMeanTest(0)).toThrow(RangeError)
  })
})

describe('confidence sequence', () => {
  it('closes in on the mean', () => {
    const random = createRandom(62)
    const sequence = createConfidenceSequence(0, 10)
    for (let i = 0; i < 20_000; i++) updateConfidenceSequence(sequence, 10 * randomUniform(random))
    const result = readConfidenceSequence(sequence)
    if (result.status !== 'ok') throw new Error('an interval was expected')
    expect(result.interval.low).toBeLessThan(5)
    expect(result.interval.high).toBeGreaterThan(5)
    expect(result.interval.high - result.interval.low).toBeLessThan(0.4)
    expect(result.interval.low).toBeLessThanOrEqual(result.value)
  })

  it('says so when the mean has changed, or nothing came', () => {
    const sequence = createConfidenceSequence()
    expect(readConfidenceSequence(sequence)).toMatchObject({ reason: 'too-few' })
    for (let i = 0; i < 2000; i++) updateConfidenceSequence(sequence, 0)
    for (let i = 0; i < 20_000; i++) updateConfidenceSequence(sequence, 1)
    expect(readConfidenceSequence(sequence)).toMatchObject({ reason: 'undefined' })
    updateConfidenceSequence(sequence, Number.NaN)
    expect(sequence.missing).toBe(1)
    expect(() => updateConfidenceSequence(sequence, 2)).toThrow(RangeError)
    expect(() => createConfidenceSequence(1, 1)).toThrow(RangeError)
  })
})
