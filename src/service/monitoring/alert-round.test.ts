import { describe, expect, it } from 'vitest'
import type { Action, Alert } from '../../contract/alert.ts'
import { startRecovery } from '../../rules/recovery.ts'
import {
  day,
  exampleAlert,
  exampleFinding,
  exampleLimit,
  exampleSeries,
  hour,
  midnight,
} from '../../rules/testing/examples.ts'
import { decideRound, type RoundInput } from './alert-round.ts'

const revised = <T>(record: T, revision = 3) => ({ record, revision })
const round = (changes: Partial<RoundInput>): RoundInput => {
  let ids = 0
  return {
    findings: [],
    limits: [exampleLimit()],
    history: [],
    alerts: [],
    feeds: [],
    pending: [],
    now: midnight + 10 * day,
    slackMs: day,
    newAlertId: () => `alt_new${++ids}`,
    nameOf: () => 'cat-dog',
    ...changes,
  }
}

describe('a round of alerts', () => {
  it('opens one, tells of it, and writes it without a revision', () => {
    const findings = exampleSeries('b')
    const outcome = decideRound(round({ findings, now: midnight + hour }))
    expect(outcome.alerts).toMatchObject([{ revision: null, alert: { id: 'alt_new1', state: 'open' } }])
    expect(outcome.news).toMatchObject([{ what: 'open', alert: { id: 'alt_new1' } }])
    expect(outcome.said[0]).toMatch(/^open alt_new1/)
  })

  it('does not write a line each time that a breach goes on, but does when it crossed the limit', () => {
    const [first, second] = exampleSeries('bb')
    const alert = exampleAlert({ id: 'alt_1', firstFindingId: first.id, lastFindingId: first.id, updatedAt: first.at })
    const input = { findings: [second], history: [first], alerts: [revised(alert)] }
    expect(decideRound(round({ ...input, now: first.at + 60_000 })).alerts).toEqual([])
    expect(decideRound(round({ ...input, now: first.at + hour })).alerts).toMatchObject([
      { revision: 3, alert: { id: 'alt_1', occurrences: 2, lastFindingId: second.id } },
    ])
    const eased = { ...second, status: 'warning' as const }
    expect(decideRound(round({ ...input, findings: [eased], now: first.at + 60_000 })).alerts).toHaveLength(1)
  })

  it('links a symptom to the fault of the device that feeds it, on both alerts', () => {
    const stuck = exampleAlert({
      ...{ id: 'alt_d', kind: 'device', target: { type: 'device', id: 'dev_1' } },
      subject: { metric: 'stuck', channel: 'light' },
    })
    const feeds = [{ deploymentId: 'dep_1', deploymentName: 'cat-dog', deviceId: 'dev_1', deviceName: 'camera-1' }]
    const [finding] = exampleSeries('b', {}, midnight + day)
    const outcome = decideRound(
      round({ findings: [finding], alerts: [revised(stuck)], feeds, now: midnight + day + hour }),
    )
    const written = new Map(outcome.alerts.map(({ alert }) => [alert.id, alert]))
    expect(written.get('alt_d')?.linkedAlertIds).toEqual(['alt_new1'])
    expect(written.get('alt_new1')?.linkedAlertIds).toEqual(['alt_d'])
    expect(outcome.news[0].alert.linkReason).toMatch(/light channel of camera-1 was stuck/)
  })

  it('decides about the target that was asked alone', () => {
    const other = exampleAlert({ id: 'alt_o', target: { type: 'deployment', id: 'dep_2' } })
    const outcome = decideRound(round({ findings: exampleSeries('o'), alerts: [revised(other)] }))
    expect(outcome.alerts).toEqual([])
  })

  it('judges whether an action helped once its number was measured after it', () => {
    const alert: Alert = exampleAlert({ id: 'alt_1' })
    const [before, after] = exampleSeries('bo')
    const action: Action = {
      ...{ id: 'act_1', kind: 'switch', alertId: 'alt_1', releaseId: null, deploymentId: 'dep_1', connectionId: null },
      ...{ state: 'succeeded', requestedBy: null, reason: '', requestedAt: midnight, finishedAt: after.window.from },
      ...{ correlationId: 'run_1', variables: {}, log: '', result: null, problem: null },
      recovery: startRecovery(alert, { ...before, value: 0.7 }),
    }
    const pending = [{ action: revised(action, 5), effectiveAt: after.window.from }]
    const input = { alerts: [revised(alert)], pending, history: [before] }
    const outcome = decideRound(round({ ...input, findings: [{ ...after, value: 0.95 }], now: after.at }))
    expect(outcome.actions).toMatchObject([
      { kind: 'action', revision: 5, record: { recovery: { before: 0.7, after: 0.95, verdict: 'recovered' } } },
    ])
    const other = exampleFinding({ id: 'fnd_x', subject: { metric: 'f1' }, window: after.window, at: after.at })
    expect(decideRound(round({ ...input, findings: [other], now: after.at })).actions).toEqual([])
  })
})
