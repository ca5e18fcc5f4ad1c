import type { Action, Alert } from '../../../contract/alert.ts'
import type { Finding } from '../../../contract/finding.ts'
import type { Window } from '../../../contract/primitives.ts'
import type { ChartSpec } from '../../charts/spec.ts'
import { type BreachSpan, type LimitLine, timeSeries } from '../../charts/time-series.ts'
import { formatValue } from '../../widgets/format.ts'
import { actionWords } from '../shared/actions/action-words.ts'
import { subjectWord, unitOf } from '../shared/words.ts'

export type NumberChart = {
  alert: Alert
  /** Findings of the alert's number, oldest first. */
  findings: readonly Finding[]
  actions: readonly Action[]
  window: Window
  nowAt: number
}

/** The alert's number over event time: its interval, its limits, the span of the breach, and what was done. */
export function numberChart({ alert, findings, actions, window, nowAt }: NumberChart): ChartSpec {
  const unit = unitOf(alert.kind, alert.subject.metric, findings.at(-1)?.unit)
  // A finding speaks of its window; it stands where the window ends.
  const points = findings.flatMap(({ window: span, value }) => [span.to, value ?? Number.NaN])
  const band = findings.flatMap(({ window: span, interval }) => [
    span.to,
    interval?.[0] ?? Number.NaN,
    interval?.[1] ?? Number.NaN,
  ])
  const hasBand = findings.some(({ interval }) => interval !== null)
  return timeSeries({
    measure: subjectWord(alert.kind, alert.subject),
    unit,
    lines: [
      {
        name: subjectWord(alert.kind, alert.subject),
        points: Float64Array.from(points),
        ...(hasBand && { band: Float64Array.from(band) }),
        role: 'current',
      },
    ],
    limits: limitLines(findings.at(-1) ?? null, unit),
    breaches: [breachSpan(alert.beganAt, alert.resolution?.at ?? nowAt, window)],
    actions: actions.map(({ kind, requestedAt }) => ({ at: requestedAt, label: actionWords[kind] })),
    window,
  })
}

/** A span too narrow for its name goes without; the note above the chart says what is shaded. */
function breachSpan(from: number, to: number, window: Window): BreachSpan {
  const shown = Math.min(to, window.to) - Math.max(from, window.from)
  return { from, to, label: shown > 0.16 * (window.to - window.from) ? 'breach' : '' }
}

function limitLines(newest: Finding | null, unit: string): LimitLine[] {
  if (newest?.limit == null) return []
  const { breach, warning } = newest.limit
  return [
    { value: breach, label: `limit ${formatValue(breach, unit)}` },
    ...(warning === null ? [] : [{ value: warning, label: `warning ${formatValue(warning, unit)}` }]),
  ]
}
