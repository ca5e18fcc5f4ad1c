import { describe, expect, it } from 'vitest'
import { lookScore } from './alarm-gate.ts'
import { createRandom, randomNormal } from './random.ts'
import { createStreamJoint, updateStreamJoint } from './stream-joint.ts'

/** Three channels: two that go together, one by itself, of quite different sizes. */
function rows(n: number, change: (row: [number, number, number], i: number) => void = () => {}) {
  const random = createRandom(8)
  return Array.from({ length: n }, (_, i) => {
    const common = randomNormal(random)
    const row: [number, number, number] = [
      20 + 3 * common + 0.3 * randomNormal(random),
      6000 - 800 * common + 80 * randomNormal(random),
      1e-3 * randomNormal(random),
    ]
    change(row, i)
    return row
  })
}

function run(of: readonly (readonly number[])[]) {
  const state = createStreamJoint(of[0].length)
  const scores = of.map((row) => updateStreamJoint(state, row))
  return { scores, state, alarms: scores.flatMap((score, i) => ((score ?? 0) >= lookScore ? [i] : [])) }
}

describe('updateStreamJoint', () => {
  it('is quiet where nothing is wrong', () => {
    expect(run(rows(6000)).alarms.length).toBeLessThanOrEqual(3)
  })

  it('sees channels part that always went together, each within its own range', () => {
    const parted = rows(3000, (row, i) => {
      if (i >= 2000) row[1] = 12_000 - row[1]
    })
    const { alarms } = run(parted)
    expect(alarms[0]).toBeGreaterThanOrEqual(2000)
    expect(alarms[0]).toBeLessThan(2005)
  })

  it('names the channels that are off', () => {
    const { state, scores } = run(
      rows(2001, (row, i) => {
        if (i === 2000) row[2] = 0.02
      }),
    )
    expect(scores[2000]).toBeGreaterThan(lookScore)
    const [first, second, third] = state.contributions.map(Math.abs)
    expect(third).toBeGreaterThan(2)
    expect(third).toBeGreaterThan(2 * Math.max(first, second))
  })

  it('passes over rows with a missing value and channels that never vary', () => {
    const { scores, alarms } = run(rows(1500).map((row, i) => [...row, 7, i === 900 ? Number.NaN : 1]))
    expect(scores[900]).toBeNull()
    expect(scores.every((score) => score === null || (score >= 0 && score <= 1))).toBe(true)
    expect(alarms.length).toBeLessThanOrEqual(2)
  })

  it('does not look ahead', () => {
    const all = rows(1500)
    expect(run(all.slice(0, 1000)).scores).toEqual(run(all).scores.slice(0, 1000))
  })

  it('survives channels that are copies of each other', () => {
    const { scores, alarms } = run(rows(2000).map(([a]) => [a, a, 2 * a]))
    expect(scores.every((score) => Number.isFinite(score))).toBe(true)
    expect(alarms.length).toBeLessThanOrEqual(2)
  })
})
