import { useMemo } from 'react'
import type { OutputOf } from '../../../../contract/api.ts'
import type { Limit, MonitorKind } from '../../../../contract/finding.ts'
import type { Window } from '../../../../contract/primitives.ts'
import type { ActionMark, BreachSpan, LimitLine } from '../../../charts/time-series.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { formatNumber, formatPercent, type Unit } from '../../../widgets/format.ts'

export type Timeline = OutputOf<'timeline.get'>

/** Everything that happened around a deployment in a window. */
export function useTimeline(deploymentId: string, window: Window): Timeline {
  const timeline = useQueryMethod('timeline.get', { deploymentId, window }, { keepsPrevious: true })
  return timeline.data ?? nothing
}

const nothing: Timeline = { marks: [], spans: [] }

/** Labels nearer to each other than this share of the window would lie over one another. */
const labelRoom = 0.09

/** What was done and what happened, as marks on a time axis; where they are dense only the first of each stretch is named. */
export function marksOf({ marks }: Timeline, window: Window): ActionMark[] {
  let lastNamedAt = Number.NEGATIVE_INFINITY
  return [...marks]
    .filter(({ kind }) => kind !== 'label')
    .sort((left, right) => left.at - right.at)
    .map(({ at, title }) => {
      const isNamed = at - lastNamedAt > labelRoom * (window.to - window.from)
      if (isNamed) lastNamedAt = at
      return { at, label: isNamed ? shorten(title) : '' }
    })
}

/** Spans of these kinds; one too narrow for its name goes without. */
export function spansOf(
  { spans }: Timeline,
  kinds: readonly Timeline['spans'][number]['kind'][],
  window: Window,
): BreachSpan[] {
  const room = 0.16 * (window.to - window.from)
  return spans
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ from, to, title }) => ({
      from,
      to,
      label: Math.min(to, window.to) - Math.max(from, window.from) > room ? shorten(title) : '',
    }))
}

const shorten = (text: string) => (text.length > 28 ? `${text.slice(0, 27)}…` : text)

/** The limits in force of a deployment. */
export function useLimits(deploymentId: string): readonly Limit[] {
  const sets = useQueryMethod(
    'thresholds.list',
    { target: { type: 'deployment', id: deploymentId } },
    { follows: { records: ['thresholdSet'] } },
  )
  return useMemo(() => sets.data?.find(({ record }) => record.isActive)?.record.limits ?? [], [sets.data])
}

/** Dashed lines for one number: its limits that name no single group, class or column, or exactly this column. */
export function limitLines(
  limits: readonly Limit[],
  kind: MonitorKind,
  metric: string,
  unit: Unit,
  column?: string,
): LimitLine[] {
  const say = (value: number) => (unit === 'percent' ? formatPercent(value, 0) : formatNumber(value))
  const lines = limits.flatMap(({ kind: each, subject, breach, upperBreach }) => {
    if (each !== kind || (subject.metric !== undefined && subject.metric !== metric)) return []
    if (subject.group !== undefined || subject.className !== undefined || subject.channel !== undefined) return []
    if (subject.column !== undefined && subject.column !== column) return []
    return [breach, ...(upperBreach === null ? [] : [upperBreach])]
  })
  return [...new Set(lines)].map((value) => ({ value, label: `limit ${say(value)}` }))
}
