import { quantileEstimate } from '../../../analysis/quantile-estimate.ts'
import type { GateResult } from '../../../contract/release.ts'
import { formatCount, formatEstimate, formatNumber } from '../../../rules/format.ts'
import type { GateOf } from './gates.ts'
import type { JudgedEvidence } from './judged-evidence.ts'
import { confidence, resultOf } from './result.ts'

/** A request that left this much later than due was not sent under the stated load. */
const lateMs = 100
const maxLateShare = 0.05

/** Latency under a load that does not wait for answers, and the share of requests that failed under it. */
export function judgeLatency(gate: GateOf<'latency'>, { evidence }: JudgedEvidence): GateResult {
  const asked = evidence.requests.filter((request) => request.gate === gate.id)
  const answered = asked.flatMap(({ latencyMs, problem }) =>
    problem === null && latencyMs !== null ? [latencyMs] : [],
  )
  const failures = asked.filter(({ problem }) => problem !== null)
  const late = asked.filter((request) => request.lateMs > lateMs).length
  const measured = quantileEstimate(Float64Array.from(answered).sort(), gate.quantile, confidence)
  const errorShare = asked.length === 0 ? 0 : failures.length / asked.length
  const common = {
    measured,
    limit: gate.limitMs,
    direction: 'at-most' as const,
    unit: 'ms',
    detail: { requests: asked.length, errors: failures.length, errorShare, late },
  }
  const load = `${formatNumber(gate.requestsPerSecond)} requests a second`
  if (asked.length === 0 || asked.length * (1 - gate.quantile) < 1)
    return resultOf(gate, {
      ...common,
      outcome: 'insufficient',
      message: `${formatCount(asked.length)} requests are too few for the quantile ${gate.quantile}.`,
    })
  if (late > maxLateShare * asked.length)
    return resultOf(gate, {
      ...common,
      outcome: 'insufficient',
      message: `The console could not keep up ${load}: ${formatCount(late)} of ${formatCount(asked.length)} left late.`,
    })
  const isFast = measured.value !== null && measured.value <= gate.limitMs
  const isSteady = errorShare <= gate.maxErrorShare
  const why = failures[0]?.problem
  const errors =
    `${formatCount(failures.length)} of ${formatCount(asked.length)} requests failed` +
    `${why == null ? '' : ` (${why})`}, at most ${formatNumber(gate.maxErrorShare * 100)} % may`
  return resultOf(gate, {
    ...common,
    outcome: isFast && isSteady ? 'passed' : 'failed',
    message:
      `Under ${load} the quantile ${gate.quantile} of latency was ${formatEstimate({ value: measured.value, interval: measured.interval, unit: 'ms' })}, ` +
      `must be at most ${formatNumber(gate.limitMs)} ms; ${errors}.`,
  })
}
