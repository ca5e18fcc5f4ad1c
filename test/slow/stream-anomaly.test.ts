import { describe, expect, it } from 'vitest'
import { lookScore } from '../../src/stats/alarm-gate.ts'
import { createRandom, randomNormal } from '../../src/stats/random.ts'
import { createStreamAnomaly, updateStreamAnomaly } from '../../src/stats/stream-anomaly.ts'
import { createStreamJoint, updateStreamJoint } from '../../src/stats/stream-joint.ts'
import { fieldStreams } from './anomaly-field-streams.ts'
import {
  chance,
  type Detector,
  nearestNeighbours,
  relativeEntropy,
  slidingGaussian,
  weightedZ,
} from './anomaly-rivals.ts'
import { alarmPrices, bestInHindsight, normedScore, tallyAlarms } from './anomaly-score.ts'
import { anomalyStreams, quietStart, quietStreams } from './anomaly-streams.ts'

const ours: Detector = ({ at, value }) => {
  const state = createStreamAnomaly()
  return at.map((instant, i) => updateStreamAnomaly(state, instant, value[i]) ?? 0)
}

const rivals: Readonly<Record<string, Detector>> = {
  'sliding normal': slidingGaussian(1000, 100),
  'weighted z': weightedZ(0.01),
  'relative entropy': relativeEntropy(),
  'nearest neighbours': nearestNeighbours(250),
  chance,
}

/** What the score is to reach at 0.5, fixed before, by corpus and prices in the order of `alarmPrices`. */
const corpora = {
  'first corpus': { streams: anomalyStreams(104), wanted: [76, 70, 80] },
  'second corpus': { streams: fieldStreams(5), wanted: [62, 59, 66] },
}

describe('streaming anomaly score', () => {
  it.each(Object.keys(corpora) as (keyof typeof corpora)[])(
    'beats simpler detectors on labelled streams with one threshold for all: %s',
    (name) => {
      const { streams, wanted } = corpora[name]
      const own = streams.map(ours)
      const others = Object.entries(rivals).map(([rival, detector]) => ({ rival, scores: streams.map(detector) }))
      const at = (scores: readonly Float64Array[], prices: (typeof alarmPrices)[keyof typeof alarmPrices]) =>
        normedScore(streams.map((stream, i) => tallyAlarms(stream, scores[i], lookScore, prices)))
      const table = Object.entries(alarmPrices).map(([profile, prices]) => ({
        profile,
        fixed: at(own, prices),
        hindsight: bestInHindsight(streams, own, prices).score,
        rivals: others.map(({ rival, scores }) => ({ rival, score: bestInHindsight(streams, scores, prices).score })),
      }))
      console.log(
        [
          `${name}: 0 = silence, 100 = the earliest possible alarms alone; rivals at their best threshold in hindsight`,
          ...table.map(
            ({ profile, fixed, hindsight, rivals }) =>
              `${profile}: at 0.5 ${fixed.toFixed(1)}, in hindsight ${hindsight.toFixed(1)}; ${rivals
                .map(({ rival, score }) => `${rival} ${score.toFixed(1)}`)
                .join(', ')}`,
          ),
        ].join('\n'),
      )
      const all = [{ rival: 'this one', scores: own }, ...others].map(({ rival, scores }) => {
        const threshold =
          rival === 'this one' ? lookScore : bestInHindsight(streams, scores, alarmPrices.standard).threshold
        const score = (i: number) => normedScore([tallyAlarms(streams[i], scores[i], threshold, alarmPrices.standard)])
        return { rival, byFamily: streams.map((_, i) => score(i)) }
      })
      console.log(
        [
          `by family, standard prices: ${all.map(({ rival }) => rival).join(' / ')}`,
          ...streams.flatMap(({ name, faults }, i) =>
            faults.length === 0 ? [] : [`${all.map(({ byFamily }) => byFamily[i].toFixed(0)).join(' / ')}: ${name}`],
          ),
        ].join('\n'),
      )
      streams.forEach(({ name, faults }, i) => {
        // Silence is 0: no family may cost much more than that.
        if (faults.length > 0) expect(all[0].byFamily[i], name).toBeGreaterThan(-15)
      })
      table.forEach(({ fixed, rivals }, i) => {
        expect(fixed).toBeGreaterThan(wanted[i])
        for (const { score } of rivals) expect(fixed).toBeGreaterThan(score + 5)
      })
    },
    120_000,
  )

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
    // With a heavy tail one in 1,000 values at most, else one in 2,000: a week of readings every five minutes.
    const most = name === 'heavy tail' || name === 'log-normal' ? 1000 : 2000
    expect(alarms).toBeLessThan((10 * n) / most)
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
