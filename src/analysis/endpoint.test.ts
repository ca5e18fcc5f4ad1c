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
const window = { from: 0, to: 100_000 }
type Input = Parameters<typeof analyzeEndpoint>[0]
const ask = (input: Omit<Input, 'window' | 'now'> & Partial<Input>) =>
  analyzeEndpoint({ window, now: window.to, ...input }, parametersOf.endpoint.parse({}))
const range = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1)

describe('an endpoint', () => {
  it('is judged by its probes and by the latency of real predictions', () => {
    const { detail, findings, headline } = ask({ probes: probes(90, 10), latencies: range(1000) })
    expect(detail.errorShare).toMatchObject({ value: 0.1, n: 100 })
    expect(detail.latencyMs.p95.value).toBeCloseTo(950.05, 10)
    expect(findings.map(({ subject, unit, status }) => [subject.metric, unit, status])).toEqual([
      ['errorShare', 'share', 'breach'],
      ['silentForMs', 'ms', 'breach'],
      ['flaps', 'count', 'ok'],
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
    expect(findings.find(({ subject }) => subject.metric === 'latencyP50Ms')?.message).toBe(
      'Half of 40 probes took at most 7 (7 to 7) ms',
    )
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

describe('the liveness of an endpoint', () => {
  const minute = 60_000
  const hour = { from: 60 * minute, to: 120 * minute }
  /** One probe a minute over two hours; the second is the window's. */
  const everyMinute = (isReady: (minute: number) => boolean) =>
    Array.from({ length: 120 }, (_, i) => ({ at: i * minute, isReady: isReady(i), latencyMs: isReady(i) ? 5 : null }))
  const look = (probes: Input['probes']) => {
    const { findings } = ask({ probes, latencies: new Float64Array(0), window: hour, now: hour.to })
    return (metric: string) => findings.find(({ subject }) => subject.metric === metric)
  }

  it('says since when no probe has succeeded, from three failures on', () => {
    const dead = look(everyMinute((i) => i < 90))
    expect(dead('silentForMs')).toMatchObject({ value: 31 * minute, unit: 'ms', n: 60, status: 'breach' })
    expect(dead('silentForMs')?.message).toBe(
      'No probe has succeeded for 31 minutes, since 1 Jan 1970 01:29 UTC (30 failures in a row)',
    )
    expect(look(everyMinute((i) => i < 118))('silentForMs')?.status).toBe('ok')
    expect(look(everyMinute(() => true))('silentForMs')).toMatchObject({ value: minute, status: 'ok' })
  })

  it('remembers the last answer from before the window, and says “at least” where there was none', () => {
    expect(look(everyMinute((i) => i < 30))('silentForMs')?.value).toBe(91 * minute)
    const never = look(everyMinute(() => false))('silentForMs')
    expect(never).toMatchObject({ value: 120 * minute, status: 'breach' })
    expect(never?.message).toContain('for at least 2 hours')
  })

  it('counts goings and comings within the window only', () => {
    expect(look(everyMinute((i) => i % 10 !== 5))('flaps')).toMatchObject({ value: 12, status: 'warning' })
    expect(look(everyMinute((i) => i !== 70))('flaps')).toMatchObject({ value: 2, status: 'ok' })
    expect(look(everyMinute((i) => i > 60 || i % 2 === 0))('flaps')).toMatchObject({ value: 1, status: 'ok' })
  })

  it('is unknown without a probe in the window, and a single probe says little', () => {
    const old = look(everyMinute(() => true).slice(0, 60))
    for (const metric of ['silentForMs', 'flaps'])
      expect(old(metric)).toMatchObject({ value: null, n: 0, status: 'insufficient' })
    const one = look([{ at: hour.from, isReady: false, latencyMs: null }])
    expect(one('silentForMs')).toMatchObject({ value: 60 * minute, n: 1, status: 'ok' })
    expect(one('flaps')?.value).toBe(0)
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
