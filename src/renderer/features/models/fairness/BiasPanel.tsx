import Box from '@mui/material/Box'
import { useMemo, useState } from 'react'
import type { Estimate as EstimateValue } from '../../../../contract/primitives.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { intervalBars, intervalBarsHeight } from '../../../charts/interval-bars.ts'
import { timeSeries } from '../../../charts/time-series.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { useDeployedView } from '../model-view.ts'
import { ReportPanel } from '../report/ReportPanel.tsx'
import { bucketMsOf } from '../trends/buckets.ts'
import { marksOf, useTimeline } from '../trends/use-timeline.ts'
import { SharesField } from './SharesField.tsx'

/** Does it call some classes more often than it did, or should? */
export function BiasPanel() {
  const { version } = useDeployedView()
  const [targetShares, setShares] = useState<Record<string, number> | null>(null)
  return (
    <ReportPanel
      kind="bias"
      comparable
      parameters={{ targetShares }}
      settings={<SharesField label="Or with declared shares" classes={version.schema.classes} onChange={setShares} />}
      withoutAnswer={<SharesOverTime />}
    >
      {(detail) => <BiasDetail detail={detail} />}
    </ReportPanel>
  )
}

function BiasDetail({ detail }: { detail: DetailOf<'bias'> }) {
  return (
    <>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          alignItems: 'start',
          gridTemplateColumns: 'repeat(auto-fit, minmax(400px, 1fr))',
        }}
      >
        <Section
          title="Predicted shares by class"
          note={`${detail.sentence.replace(/\.$/, '')}. Grey tick: ${comparedWith(detail)}`}
        >
          <ShareBars label="Predicted share" rows={detail.classes} />
        </Section>
        {detail.labelShares.length > 0 && (
          <Section
            title="Labelled shares by class"
            note={`Whether the world itself changed. Grey tick: ${comparedWith(detail)}`}
          >
            <ShareBars label="Labelled share" rows={detail.labelShares} />
          </Section>
        )}
      </Box>
      <Section title={`Now against the ${comparedWith(detail)}`} flush>
        <DataTable
          label="Class shares now and in the reference"
          rows={detail.classes}
          rowKey={(row) => row.className}
          rowHeight={46}
          columns={[
            { id: 'class', header: 'Class', width: 160, render: (row) => row.className },
            shareColumn('current', 'Now', (row) => row.current),
            shareColumn(
              'reference',
              comparedWith(detail) === 'reference' ? 'Reference' : 'Declared',
              (row) => row.reference,
            ),
            shareColumn('difference', 'Difference', (row) => row.difference),
            {
              id: 'ratio',
              header: 'Ratio',
              sortKey: (row) => row.ratio.value,
              render: (row) => <Estimate estimate={row.ratio} variant="stacked" hideCount />,
            },
          ]}
        />
      </Section>
      <SharesOverTime />
    </>
  )
}

/** A declared share was measured on nothing. */
const comparedWith = ({ classes }: DetailOf<'bias'>) =>
  classes.some(({ reference }) => reference.note === 'declared') ? 'declared shares' : 'reference'

type ClassRow = DetailOf<'bias'>['classes'][number]

function shareColumn(id: string, header: string, pick: (row: ClassRow) => EstimateValue): TableColumn<ClassRow> {
  return {
    id,
    header,
    sortKey: (row) => pick(row).value,
    render: (row) => (
      <Estimate
        estimate={pick(row)}
        unit="percent"
        variant="stacked"
        hideCount={id === 'difference' || pick(row).n === 0}
      />
    ),
  }
}

function ShareBars(props: {
  label: string
  rows: readonly { className: string; current: EstimateValue; reference: EstimateValue }[]
}) {
  const { label, rows } = props
  const spec = useMemo(
    () =>
      intervalBars({
        measure: label,
        unit: 'percent',
        rows: rows.map(({ className, current, reference }) => ({
          name: className,
          estimate: current,
          reference: reference.value,
        })),
      }),
    [label, rows],
  )
  return <Chart spec={spec} height={intervalBarsHeight(rows.length)} />
}

/** Classes drawn over time; more would not be told apart. */
const classesShown = 6

function SharesOverTime() {
  const { deployment, version, window } = useDeployedView()
  const bucketMs = bucketMsOf(window)
  const timeline = useTimeline(deployment.id, window)
  const metrics = ['accuracy']
  const series = useQueryMethod(
    'performance.series',
    { deploymentId: deployment.id, window, bucketMs, metrics },
    { keepsPrevious: true, follows: { data: ['samples'] } },
  )
  const classes = version.schema.classes.slice(0, classesShown)
  const spec = useMemo(() => {
    if (series.data === undefined) return null
    return timeSeries({
      measure: 'Predicted shares',
      unit: 'percent',
      window,
      lines: classes.map((name, index) => ({
        name,
        role: index === 0 ? ('current' as const) : ('extra' as const),
        points: Float64Array.from(
          series.data.buckets.flatMap(({ from, n, predictedShares }) => [
            from + bucketMs / 2,
            n === 0 ? Number.NaN : (predictedShares[name] ?? 0),
          ]),
        ),
      })),
      actions: marksOf(timeline, window),
      zoomable: true,
    })
  }, [series.data, bucketMs, window, classes, timeline])
  if (spec === null || series.data?.buckets.every(({ n }) => n === 0)) return null
  const omitted = series.data?.buckets.reduce((sum, bucket) => sum + (bucket.predictedOmitted ?? 0), 0) ?? 0
  const note =
    omitted === 0
      ? 'Exact, from profiles; labels are not needed'
      : `Shares are at least these: ${formatCount(omitted)} predictions are of more classes than profiles tell apart`
  return (
    <Section title="Predicted shares over time" note={note}>
      <Chart spec={spec} group={deployment.id} height={190} />
    </Section>
  )
}
