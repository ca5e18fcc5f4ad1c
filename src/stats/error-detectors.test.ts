import { describe, expect, it } from 'vitest'
import { createEddm, updateEddm } from './eddm.ts'
import { createHddmAverage, updateHddmAverage } from './hddm-average.ts'
import { createHddmWeighted, updateHddmWeighted } from './hddm-weighted.ts'
import { createRandom, randomUniform } from './random.ts'

/** Errors at one rate, at another from the thousandth on. */
function errors(seed: number, before: number, after: number, n = 2000): number[] {
  const random = createRandom(seed)
  return Array.from({ length: n }, (_, i) => (randomUniform(random) < (i < 1000 ? before : after) ? 1 : 0))
}

type Level = 'ok' | 'warning' | 'drift'
const positions = (levels: readonly Level[], wanted: Level) =>
  levels.flatMap((level, i) => (level === wanted ? [i] : []))

const detectors: Readonly<Record<string, () => (error: number) => Level>> = {
  'HDDM-A': () => {
    const hddm = createHddmAverage()
    return (error) => updateHddmAverage(hddm, error)
  },
  'HDDM-W': () => {
    const hddm = createHddmWeighted()
    return (error) => updateHddmWeighted(hddm, error)
  },
  EDDM: () => {
    const eddm = createEddm()
    return (error) => updateEddm(eddm, error)
  },
}

describe('detectors on errors', () => {
  it.each(Object.keys(detectors))('%s alarms soon after the error rate rose', (name) => {
    const update = detectors[name]()
    const alarms = positions(errors(1, 0.1, 0.5).map(update), 'drift')
    const first = alarms.find((i) => i >= 1000)
    expect(first).toBeGreaterThanOrEqual(1000)
    expect(first).toBeLessThan(1200)
  })

  it('HDDM-A is silent on a steady stream, and both its tails work when asked for', () => {
    const steady = createHddmAverage()
    expect(errors(2, 0.2, 0.2).some((error) => updateHddmAverage(steady, error) === 'drift')).toBe(false)
    const falls = errors(3, 0.6, 0.1)
    const [one, two] = [createHddmAverage(), createHddmAverage({ isTwoSided: true })]
    expect(falls.some((error) => updateHddmAverage(one, error) === 'drift')).toBe(false)
    expect(
      positions(
        falls.map((error) => updateHddmAverage(two, error)),
        'drift',
      )[0],
    ).toBeGreaterThanOrEqual(1000)
  })

  it('HDDM-W sees a fall when asked for', () => {
    const falls = errors(4, 0.9, 0.1)
    const two = createHddmWeighted({ isTwoSided: true })
    const alarms = positions(
      falls.map((error) => updateHddmWeighted(two, error)),
      'drift',
    )
    expect(alarms.some((i) => i >= 1000 && i < 1100)).toBe(true)
  })

  it('HDDM-A warns before it alarms, and starts anew after', () => {
    const hddm = createHddmAverage()
    const levels = errors(5, 0.1, 0.35).map((error) => updateHddmAverage(hddm, error))
    const drift = levels.indexOf('drift')
    expect(levels.slice(1000, drift)).toContain('warning')
    expect(hddm.total.n).toBe(levels.length - 1 - levels.lastIndexOf('drift'))
  })

  it.each(Object.keys(detectors))('%s passes over what is no error', (name) => {
    const [clean, dirty] = [detectors[name](), detectors[name]()]
    const stream = errors(6, 0.1, 0.5)
    const mixed = stream.flatMap((error) => [error, Number.NaN, 7])
    const kept = mixed.map((value) => dirty(value)).filter((_, i) => i % 3 === 0)
    expect(kept).toEqual(stream.map((error) => clean(error)))
  })

  it('refuse limits in the wrong order', () => {
    expect(() => createEddm({ warningShare: 0.8, driftShare: 0.9 })).toThrow(RangeError)
    expect(() => createHddmAverage({ driftAlpha: 0.1, warningAlpha: 0.01 })).toThrow(RangeError)
    expect(() => createHddmWeighted({ weight: 0 })).toThrow(RangeError)
  })
})
