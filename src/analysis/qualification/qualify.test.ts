import { describe, expect, it } from 'vitest'
import { describeQualification, qualification } from '../../contract/qualification.ts'
import { randomUniform } from '../../stats/random.ts'
import { AnalysisCancelled, engine, uninterrupted } from '../answer.ts'
import { knownAnswer, simulated } from './check.ts'
import { knownAnalysisChecks } from './known-analyses.ts'
import { knownDistributionChecks } from './known-distributions.ts'
import { knownMeasureChecks } from './known-measures.ts'
import { allChecks, qualify, runCheck } from './qualify.ts'

const right = knownAnswer('sum', 'of one and one', 'counted by hand', 2, () => 1 + 1)
const wrong = knownAnswer('sum', 'of one and two', 'counted by hand', 3, () => 1 + 1)
const fair = { nominal: 0.05, below: 0, above: 0, draws: 2000, seed: 1 }

describe('the engine, asked what is known', () => {
  it.each([...knownDistributionChecks(), ...knownMeasureChecks(), ...knownAnalysisChecks()].map((check) => [check]))(
    '$subject: $name',
    (check) => {
      expect(runCheck(check)).toMatchObject({ isPassed: true })
    },
  )

  it('names every case once', () => {
    const names = allChecks().map(({ group, subject, name }) => `${group} ${subject} ${name}`)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('an examination', () => {
  it('qualifies the engine when every case passes', () => {
    const result = qualify(uninterrupted, [right])
    expect(result).toMatchObject({ engine, passed: 1, total: 1, isQualified: true })
    expect(qualification.parse({ ...result, at: 0, machine: 'here' })).toBeTruthy()
  })

  it('does not when one fails, gives no number or throws', () => {
    const absent = knownAnswer('sum', 'of nothing', 'counted by hand', 0, () => Number.NaN)
    const broken = knownAnswer('sum', 'of a break', 'counted by hand', 0, () => {
      throw new Error('broken')
    })
    const { isQualified, passed, cases } = qualify(uninterrupted, [right, wrong, absent, broken])
    expect({ isQualified, passed }).toEqual({ isQualified: false, passed: 1 })
    expect(cases.map(({ isPassed, got }) => [isPassed, got])).toEqual([
      [true, 2],
      [false, 2],
      [false, null],
      [false, null],
    ])
    expect(cases[3].source).toContain('broken')
  })

  it('finds a test that rejects too often, and one that hardly can', () => {
    const at = (rate: number) =>
      runCheck(simulated('null-calibration', 'test', `at ${rate}`, fair, (random) => randomUniform(random) < rate))
    expect(at(0.05).isPassed).toBe(true)
    expect(at(0.1).isPassed).toBe(false)
    expect(at(0.01).isPassed).toBe(false)
    expect(at(0.05)).toEqual(at(0.05))
  })

  it('tells how far it is, and stops when it is told to', () => {
    const told: number[] = []
    qualify({ cancellation: { aborted: false }, onProgress: (fraction) => told.push(fraction) }, [right, wrong])
    expect(told).toEqual([0.5, 1])
    expect(() => qualify({ cancellation: { aborted: true }, onProgress: () => {} }, [right])).toThrow(AnalysisCancelled)
  })

  it('speaks for its own engine alone', () => {
    const stamp = { engine, at: Date.UTC(2026, 10, 21, 14, 2), machine: '', passed: 2, total: 2, isQualified: true }
    expect(describeQualification(engine, stamp)).toBe(`engine ${engine}, qualified 2026-11-21 14:02 UTC: 2 of 2 cases`)
    expect(describeQualification(engine, { ...stamp, passed: 1, isQualified: false })).toContain(
      'not qualified: 1 of 2 cases',
    )
    expect(describeQualification('another 2.0', stamp)).toContain('not qualified')
    expect(describeQualification(engine, null)).toContain('not qualified')
  })
})
