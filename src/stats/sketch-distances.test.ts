import { describe, expect, it } from 'vitest'
import { kolmogorovSmirnovSorted } from './kolmogorov-smirnov.ts'
import { atLevel, emptySketch, sketchOf } from './quantile-sketch.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from './random.ts'
import { distancesOfSketches } from './sketch-distances.ts'
import { sortSample } from './sorted-sample.ts'
import { walkTogether } from './two-sample-walk.ts'

const draws: Record<string, (random: Random) => number> = {
  normal: randomNormal,
  'skewed over magnitudes': (random) => Math.exp(2 * randomNormal(random)),
  'mostly zero': (random) => (randomUniform(random) < 0.8 ? 0 : randomUniform(random)),
  'of few values': (random) => randomInteger(random, 4),
  'about a large offset': (random) => 101_325 + 300 * randomNormal(random),
}

describe('distances from sketches', () => {
  it.each(Object.entries(draws))('bound those of the values: %s', (_, draw) => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = createRandom(seed)
      const values = (n: number, shift: number, scale: number) =>
        sortSample(Float64Array.from({ length: n }, () => scale * draw(random) + shift))
      const a = values(1 + randomInteger(random, 500), 0, 1)
      const b = values(1 + randomInteger(random, 500), seed % 3 === 0 ? 0.3 : 0, seed % 5 === 0 ? 1.4 : 1)
      const middle = a.values[a.values.length >> 1]
      const scale = Math.max(0.1, a.values[Math.floor(0.9 * a.values.length)] - middle)
      const [first, second] = [sketchOf(a.values, middle, scale), sketchOf(b.values, middle, scale)]
      const min = Math.min(a.values[0], b.values[0])
      const max = Math.max(a.values[a.values.length - 1], b.values[b.values.length - 1])
      const found = distancesOfSketches(first, seed % 4 === 0 ? atLevel(second, 2) : second, { min, max })
      const walk = walkTogether(a.values, b.values)
      const ks = kolmogorovSmirnovSorted(a, b, walk)
      const area = walk.area / (a.values.length * b.values.length)
      if (found === null || found.wasserstein === null || ks.status !== 'ok') throw new Error('there are values')
      expect(ks.statistic).toBeGreaterThanOrEqual(found.ks.low - 1e-12)
      expect(ks.statistic).toBeLessThanOrEqual(found.ks.high + 1e-12)
      expect(area).toBeGreaterThanOrEqual(found.wasserstein.low)
      expect(area).toBeLessThanOrEqual(found.wasserstein.high + 1e-300)
      expect(found.wasserstein.value).toBeGreaterThanOrEqual(found.wasserstein.low)
      expect(found.wasserstein.value).toBeLessThanOrEqual(found.wasserstein.high)
    }
  })

  it('are near those of many values', () => {
    const random = createRandom(8)
    const a = sortSample(Float64Array.from({ length: 20_000 }, () => randomNormal(random)))
    const b = sortSample(Float64Array.from({ length: 20_000 }, () => randomNormal(random) + 0.2))
    const found = distancesOfSketches(sketchOf(a.values, 0, 1), sketchOf(b.values, 0, 1), { min: -6, max: 6 })
    const area = walkTogether(a.values, b.values).area / 20_000 ** 2
    expect(Math.abs((found?.wasserstein?.value ?? 0) - area)).toBeLessThan(0.01)
    expect((found?.ks.high ?? 1) - (found?.ks.low ?? 0)).toBeLessThan(0.03)
  })

  it('are none without values, or of other buckets', () => {
    const ends = { min: 0, max: 1 }
    expect(distancesOfSketches(emptySketch(0, 1), sketchOf([1], 0, 1), ends)).toBeNull()
    expect(distancesOfSketches(sketchOf([1], 0, 2), sketchOf([1], 0, 1), ends)).toBeNull()
  })
})
