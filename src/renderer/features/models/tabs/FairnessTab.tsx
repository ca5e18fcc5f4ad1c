import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
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
import { Empty } from '../../../widgets/States.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { metricWord, spellOut } from '../../shared/words.ts'
import { useDeployedView } from '../model-view.ts'
import { ReportPanel } from '../report/ReportPanel.tsx'
import { bucketMsOf } from '../trends/buckets.ts'
import { Choice } from '../trends/TrendCharts.tsx'
import { marksOf, useTimeline } from '../trends/use-timeline.ts'

/** Does it favour classes more than its reference did, and does it treat groups alike? */
export function FairnessTab() {
  const { model } = useDeployedView()
  if (model.task === 'regression') {
    return <Empty title="Bias and fairness are asked of classifiers" hint="This model predicts numbers." />
  }
  return (
    <>
      <ReportPanel kind="bias" comparable withoutAnswer={<SharesOverTime />}>
        {(detail) => <BiasDetail detail={detail} />}
      </ReportPanel>
      <FairnessPanel />
    </>
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
        <Section title="Predicted shares by class" note={`${detail.sentence.replace(/\.$/, '')}. Grey tick: reference`}>
          <ShareBars label="Predicted share" rows={detail.classes} />
        </Section>
        {detail.labelShares.length > 0 && (
          <Section title="Labelled shares by class" note="Whether the world itself changed. Grey tick: reference">
            <ShareBars label="Labelled share" rows={detail.labelShares} />
          </Section>
        )}
      </Box>
      <Section title="Now against the reference" flush>
        <DataTable
          label="Class shares now and in the reference"
          rows={detail.classes}
          rowKey={(row) => row.className}
          columns={[
            { id: 'class', header: 'Class', width: 160, render: (row) => row.className },
            shareColumn('current', 'Now', (row) => row.current),
            shareColumn('reference', 'Reference', (row) => row.reference),
            shareColumn('difference', 'Difference', (row) => row.difference),
            {
              id: 'ratio',
              header: 'Ratio',
              sortKey: (row) => row.ratio.value,
              render: (row) => <Estimate estimate={row.ratio} hideCount />,
            },
          ]}
        />
      </Section>
      <SharesOverTime />
    </>
  )
}

type ClassRow = DetailOf<'bias'>['classes'][number]

function shareColumn(id: string, header: string, pick: (row: ClassRow) => EstimateValue): TableColumn<ClassRow> {
  return {
    id,
    header,
    sortKey: (row) => pick(row).value,
    render: (row) => <Estimate estimate={pick(row)} unit="percent" hideCount={id === 'difference'} />,
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
  return (
    <Section title="Predicted shares over time" note="Labels are not needed for these">
      <Chart spec={spec} group={deployment.id} height={190} />
    </Section>
  )
}

function FairnessPanel() {
  const { version, deployment } = useDeployedView()
  const candidates = version.schema.columns.filter(({ type }) => type === 'categorical')
  const declared = candidates.filter(({ isGroup }) => isGroup).map(({ name }) => name)
  const [chosen, setChosen] = useState<string[] | null>(null)
  // What was asked last is what is shown, until somebody chooses otherwise.
  const target = { type: 'deployment' as const, id: deployment.id }
  const latest = useQueryMethod('reports.latest', { kind: 'fairness', target }, { follows: { data: ['findings'] } })
  const asked = latest.data?.report.detail.kind === 'fairness' ? latest.data.report.detail.groupColumns : []
  const groupColumns = chosen ?? (asked.length > 0 ? asked : declared.slice(0, 1))
  if (candidates.length === 0) {
    return (
      <Section title="Fairness by group">
        <Empty
          title="There are no groups to compare"
          hint="Declare a column of categories in the schema of the version, and mark it as a group."
        />
      </Section>
    )
  }
  return (
    <ReportPanel
      kind="fairness"
      parameters={{ groupColumns }}
      settings={
        <TextField
          select
          label="Groups by"
          value={groupColumns}
          onChange={(event) => setChosen([event.target.value].flat())}
          sx={{ minWidth: 160 }}
          slotProps={{ select: { multiple: true } }}
        >
          {candidates.map(({ name, isGroup }) => (
            <MenuItem key={name} value={name}>
              {isGroup ? name : `${name} (not declared a group)`}
            </MenuItem>
          ))}
        </TextField>
      }
    >
      {(detail) => <FairnessDetail detail={detail} />}
    </ReportPanel>
  )
}

type Group = DetailOf<'fairness'>['groups'][number]
type RateName = 'accuracy' | 'selectionRate' | 'truePositiveRate' | 'falsePositiveRate' | 'precision'
const rateNames: Record<RateName, string> = {
  accuracy: 'Accuracy',
  selectionRate: 'Selection rate',
  truePositiveRate: 'True positive rate',
  falsePositiveRate: 'False positive rate',
  precision: 'Precision',
}

const groupName = ({ group }: Group) =>
  Object.entries(group)
    .map(([column, value]) => `${column} ${value}`)
    .join(', ')

function FairnessDetail({ detail }: { detail: DetailOf<'fairness'> }) {
  const [rate, setRate] = useState<RateName>('accuracy')
  const overall = detail.overall[rate].value
  const spec = useMemo(
    () =>
      intervalBars({
        measure: rateNames[rate],
        rows: detail.groups.map((group) => ({
          name: groupName(group),
          estimate: group[rate],
          reference: overall,
          breach: group.status === 'breach',
        })),
        range: [0, 1],
      }),
    [detail.groups, rate, overall],
  )
  return (
    <>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1.6fr) minmax(340px, 1fr)' },
        }}
      >
        <Section
          title={`${rateNames[rate]} by group`}
          note={`Grey tick: overall. Positive class ${detail.positiveClass}. Groups with fewer than ${formatCount(detail.minimumGroupSize)} are shown, not judged`}
          actions={
            <Choice
              label="Rate"
              value={rate}
              options={Object.entries(rateNames)}
              onChange={(chosen) => setRate(isRate(chosen) ? chosen : 'accuracy')}
            />
          }
        >
          <Chart spec={spec} height={intervalBarsHeight(detail.groups.length)} />
        </Section>
        <Section title="Measures" note="Over all groups that are judged" flush>
          <DataTable
            label="Fairness measures"
            rows={Object.entries(detail.measures)}
            rowKey={([name]) => name}
            columns={[
              {
                id: 'name',
                header: 'Measure',
                title: ([name]) => name,
                render: ([name]) => metricWord('fairness', name),
              },
              {
                id: 'value',
                header: 'Value',
                width: 190,
                render: ([, estimate]) => <Estimate estimate={estimate} hideCount />,
              },
            ]}
          />
        </Section>
      </Box>
      <Section title="Groups" flush>
        <DataTable
          label="Rates by group"
          rows={[...detail.groups, detail.overall]}
          rowKey={(row) => groupName(row)}
          columns={[
            { id: 'status', header: 'Status', width: 126, render: (row) => <Status status={row.status} /> },
            {
              id: 'group',
              header: 'Group',
              sortKey: groupName,
              render: (row) => (Object.keys(row.group).length === 0 ? 'all together' : groupName(row)),
            },
            {
              id: 'n',
              header: 'n',
              align: 'right',
              width: 80,
              sortKey: (row) => row.n,
              render: (row) => formatCount(row.n),
            },
            {
              id: 'labelled',
              header: 'Labelled',
              align: 'right',
              width: 84,
              sortKey: (row) => row.labelled,
              render: (row) => formatCount(row.labelled),
            },
            ...rateKeys.map((key) => ({
              id: key,
              header: capitalise(spellOut(key)),
              sortKey: (row: Group) => row[key].value,
              render: (row: Group) => <Estimate estimate={row[key]} hideCount />,
            })),
          ]}
        />
      </Section>
    </>
  )
}

const rateKeys = Object.keys(rateNames).filter(isRate)
function isRate(name: string): name is RateName {
  return Object.hasOwn(rateNames, name)
}
const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
