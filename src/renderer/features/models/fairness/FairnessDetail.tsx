import Box from '@mui/material/Box'
import { useMemo, useState } from 'react'
import type { Estimate as EstimateValue } from '../../../../contract/primitives.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { intervalBars, intervalBarsHeight } from '../../../charts/interval-bars.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatNumber } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { metricWord } from '../../shared/words.ts'
import { Choice } from '../trends/Choice.tsx'
import { sayGroup, sayMetric } from './group-words.ts'

type Detail = DetailOf<'fairness'>
type Group = Detail['groups'][number]

const rateNames = ['accuracy', 'selectionRate', 'truePositiveRate', 'falsePositiveRate', 'precision'] as const

/** One metric as it is drawn: by group, over all rows, and how far the judged groups lie apart. */
type Shown = {
  metric: string
  byGroup: readonly EstimateValue[]
  overall: EstimateValue
  contrast: Pick<NonNullable<Detail['frames']>[number], 'difference' | 'ratio' | 'worst'> | null
}

function shownOf({ groups, overall, numbers, frames = [] }: Detail): Shown[] {
  const framed = frames.map(({ metric, byGroup, overall: all, ...contrast }) => ({
    metric,
    byGroup,
    overall: all,
    contrast,
  }))
  if (numbers) return framed
  const others = rateNames
    .filter((name) => !framed.some(({ metric }) => metric === name))
    .map((name) => ({
      metric: name,
      byGroup: groups.map((group) => group[name]),
      overall: overall[name],
      contrast: null,
    }))
  return [...framed, ...others]
}

/** Nothing could be measured. */
const nothing: Shown = {
  metric: 'accuracy',
  byGroup: [],
  overall: { value: null, n: 0, interval: null },
  contrast: null,
}

/** Rates and measures of the groups, and every number behind them. */
export function FairnessDetail({ detail }: { detail: Detail }) {
  const all = useMemo(() => shownOf(detail), [detail])
  const [metric, setMetric] = useState<string | null>(null)
  const shown = all.find((each) => each.metric === (metric ?? 'accuracy')) ?? all[0] ?? nothing
  const spec = useMemo(
    () =>
      intervalBars({
        measure: sayMetric(shown.metric),
        rows: detail.groups.map((group, i) => ({
          name: sayGroup(group.group),
          estimate: shown.byGroup[i] ?? nothing.overall,
          reference: shown.overall.value,
          breach: group.status === 'breach',
        })),
      }),
    [detail.groups, shown],
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
          title={`${sayMetric(shown.metric)} by group`}
          note={`Grey tick: overall. ${detail.numbers ? sayNumbers(detail.numbers) : `Positive class ${detail.positiveClass}.`} Groups with fewer than ${formatCount(detail.minimumGroupSize)} are shown, not judged`}
          actions={
            <Choice
              label="Metric"
              value={shown.metric}
              options={all.map((each) => [each.metric, sayMetric(each.metric)])}
              onChange={setMetric}
            />
          }
        >
          <Chart spec={spec} height={intervalBarsHeight(detail.groups.length)} />
          {shown.contrast && <Contrast {...shown.contrast} />}
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
          rowKey={({ group }) => sayGroup(group)}
          rowHeight={46}
          columns={[
            { id: 'status', header: 'Status', width: 126, render: (row) => <Status status={row.status} /> },
            {
              id: 'group',
              header: 'Group',
              sortKey: ({ group }) => sayGroup(group),
              render: ({ group }) => (Object.keys(group).length === 0 ? 'all together' : sayGroup(group)),
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
            ...metricColumns(detail),
          ]}
        />
      </Section>
    </>
  )
}

/** Heads of columns that would not fit. */
const shortNames: Record<string, string> = { mae: 'MAE', rmse: 'RMSE', bias: 'Bias', withinTolerance: 'Near enough' }

/** Rates by group, or what numbers are measured by. */
function metricColumns(detail: Detail): TableColumn<Group>[] {
  if (!detail.numbers)
    return rateNames.map((key) => ({
      id: key,
      header: sayMetric(key),
      sortKey: (row) => row[key].value,
      render: (row) => <Estimate estimate={row[key]} variant="stacked" hideCount />,
    }))
  return (detail.frames ?? []).map(({ metric, byGroup, overall }) => {
    const ofRow = (row: Group) => byGroup[detail.groups.indexOf(row)] ?? overall
    return {
      id: metric,
      header: shortNames[metric] ?? sayMetric(metric),
      sortKey: (row) => ofRow(row).value,
      render: (row) => <Estimate estimate={ofRow(row)} variant="stacked" hideCount />,
    }
  })
}

/** By what a difference of numbers matters, and what counts as near enough. */
function sayNumbers({ matters, deviationOf, tolerance, isToleranceNamed }: NonNullable<Detail['numbers']>): string {
  const scale =
    matters === null
      ? ''
      : `A difference matters from ${formatNumber(matters)} on, by the deviation of the ${deviationOf}. `
  const near =
    tolerance === null
      ? ''
      : `Near enough: an error of at most ${formatNumber(tolerance)}${isToleranceNamed ? '' : ', which nine of ten have'}. `
  return `${scale}${near}`.trim()
}

/** The largest difference and smallest ratio of the metric drawn, and who fares worst. */
function Contrast({ difference, ratio, worst }: NonNullable<Shown['contrast']>) {
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, typography: 'body2', color: 'text.secondary', pt: 1 }}>
      <span>
        Largest difference <Estimate estimate={difference} hideCount />
      </span>
      <span>
        Smallest ratio <Estimate estimate={ratio} hideCount />
      </span>
      {worst !== null && <span>Fares worst: {sayGroup(worst)}</span>}
    </Box>
  )
}
