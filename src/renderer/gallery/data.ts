/** Made-up but plausible values for the gallery, the same on every visit. */

export const nowAt = Date.UTC(2026, 10, 21, 14, 20)
const hourMs = 3_600_000

/** A small deterministic generator, uniform in [0, 1). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export const week = { from: nowAt - 7 * 24 * hourMs, to: nowAt }
export const breachFrom = nowAt - 40 * hourMs
export const retrainedAt = nowAt - 16 * hourMs

export function accuracySeries() {
  const random = generator(7)
  const hours = 7 * 24
  const points = new Float64Array(hours * 2)
  const band = new Float64Array(hours * 3)
  for (let hour = 0; hour < hours; hour += 1) {
    const at = week.from + hour * hourMs
    const bad = at >= breachFrom && at < retrainedAt
    const gap = hour >= 60 && hour < 66
    const value = gap ? Number.NaN : (bad ? 0.865 : 0.945) + (random() - 0.5) * 0.02
    points.set([at, value], hour * 2)
    band.set([at, value - 0.018, value + 0.016], hour * 3)
  }
  return { points, band }
}

export function temperatureSeries(seed: number, base: number, amplitude: number) {
  const random = generator(seed)
  const count = 7 * 24 * 12
  const points = new Float64Array(count * 2)
  for (let index = 0; index < count; index += 1) {
    const at = week.from + index * 300_000
    points.set(
      [at, base + amplitude * Math.sin((at / (24 * hourMs)) * 2 * Math.PI) + (random() - 0.5) * 0.8],
      index * 2,
    )
  }
  return points
}

export function bellShares(bins: number, centre: number, width: number) {
  const heights = Float64Array.from({ length: bins }, (_, bin) => Math.exp(-(((bin - centre) / width) ** 2)))
  const total = heights.reduce((sum, height) => sum + height, 0)
  return heights.map((height) => height / total)
}

export type SampleRow = {
  id: string
  at: number
  prediction: string
  label: string | null
  score: number
  latencyMs: number
}

export function sampleRows(count: number): SampleRow[] {
  const random = generator(3)
  return Array.from({ length: count }, (_, index) => ({
    id: `smp_${index.toString(36).padStart(6, '0')}`,
    at: nowAt - index * 61_000,
    prediction: random() < 0.55 ? 'dog' : 'cat',
    label: random() < 0.4 ? null : random() < 0.5 ? 'dog' : 'cat',
    score: 0.5 + random() / 2,
    latencyMs: 8 + random() * 30,
  }))
}
