import { useMemo } from 'react'
import type { RankingSpec } from '../../../../contract/model.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { timeSeries } from '../../../charts/time-series.ts'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { metricWord } from '../../shared/words.ts'
import { useDeployedView } from '../model-view.ts'
import { Choice } from './Choice.tsx'
import { findingPoints } from './series-lines.ts'
import { limitLines, marksOf, spansOf, type Timeline, useLimits } from './use-timeline.ts'

/** How lists were ranked in each window that a monitor judged: an hour's counts know nothing of lists. */
export function RankedTrend(props: { ranking: RankingSpec; timeline: Timeline; gutter: number }) {
  const { ranking, timeline, gutter } = props
  const { deployment, window } = useDeployedView()
  const [named, setMetric] = useSearchValue('metric')
  const metrics = ranking.k.flatMap((k) => [
    `ndcg@${k}`,
    `precision@${k}`,
    `averagePrecision@${k}`,
    `reciprocalRank@${k}`,
  ])
  const metric = named !== null && metrics.includes(named) ? named : metrics[0]
  const limits = useLimits(deployment.id)
  const findings = useQueryMethod(
    'findings.series',
    { target: { type: 'deployment', id: deployment.id }, kind: 'performance', subject: { metric }, window },
    { keepsPrevious: true, follows: { data: ['findings'] } },
  )
  const spec = useMemo(() => {
    if (findings.data === undefined || findings.data.length === 0) return null
    return timeSeries({
      measure: metricWord('performance', metric),
      window,
      lines: [{ name: metricWord('performance', metric), ...findingPoints(findings.data) }],
      limits: limitLines(limits, 'performance', metric, 'none'),
      breaches: spansOf(timeline, ['breach'], window),
      actions: marksOf(timeline, window),
      zoomable: true,
      gutter,
    })
  }, [findings.data, metric, window, limits, timeline, gutter])
  return (
    <Section
      title="Performance over time"
      note="At the end of each window that was judged, with its interval over lists"
      actions={
        <Choice
          label="Number"
          value={metric}
          options={metrics.map((id) => [id, metricWord('performance', id)])}
          onChange={setMetric}
        />
      }
    >
      <Answer query={findings} label="performance over time" rows={5}>
        {() =>
          spec === null ? (
            <Empty
              title="Lists have not been judged in this window"
              hint="A monitor asks on schedule, once relevances have come as labels."
            />
          ) : (
            <Chart spec={spec} group={deployment.id} height={230} />
          )
        }
      </Answer>
    </Section>
  )
}
