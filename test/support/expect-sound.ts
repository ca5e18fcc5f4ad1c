import { expect } from 'vitest'
import { type AnyAnswer, toReport } from '../../src/analysis/answer.ts'
import { draftFinding } from '../../src/contract/finding.ts'
import { report } from '../../src/contract/report.ts'

const target = { type: 'deployment', id: 'dep_1' } as const

/** What crosses borders must be what the contract says: no NaN, no infinity, nothing left out. */
export function expectSound(answer: AnyAnswer, about: string | number): void {
  const made = toReport({ target, window: { from: 0, to: 1 }, reference: null, parameters: {} }, answer)
  const parsed = report.safeParse(made)
  expect(parsed.error?.issues ?? [], `${about}, ${made.kind}`).toEqual([])
  for (const finding of made.findings) {
    expect(draftFinding.safeParse(finding).success).toBe(true)
    expect(finding.message, String(about)).not.toMatch(/NaN|Infinity|\bnull\b|undefined(?! on)|object/)
    if (finding.value === null) expect(finding.status, `${about}, ${finding.message}`).toBe('insufficient')
    if (finding.value !== null && finding.interval !== null) {
      expect(finding.interval[0], finding.message).toBeLessThanOrEqual(finding.value)
      expect(finding.interval[1], finding.message).toBeGreaterThanOrEqual(finding.value)
    }
  }
  expect(made.headline.text).not.toMatch(/NaN|Infinity|\bnull\b|undefined(?! on)|object/)
}
