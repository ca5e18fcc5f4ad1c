import { useMemo } from 'react'
import type { Finding } from '../../../../contract/finding.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { type BreachSpan, timeSeries } from '../../../charts/time-series.ts'
import { unitOfFinding } from '../../../data/numbers.ts'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { metricWord } from '../../shared/words.ts'
import { useDeployedView } from '../model-view.ts'
import { Choice } from '../trends/Choice.tsx'
import { findingPoints } from '../trends/series-lines.ts'
import { limitLines, marksOf, useTimeline } from '../trends/use-timeline.ts'

/** Numbers of monitors that are read to know which measures there are. */
const mostRead = 400

/** Each measure as monitors found it, with its interval and the limit in force: since when is it so? */
export function FairnessTrend() {
  const { deployment, window } = useDeployedView()
  const target = { type: 'deployment' as const, id: deployment.id }
  const [named, setNamed] = useSearchValue('fairness')
  const timeline = useTimeline(deployment.id, window)
  const inForce = useQueryMethod('thresholds.inForce', { target }, { follows: { records: ['thresholdSet'] } })
  const recent = useQueryMethod(
    'findings.list',
    { target, kind: 'fairness', window, limit: mostRead, cursor: null },
    { keepsPrevious: true, follows: { data: ['findings'] } },
  )
  const series = useMemo(() => seriesOf(recent.data?.items ?? []), [recent.data])
  const shown = series.find(({ id }) => id === named) ?? series[0]
  const findings = useQueryMethod(
    'findings.series',
    { target, kind: 'fairness', subject: shown?.subject ?? { metric: 'demographicParityDifference' }, window },
    { keepsPrevious: true, follows: { data: ['findings'] }, enabled: shown !== undefined },
  )
  const spec = useMemo(() => {
    const found = findings.data?.filter(({ monitorId }) => monitorId !== null) ?? []
    if (shown === undefined || found.length === 0) return null
    const unit = unitOfFinding(found[0].unit)
    const { metric, column } = shown.subject
    return timeSeries({
      measure: metricWord('fairness', metric),
      unit,
      window,
      lines: [{ name: shown.name, ...findingPoints(found) }],
      limits: limitLines(inForce.data?.limits ?? [], 'fairness', metric, unit, column),
      breaches: breachesOf(found, window.from),
      actions: marksOf(timeline, window),
      zoomable: true,
    })
  }, [findings.data, shown, window, inForce.data, timeline])
  return (
    <Section
      title="Fairness over time"
      note="At the end of each window that a monitor judged, with its interval, the limit in force and the windows that breached it"
      actions={
        shown !== undefined && (
          <Choice
            label="Measure"
            value={shown.id}
            options={series.map(({ id, name }) => [id, name])}
            onChange={setNamed}
          />
        )
      }
    >
      <Answer query={recent} label="fairness over time" rows={3}>
        {() =>
          spec === null ? (
            <Empty
              title="No monitor has judged fairness in this window"
              hint="A monitor of fairness asks on schedule; its limits raise alerts like any other."
            />
          ) : (
            <Chart spec={spec} group={deployment.id} height={200} />
          )
        }
      </Answer>
    </Section>
  )
}

/** Windows that breached, those that overlap as one. */
function breachesOf(findings: readonly Finding[], earliest: number): BreachSpan[] {
  const spans: BreachSpan[] = []
  for (const { window } of findings
    .filter(({ status }) => status === 'breach')
    .sort((left, right) => left.window.from - right.window.from)) {
    const from = Math.max(window.from, earliest)
    const last = spans.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, window.to)
    else spans.push({ from, to: window.to })
  }
  return spans
}

type Listed = { monitorId: string | null; subject: { metric: string; column?: string | undefined } }

/** Every measure and grouping that monitors have judged, the order that answers give them in. */
function seriesOf(findings: readonly Listed[]) {
  const found = new Map<string, { id: string; name: string; subject: { metric: string; column?: string } }>()
  for (const { monitorId, subject } of findings) {
    if (monitorId === null) continue
    const { metric, column } = subject
    const id = `${metric} by ${column ?? ''}`
    const name = `${metricWord('fairness', metric)}${column === undefined ? '' : ` by ${column}`}`
    if (!found.has(id)) found.set(id, { id, name, subject: { metric, ...(column !== undefined && { column }) } })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
