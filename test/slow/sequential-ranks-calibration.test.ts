import { describe, expect, it } from 'vitest'
import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { findRankAlarm } from '../../src/stats/sequential-ranks.ts'

const laws: Record<string, (random: Random) => number> = {
  normal: randomNormal,
  skewed: (random) => Math.exp(randomNormal(random)),
  errors: (random) => (randomUniform(random) < 0.1 ? 1 : 0),
}

describe('the sequential test of ranks', () => {
  it.each(Object.keys(laws))('ever alarms over 3,000 %s values in at most one stream of twenty', (name) => {
    const draw = laws[name]
    const repeats = 300
    let alarms = 0
    for (let seed = 1; seed <= repeats; seed++) {
      const random = createRandom(seed)
      const values = Float64Array.from({ length: 3000 }, () => draw(random))
      if (findRankAlarm(values, random) !== null) alarms++
    }
    console.info(`${name}: ${alarms} of ${repeats} streams without a change alarm`)
    expect(alarms).toBeLessThanOrEqual(repeats * 0.05 + 3.1 * Math.sqrt(repeats * 0.05 * 0.95))
  })
})
