import { describe, expect, it } from 'vitest'
import { linkAlerts } from './alert-links.ts'
import { day, exampleAlert, hour, midnight } from './testing/examples.ts'

const feed = { deploymentId: 'dep_1', deploymentName: 'occupancy', deviceId: 'dev_1', deviceName: 'room-1' }
const stuck = exampleAlert({
  id: 'alt_device',
  kind: 'device',
  target: { type: 'device', id: 'dev_1' },
  subject: { metric: 'stuck', channel: 'light' },
  beganAt: midnight + hour,
})
const fall = exampleAlert({ id: 'alt_fall', beganAt: midnight + 2 * hour })
const now = midnight + 5 * hour

describe('linkAlerts', () => {
  it('joins a stuck sensor and the fall in accuracy it explains, both ways, with a sentence', () => {
    const decisions = linkAlerts([fall, stuck], [feed], { now })
    expect(decisions.map((decision) => [decision.alertId, decision.linkedAlertIds])).toEqual([
      ['alt_fall', ['alt_device']],
      ['alt_device', ['alt_fall']],
    ])
    expect(decisions[0].linkReason).toBe(
      'One incident: the light channel of room-1 was stuck from 01:00 UTC, and accuracy of occupancy, which it feeds, ' +
        'breached from 02:00 UTC. The sensor is the likely cause.',
    )
  })
  it('changes nothing the second time', () => {
    const linked = linkAlerts([fall, stuck], [feed], { now }).map((decision) => ({
      ...(decision.alertId === fall.id ? fall : stuck),
      linkedAlertIds: decision.linkedAlertIds,
      linkReason: decision.linkReason,
    }))
    expect(linkAlerts(linked, [feed], { now })).toEqual([])
  })
  it('names the most telling fault of several, in whichever order they are found', () => {
    const silent = { ...stuck, id: 'alt_silent', subject: { metric: 'gaps', channel: 'temperature' } }
    const first = linkAlerts([fall, silent], [feed], { now })
    expect(first[0].linkReason).toContain('the temperature channel of room-1 fell silent')
    const linked = { ...fall, linkedAlertIds: first[0].linkedAlertIds, linkReason: first[0].linkReason }
    const [second] = linkAlerts([linked, { ...silent, linkedAlertIds: [fall.id] }, stuck], [feed], { now })
    expect(second.linkedAlertIds).toEqual(['alt_silent', 'alt_device'])
    expect(second.linkReason).toContain('the light channel of room-1 was stuck')
    const [both] = linkAlerts([fall, stuck, silent], [feed], { now })
    expect(both.linkReason).toContain('the light channel of room-1 was stuck')
  })
  it('needs a wire between them', () =>
    expect(linkAlerts([fall, stuck], [{ ...feed, deviceId: 'dev_2' }], { now })).toEqual([]))
  it('needs them at the same time', () => {
    const over = { at: midnight + 1.5 * hour, userId: null, how: 'recovered' as const, reason: 'ok again' }
    expect(linkAlerts([fall, { ...stuck, state: 'resolved', resolution: over }], [feed], { now })).toEqual([])
  })
  it('does not explain what began long before', () => {
    const late = { ...stuck, beganAt: fall.beganAt + 2 * day }
    expect(linkAlerts([fall, late], [feed], { now: now + 3 * day })).toEqual([])
    expect(linkAlerts([fall, late], [feed], { now: now + 3 * day, slackMs: 3 * day })).toHaveLength(2)
  })
  it('does not explain by what is only foreseen, nor an endpoint by a sensor', () => {
    expect(linkAlerts([fall, { ...stuck, subject: { metric: 'daysToLimit' } }], [feed], { now })).toEqual([])
    expect(linkAlerts([{ ...fall, kind: 'endpoint' }, stuck], [feed], { now })).toEqual([])
  })
})
