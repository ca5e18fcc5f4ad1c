import { describe, expect, it } from 'vitest'
import { lookScore } from '../../src/stats/alarm-gate.ts'
import { createRandom, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { createStreamAnomaly, updateStreamAnomaly } from '../../src/stats/stream-anomaly.ts'
import { createStreamJoint, updateStreamJoint } from '../../src/stats/stream-joint.ts'
import { type AlarmPrices, alarmPrices, normedScore, tallyAlarms } from './anomaly-score.ts'
import { anomalyStreams, type LabelledStream, quietStart, quietStreams } from './anomaly-streams.ts'

type Detector = (stream: Pick<LabelledStream, 'at' | 'value'>) => Float64Array

const ours: Detector = ({ at, value }) => {
  const state = createStreamAnomaly()
  return at.map((instant, i) => updateStreamAnomaly(state, instant, value[i]) ?? 0)
}

/** How far a value lies from the mean of the `length` before it, in their standard deviations, as a share of itself and 10. */
const windowZ =
  (length: number): Detector =>
  ({ value }) => {
    const scores = new Float64Array(value.length)
    for (let i = length; i < value.length; i++) {
      const past = value.subarray(i - length, i)
      const mean = past.reduce((sum, x) => sum + x, 0) / length
      const deviation = Math.sqrt(past.reduce((sum, x) => sum + (x - mean) ** 2, 0) / length)
      const z = deviation === 0 ? (value[i] === mean ? 0 : 1e9) : Math.abs(value[i] - mean) / deviation
      scores[i] = z / (z + 10)
    }
    return scores
  }

const chance: Detector = ({ at }) => {
  const random = createRandom(99)
  return at.map(() => randomUniform(random))
}

const streams = [101, 102, 103].flatMap(anomalyStreams)
const scoreAt = (scores: readonly Float64Array[], threshold: number, prices: AlarmPrices) =>
  normedScore(streams.map((stream, i) => tallyAlarms(stream, scores[i], threshold, prices)))
/** What a detector reaches with the one threshold that suits it best over all streams, known only afterwards. */
const bestScore = (scores: readonly Float64Array[], prices: AlarmPrices) =>
  Math.max(
    ...[0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.8, 0.99, 0.999, 0.9999].map((t) =>
      scoreAt(scores, t, prices),
    ),
  )

describe('streaming anomaly score', () => {
  it('beats simple detectors on labelled streams, with one threshold for all that was fixed before', () => {
    const own = streams.map(ours)
    const rivals = Object.entries({ 'z of 100': windowZ(100), 'z of 500': windowZ(500), chance }).map(
      ([rival, detector]) => [rival, streams.map(detector)] as const,
    )
    const table = Object.entries(alarmPrices).map(([name, prices]) => ({
      name,
      own: scoreAt(own, lookScore, prices),
      rivals: rivals.map(([rival, scores]) => ({ rival, score: bestScore(scores, prices) })),
    }))
    const tallies = streams.map((stream, i) => tallyAlarms(stream, own[i], lookScore, alarmPrices.standard))
    const sum = (of: (tally: (typeof tallies)[number]) => number) =>
      tallies.reduce((total, tally) => total + of(tally), 0)
    console.log(
      [
        '0 = silence, 100 = the earliest possible alarms alone; rivals at their best threshold in hindsight',
        ...table.map(
          ({ name, own, rivals }) =>
            `${name}: ${own.toFixed(1)}; ${rivals.map(({ rival, score }) => `${rival} ${score.toFixed(1)}`).join(', ')}`,
        ),
        `found ${sum(({ hits }) => hits)} of ${sum(({ windows }) => windows)} faults, ${sum(({ falseAlarms }) => falseAlarms)} false alarms in ${streams.reduce((n, { at }) => n + at.length, 0)} values`,
      ].join('\n'),
    )
    for (const { own, rivals } of table) {
      expect(own).toBeGreaterThan(68)
      for (const { score } of rivals) expect(own).toBeGreaterThan(score + 15)
    }
  })

  it.each(Object.keys(quietStreams))('is quiet where nothing is wrong: %s', (name) => {
    const n = 10_000
    let alarms = 0
    for (let seed = 1; seed <= 10; seed++) {
      const next = quietStreams[name](createRandom(seed))
      const state = createStreamAnomaly()
      for (let i = 0; i < n; i++) {
        const at = quietStart + i * 300_000
        if ((updateStreamAnomaly(state, at, next(at)) ?? 0) >= lookScore) alarms++
      }
    }
    console.log(`${name}: ${alarms} alarms in ${10 * n} values`)
    // One in 1,500 values at most: a week of readings every five minutes.
    expect(alarms).toBeLessThan((10 * n) / 1500)
  })

  it('is quiet over several channels together where nothing is wrong', () => {
    const n = 10_000
    let alarms = 0
    for (let seed = 1; seed <= 5; seed++) {
      const random = createRandom(1000 + seed)
      const state = createStreamJoint(6)
      let slow = 0
      for (let i = 0; i < n; i++) {
        slow = 0.98 * slow + randomNormal(random)
        const day = Math.sin((2 * Math.PI * i) / 288)
        const row = [20 + 5 * day, 60 - 10 * day, 1013 + slow, 0, 1, 9.8].map(
          (x, c) => x + (c < 3 ? 0.5 : 0.05) * randomNormal(random),
        )
        if ((updateStreamJoint(state, row) ?? 0) >= lookScore) alarms++
      }
    }
    console.log(`six channels together: ${alarms} alarms in ${5 * n} rows`)
    expect(alarms).toBeLessThan((5 * n) / 1500)
  })
})
