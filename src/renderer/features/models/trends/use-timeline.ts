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

/** What one mark of a dense stretch is named by, the most telling first. */
const telling: Timeline['marks'][number]['kind'][] = ['version', 'action', 'alert', 'device']

/**
 * What was done and what happened, as marks on a time axis. Where they are dense one of each stretch is named, the newest of the most
 * telling kind, with how many more there are.
 */
export function marksOf({ marks }: Timeline, window: Window): ActionMark[] {
  const room = labelRoom * (window.to - window.from)
  const stretches: Timeline['marks'][] = []
  for (const mark of marks.filter(({ kind }) => kind !== 'label').sort((left, right) => left.at - right.at)) {
    const stretch = stretches.at(-1)
    if (stretch !== undefined && mark.at - stretch[0].at <= room) stretch.push(mark)
    else stretches.push([mark])
  }
  return stretches.flatMap((stretch) => {
    const named = stretch.reduce((best, mark) =>
      telling.indexOf(mark.kind) <= telling.indexOf(best.kind) ? mark : best,
    )
    const more = stretch.length > 1 ? ` + ${stretch.length - 1}` : ''
    return stretch.map((mark) => ({ at: mark.at, label: mark === named ? `${shorten(mark.title)}${more}` : '' }))
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
