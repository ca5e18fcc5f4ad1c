import type { Qualification, QualificationCase } from '../../contract/qualification.ts'
import { type AnalysisContext, engine, throwIfCancelled } from '../answer.ts'
import type { Check } from './check.ts'
import { coverageChecks } from './coverage.ts'
import { knownAnalysisChecks } from './known-analyses.ts'
import { knownDistributionChecks } from './known-distributions.ts'
import { knownMeasureChecks } from './known-measures.ts'
import { nullCalibrationChecks } from './null-calibration.ts'

/** Every case, the quick ones first. */
export const allChecks = (): Check[] => [
  ...knownDistributionChecks(),
  ...knownMeasureChecks(),
  ...knownAnalysisChecks(),
  ...coverageChecks(),
  ...nullCalibrationChecks(),
]

/** Runs one case. A case that throws has failed: it gave no number. */
export function runCheck(check: Check, effort = 1): QualificationCase {
  const { group, subject, name } = check
  try {
    const { got, low, high, ...rest } = check.run(effort)
    return { group, subject, name, ...rest, got, low, high, isPassed: got !== null && got >= low && got <= high }
  } catch (error) {
    const source = `stopped: ${error instanceof Error ? error.message : String(error)}`
    return { group, subject, name, expected: 0, got: null, low: 0, high: 0, isPassed: false, source }
  }
}

/**
 * Qualifies the engine that runs: known answers to nine digits (or to those of a published table), the rejection rate of every test
 * without a difference, the coverage of every interval, by seeded simulation within 3.5 Monte-Carlo standard errors and
 * the slack that the case states.
 *
 * Deterministic but for rounding in the machine's own mathematics. Whoever runs it adds when and on which machine. Throws
 * AnalysisCancelled. Some ten seconds.
 */
export function qualify(
  context: AnalysisContext,
  checks: readonly Check[] = allChecks(),
): Omit<Qualification, 'at' | 'machine'> {
  const cases = checks.map((check, i) => {
    throwIfCancelled(context)
    const result = runCheck(check)
    context.onProgress((i + 1) / checks.length)
    return result
  })
  const passed = cases.filter(({ isPassed }) => isPassed).length
  return { engine, passed, total: cases.length, isQualified: passed === cases.length, cases }
}
