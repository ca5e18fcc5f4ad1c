import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import type {
  AttributionDrift,
  Dependences,
  DriftDrivers,
  EnvelopeSummary,
  GlobalAttribution,
} from '../../../../contract/explanation.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { beeswarm, beeswarmHeight } from '../../../charts/beeswarm.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { dependence } from '../../../charts/dependence.ts'
import { intervalBars, intervalBarsHeight } from '../../../charts/interval-bars.ts'
import { pathTo } from '../../../data/paths.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { absent, formatCount, formatNumber, formatPercent, formatPValue } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { useDeployedView } from '../model-view.ts'
import { ReportPanel } from '../report/ReportPanel.tsx'

type Detail = DetailOf<'explanation'>

/** What do its decisions rest on? */
export function ExplanationTab() {
  const { deployment, version } = useDeployedView()
  const [asks, setAsks] = useState('auto')
  const isPicture = version.schema.columns.some(({ role, type }) => role === 'input' && type === 'image')
  const canChoose = deployment.endpointId !== null && !isPicture
  return (
    <ReportPanel
      kind="explanation"
      parameters={asks === 'endpoint' ? { asks } : {}}
      settings={
        canChoose && (
          <TextField
            select
            label="Who is asked"
            value={asks}
            sx={{ minWidth: 210 }}
            onChange={(event) => setAsks(event.target.value)}
          >
            <MenuItem value="auto">The registered model</MenuItem>
            <MenuItem value="endpoint">The endpoint, up to 20,000 rows</MenuItem>
          </TextField>
        )
      }
    >
      {(detail, stored) => (
        <>
          <Importances detail={detail} headline={stored.report.headline.text} />
          {detail.envelope !== undefined && <Envelope envelope={detail.envelope} />}
          {detail.drivers !== undefined && <Drivers drivers={detail.drivers} />}
          {detail.attribution !== undefined && (
            <Contributions attribution={detail.attribution} drift={detail.attributionDrift ?? null} />
          )}
          {detail.dependence !== undefined && detail.dependence.columns.length > 0 && (
            <DependenceCharts dependence={detail.dependence} />
          )}
          {detail.remarks?.map((remark) => (
            <Typography key={remark} variant="body2" sx={{ color: 'text.secondary' }}>
              {remark}
            </Typography>
          ))}
        </>
      )}
    </ReportPanel>
  )
}

const methods: Record<Detail['method'], string> = {
  'permutation-endpoint': 'Columns shuffled, the endpoint asked again',
  'permutation-onnx': 'Columns shuffled, the registered model asked again',
  surrogate: 'Columns shuffled, a surrogate of the stored predictions asked again',
}

function Importances({ detail, headline }: { detail: Detail; headline: string }) {
  const note = headline.includes(detail.note) ? '' : ` ${detail.note}`
  const spec = useMemo(
    () =>
      intervalBars({
        measure: 'Importance',
        rows: [...detail.importances]
          .sort((left, right) => (right.importance.value ?? -1) - (left.importance.value ?? -1))
          .map(({ column, importance }) => ({ name: column, estimate: importance })),
        limits: [{ value: 0, label: 'no effect' }],
      }),
    [detail.importances],
  )
  return (
    <Section
      title="Importance by column"
      note={
        <>
          {`${methods[detail.method]}.${note} Before shuffling: `}
          <Estimate estimate={detail.baseline} />
        </>
      }
    >
      <Chart spec={spec} height={intervalBarsHeight(detail.importances.length)} />
    </Section>
  )
}

const side = {
  display: 'grid',
  gap: 2,
  gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) minmax(0, 1fr)' },
}

/** What each column added to or took from single predictions: its size over samples, and every sample as a point. */
function Contributions({ attribution, drift }: { attribution: GlobalAttribution; drift: AttributionDrift | null }) {
  const { columns, unit, output, rows, base } = attribution
  const sizes = useMemo(
    () =>
      intervalBars({
        measure: `Mean size of the contribution, ${unit}`,
        rows: columns.map(({ column, meanAbsolute }) => ({
          name: column,
          estimate: meanAbsolute,
          reference: drift?.columns.find((each) => each.column === column)?.reference.value ?? null,
        })),
        limits: [{ value: 0, label: 'none' }],
      }),
    [columns, unit, drift],
  )
  const pointed = useMemo(() => columns.filter(({ points }) => points.length > 0), [columns])
  const swarm = useMemo(
    () =>
      beeswarm({
        measure: `Contribution, ${unit}`,
        rows: pointed.map(({ column, meanAbsolute, ...row }) => ({
          ...row,
          name: column,
          meanAbsolute: meanAbsolute.value,
        })),
      }),
    [pointed, unit],
  )
  const towards = output === null ? 'the prediction' : output
  return (
    <Section
      title="Contributions to single predictions (SHAP)"
      note={`${attribution.sentence} ${formatCount(rows)} samples; without any column the mean is ${formatNumber(base)}. Right of zero a value pushed towards ${towards}; the fuller a point, the larger the value.`}
    >
      {drift !== null && (
        <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'baseline', typography: 'body2', mb: 1 }}>
          <Status status={drift.status} label={drift.status === 'ok' ? 'as in the reference' : 'moved'} />
          <span>{`${drift.sentence}. Grey ticks are the reference.`}</span>
        </Box>
      )}
      <Box sx={side}>
        <Chart spec={swarm} height={beeswarmHeight(pointed.length)} />
        <Chart spec={sizes} height={Math.max(intervalBarsHeight(columns.length), beeswarmHeight(pointed.length))} />
      </Box>
    </Section>
  )
}

/** How many predictions are about what the reference never showed. */
function Envelope({ envelope }: { envelope: EnvelopeSummary }) {
  const { status, sentence, furthest, referenceRows, holdoutRows, columns } = envelope
  const { model, deployment } = useDeployedView()
  const navigate = useNavigate()
  return (
    <Section
      title="Outside of what the reference shows"
      note={`Distance to the nearest of ${formatCount(referenceRows)} reference rows in ${formatCount(columns.length)} columns, held against ${formatCount(holdoutRows)} rows kept apart`}
      flush={furthest.length > 0}
    >
      <Box
        sx={{
          display: 'flex',
          gap: 1.5,
          alignItems: 'baseline',
          typography: 'body2',
          ...(furthest.length > 0 ? { px: 2, py: 1 } : {}),
        }}
      >
        <Status status={status} label={status === 'ok' ? 'as expected' : 'too many'} />
        <span>{sentence}</span>
      </Box>
      {furthest.length > 0 && (
        <DataTable
          label="Samples furthest out"
          columns={furthestColumns}
          rows={furthest}
          rowKey={({ id, distance }) => id ?? String(distance)}
          onRowOpen={({ id }) => id !== null && void navigate(pathTo.sample(model.id, deployment.id, id))}
          maxHeight={260}
        />
      )}
    </Section>
  )
}

const furthestColumns: TableColumn<EnvelopeSummary['furthest'][number]>[] = [
  { id: 'id', header: 'Sample', render: ({ id }) => <code>{id ?? absent}</code> },
  { id: 'distance', header: 'Distance', align: 'right', width: 96, render: ({ distance }) => formatNumber(distance) },
  { id: 'p', header: 'p', align: 'right', width: 96, render: ({ pValue }) => formatPValue(pValue) },
  {
    id: 'why',
    header: 'Most in',
    render: ({ reasons }) =>
      reasons
        .map(
          ({ column, value, part }) =>
            `${column} ${typeof value === 'number' ? formatNumber(value) : (value ?? 'missing')} (${formatPercent(part)})`,
        )
        .join(', '),
  },
]

/** Which columns were far from the reference just when the model was worse. */
function Drivers({ drivers }: { drivers: DriftDrivers }) {
  const { columns, sentence, metric } = drivers
  const spec = useMemo(
    () =>
      intervalBars({
        measure: 'Rank correlation of drift with the fall in performance',
        rows: columns.map(({ column, correlation }) => ({ name: column, estimate: correlation })),
        limits: [{ value: 0, label: 'unrelated' }],
        range: [-1, 1],
      }),
    [columns],
  )
  return (
    <Section
      title="Drifts that go with a fall in performance"
      note={`${sentence}. Rank correlation of each column's distance from the reference with ${metric === 'accuracy' ? 'the share of wrong answers' : 'the mean absolute error'}; evidence is corrected across columns.`}
    >
      <Chart spec={spec} height={intervalBarsHeight(columns.length)} />
    </Section>
  )
}

function DependenceCharts({ dependence: found }: { dependence: Dependences }) {
  const { version } = useDeployedView()
  const unitOf = (name: string) => version.schema.columns.find((column) => column.name === name)?.unit
  const measure = found.output === null ? 'Prediction' : `Probability of ${found.output}`
  return (
    <Section
      title={`${measure} as one column moves`}
      note={`Each of ${formatCount(found.rows)} samples asked again with the column set to every value in turn (${formatCount(found.askedRows)} made-up rows). The line is the mean (partial dependence), the band the middle four fifths of the samples, thin lines are single samples (ICE). Bars count the samples there are: where there are none, the model guesses.`}
    >
      <Box sx={side}>
        {found.columns.map((column) => (
          <DependenceChart key={column.column} column={column} measure={measure} unit={unitOf(column.column)} />
        ))}
      </Box>
    </Section>
  )
}

function DependenceChart({
  column,
  measure,
  unit,
}: {
  column: Dependences['columns'][number]
  measure: string
  unit: string | undefined
}) {
  const name = unit === undefined ? column.column : `${column.column}, ${unit}`
  const spec = useMemo(() => dependence({ ...column, name, measure }), [column, name, measure])
  return (
    <Box>
      <Typography variant="h3">{name}</Typography>
      <Chart spec={spec} height={230} />
    </Box>
  )
}
