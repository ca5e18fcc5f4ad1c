import Box from '@mui/material/Box'
import { useMemo, useState } from 'react'
import type { Cohort } from '../../../../contract/cohort.ts'
import type { CohortErrors, SliceCondition } from '../../../../contract/error-slices.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { timeSeries } from '../../../charts/time-series.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatPercent } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { useDeployedView } from '../model-view.ts'
import { conditionText } from '../samples/slice.ts'
import { estimatePoints } from '../trends/series-lines.ts'
import { marksOf, useTimeline } from '../trends/use-timeline.ts'

export type CohortsPanelProps = {
  /** How the last answer about errors found them. */
  measured: readonly CohortErrors[]
  onEdit: (source: { revision: number; record: Cohort } | null) => void
  onOpen: (conditions: readonly SliceCondition[]) => void
}

/** Slices that somebody saved: how the model does on each, and how it did over time. */
export function CohortsPanel({ measured, onEdit, onOpen }: CohortsPanelProps) {
  const { model } = useDeployedView()
  const [chosenId, setChosen] = useState<string | null>(null)
  const cohorts = useQueryMethod('cohorts.list', { modelId: model.id }, { follows: { records: ['cohort'] } })
  const chosen = cohorts.data?.find(({ record }) => record.id === chosenId) ?? cohorts.data?.at(0)
  return (
    <>
      <Section
        title="Cohorts"
        note="Slices saved to be followed. Choose one to see it over time"
        actions={
          <GuardedButton method="cohorts.save" onClick={() => onEdit(null)}>
            New cohort
          </GuardedButton>
        }
        flush
      >
        <Answer query={cohorts} label="the cohorts" rows={2}>
          {(rows) => (
            <DataTable
              label="Cohorts"
              rows={rows}
              rowKey={({ record }) => record.id}
              selectedKey={chosen?.record.id ?? null}
              onRowOpen={({ record }) => setChosen(record.id)}
              empty={
                <Empty
                  title="No cohort is saved yet"
                  hint="Save one from a slice or a cell below, or by conditions of your own."
                />
              }
              columns={[
                {
                  id: 'status',
                  header: 'Status',
                  width: 130,
                  render: ({ record }) => {
                    const found = measured.find(({ id }) => id === record.id)
                    if (!record.isFollowed) return <Status status="unknown" label="Not followed" />
                    return found ? <Status status={found.status} /> : <Status status="unknown" label="Not asked yet" />
                  },
                },
                {
                  id: 'name',
                  header: 'Cohort',
                  sortKey: ({ record }) => record.name,
                  render: ({ record }) => record.name,
                },
                {
                  id: 'conditions',
                  header: 'Samples where',
                  title: ({ record }) => record.conditions.map(conditionText).join(', '),
                  render: ({ record }) => record.conditions.map(conditionText).join(', '),
                },
                {
                  id: 'rate',
                  header: 'Error rate',
                  width: 230,
                  sortKey: ({ record }) => measured.find(({ id }) => id === record.id)?.errorRate.value ?? null,
                  render: ({ record }) => {
                    const found = measured.find(({ id }) => id === record.id)
                    return found && <Estimate estimate={found.errorRate} unit="percent" />
                  },
                },
                {
                  id: 'rest',
                  header: 'The rest',
                  width: 100,
                  align: 'right',
                  render: ({ record }) =>
                    formatPercent(measured.find(({ id }) => id === record.id)?.rest.value ?? null),
                },
              ]}
            />
          )}
        </Answer>
      </Section>
      {chosen && (
        <CohortTrend key={chosen.record.id} cohort={chosen.record} onEdit={() => onEdit(chosen)} onOpen={onOpen} />
      )}
    </>
  )
}

const dayMs = 86_400_000
const hourMs = 3_600_000

function CohortTrend(props: { cohort: Cohort; onEdit: () => void; onOpen: CohortsPanelProps['onOpen'] }) {
  const { cohort, onEdit, onOpen } = props
  const { deployment, window } = useDeployedView()
  const bucketMs = window.to - window.from > 3 * dayMs ? dayMs : hourMs
  const timeline = useTimeline(deployment.id, window)
  const target = { type: 'deployment' as const, id: deployment.id }
  const inForce = useQueryMethod('thresholds.inForce', { target }, { follows: { records: ['thresholdSet'] } })
  const series = useQueryMethod(
    'cohorts.series',
    { id: cohort.id, deploymentId: deployment.id, window, bucketMs },
    { keepsPrevious: true, follows: { data: ['labels'], records: ['cohort'] } },
  )
  const spec = useMemo(() => {
    if (series.data === undefined) return null
    const at = (from: number) => from + bucketMs / 2
    const limits = (inForce.data?.limits ?? []).filter(
      ({ kind, subject }) =>
        kind === 'errors' &&
        subject.metric === 'cohortErrorRate' &&
        (subject.group === undefined || subject.group === cohort.name),
    )
    return timeSeries({
      measure: `Error rate of ${cohort.name}`,
      unit: 'percent',
      window,
      lines: [
        {
          name: cohort.name,
          ...estimatePoints(series.data.buckets.map(({ from, errorRate }) => ({ at: at(from), estimate: errorRate }))),
        },
        {
          name: 'the rest',
          role: 'reference',
          points: estimatePoints(series.data.buckets.map(({ from, rest }) => ({ at: at(from), estimate: rest })))
            .points,
        },
      ],
      limits: limits.map(({ breach }) => ({ value: breach, label: `limit ${formatPercent(breach, 0)}` })),
      actions: marksOf(timeline, window),
      zoomable: true,
    })
  }, [series.data, bucketMs, cohort.name, inForce.data, window, timeline])
  const total = series.data?.buckets.reduce((sum, { n }) => sum + n, 0) ?? 0
  return (
    <Section
      title={`${cohort.name} over time`}
      note={`Error rate by ${bucketMs === dayMs ? 'day' : 'hour'} of event time (UTC), with its interval; ${formatCount(total)} samples in the cohort${series.data?.isCut ? ', of the newest million looked at' : ''}${cohort.note === '' ? '' : `. ${cohort.note}`}`}
      actions={
        <Box sx={{ display: 'flex', gap: 1 }}>
          <GuardedButton method="cohorts.save" onClick={onEdit}>
            Edit
          </GuardedButton>
          <GuardedButton method="samples.list" onClick={() => onOpen(cohort.conditions)}>
            Its wrong samples
          </GuardedButton>
        </Box>
      }
    >
      <Answer query={series} label="the cohort over time" rows={3}>
        {() =>
          spec === null || series.data?.buckets.length === 0 ? (
            <Empty title="No samples in this window" />
          ) : (
            <Chart spec={spec} group={deployment.id} height={190} />
          )
        }
      </Answer>
    </Section>
  )
}
