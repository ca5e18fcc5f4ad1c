import Box from '@mui/material/Box'
import { useMemo } from 'react'
import type { DetailOf, DriftFeature, StoredReport } from '../../../../contract/report.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { distribution } from '../../../charts/distribution.ts'
import { timeSeries } from '../../../charts/time-series.ts'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatFixed, formatNumber, formatPercent, formatPValue } from '../../../widgets/format.ts'
import { KeyValue } from '../../../widgets/KeyValue.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Status, type StatusKind } from '../../../widgets/Status.tsx'
import { metricWord } from '../../shared/words.ts'
import { useDeployedView } from '../model-view.ts'
import { ReportPanel } from '../report/ReportPanel.tsx'
import { findingPoints } from '../trends/series-lines.ts'
import { limitLines, marksOf, useLimits, useTimeline } from '../trends/use-timeline.ts'
import { frequentRows, leftOutText, measureRows, populationRows, quantileRows } from './drift-measures.tsx'
import { PartsSection } from './PartsSection.tsx'
import { TogetherSection } from './TogetherSection.tsx'
import { VerdictPanel } from './VerdictPanel.tsx'

/** What a person who asks may wait for, and a monitor need not. */
const byHand = { panel: true, multivariate: true }

/** Do the inputs look as they did, and what moved most? */
export function DriftTab() {
  return (
    <ReportPanel kind="drift" comparable parameters={byHand}>
      {(detail, stored) => <DriftDetail detail={detail} stored={stored} />}
    </ReportPanel>
  )
}

/** Effects come in different measures; in units of their own threshold they can stand in one order. */
const sizeOf = ({ verdict: { effect } }: DriftFeature) =>
  effect.value === null ? null : effect.value / (effect.threshold || 1)

function DriftDetail({ detail, stored }: { detail: DetailOf<'drift'>; stored: StoredReport }) {
  const features = useMemo(
    () => [...detail.features].sort((left, right) => (sizeOf(right) ?? -1) - (sizeOf(left) ?? -1)),
    [detail.features],
  )
  const [named, setNamed] = useSearchValue('column')
  const selected = features.find(({ name }) => name === named) ?? features.at(0) ?? null
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        alignItems: 'start',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1.7fr) minmax(360px, 1fr)' },
      }}
    >
      <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
        <Section
          title="Columns by effect"
          note={
            <>
              Drifted share of the inputs: <Estimate estimate={detail.driftedShare} unit="percent" />; drift is an
              effect above its threshold with a test that survives correction
            </>
          }
          flush
        >
          <DataTable
            label="Columns by effect"
            columns={driftColumns}
            rows={features}
            rowKey={(feature) => feature.name}
            selectedKey={selected?.name ?? null}
            onRowOpen={(feature) => setNamed(feature.name)}
            maxHeight={560}
          />
        </Section>
        {detail.multivariate !== undefined && <TogetherSection together={detail.multivariate} />}
      </Box>
      {selected !== null && <FeatureDetail feature={selected} stored={stored} />}
      {selected !== null && (
        <Box sx={{ gridColumn: '1 / -1', display: 'grid', gap: 2, minWidth: 0 }}>
          {selected.parts !== undefined && <PartsSection name={selected.name} parts={selected.parts} />}
          <VerdictPanel feature={selected} />
        </Box>
      )}
    </Box>
  )
}

/** The word of a verdict: a status alone would call an unchanged column "OK". */
export function verdictOf({ verdict }: DriftFeature): { status: StatusKind; word: string } {
  if (verdict.status === 'insufficient') return { status: 'insufficient', word: 'Insufficient' }
  if (verdict.isDrifted) return { status: verdict.status === 'ok' ? 'warning' : verdict.status, word: 'Drifted' }
  return { status: verdict.status, word: verdict.status === 'ok' ? 'Steady' : 'Near' }
}

const driftColumns: TableColumn<DriftFeature>[] = [
  {
    id: 'verdict',
    header: 'Verdict',
    width: 112,
    sortKey: sizeOf,
    title: ({ verdict }) => verdict.reason,
    render: (feature) => {
      const { status, word } = verdictOf(feature)
      return <Status status={status} label={word} />
    },
  },
  {
    id: 'name',
    header: 'Column',
    minWidth: 140,
    sortKey: ({ name }) => name,
    title: ({ name, type, role }) => `${name}, ${type} ${role}`,
    render: ({ name, role }) => (
      <>
        {name}
        {role !== 'feature' && !name.startsWith(role) && (
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {` ${role}`}
          </Box>
        )}
      </>
    ),
  },
  {
    id: 'effect',
    header: 'Effect',
    hint: 'Effect measure that decides',
    align: 'right',
    width: 70,
    sortKey: ({ verdict }) => verdict.effect.value,
    render: ({ verdict }) => formatFixed(verdict.effect.value, 3),
  },
  {
    id: 'threshold',
    header: 'Threshold',
    align: 'right',
    width: 84,
    render: ({ verdict }) => formatNumber(verdict.effect.threshold),
  },
  {
    id: 'test',
    header: 'Test',
    width: 92,
    title: ({ verdict }) => verdict.test,
    render: ({ verdict }) => verdict.test,
  },
  {
    id: 'p',
    header: 'p',
    align: 'right',
    width: 82,
    sortKey: ({ verdict }) => verdict.pValue,
    render: ({ verdict }) => formatPValue(verdict.pValue),
  },
  {
    id: 'adjusted',
    header: 'Adjusted p',
    hint: 'After Benjamini–Hochberg across the columns tested together',
    align: 'right',
    width: 92,
    sortKey: ({ verdict }) => verdict.adjustedPValue,
    render: ({ verdict }) => formatPValue(verdict.adjustedPValue),
  },
  {
    id: 'n',
    header: 'n',
    hint: 'Values in the window',
    align: 'right',
    width: 80,
    sortKey: ({ n }) => n.current,
    title: ({ n }) => `reference ${formatCount(n.reference)}, current ${formatCount(n.current)}`,
    render: ({ n }) => formatCount(n.current),
  },
]

function FeatureDetail({ feature, stored }: { feature: DriftFeature; stored: StoredReport }) {
  const { verdict } = feature
  const spec = useMemo(() => distribution(distributionInput(feature)), [feature])
  return (
    <Section
      title={feature.name}
      note={`${feature.isExact ? 'Exact, from samples' : 'From profiles: measures are of the bins'}; grey: reference, colour: window`}
    >
      <Chart spec={spec} height={220} />
      <Box component="p" sx={{ typography: 'body2', my: 1 }}>
        {verdict.reason}
        {verdict.neededN !== null && ` About ${formatCount(verdict.neededN)} values a side would be needed.`}
      </Box>
      <EffectOverTime feature={feature} engine={stored.report.engine} />
      <KeyValue
        items={[
          {
            label: 'Decided by',
            value: `${metricWord('drift', verdict.effect.measure)} ${formatNumber(verdict.effect.value)}, threshold ${formatNumber(verdict.effect.threshold)}`,
          },
          {
            label: 'Tested by',
            value: `${verdict.test}: p ${formatPValue(verdict.pValue)}, adjusted ${formatPValue(verdict.adjustedPValue)}${verdict.testReason === undefined ? '' : ` (${verdict.testReason})`}`,
          },
          ...populationRows(feature),
          ...quantileRows(feature),
          ...frequentRows(feature),
          {
            label: 'Values',
            value: `${formatCount(feature.n.current)}, reference ${formatCount(feature.n.reference)}`,
          },
          {
            label: 'Missing',
            value: `${missingText(feature.missing.current, feature.n.current)}, reference ${missingText(feature.missing.reference, feature.n.reference)}`,
          },
          ...measureRows(feature),
        ]}
      />
      {feature.leftOut !== undefined && (
        <Box component="p" sx={{ typography: 'body2', color: 'text.secondary', mt: 1, mb: 0 }}>
          {leftOutText(feature.leftOut)}
        </Box>
      )}
    </Section>
  )
}

function missingText(missing: number, n: number): string {
  return missing === 0 ? 'none' : `${formatCount(missing)} (${formatPercent(missing / (n + missing))})`
}

/** How the deciding effect of one column went, as monitors saw it; nothing while fewer than two have looked. */
function EffectOverTime({ feature, engine }: { feature: DriftFeature; engine: string }) {
  const { deployment, window } = useDeployedView()
  const metric = feature.verdict.effect.measure
  const timeline = useTimeline(deployment.id, window)
  const limits = useLimits(deployment.id)
  const findings = useQueryMethod(
    'findings.series',
    {
      target: { type: 'deployment', id: deployment.id },
      kind: 'drift',
      subject: { metric, column: feature.name },
      window,
    },
    { keepsPrevious: true, follows: { data: ['findings'] } },
  )
  const spec = useMemo(() => {
    const comparable = findings.data?.filter((finding) => finding.engine === engine) ?? []
    if (comparable.length < 2) return null
    return timeSeries({
      measure: `${metricWord('drift', metric)} of ${feature.name}`,
      window,
      lines: [{ name: metricWord('drift', metric), ...findingPoints(comparable) }],
      limits: limitLines(limits, 'drift', metric, 'none', feature.name),
      actions: marksOf(timeline, window),
    })
  }, [findings.data, engine, metric, feature.name, window, limits, timeline])
  return spec === null ? null : <Chart spec={spec} group={deployment.id} height={130} />
}

function distributionInput({ name, n, distribution: drawn }: DriftFeature) {
  const shares = (counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0)
    return Float64Array.from(counts, (count) => (total === 0 ? 0 : count / total))
  }
  const common = { name, n, reference: shares(drawn.reference), current: shares(drawn.current) }
  return drawn.type === 'numeric'
    ? { kind: 'numeric' as const, ...common, edges: Float64Array.from(drawn.edges) }
    : { kind: 'categorical' as const, ...common, categories: drawn.categories }
}
