import { describe, expect, it } from 'vitest'
import { reportDetail } from '../contract/report.ts'
import { binomialCdf } from '../stats/binomial-distribution.ts'
import { createRandom, randomUniform } from '../stats/random.ts'
import { analyzeEndpoint } from './endpoint.ts'
import { parametersOf } from './parameters.ts'
import { quantileEstimate } from './quantile-estimate.ts'

const probes = (ok: number, failed: number, latencyMs = 5) => [
  ...Array.from({ length: ok }, (_, i) => ({ at: i, isReady: true, latencyMs })),
  ...Array.from({ length: failed }, (_, i) => ({ at: ok + i, isReady: false, latencyMs: null })),
]
const ask = (input: Parameters<typeof analyzeEndpoint>[0]) => analyzeEndpoint(input, parametersOf.endpoint.parse({}))
const range = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1)

describe('an endpoint', () => {
  it('is judged by its probes and by the latency of real predictions', () => {
    const { detail, findings, headline } = ask({ probes: probes(90, 10), latencies: range(1000) })
    expect(detail.errorShare).toMatchObject({ value: 0.1, n: 100 })
    expect(detail.latencyMs.p95.value).toBeCloseTo(950.05, 10)
    expect(findings.map(({ subject, unit, status }) => [subject.metric, unit, status])).toEqual([
      ['errorShare', 'share', 'breach'],
      ['latencyP50Ms', 'ms', 'ok'],
      ['latencyP95Ms', 'ms', 'ok'],
      ['latencyP99Ms', 'ms', 'ok'],
    ])
    expect(headline.text).toBe('10 % of 100 probes failed; 95 % of 1,000 predictions took at most 950 ms')
    expect(reportDetail.safeParse(detail).error).toBeUndefined()
  })

  it('is timed by its probes where there are no predictions', () => {
    const { detail, findings } = ask({ probes: probes(40, 0, 7), latencies: Float64Array.of(Number.NaN, -1) })
    expect(detail.latencyMs.p50).toMatchObject({ value: 7, n: 40 })
    expect(findings[0].status).toBe('ok')
    expect(findings[1].message).toBe('Half of 40 probes took at most 7 (7 to 7) ms')
  })

  it('that nobody has asked is unknown; that few asked, insufficient', () => {
    const { headline, findings } = ask({ probes: [], latencies: new Float64Array(0) })
    expect(headline.status).toBe('unknown')
    expect(findings.every(({ value, status }) => value === null && status === 'insufficient')).toBe(true)
    expect(ask({ probes: probes(1, 1), latencies: range(2) }).headline.status).toBe('insufficient')
  })

  it('that never answers has an error share and no latency', () => {
    const { headline, detail } = ask({ probes: probes(0, 20), latencies: new Float64Array(0) })
    expect(headline).toEqual({ status: 'breach', text: '100 % of 20 probes failed' })
    expect(detail.latencyMs.p99.value).toBeNull()
  })
})

describe('the interval of a quantile', () => {
  it('lies between the order statistics that the binomial law gives', () => {
    const { interval } = quantileEstimate(range(100), 0.5, 0.95)
    // Classical: ranks 40 and 61 of 100 for the median.
    expect(interval).toEqual([40, 61])
    expect(binomialCdf(60, 100, 0.5) - binomialCdf(39, 100, 0.5)).toBeGreaterThanOrEqual(0.95)
  })

  it('does not exist where n is too small', () => {
    expect(quantileEstimate(range(71), 0.95, 0.95).interval).toBeNull()
    expect(quantileEstimate(range(72), 0.95, 0.95).interval?.[1]).toBe(72)
    expect(quantileEstimate(new Float64Array(0), 0.5, 0.95).value).toBeNull()
  })

  it('covers the true quantile as often as it says', () => {
    const random = createRandom(11)
    let covered = 0
    for (let i = 0; i < 1000; i++) {
      const sample = Float64Array.from({ length: 150 }, () => randomUniform(random)).sort()
      const { interval } = quantileEstimate(sample, 0.9, 0.95)
      if (interval !== null && interval[0] <= 0.9 && 0.9 <= interval[1]) covered++
    }
    expect(covered).toBeGreaterThan(935)
  })
})
