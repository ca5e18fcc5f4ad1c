import { describe, expect, it } from 'vitest'
import { exampleFinding } from '../../rules/testing/examples.ts'
import { atLevel, levelOfLook, spendsBudget } from './evidence-budget.ts'

describe('the error budget of a monitor', () => {
  it('gives every look a part, all parts together less than alpha', () => {
    let spent = 0
    for (let look = 1; look <= 100_000; look += 1) spent += levelOfLook(0.05, look)
    expect(spent).toBeLessThan(0.05)
    expect(spent).toBeGreaterThan(0.04)
    expect(levelOfLook(0.05, 1)).toBeGreaterThan(levelOfLook(0.05, 2))
  })

  it('widens an interval about its value, each side by itself, and never narrows it', () => {
    const accuracy = exampleFinding({ id: 'fnd_1', value: 0.9, interval: [0.86, 0.92] })
    const [low, high] = atLevel(accuracy, 0.0001, 0.95).interval ?? [0, 0]
    // 3.89 against 1.96 standard errors.
    expect(low).toBeCloseTo(0.9 - 0.04 * 1.985, 3)
    expect(high).toBeCloseTo(0.9 + 0.02 * 1.985, 3)
    expect(atLevel(accuracy, 0.5, 0.95).interval).toEqual([0.86, 0.92])
  })

  it('leaves facts and tested numbers as they are', () => {
    const missing = exampleFinding({ id: 'fnd_1', kind: 'integrity', value: 0.1, interval: [0.05, 0.2] })
    expect(atLevel(missing, 0.0001, 0.95)).toEqual(missing)
    const evidence = { test: 'KS', statistic: 1, pValue: 0.01, adjustedPValue: null, isExact: false }
    const tested = exampleFinding({ id: 'fnd_1', value: 0.1, interval: [0.05, 0.2], evidence })
    expect(atLevel(tested, 0.0001, 0.95)).toEqual(tested)
    expect(['drift', 'performance', 'device'].map((kind) => spendsBudget(kind as 'drift'))).toEqual([true, true, false])
  })
})
