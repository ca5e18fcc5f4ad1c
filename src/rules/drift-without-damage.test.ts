import { describe, expect, it } from 'vitest'
import { driftWithoutDamage } from './drift-without-damage.ts'
import { exampleFinding } from './testing/examples.ts'

const limit = { thresholdSetId: null, warning: 0.93, breach: 0.9, direction: 'below' as const }
const accuracy = exampleFinding({ id: 'fnd_a', value: 0.979, interval: [0.973, 0.984], n: 2665, limit })
const drift = (column: string, value: number) =>
  exampleFinding({ id: `fnd_${column}`, kind: 'drift', subject: { metric: 'psi', column }, status: 'breach', value })

describe('drift without damage', () => {
  it('names the inputs, the furthest first, and leaves out what follows from them', () => {
    const drifts = [drift('co2', 0.3), drift('label', 0.9), drift('score:yes', 0.9), drift('temperature', 0.5)]
    expect(driftWithoutDamage([accuracy, ...drifts])).toBe(
      'temperature and co2 have drifted while performance holds (accuracy 0.979 (0.973 to 0.984), n 2,665): drift without damage',
    )
    expect(driftWithoutDamage([accuracy, drift('prediction', 0.4)])).toMatch(/^prediction has drifted/)
  })

  it('is not denied by a measure without a limit that differs a little', () => {
    const brier = exampleFinding({ id: 'fnd_b', subject: { metric: 'brier' }, status: 'warning' })
    expect(driftWithoutDamage([accuracy, brier, drift('x', 1)])).toMatch(/without damage/)
    // Where nobody set a limit, it is all that there is to go by.
    expect(driftWithoutDamage([brier, drift('x', 1)])).toBeNull()
    expect(driftWithoutDamage([accuracy, { ...brier, status: 'breach' }, drift('x', 1)])).toBeNull()
  })

  it('is not claimed when a limited number is near its limit, or nothing was judged then', () => {
    expect(driftWithoutDamage([{ ...accuracy, status: 'warning' }, drift('x', 1)])).toBeNull()
    expect(driftWithoutDamage([{ ...accuracy, status: 'insufficient' }, drift('x', 1)])).toBeNull()
    const later = { ...accuracy, window: { from: accuracy.window.to, to: accuracy.window.to + 1 } }
    expect(driftWithoutDamage([later, drift('x', 1)])).toBeNull()
    expect(driftWithoutDamage([accuracy])).toBeNull()
  })
})
