import { describe, expect, it } from 'vitest'
import { engine } from '../../src/analysis/answer.ts'
import { coverageChecks } from '../../src/analysis/qualification/coverage.ts'
import { nullCalibrationChecks } from '../../src/analysis/qualification/null-calibration.ts'
import { allChecks, runCheck } from '../../src/analysis/qualification/qualify.ts'
import { qualification } from '../../src/contract/qualification.ts'
import { assay } from '../support/command-line.ts'

/** Draws for each that an installation makes of itself: chance then has two thirds of its room. */
const effort = 2.5

describe('what the installed engine examines itself with holds with more draws', () => {
  it.each([...nullCalibrationChecks(), ...coverageChecks()].map((check) => [check]))('$subject: $name', (check) => {
    const { got, low, high } = runCheck(check, effort)
    expect(got).toBeGreaterThanOrEqual(low)
    expect(got).toBeLessThanOrEqual(high)
  })
})

describe('assay qualify', () => {
  it('finds the engine qualified, and says so as JSON', async () => {
    const { code, out, err } = await assay(['qualify', '--json'])
    expect(err).toEqual([])
    const { cases, ...stamp } = qualification.parse(JSON.parse(out))
    expect(cases.filter(({ isPassed }) => !isPassed)).toEqual([])
    expect(stamp).toMatchObject({ engine, isQualified: true, passed: cases.length, total: allChecks().length })
    expect(code).toBe(0)
  })
})
