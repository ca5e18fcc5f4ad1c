import { describe, expect, it } from 'vitest'
import { formatDuration, formatEstimate, formatInstant, formatList, formatNumber, shorten } from './format.ts'
import { type DeploymentState, deploymentHeadline, deviceHeadline, workspaceHeadline } from './headline.ts'
import { metricName, subjectKey } from './subject.ts'
import { day, exampleAlert, exampleFinding, hour, midnight } from './testing/examples.ts'

const now = midnight + 18 * hour
const window = { from: midnight - 6 * hour, to: now }
const limit = { thresholdSetId: null, warning: null, breach: 0.9, direction: 'below' as const }
const accuracy = exampleFinding({ id: 'fnd_a', value: 0.9123, interval: [0.891, 0.931], limit, window })
const drift = exampleFinding({
  id: 'fnd_d',
  kind: 'drift',
  subject: { metric: 'psi', column: 'brightness' },
  status: 'breach',
  window,
})
const driftAlert = exampleAlert({
  id: 'alt_d',
  kind: 'drift',
  subject: drift.subject,
  beganAt: midnight + 14 * hour + 20 * 60_000,
  linkedAlertIds: ['alt_k'],
})
const knock = exampleAlert({
  id: 'alt_k',
  kind: 'device',
  target: { type: 'device', id: 'dev_1' },
  subject: { metric: 'shifts', channel: 'acceleration-x' },
})
const state = (changes: Partial<DeploymentState> = {}): DeploymentState => ({
  name: 'cat-dog',
  environment: 'production',
  findings: [accuracy],
  alerts: [],
  device: null,
  lastSampleAt: now,
  silentAfterMs: hour,
  now,
  ...changes,
})

describe('deploymentHeadline', () => {
  it('says what, since when, after what, and the number with its limit', () =>
    expect(
      deploymentHeadline(
        state({
          findings: [{ ...accuracy, status: 'warning' }, drift],
          alerts: [driftAlert],
          device: { name: 'camera-1', alerts: [knock] },
        }),
      ),
    ).toEqual({
      status: 'breach',
      text: 'cat-dog in production has drifted since 14:20 UTC, after a knock on camera-1; accuracy 0.91 (0.89 to 0.93), limit 0.90',
    }))
  it('blames no device without a link', () =>
    expect(
      deploymentHeadline(
        state({
          findings: [{ ...accuracy, status: 'breach' }],
          alerts: [exampleAlert({ id: 'alt_a', beganAt: midnight })],
          device: { name: 'camera-1', alerts: [knock] },
        }),
      ).text,
    ).toBe(
      'cat-dog in production is past its limit on accuracy since 00:00 UTC; accuracy 0.91 (0.89 to 0.93), limit 0.90',
    ))
  it('calls drift without damage by its name, as a warning', () =>
    expect(deploymentHeadline(state({ findings: [accuracy, drift], alerts: [driftAlert] }))).toEqual({
      status: 'warning',
      text: 'cat-dog in production: brightness has drifted while performance holds (accuracy 0.91 (0.89 to 0.93), n 1,000): drift without damage since 14:20 UTC',
    }))
  it('tells other reasons from samples that were never seen before', () => {
    const outside = exampleFinding({
      id: 'fnd_o',
      kind: 'explanation',
      subject: { metric: 'outOfEnvelopeShare' },
      status: 'breach',
      window,
    })
    const ranking = { ...outside, id: 'fnd_r', subject: { metric: 'attributionNdcg' } }
    const say = (...findings: (typeof outside)[]) =>
      deploymentHeadline(state({ findings: [accuracy, ...findings] })).text
    expect(say(outside)).toContain('decides about what its reference never showed')
    expect(say(outside, ranking)).toContain('decides for other reasons than before')
  })
  it('blames no model for predicted classes that follow a world in which it performs', () => {
    const shifted = exampleFinding({
      id: 'fnd_b',
      kind: 'bias',
      subject: { metric: 'shareDifference' },
      status: 'breach',
    })
    const calm = deploymentHeadline(state({ findings: [accuracy, drift, shifted], alerts: [driftAlert] }))
    expect(calm.status).toBe('warning')
    expect(calm.text).toMatch(/drift without damage .*; predicted classes have shifted with it$/)
    const fallen = [{ ...accuracy, status: 'breach' as const }, drift, shifted]
    expect(deploymentHeadline(state({ findings: fallen, alerts: [driftAlert] })).status).toBe('breach')
  })
  it('is honest about what it does not know', () => {
    expect(deploymentHeadline(state({ findings: [], lastSampleAt: null }))).toEqual({
      status: 'unknown',
      text: 'cat-dog in production has not sent any samples yet',
    })
    expect(deploymentHeadline(state({ findings: [] })).status).toBe('unknown')
    expect(deploymentHeadline(state({ findings: [{ ...accuracy, status: 'insufficient', value: null }] }))).toEqual({
      status: 'insufficient',
      text: 'cat-dog in production has too few samples to be judged',
    })
    expect(deploymentHeadline(state({ findings: [{ ...drift, status: 'ok' }] })).text).toContain(
      'performance cannot be judged yet',
    )
    expect(deploymentHeadline(state({ findings: [drift] })).text).toBe(
      'cat-dog in production has drifted; performance cannot be judged yet: too few labels',
    )
  })
  it('says that all is well, and that it fell silent', () => {
    expect(deploymentHeadline(state())).toEqual({
      status: 'ok',
      text: 'cat-dog in production is as it should be; accuracy 0.91 (0.89 to 0.93), limit 0.90',
    })
    expect(deploymentHeadline(state({ lastSampleAt: now - 3 * hour }))).toEqual({
      status: 'warning',
      text: 'cat-dog in production is as it should be; accuracy 0.91 (0.89 to 0.93), limit 0.90; no samples for 3 hours',
    })
  })
})

describe('deviceHeadline', () => {
  const stuck = exampleFinding({
    id: 'fnd_s',
    kind: 'device',
    subject: { metric: 'stuck', channel: 'light' },
    status: 'breach',
    message: 'light has stood at 119.5 lx for 3 hours.',
  })
  const device = { name: 'room-1', findings: [stuck], alerts: [], lastSeenAt: now, silentAfterMs: hour, now }
  it('names the fault', () =>
    expect(deviceHeadline(device)).toEqual({
      status: 'breach',
      text: 'room-1 has a fault: light has stood at 119.5 lx for 3 hours',
    }))
  it('lists several', () =>
    expect(
      deviceHeadline({ ...device, findings: [stuck, { ...stuck, subject: { metric: 'gaps', channel: 'co2' } }] }).text,
    ).toBe('room-1 has a fault: light (stuck) and co2 (gaps)'))
  it('is honest', () => {
    expect(deviceHeadline({ ...device, lastSeenAt: null }).status).toBe('unknown')
    expect(deviceHeadline({ ...device, findings: [] }).status).toBe('unknown')
    expect(deviceHeadline({ ...device, findings: [{ ...stuck, status: 'insufficient' }] }).status).toBe('insufficient')
    expect(deviceHeadline({ ...device, lastSeenAt: now - 2 * day }).text).toBe(
      'room-1 has been silent for 2 days, since 19 Nov 18:00 UTC',
    )
    expect(deviceHeadline({ ...device, findings: [{ ...stuck, status: 'ok' }] }).text).toBe(
      'room-1 is healthy: 1 channel as they should be',
    )
  })
})

describe('workspaceHeadline', () => {
  const ok = { name: 'a', headline: { status: 'ok' as const, text: 'a is well' } }
  const bad = { name: 'b', headline: { status: 'breach' as const, text: 'b has drifted' } }
  const unsure = { name: 'c', headline: { status: 'unknown' as const, text: '' } }
  const quiet = { devices: [], connectionProblems: [], openAlerts: { critical: 0, warning: 0 } }
  it.each([
    [
      { ...quiet, deployments: [] },
      'unknown',
      'Nothing is watched yet: connect a broker or an endpoint, or import a file',
    ],
    [{ ...quiet, deployments: [ok] }, 'ok', 'All 1 deployment and 0 devices are as they should be'],
    [{ ...quiet, deployments: [ok, unsure] }, 'ok', '1 of 2 are as they should be; c cannot be judged yet'],
    [{ ...quiet, deployments: [unsure] }, 'insufficient', 'Nothing can be judged yet'],
    [
      { ...quiet, deployments: [ok, bad], openAlerts: { critical: 1, warning: 1 } },
      'breach',
      'b has drifted; 2 open alerts (1 critical)',
    ],
    [{ ...quiet, deployments: [bad, { ...bad, name: 'd' }] }, 'breach', 'b and d are past a limit. B has drifted'],
    [
      { ...quiet, deployments: [ok], connectionProblems: [{ name: 'park', problem: 'refused.' }] },
      'warning',
      'All 1 deployment and 0 devices are as they should be; connection park: refused',
    ],
  ] as const)('%#', (input, status, text) => expect(workspaceHeadline(input)).toEqual({ status, text }))
})

describe('words', () => {
  it('writes numbers as people do', () => {
    expect([0.9, 0.9878, 0.979, 12.5, 1234.56, 2665, 0, 0.00001234, -0.05, 80].map((n) => formatNumber(n))).toEqual([
      '0.90',
      '0.9878',
      '0.979',
      '12.50',
      '1,234.6',
      '2,665',
      '0',
      '0.000012',
      '-0.05',
      '80',
    ])
    expect(formatNumber(Number.NaN)).toBe('undefined')
  })
  it('gives an estimate the decimals that its interval earns', () => {
    expect(formatEstimate({ value: 0.97901, interval: [0.9731, 0.9842] })).toBe('0.979 (0.973 to 0.984)')
    expect(formatEstimate({ value: null, interval: null })).toBe('no value')
    expect(formatEstimate({ value: 80, interval: null, unit: '°C' })).toBe('80 °C')
  })
  it('writes instants, durations and lists', () => {
    expect(formatInstant(midnight - hour, midnight)).toBe('20 Nov 23:00 UTC')
    expect(formatInstant(Date.UTC(2025, 0, 2), midnight)).toBe('2 Jan 2025 00:00 UTC')
    expect([1000, 90_000, 3 * hour, 6 * day].map(formatDuration)).toEqual([
      '1 second',
      '2 minutes',
      '3 hours',
      '6 days',
    ])
    expect(formatList(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more')
  })
  it('cuts no character in two', () => expect(shorten('ab😀', 3)).toBe('ab…'))
  it('spells metrics', () => expect(metricName('demographicParityDifference')).toBe('demographic parity difference'))
  it('never gives two numbers one key', () => {
    const target = { type: 'deployment', id: 'dep_1' } as const
    expect(subjectKey('drift', target, { metric: 'a', column: 'b|group=c' })).not.toBe(
      subjectKey('drift', target, { metric: 'a', column: 'b', group: 'c' }),
    )
    expect(metricName('constructor')).toBe('constructor')
  })
})
