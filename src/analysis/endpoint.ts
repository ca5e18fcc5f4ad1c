import type { Estimate, Headline, Status, Window } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import { finitePart, sortSample } from '../stats/sorted-sample.ts'
import type { Answer, AnswerFinding } from './answer.ts'
import { endpointLiveness } from './endpoint-liveness.ts'
import { findingOf, shareEstimate } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'
import { quantileEstimate } from './quantile-estimate.ts'
import { sayEstimate, sayMany, sayNumber, sayShare } from './wording.ts'

export interface EndpointInput {
  /** What asking the endpoint for its readiness gave, in order of time; probes before the window are context. */
  readonly probes: readonly {
    readonly at: number
    readonly isReady: boolean
    readonly latencyMs: number | null
    readonly clockSkewMs?: number
  }[]
  /** Latencies of real predictions, ms; NaN where unknown. */
  readonly latencies: Float64Array
  readonly window: Window
  readonly now: number
}

/**
 * How an endpoint answers: `errorShare`, the share of probes that found it not ready (Wilson's interval), and `latencyP50Ms`,
 * `latencyP95Ms`, `latencyP99Ms` with intervals between order statistics; `silentForMs` and `flaps` (see `endpointLiveness`).
 *
 * Latencies are those of real predictions where there are at least `minimumN` of them, otherwise of the probes that succeeded;
 * negative and infinite ones do not count. Fewer than `minimumN` probes or latencies are `insufficient`. Without limits an error
 * share above `warningShare` warns, above `breachShare` with its interval above `warningShare` is a breach. O(n log n).
 */
export function analyzeEndpoint(
  { probes: known, latencies, window, now }: EndpointInput,
  parameters: ParametersOf<'endpoint'>,
): Answer<'endpoint'> {
  const { confidence, minimumN } = parameters
  const probes = known.filter(({ at }) => at >= window.from && at < window.to)
  const failed = probes.filter((probe) => !probe.isReady).length
  const errorShare = shareEstimate(failed, probes.length, confidence)
  const real = sortUsable(latencies)
  const ofProbes = sortUsable(
    probes.flatMap(({ isReady, latencyMs }) => (isReady && latencyMs !== null ? [latencyMs] : [])),
  )
  const isReal = real.length >= minimumN || ofProbes.length === 0
  const sorted = isReal ? real : ofProbes
  const latencyMs = {
    p50: quantileEstimate(sorted, 0.5, confidence),
    p95: quantileEstimate(sorted, 0.95, confidence),
    p99: quantileEstimate(sorted, 0.99, confidence),
  }
  const detail: DetailOf<'endpoint'> = { kind: 'endpoint', probes: probes.length, errorShare, latencyMs }
  const what = isReal ? 'prediction' : 'probe'
  const errors = findingOf({ metric: 'errorShare' }, errorShare, {
    unit: 'share',
    status: errorStatus(errorShare, parameters),
    message:
      errorShare.value === null
        ? 'The endpoint has not been probed'
        : `${sayShare(errorShare.value)} of ${sayMany(probes.length, 'probe')} failed`,
  })
  const quantiles = (['p50', 'p95', 'p99'] as const).map((name) =>
    latencyFinding(name, latencyMs[name], what, minimumN),
  )
  const findings = [errors, ...endpointLiveness(known, { window, now }), ...quantiles]
  return { headline: headlineOf(detail, errors.status, what), findings, detail }
}

function sortUsable(latencies: ArrayLike<number>): Float64Array {
  return finitePart(sortSample(latencies)).values.filter((latency) => latency >= 0)
}

function errorStatus(share: Estimate, { minimumN, warningShare, breachShare }: ParametersOf<'endpoint'>): Status {
  if (share.value === null || share.interval === null || share.n < minimumN) return 'insufficient'
  if (share.value > breachShare && share.interval[0] > warningShare) return 'breach'
  return share.value > warningShare ? 'warning' : 'ok'
}

const quantileNames = { p50: 'Half', p95: '95 %', p99: '99 %' }

function latencyFinding(
  name: keyof typeof quantileNames,
  estimate: Estimate,
  what: string,
  minimumN: number,
): AnswerFinding {
  return findingOf({ metric: `latency${name.toUpperCase()}Ms` }, estimate, {
    unit: 'ms',
    status: estimate.value === null || estimate.n < minimumN ? 'insufficient' : 'ok',
    message:
      estimate.value === null
        ? 'No latency is known'
        : `${quantileNames[name]} of ${sayMany(estimate.n, what)} took at most ${sayEstimate(estimate)} ms`,
  })
}

function headlineOf({ probes, errorShare, latencyMs }: DetailOf<'endpoint'>, status: Status, what: string): Headline {
  const { p95 } = latencyMs
  if (probes === 0 && p95.value === null) return { status: 'unknown', text: 'The endpoint has not been asked yet' }
  const speed = p95.value === null ? '' : `95 % of ${sayMany(p95.n, what)} took at most ${sayNumber(p95.value)} ms`
  if (probes === 0) return { status: 'ok', text: speed }
  const failures = `${sayShare(errorShare.value ?? 0)} of ${sayMany(probes, 'probe')} failed`
  return { status, text: speed === '' ? failures : `${failures}; ${speed}` }
}
