import { describe, expect, it } from 'vitest'
import type { Alert } from '../contract/alert.ts'
import { incidentVerdict } from '../contract/incident-verdict.ts'
import { type IncidentState, judgeIncident } from './incident-verdict.ts'
import { day, exampleAlert, exampleFinding, hour, midnight } from './testing/examples.ts'

const now = midnight + 12 * hour
const window = { from: midnight - 2 * day, to: now }
const at = (hours: number) => midnight + hours * hour

const alert = (id: string, kind: Alert['kind'], metric: string, hours: number, more: Partial<Alert> = {}) =>
  exampleAlert({
    id: `alt_${id}`,
    kind,
    subject: { metric },
    title: `${metric} of ${kind}`,
    beganAt: at(hours),
    ...more,
  })
const stuck = alert('stuck', 'device', 'stuck', 1, {
  target: { type: 'device', id: 'dev_1' },
  subject: { metric: 'stuck', channel: 'light' },
  title: 'Light is stuck on room-1',
})
const drift = (hours: number, column = 'light') =>
  alert('drift', 'drift', 'psi', hours, { subject: { metric: 'psi', column }, title: `${column} drifts on occupancy` })
const fall = (hours: number) =>
  alert('fall', 'performance', 'accuracy', hours, { title: 'Accuracy below 0.90 on occupancy' })
const driftIsFine = exampleFinding({ id: 'fnd_d', kind: 'drift', subject: { metric: 'driftedShare' } })

const judge = (changes: Partial<IncidentState>) => {
  const verdict = judgeIncident({
    alerts: [],
    findings: [],
    versionChanges: [],
    hasDevice: true,
    window,
    now,
    ...changes,
  })
  if (verdict !== null) expect(incidentVerdict.safeParse(verdict).error).toBeUndefined()
  return verdict
}

describe('judgeIncident', () => {
  it('has nothing to explain where nothing of the deployment is wrong', () => {
    expect(judge({})).toBeNull()
    expect(judge({ alerts: [stuck] })).toBeNull()
  })

  it('does not blame a fault that was over long before, and judges the last incident of the window', () => {
    const ended = (record: Alert, hours: number) => ({
      ...record,
      state: 'resolved' as const,
      resolution: { at: at(hours), userId: null, how: 'recovered' as const, reason: 'the number recovered' },
    })
    const old = ended(alert('old', 'drift', 'psi', -39, { subject: { metric: 'psi', column: 'light' } }), -30)
    const before = [ended({ ...stuck, beganAt: at(-40) }, -30), old]
    expect(judge({ alerts: [...before, drift(3)] })).toMatchObject({ kind: 'population-shift', since: at(3) })
    // Where nothing came after, the window is about that incident; and what is linked is one incident however long it was quiet.
    expect(judge({ alerts: before })).toMatchObject({ kind: 'sensor-fault', since: at(-40) })
    expect(judge({ alerts: [...before, { ...drift(3), linkedAlertIds: [stuck.id] }] })).toMatchObject({
      kind: 'sensor-fault',
      since: at(-40),
    })
  })

  it('calls a fault of the device before the symptoms a sensor fault, whatever drifted', () => {
    const verdict = judge({ alerts: [fall(4), drift(3), stuck] })
    expect(verdict).toMatchObject({ kind: 'sensor-fault', since: at(1) })
    expect(verdict?.sentence).toBe(
      'Likely a sensor fault since 01:00 UTC: Light is stuck on room-1, then light drifts on occupancy and Accuracy below 0.90 on occupancy.',
    )
    expect(verdict?.evidence.map(({ role, title }) => [role, title])).toEqual([
      ['cause', 'Light is stuck on room-1'],
      ['symptom', 'light drifts on occupancy'],
      ['symptom', 'Accuracy below 0.90 on occupancy'],
    ])
    expect(verdict?.evidence[0].path).toBe('/alerts/alt_stuck')
  })

  it('names the most telling fault first', () => {
    const jumps = {
      ...stuck,
      id: 'alt_j',
      subject: { metric: 'outlierShare', channel: 'x' },
      title: 'X jumps',
      beganAt: at(0),
    }
    expect(judge({ alerts: [jumps, stuck, fall(4)] })?.sentence).toContain('Light is stuck on room-1 and X jumps, then')
  })

  it('does not blame a sensor that failed long after, nor one whose trend only looks ahead, nor one that had recovered', () => {
    const late = { ...stuck, beganAt: at(6) }
    const early = { alerts: [fall(-40), late], findings: [driftIsFine] }
    expect(judge(early)?.kind).toBe('model-fault')
    const linked = { ...fall(-40), linkedAlertIds: [late.id] }
    expect(judge({ ...early, alerts: [linked, late] })?.kind).toBe('sensor-fault')
    const outlook = { ...stuck, subject: { metric: 'daysToLimit', channel: 'light' } }
    expect(judge({ alerts: [drift(3), outlook] })?.kind).toBe('population-shift')
    const silent = { ...stuck, subject: { metric: 'gaps', channel: 'light' } }
    expect(judge({ alerts: [drift(3), silent] })?.kind).toBe('population-shift')
    const resolution = { at: at(-60), userId: null, how: 'recovered' as const, reason: 'ok' }
    const recovered: Alert = { ...stuck, beganAt: at(-80), state: 'resolved', resolution }
    expect(judge({ alerts: [drift(3), recovered] })?.kind).toBe('population-shift')
  })

  it('calls drift of inputs with sound sensors a shift of the population, with and without damage', () => {
    expect(judge({ alerts: [drift(3)] })).toMatchObject({
      kind: 'population-shift',
      sentence: expect.stringContaining('and no number of the model has failed'),
      ruledOut: ['no sensor was at fault when it began'],
    })
    expect(judge({ alerts: [drift(3), fall(2)] })).toMatchObject({
      kind: 'population-shift',
      sentence: expect.stringContaining('then Accuracy below 0.90'),
    })
    expect(judge({ alerts: [drift(3)], hasDevice: false })?.ruledOut).toEqual(['no device is known to feed it'])
  })

  it('calls a fall without drift or fault a fault of the model, and names the version that had just begun', () => {
    const versionChanges = [
      { at: at(-60), name: '1.0' },
      { at: at(1), name: '2.0' },
    ]
    const verdict = judge({ alerts: [fall(4)], findings: [driftIsFine], versionChanges })
    expect(verdict).toMatchObject({ kind: 'model-fault', since: at(4) })
    expect(verdict?.sentence).toContain('version 2.0 began at 01:00 UTC')
    expect(verdict?.ruledOut).toEqual([
      'no sensor was at fault when it began',
      'inputs are distributed as in the reference',
    ])
    // What comes out of the model drifts because of the model.
    expect(judge({ alerts: [drift(3, 'prediction')], findings: [driftIsFine] })?.kind).toBe('model-fault')
    expect(judge({ alerts: [fall(-40), drift(3)] })?.ruledOut).toContain('inputs drifted only afterwards')
  })

  it('does not guess where nobody could say whether inputs drifted', () => {
    expect(judge({ alerts: [fall(4)] })?.kind).toBe('unclear')
    const insufficient = { ...driftIsFine, status: 'insufficient' as const }
    expect(judge({ alerts: [fall(4)], findings: [insufficient] })?.kind).toBe('unclear')
  })

  it('takes missing or impossible inputs for a fault on their way', () => {
    const missing = alert('missing', 'integrity', 'missingShare', 2, { title: 'Missing values of light on occupancy' })
    expect(judge({ alerts: [missing, fall(4)] })).toMatchObject({
      kind: 'sensor-fault',
      sentence: expect.stringContaining('Missing values of light on occupancy, then Accuracy'),
    })
    const unseen = alert('unseen', 'integrity', 'unseenCategoryShare', 2)
    expect(judge({ alerts: [unseen, drift(3)] })?.kind).toBe('population-shift')
  })
})
