import Box from '@mui/material/Box'
import { useMemo, useState } from 'react'
import type { Estimate as EstimateValue } from '../../../../contract/primitives.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { confusion } from '../../../charts/confusion.ts'
import { reliability } from '../../../charts/reliability.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatPercent, formatSigned } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { metricWord } from '../../shared/words.ts'
import { EstimatedSection } from '../performance/EstimatedSection.tsx'
import { GainsSection } from '../performance/GainsSection.tsx'
import { RankingSection } from '../performance/RankingSection.tsx'
import { type EnteredCosts, ThresholdSection } from '../performance/ThresholdSection.tsx'
import { ReportPanel } from '../report/ReportPanel.tsx'
import { TrendCharts } from '../trends/TrendCharts.tsx'

type Detail = DetailOf<'performance'>

/** Is it as right as it should be, and if not, since when and after what? */
export function PerformanceTab() {
  const [costs, setCosts] = useState<EnteredCosts>({ falsePositive: null, falseNegative: null })
  const { falsePositive, falseNegative } = costs
  return (
    <ReportPanel
      kind="performance"
      comparable
      parameters={{
        ...(falsePositive !== null && { falsePositiveCost: falsePositive }),
        ...(falseNegative !== null && { falseNegativeCost: falseNegative }),
      }}
      withoutAnswer={<TrendCharts />}
    >
      {(detail) => <PerformanceDetail detail={detail} costs={costs} onCosts={setCosts} />}
    </ReportPanel>
  )
}

/** Of a ranking the numbers at the first k lead. */
function leadingOf({ metrics, ranking }: Detail): string[] {
  if (ranking === undefined) return leading
  return Object.keys(metrics).filter((name) => name.endsWith(`@${ranking.k[0]}`))
}
const leading = ['accuracy', 'f1', 'macroF1', 'precision', 'recall', 'rocAuc', 'mae', 'rmse', 'r2']

function PerformanceDetail({
  detail,
  costs,
  onCosts,
}: {
  detail: Detail
  costs: EnteredCosts
  onCosts: (costs: EnteredCosts) => void
}) {
  return (
    <>
      <Section
        title="Key figures"
        note={`${formatCount(detail.labelled)} of ${formatCount(detail.total)} samples labelled (${formatPercent(detail.total === 0 ? null : detail.labelled / detail.total)})${detail.positiveClass === null ? '' : `; positive class ${detail.positiveClass}`}`}
      >
        <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))', gap: 3 }}>
          {leadingOf(detail).flatMap((name) => {
            const estimate = detail.metrics[name]
            return estimate === undefined
              ? []
              : [
                  <Estimate
                    key={name}
                    variant="figure"
                    label={metricWord('performance', name)}
                    estimate={estimate}
                    digits={4}
                  />,
                ]
          })}
          {detail.fewLabels?.isNarrower && (
            <Box
              title={`Few labels, with the scores of ${formatCount(detail.fewLabels.unlabelled)} samples without one to help. It holds where samples were drawn at random to be labelled.`}
            >
              <Estimate
                variant="figure"
                label="accuracy, scores helping"
                estimate={detail.fewLabels.powered}
                digits={4}
              />
            </Box>
          )}
        </Box>
      </Section>
      {detail.estimated !== undefined && <EstimatedSection estimated={detail.estimated} realised={detail.metrics} />}
      {detail.ranking !== undefined && <RankingSection ranking={detail.ranking} />}
      <TrendCharts />
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 500px), 1fr))',
          alignItems: 'start',
        }}
      >
        <Box sx={{ gridColumn: '1 / -1' }}>
          <MetricTable detail={detail} />
        </Box>
        {detail.confusion !== null && <ConfusionSection confusionCounts={detail.confusion} />}
        {detail.perClass.length > 0 && <PerClass detail={detail} />}
        {detail.calibration.length > 0 && (
          <Calibration bins={detail.calibration} error={detail.metrics.calibrationError} />
        )}
        {detail.gains !== undefined && detail.gains.length > 0 && <GainsSection gains={detail.gains} />}
        {detail.thresholds !== undefined && (
          <Box sx={{ gridColumn: '1 / -1' }}>
            <ThresholdSection sweep={detail.thresholds} entered={costs} onEnter={onCosts} />
          </Box>
        )}
      </Box>
    </>
  )
}

type MetricRow = { name: string; current: EstimateValue; reference: EstimateValue | null }

function MetricTable({ detail }: { detail: Detail }) {
  const rows: MetricRow[] = Object.entries(detail.metrics).map(([name, current]) => ({
    name,
    current,
    reference: detail.referenceMetrics?.[name] ?? null,
  }))
  return (
    <Section
      title="Every metric"
      note={
        detail.referenceMetrics === null
          ? 'The reference has no labels with predictions to compare with'
          : 'The same numbers on the reference, and how far they moved'
      }
      flush
    >
      <DataTable
        label="Metrics now and in the reference"
        rows={rows}
        rowKey={(row) => row.name}
        columns={[
          {
            id: 'name',
            header: 'Metric',
            width: 190,
            render: (row) => metricWord('performance', row.name),
            title: (row) => row.name,
          },
          { id: 'current', header: 'Now', render: (row) => <Estimate estimate={row.current} digits={4} hideCount /> },
          ...(detail.referenceMetrics === null
            ? []
            : [
                {
                  id: 'reference',
                  header: 'Reference',
                  render: (row: MetricRow) =>
                    row.reference === null ? '–' : <Estimate estimate={row.reference} digits={4} hideCount />,
                },
                {
                  id: 'change',
                  header: 'Change',
                  align: 'right' as const,
                  width: 88,
                  render: (row: MetricRow) =>
                    row.current.value === null || row.reference?.value === null || row.reference === null
                      ? '–'
                      : formatSigned(Number((row.current.value - row.reference.value).toFixed(4))),
                },
              ]),
          {
            id: 'n',
            header: 'n',
            align: 'right' as const,
            width: 76,
            render: (row: MetricRow) => formatCount(row.current.n),
          },
        ]}
      />
    </Section>
  )
}

function ConfusionSection({ confusionCounts }: { confusionCounts: NonNullable<Detail['confusion']> }) {
  const { classes, counts } = confusionCounts
  const spec = useMemo(() => confusion({ classes, counts: Float64Array.from(counts.flat()) }), [classes, counts])
  return (
    <Section title="Confusion" note="Labels down, predictions across; shade: share of the label's samples">
      <Chart spec={spec} height={Math.min(520, 90 + classes.length * 64)} />
    </Section>
  )
}

function PerClass({ detail }: { detail: Detail }) {
  return (
    <Section title="By class" flush>
      <DataTable
        label="Precision, recall and F1 by class"
        rows={detail.perClass}
        rowKey={(row) => row.className}
        columns={[
          { id: 'class', header: 'Class', width: 100, render: (row) => row.className, sortKey: (row) => row.className },
          {
            id: 'precision',
            header: 'Precision',
            render: (row) => <Estimate estimate={row.precision} hideCount />,
            sortKey: (row) => row.precision.value,
          },
          {
            id: 'recall',
            header: 'Recall',
            render: (row) => <Estimate estimate={row.recall} hideCount />,
            sortKey: (row) => row.recall.value,
          },
          {
            id: 'f1',
            header: 'F1',
            width: 70,
            render: (row) => <Estimate estimate={{ ...row.f1, interval: null }} hideCount />,
            sortKey: (row) => row.f1.value,
          },
          {
            id: 'n',
            header: 'n',
            align: 'right',
            width: 76,
            render: (row) => formatCount(row.n),
            sortKey: (row) => row.n,
          },
        ]}
      />
    </Section>
  )
}

function Calibration({ bins, error }: { bins: Detail['calibration']; error: EstimateValue | undefined }) {
  const spec = useMemo(() => reliability(bins), [bins])
  return (
    <Section
      title="Calibration"
      note={
        <>
          Does a score of 0.8 come true eight times in ten? Dashed: as it says
          {error !== undefined && error.value !== null && (
            <>
              . Mean distance from it: <Estimate estimate={error} hideCount />
            </>
          )}
        </>
      }
    >
      <Chart spec={spec} height={280} />
    </Section>
  )
}
