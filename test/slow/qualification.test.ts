import { describe, expect, it } from 'vitest'
import { coverageChecks } from '../../src/analysis/qualification/coverage.ts'
import { nullCalibrationChecks } from '../../src/analysis/qualification/null-calibration.ts'
import { runCheck } from '../../src/analysis/qualification/qualify.ts'

/** Draws for each that an installation makes of itself: chance then has two thirds of its room. */
const effort = 2.5

describe('what the installed engine examines itself with holds with more draws', () => {
  it.each([...nullCalibrationChecks(), ...coverageChecks()].map((check) => [check]))('$subject: $name', (check) => {
    const { got, low, high } = runCheck(check, effort)
    expect(got).toBeGreaterThanOrEqual(low)
    expect(got).toBeLessThanOrEqual(high)
  })
})
