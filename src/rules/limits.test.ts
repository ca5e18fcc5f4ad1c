import { describe, expect, it } from 'vitest'
import type { DraftFinding } from '../contract/finding.ts'
import { limit as limitSchema } from '../contract/finding.ts'
import { defaultDeploymentLimits, defaultDeviceLimits } from './default-limits.ts'
import { applyLimits, judge, limitFaults, matchLimit } from './limits.ts'
import { exampleFinding, exampleLimit } from './testing/examples.ts'

const options = { alpha: 0.05, minimumN: 30 }
const draft = (changes: Partial<DraftFinding>): DraftFinding => {
  const {
    id: _id,
    monitorId: _monitorId,
    at: _at,
    limit: _limit,
    ...rest
  } = exampleFinding({ id: 'fnd_1', ...changes })
  return rest
}

describe('matchLimit', () => {
  const any = exampleLimit({ kind: 'drift', subject: {} })
  const metric = exampleLimit({ kind: 'drift', subject: { metric: 'psi' } })
  const column = exampleLimit({ kind: 'drift', subject: { column: 'light' } })
  const both = exampleLimit({ kind: 'drift', subject: { metric: 'psi', column: 'light' } })

  it('takes the most specific, whatever the order', () => {
    for (const limits of [
      [any, metric, column, both],
      [both, column, metric, any],
    ]) {
      expect(matchLimit(limits, 'drift', { metric: 'psi', column: 'light' })).toBe(both)
      expect(matchLimit(limits, 'drift', { metric: 'psi', column: 'noise' })).toBe(metric)
      expect(matchLimit(limits, 'drift', { metric: 'ks', column: 'light' })).toBe(column)
      expect(matchLimit(limits, 'drift', { metric: 'ks' })).toBe(any)
    }
  })
  it('lets the metric win among equals, and the first among identical ones', () => {
    expect(matchLimit([column, metric], 'drift', { metric: 'psi', column: 'light' })).toBe(metric)
    const twin = { ...metric, breach: 0.5 }
    expect(matchLimit([twin, metric], 'drift', { metric: 'psi' })).toBe(twin)
  })
  it('never crosses kinds, nor matches a selector that the number lacks', () => {
    expect(matchLimit([any], 'bias', { metric: 'psi' })).toBeNull()
    expect(matchLimit([column], 'drift', { metric: 'psi' })).toBeNull()
  })
})

describe('judge', () => {
  const limit = exampleLimit({ warning: 0.93 })
  const status = (changes: Partial<DraftFinding>, by = limit) => judge(draft(changes), by, options)

  it('keeps the safe side, the warning band and the limit itself apart', () => {
    expect(status({ value: 0.93 })).toBe('ok')
    expect(status({ value: 0.92 })).toBe('warning')
    expect(status({ value: 0.9 })).toBe('warning')
    expect(status({ value: 0.899 })).toBe('breach')
  })
  it('asks an interval to exclude the warning level before it calls a breach', () => {
    expect(status({ value: 0.88, interval: [0.84, 0.92] })).toBe('breach')
    expect(status({ value: 0.88, interval: [0.8, 0.94] })).toBe('warning')
    const bare = exampleLimit()
    expect(status({ value: 0.88, interval: [0.84, 0.91] }, bare)).toBe('warning')
    expect(status({ value: 0.88, interval: [0.87, 0.89] }, bare)).toBe('breach')
  })
  it('judges drift again at its own threshold, on the same test', () => {
    const evidence = { test: 'KS', statistic: 0.3, pValue: 0.001, adjustedPValue: 0.004, isExact: true }
    const psi = exampleLimit({ kind: 'drift', subject: {}, direction: 'above', breach: 0.2 })
    const drift = { kind: 'drift' as const, value: 0.25, evidence, status: 'ok' as const }
    expect(status(drift, psi)).toBe('breach')
    expect(status({ ...drift, evidence: { ...evidence, adjustedPValue: 0.06 } }, psi)).toBe('warning')
    expect(status({ ...drift, value: 0.15, status: 'breach' }, psi)).toBe('ok')
  })
  it('guesses nothing from too little', () => {
    expect(status({ value: null })).toBe('insufficient')
    expect(status({ value: 0.5, n: 29 })).toBe('insufficient')
    expect(status({ value: 0.5, status: 'insufficient' })).toBe('insufficient')
    expect(status({ value: Number.NaN })).toBe('insufficient')
  })
  it('does not ask facts for a sample size', () => {
    const gap = exampleLimit({ kind: 'device', subject: {}, direction: 'above', breach: 0 })
    expect(status({ kind: 'device', value: 1, n: 0 }, gap)).toBe('breach')
  })
  it('judges a range from both ends, with a margin', () => {
    const range = exampleLimit({ direction: 'outside', breach: 0.8, upperBreach: 1.25, warning: 0.05 })
    expect([0.79, 0.82, 1, 1.22, 1.26].map((value) => status({ value }, range))).toEqual([
      'breach',
      'warning',
      'ok',
      'warning',
      'breach',
    ])
    expect(status({ value: 1.3, interval: [1.19, 1.4] }, range)).toBe('warning')
    expect(status({ value: 1.3, interval: [1.21, 1.4] }, range)).toBe('breach')
  })
})

describe('applyLimits', () => {
  it('lets the verdict of the analysis stand where no limit applies', () => {
    const own = draft({ status: 'breach' })
    expect(applyLimits(own, [], null, options)).toEqual({ ...own, limit: null })
  })
  it('records limit and set, and says both in the message', () => {
    const judged = applyLimits(draft({ value: 0.8 }), [exampleLimit()], 'thr_1', options)
    expect(judged.status).toBe('breach')
    expect(judged.limit).toEqual({ thresholdSetId: 'thr_1', warning: null, breach: 0.9, direction: 'below' })
    expect(judged.message).toBe('accuracy 0.90, n 1,000; limit: at least 0.90')
  })
  it('says why a value past its limit is only a warning', () => {
    const judged = applyLimits(draft({ value: 0.88, interval: [0.8, 0.95] }), [exampleLimit()], null, options)
    expect(judged.message).toContain('past it, but chance could explain that')
    expect(applyLimits(draft({ value: 0.5, n: 3 }), [exampleLimit()], null, options).message).toContain(
      'n 3 is below 30',
    )
  })
})

describe('limitFaults', () => {
  it('names every unusable limit', () => {
    const faults = limitFaults([
      exampleLimit({ warning: 0.8 }),
      exampleLimit({ subject: { metric: 'f1' }, persistence: { k: 3, of: 2 } }),
      exampleLimit({ subject: { metric: 'r2' }, direction: 'outside' }),
      exampleLimit({ subject: { metric: 'mae' }, direction: 'above', warning: 1, breach: 0.5 }),
      exampleLimit({ warning: 0.95 }),
    ])
    expect(faults.map((fault) => fault.slice(0, 7))).toEqual(['Limit 1', 'Limit 2', 'Limit 3', 'Limit 4', 'Limit 5'])
    expect(faults[4]).toContain('repeats limit 1')
    expect(limitFaults([exampleLimit()])).toEqual([])
  })
})

describe('default limits', () => {
  const metrics = { accuracy: 0.98, f1: 0.95, rocAuc: 0.99, macroF1: 0.9, r2: 0.7, rmse: 2 }
  it.each(['binary', 'multiclass', 'regression'] as const)('are valid for %s', (task) => {
    const { limits, notes } = defaultDeploymentLimits({ task, referenceMetrics: metrics })
    expect(limitFaults(limits)).toEqual([])
    expect(limits.map((limit) => limitSchema.parse(limit))).toEqual(limits)
    expect(notes).toEqual([])
  })
  it('measure the fall from the reference, errors from below', () => {
    const binary = defaultDeploymentLimits({ task: 'binary', referenceMetrics: metrics }).limits
    expect(matchLimit(binary, 'performance', { metric: 'accuracy' })).toMatchObject({ breach: 0.93, warning: 0.96 })
    const regression = defaultDeploymentLimits({ task: 'regression', referenceMetrics: metrics }).limits
    expect(matchLimit(regression, 'performance', { metric: 'rmse' })).toMatchObject({ breach: 2.5, direction: 'above' })
    expect(matchLimit(regression, 'fairness', { metric: 'demographicParityDifference' })).toBeNull()
  })
  it('invent no limit on performance without a reference', () => {
    const { limits, notes } = defaultDeploymentLimits({ task: 'binary', referenceMetrics: null })
    expect(limits.some((limit) => limit.kind === 'performance')).toBe(false)
    expect(notes).toHaveLength(1)
  })
  it('are valid for a device', () => expect(limitFaults(defaultDeviceLimits().limits)).toEqual([]))
})
