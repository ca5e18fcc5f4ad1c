import CloseOutlined from '@mui/icons-material/CloseOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Drawer from '@mui/material/Drawer'
import IconButton from '@mui/material/IconButton'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { useId } from 'react'
import { Link as RouterLink } from 'react-router'
import { isBlobKind } from '../../../../contract/blob.ts'
import type { ColumnSpec } from '../../../../contract/model.ts'
import type { LabelledSample } from '../../../../contract/sample.ts'
import { pathTo } from '../../../data/paths.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { absent, formatDuration, formatFixed, formatNumber } from '../../../widgets/format.ts'
import { KeyValue } from '../../../widgets/KeyValue.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { Answer } from '../../shared/Answer.tsx'
import { BlobView } from '../../shared/blobs/BlobView.tsx'
import { placeIn } from '../../shared/blobs/blob-values.ts'
import { useTargets } from '../../shared/use-targets.ts'
import { useDeployedView } from '../model-view.ts'
import { NearestSamples } from './NearestSamples.tsx'
import { SampleExplanation } from './SampleExplanation.tsx'

export type SampleDrawerProps = {
  id: string
  /** The samples before and after it in the list, where there are any. */
  previousId: string | null
  nextId: string | null
  onShow: (id: string) => void
  onClose: () => void
}

/** One sample with everything that is known of it. */
export function SampleDrawer({ id, previousId, nextId, onShow, onClose }: SampleDrawerProps) {
  const { deployment, nowAt } = useDeployedView()
  const titleId = useId()
  const sample = useQueryMethod('samples.get', { deploymentId: deployment.id, id }, { keepsPrevious: true })
  return (
    <Drawer
      anchor="right"
      open
      onClose={onClose}
      slotProps={{ paper: { role: 'dialog', 'aria-labelledby': titleId, sx: { width: 'min(520px, 100vw)' } } }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' && nextId !== null) onShow(nextId)
        else if (event.key === 'ArrowUp' && previousId !== null) onShow(previousId)
        else return
        event.preventDefault()
      }}
    >
      <Box
        sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 2, py: 1, borderBottom: 1, borderColor: 'divider' }}
      >
        <Typography variant="h2" id={titleId} sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
          {`Sample ${id}`}
        </Typography>
        <Button disabled={previousId === null} onClick={() => previousId !== null && onShow(previousId)}>
          Previous
        </Button>
        <Button disabled={nextId === null} onClick={() => nextId !== null && onShow(nextId)}>
          Next
        </Button>
        <IconButton aria-label="Close the sample" onClick={onClose}>
          <CloseOutlined sx={{ fontSize: 18 }} />
        </IconButton>
      </Box>
      <Box sx={{ p: 2, overflow: 'auto', display: 'grid', gap: 2, alignContent: 'start' }}>
        <Answer query={sample} label="the sample" rows={8}>
          {({ sample: record, versionName }) => (
            <>
              <SampleFacts sample={record} versionName={versionName} nowAt={nowAt} />
              <NearestSamples sample={record} onShow={onShow} />
              {record.label === null && (
                <Link component={RouterLink} to={pathTo.review(deployment.id)} sx={{ typography: 'body2' }}>
                  Label samples on the Review page
                </Link>
              )}
            </>
          )}
        </Answer>
      </Box>
    </Drawer>
  )
}

function SampleFacts(props: { sample: LabelledSample; versionName: string; nowAt: number }) {
  const { sample, versionName, nowAt } = props
  const { version } = useDeployedView()
  const { byId } = useTargets()
  const blobs = version.schema.columns.flatMap(({ name, type }) => (isBlobKind(type) ? [{ name, type }] : []))
  const isWrong = sample.label !== null && sample.label !== sample.prediction
  const isClass = typeof sample.prediction === 'string'
  return (
    <>
      {blobs.map((column) => (
        <BlobView key={column.name} sample={sample} column={column} size={256} />
      ))}
      <KeyValue
        items={[
          { label: 'Prediction', value: <strong>{sample.prediction}</strong> },
          {
            label: 'Label',
            value:
              sample.label === null ? (
                'not yet labelled'
              ) : (
                <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5 }}>
                  <strong>{sample.label}</strong>
                  {isClass && <Status status={isWrong ? 'breach' : 'ok'} label={isWrong ? 'wrong' : 'right'} />}
                  {!isClass && <span>{`error ${formatNumber(Number(sample.prediction) - Number(sample.label))}`}</span>}
                </Box>
              ),
          },
          ...(sample.labelledAt === null
            ? []
            : [
                {
                  label: 'Labelled',
                  value: (
                    <>
                      <Time at={sample.labelledAt} nowAt={nowAt} />
                      {sample.labelSource !== null && ` by ${sample.labelSource}`}
                    </>
                  ),
                },
              ]),
          { label: 'Event time', value: <Time at={sample.at} nowAt={nowAt} withSeconds /> },
          { label: 'Arrived', value: `${formatDuration(sample.arrivedAt - sample.at)} later` },
          { label: 'Version', value: versionName },
          { label: 'Latency', value: sample.latencyMs === null ? absent : formatDuration(sample.latencyMs) },
          {
            label: 'Device',
            value:
              sample.deviceId === null ? (
                absent
              ) : (
                <Link component={RouterLink} to={pathTo.device(sample.deviceId)}>
                  {byId.get(sample.deviceId)?.name ?? sample.deviceId}
                </Link>
              ),
          },
          ...(sample.seq === null ? [] : [{ label: 'Sequence', value: String(sample.seq) }]),
        ]}
      />
      {sample.scores !== null && <Scores scores={sample.scores} />}
      <SampleExplanation key={sample.id} sample={sample} />
      <Inputs sample={sample} columns={version.schema.columns} />
    </>
  )
}

export const digestIn = (sample: LabelledSample, column: string) => placeIn(sample, column).digest

export function Scores({ scores }: { scores: Record<string, number> }) {
  const rows = Object.entries(scores).sort(([, left], [, right]) => right - left)
  return (
    <Box component="section" aria-label="Scores" sx={{ typography: 'body2', display: 'grid', gap: 0.75 }}>
      {rows.slice(0, 10).map(([name, score]) => (
        <Box
          key={name}
          sx={{ display: 'grid', gridTemplateColumns: '132px minmax(0, 1fr) 56px', gap: 1, alignItems: 'center' }}
        >
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {name}
          </Box>
          <Box aria-hidden sx={{ height: 6, bgcolor: 'divider' }}>
            <Box sx={{ height: 6, width: `${Math.max(0, Math.min(1, score)) * 100}%`, bgcolor: 'primary.main' }} />
          </Box>
          <Box component="span" sx={{ textAlign: 'right', fontVariantNumeric: 'tabular-nums' }}>
            {formatFixed(score, 3)}
          </Box>
        </Box>
      ))}
    </Box>
  )
}

/** Every input under its declared name; what lies outside its declared bounds says so. */
function Inputs({ sample, columns }: { sample: LabelledSample; columns: readonly ColumnSpec[] }) {
  const declared = new Set(columns.map(({ name }) => name))
  const others = Object.keys(sample.inputs).filter((name) => !declared.has(name))
  return (
    <Box component="section" aria-label="Inputs">
      <Typography variant="h3">Inputs</Typography>
      <KeyValue
        items={[
          ...columns
            .filter(({ type }) => !isBlobKind(type))
            .map((column) => ({ label: column.name, value: <InputValue sample={sample} column={column} /> })),
          ...others.map((name) => ({
            label: name,
            value: `${String(sample.inputs[name] ?? 'missing')} (not declared)`,
          })),
        ]}
      />
    </Box>
  )
}

function InputValue({ sample, column }: { sample: LabelledSample; column: ColumnSpec }) {
  const value = sample.inputs[column.name] ?? null
  const fault = faultOf(value, column)
  const text =
    value === null
      ? 'missing'
      : `${typeof value === 'number' ? formatNumber(value, 5) : value}${column.unit === undefined ? '' : ` ${column.unit}`}`
  return (
    <Box component="span" sx={{ display: 'inline-flex', gap: 1.5 }}>
      {text}
      {fault !== null && <Status status="warning" label={fault} />}
    </Box>
  )
}

function faultOf(value: LabelledSample['inputs'][string] | null, column: ColumnSpec): string | null {
  if (value === null) return column.isRequired ? 'required' : null
  if (column.range !== undefined && typeof value === 'number' && (value < column.range[0] || value > column.range[1])) {
    return `outside ${formatNumber(column.range[0])} to ${formatNumber(column.range[1])}`
  }
  return column.categories !== undefined && !column.categories.includes(String(value))
    ? 'not a declared category'
    : null
}
