import { describe, expect, it } from 'vitest'
import { exampleFinding, midnight } from '../../rules/testing/examples.ts'
import { currentFindings } from './current-findings.ts'
import { leadingFindings } from './leading.ts'
import { findingIdOf, reportIdOf } from './report-ids.ts'

describe('the findings that a list shows', () => {
  it('are one a kind: the one that stands for all, or the worst', () => {
    const drift = (metric: string, status: 'ok' | 'breach') =>
      exampleFinding({ id: `fnd_${metric}`, kind: 'drift', subject: { metric }, status })
    const missing = (column: string, status: 'ok' | 'warning') =>
      exampleFinding({ id: `fnd_${column}`, kind: 'integrity', subject: { metric: 'missingShare', column }, status })
    const accuracy = exampleFinding({ id: 'fnd_a' })
    const f1 = exampleFinding({ id: 'fnd_f', subject: { metric: 'f1' }, status: 'breach' })
    const shown = leadingFindings([
      drift('psi', 'breach'),
      drift('driftedShare', 'ok'),
      missing('a', 'ok'),
      f1,
      accuracy,
    ])
    expect(shown.map(({ id }) => id)).toEqual(['fnd_driftedShare', 'fnd_a', 'fnd_a'])
    expect(leadingFindings([missing('a', 'ok'), missing('b', 'warning')]).map(({ id }) => id)).toEqual(['fnd_b'])
    expect(leadingFindings([])).toEqual([])
  })

  it('are of the newest run of their monitor: a number that is asked no more tells nothing', () => {
    const newer = { from: midnight, to: midnight + 1000 }
    const old = exampleFinding({ id: 'fnd_old', kind: 'drift', subject: { metric: 'psi', column: 'gone' } })
    const now = exampleFinding({ id: 'fnd_now', kind: 'drift', subject: { metric: 'psi', column: 'x' }, window: newer })
    const other = exampleFinding({ id: 'fnd_other', kind: 'drift', monitorId: 'mon_2' })
    const weekly = exampleFinding({ id: 'fnd_weekly', kind: 'errors' })
    expect(currentFindings([old, now, other, weekly]).map(({ id }) => id)).toEqual([
      'fnd_now',
      'fnd_other',
      'fnd_weekly',
    ])
  })

  it('lead to the report they came from', () => {
    expect(reportIdOf(findingIdOf('rep_0abc12', 7))).toBe('rep_0abc12')
    expect(reportIdOf('fnd_other')).toBeNull()
  })
})
