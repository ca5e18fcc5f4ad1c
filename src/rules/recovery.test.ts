import { describe, expect, it } from 'vitest'
import { judgeRecovery, startRecovery } from './recovery.ts'
import { day, exampleAlert, exampleFinding, hour, midnight } from './testing/examples.ts'

const alert = exampleAlert({ id: 'alt_1' })
const pending = startRecovery(alert, exampleFinding({ id: 'fnd_0', value: 0.7 }))
const findingAfter = (startHours: number, changes = {}) =>
  exampleFinding({
    id: 'fnd_1',
    window: { from: midnight + startHours * hour, to: midnight + startHours * hour + day },
    at: midnight + startHours * hour + day,
    value: 0.95,
    ...changes,
  })
const verdict = (...findings: ReturnType<typeof findingAfter>[]) =>
  judgeRecovery({
    recovery: pending,
    kind: alert.kind,
    target: alert.target,
    finishedAt: midnight,
    findings,
    now: midnight + 3 * day,
  })

describe('judgeRecovery', () => {
  it('waits for a judged finding of the same number', () => {
    expect(verdict()).toEqual(pending)
    expect(verdict(findingAfter(0, { status: 'insufficient' }))).toEqual(pending)
    expect(verdict(findingAfter(0, { subject: { metric: 'f1' } }))).toEqual(pending)
    expect(verdict(findingAfter(0, { target: { type: 'deployment', id: 'dep_2' } }))).toEqual(pending)
  })
  it('compares before and after', () =>
    expect(verdict(findingAfter(0))).toMatchObject({
      before: 0.7,
      after: 0.95,
      verdict: 'recovered',
      findingId: 'fnd_1',
    }))
  it('calls a warning no recovery', () =>
    expect(verdict(findingAfter(0, { status: 'warning' })).verdict).toBe('not-recovered'))
  it('lets a window that began before decide only for the better', () => {
    expect(verdict(findingAfter(-12)).verdict).toBe('recovered')
    expect(verdict(findingAfter(-13)).verdict).toBe('pending')
    expect(verdict(findingAfter(-6, { status: 'breach' })).verdict).toBe('pending')
    expect(verdict(findingAfter(-6, { status: 'breach' }), findingAfter(1, { id: 'fnd_2' }))).toMatchObject({
      verdict: 'recovered',
      findingId: 'fnd_2',
    })
  })
  it('lets a number recover late, and keeps the first answer while it has not', () => {
    const decided = verdict(findingAfter(0, { status: 'warning', value: 0.8 }))
    expect(decided).toMatchObject({ verdict: 'not-recovered', after: 0.8, findingId: 'fnd_1' })
    const later = (changes: object) =>
      judgeRecovery({
        recovery: decided,
        kind: alert.kind,
        target: alert.target,
        finishedAt: midnight,
        findings: [findingAfter(0, { status: 'warning', value: 0.8 }), findingAfter(24, { id: 'fnd_2', ...changes })],
        now: midnight + 4 * day,
      })
    expect(later({ status: 'breach' })).toBe(decided)
    expect(later({ value: 0.94 })).toMatchObject({ verdict: 'recovered', after: 0.94, findingId: 'fnd_2' })
  })
  it('keeps a recovery', () => {
    const decided = verdict(findingAfter(0))
    const again = judgeRecovery({
      recovery: decided,
      kind: alert.kind,
      target: alert.target,
      finishedAt: midnight,
      findings: [findingAfter(48, { status: 'breach' })],
      now: 0,
    })
    expect(again).toBe(decided)
  })
})
