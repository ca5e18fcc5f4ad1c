import type { AnomalyCourse, AnomalySpan } from '../../contract/anomaly.ts'
import type { Window } from '../../contract/primitives.ts'
import type { AnswerFinding } from '../answer.ts'
import { findingOf, plainEstimate } from '../estimates.ts'
import { sayCount, sayInstant, sayMany } from '../wording.ts'
import type { ScoredStream } from './anomalies.ts'
import { firstAtOrAfter } from './points.ts'

/** Steps of a course at most: about as many as a chart has room for. */
const mostSteps = 240

export interface WindowAnomalies {
  readonly spans: readonly AnomalySpan[]
  readonly course: AnomalyCourse
  /** Readings of the window that were judged. */
  readonly n: number
}

/** The part of a scored stream that lies in a window. O(n). */
export function anomaliesIn(
  at: Float64Array,
  { scores, anomalies }: ScoredStream,
  window: Window,
  stepLengthMs = 0,
): WindowAnomalies {
  const stepMs = Math.max(1, Math.ceil(stepLengthMs), Math.ceil((window.to - window.from) / mostSteps))
  const steps = Math.max(1, Math.ceil((window.to - window.from) / stepMs))
  const highest: (number | null)[] = new Array(steps).fill(null)
  let n = 0
  for (let i = firstAtOrAfter(at, window.from); i < at.length && at[i] < window.to; i++) {
    if (Number.isNaN(scores[i])) continue
    n++
    const step = Math.floor((at[i] - window.from) / stepMs)
    highest[step] = Math.max(highest[step] ?? 0, Math.round(scores[i] * 1000) / 1000)
  }
  const spans = anomalies
    .map(({ first, last, score, reason }) => ({ from: at[first], to: at[last] + stepLengthMs, score, reason }))
    .filter(({ from, to }) => to >= window.from && from < window.to)
  return { spans, course: { from: window.from, stepMs, scores: highest }, n }
}

/**
 * How often a channel (or, without one, the channels together) was unusual. What is unusual is worth a look, and no fault by itself
 * (a window that is opened is no broken sensor): only a limit that somebody sets makes it more than that.
 */
export function anomalyFinding(channel: string | null, { spans, n }: WindowAnomalies): AnswerFinding {
  const who = channel ?? 'The channels together'
  const subject = channel === null ? { metric: 'jointAnomalies' } : { metric: 'anomalies', channel }
  const worst = spans.reduce<AnomalySpan | null>((most, span) => (span.score > (most?.score ?? 0) ? span : most), null)
  const times = spans.length === 1 ? 'once' : sayMany(spans.length, 'time')
  const strongest = spans.length === 1 ? '' : ', the most'
  return findingOf(subject, plainEstimate(spans.length, n), {
    unit: 'count',
    status: 'ok',
    message:
      worst === null
        ? `${who}: nothing unusual (n ${sayCount(n)})`
        : `${who}: unusual ${times}${strongest} at ${sayInstant(worst.from)} (score ${worst.score.toFixed(2)}): ${worst.reason}`,
  })
}
