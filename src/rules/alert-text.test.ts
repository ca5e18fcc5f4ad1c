import { describe, expect, it } from 'vitest'
import { alertTitle } from './alert-text.ts'
import { exampleFinding } from './testing/examples.ts'

describe('the title of an alert', () => {
  const titled = (changes: Partial<Parameters<typeof exampleFinding>[0]>) =>
    alertTitle(exampleFinding({ id: 'fnd_1', ...changes }), 'camera-1')

  it('names the number, its level and where', () => {
    const limit = { thresholdSetId: null, warning: null, breach: 0.9, direction: 'below' as const }
    expect(titled({ limit })).toBe('Accuracy below 0.90 on camera-1')
    expect(titled({ kind: 'drift', subject: { metric: 'psi', column: 'light' } })).toBe('Light drifts on camera-1')
  })

  it('says what a sensor does', () => {
    const limit = { thresholdSetId: null, warning: null, breach: 0, direction: 'above' as const }
    const ofDevice = (metric: string) => titled({ kind: 'device', subject: { metric, channel: 'light' }, limit })
    expect(ofDevice('stuck')).toBe('Light is stuck on camera-1')
    expect(ofDevice('shifts')).toBe('Light has shifted on camera-1')
    const ofWhole = (kind: 'device' | 'endpoint', metric: string) => titled({ kind, subject: { metric }, limit })
    expect(ofWhole('device', 'silentForMs')).toBe('No data on camera-1')
    expect(ofWhole('device', 'flaps')).toBe('Frequent dropouts on camera-1')
    expect(ofWhole('endpoint', 'silentForMs')).toBe('No answer on camera-1')
    expect(ofDevice('constructor')).toBe('Constructor of light above 0 on camera-1')
  })
})
