import type { AnomalyCourse, AnomalySpan } from '../../../contract/anomaly.ts'
import type { Window } from '../../../contract/primitives.ts'

/** A part of the strip, as shares of its width. */
export type StripPart = { left: number; width: number; score: number }

/** Below this a step is not drawn: it is what is usual. */
const faint = 0.3

/** What of a course is drawn in a window: its steps from a score of 0.3 on, as far as the window shows them. */
export function stripParts(course: AnomalyCourse, window: Window): StripPart[] {
  return course.scores.flatMap((score, index) => {
    if (score === null || score < faint) return []
    const from = course.from + index * course.stepMs
    return partOf({ from, to: from + course.stepMs }, score, window)
  })
}

/** The alarms of a window, never narrower than a hair so that a single reading is seen. */
export const alarmParts = (anomalies: readonly AnomalySpan[], window: Window): StripPart[] =>
  anomalies.flatMap(({ from, to, score }) => partOf({ from, to: Math.max(to, from + 1) }, score, window))

function partOf(span: Window, score: number, window: Window): StripPart[] {
  const length = window.to - window.from
  const [from, to] = [Math.max(span.from, window.from), Math.min(span.to, window.to)]
  return from < to ? [{ left: (from - window.from) / length, width: (to - from) / length, score }] : []
}

/** The alarms that a window shows. */
export const anomaliesWithin = (anomalies: readonly AnomalySpan[], { from, to }: Window): AnomalySpan[] =>
  anomalies.filter((anomaly) => anomaly.from < to && anomaly.to >= from)
