import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useEffect, useMemo, useState } from 'react'
import { isBlobKind } from '../../../../contract/blob.ts'
import type { Version } from '../../../../contract/model.ts'
import type { Window } from '../../../../contract/primitives.ts'
import type { LabelledSample } from '../../../../contract/sample.ts'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import {
  absent,
  formatCount,
  formatDuration,
  formatFixed,
  formatInstant,
  formatNumber,
} from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { BlobCell } from '../../shared/blobs/BlobCell.tsx'
import { usePages } from '../../shared/use-pages.ts'
import { useDeployedView } from '../model-view.ts'
import { SampleDrawer } from '../samples/SampleDrawer.tsx'
import { SampleFilters } from '../samples/SampleFilters.tsx'
import { meets } from '../samples/slice.ts'
import { useSampleFilter } from '../samples/use-sample-filter.ts'

const pageSize = 500
/** A slice is looked for in the page, among at most this many samples. */
const mostLookedAt = 50_000
/** So many of a slice are gathered before the person scrolls. */
const enough = 60

/** What came in, sample by sample. */
export function SamplesTab() {
  const { deployment, version, versions, window: moving, health } = useDeployedView()
  const { window, renew } = useHeldWindow(moving)
  const { filter, wire, change } = useSampleFilter()
  const [sampleId, setSampleId] = useSearchValue('sample')
  const pages = usePages(
    'samples.list',
    { deploymentId: deployment.id, window, limit: pageSize, filter: wire },
    // What is being read stays in its place; the newest come when asked for.
    {},
  )
  const loaded = pages.data
  const { slice } = filter
  const rows = useMemo(
    () =>
      slice === null
        ? (loaded ?? [])
        : (loaded ?? []).filter((sample) => slice.every((condition) => meets(sample, condition))),
    [loaded, slice],
  )
  const lookedAt = loaded?.length ?? 0
  const { loadMore, hasNextPage, isFetchingNextPage } = pages
  useEffect(() => {
    const isShort = slice !== null && rows.length < enough && lookedAt < mostLookedAt
    if (isShort && hasNextPage && !isFetchingNextPage) loadMore()
  }, [slice, rows.length, lookedAt, hasNextPage, isFetchingNextPage, loadMore])

  const columns = useMemo(() => columnsOf(version, versions), [version, versions])
  const hasPictures = version.schema.columns.some(({ type }) => type === 'image')
  const lastSeenAt = health?.lastSeenAt ?? null
  const isBehind =
    loaded !== undefined && lastSeenAt !== null && lastSeenAt > pages.dataUpdatedAt && lastSeenAt < moving.to
  const place = rows.findIndex(({ id }) => id === sampleId)
  return (
    <>
      <SampleFilters filter={filter} onChange={change} />
      <Section
        title="Samples"
        note={
          slice === null
            ? `${formatCount(rows.length)} shown, newest first${hasNextPage ? '; more come as you scroll' : ''}`
            : `${formatCount(rows.length)} in the slice, of ${formatCount(lookedAt)} looked at${hasNextPage ? ' so far' : ''}`
        }
        actions={
          isBehind && (
            <Button
              onClick={() => {
                renew()
                void pages.refetch()
              }}
            >
              Newer samples came in: show them
            </Button>
          )
        }
        flush
      >
        <DataTable
          label="Samples"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          rowHeight={hasPictures ? 44 : 34}
          selectedKey={sampleId}
          onRowOpen={(row) => setSampleId(row.id)}
          maxHeight="max(320px, calc(100vh - 380px))"
          loading={pages.isFetching}
          error={
            pages.error === null || loaded !== undefined
              ? null
              : { message: pages.error.message, onRetry: () => void pages.refetch() }
          }
          empty={
            <Empty
              title="No samples match"
              hint="Widen the window or the filter. Samples come from a broker, an endpoint, a push, or an imported file."
            />
          }
          onEndReached={loadMore}
        />
      </Section>
      {sampleId !== null && (
        <SampleDrawer
          id={sampleId}
          previousId={rows[place - 1]?.id ?? null}
          nextId={place === -1 ? null : (rows[place + 1]?.id ?? null)}
          onShow={setSampleId}
          onClose={() => setSampleId(null)}
        />
      )}
    </>
  )
}

/** A preset moves on with time; the list keeps the window it was opened with until another is chosen or asked for. */
function useHeldWindow(moving: Window): { window: Window; renew: () => void } {
  const [held, setHeld] = useState(moving)
  const isSameLength = moving.to - moving.from === held.to - held.from
  const hasOnlyMovedOn = isSameLength && moving.to >= held.to && moving.to - held.to < 24 * 3_600_000
  if (!hasOnlyMovedOn) setHeld(moving)
  return { window: hasOnlyMovedOn ? held : moving, renew: () => setHeld(moving) }
}

/** Input columns that fit beside the others; the rest stands in the sample's own view. */
const inputsShown = 4

function columnsOf(version: Version, versions: readonly Version[]): TableColumn<LabelledSample>[] {
  const { columns: specs, task } = version.schema
  const blobs = specs.flatMap(({ name, type }) => (isBlobKind(type) ? [{ name, type }] : []))
  const inputs = specs.filter(({ type }) => !isBlobKind(type)).slice(0, inputsShown)
  const isRegression = task === 'regression'
  const says = (value: LabelledSample['prediction']) => (typeof value === 'number' ? formatNumber(value, 5) : value)
  return [
    {
      id: 'at',
      header: 'Event time (UTC)',
      width: 162,
      sortKey: ({ at }) => at,
      render: ({ at }) => formatInstant(at, true),
    },
    ...blobs.map(
      (column): TableColumn<LabelledSample> => ({
        id: `blob:${column.name}`,
        header: column.name,
        width: column.type === 'text' ? 240 : column.type === 'image' ? 72 : 100,
        render: (row) => <BlobCell sample={row} column={column} />,
      }),
    ),
    { id: 'id', header: 'Sample', minWidth: 140, title: ({ id }) => id, render: ({ id }) => <code>{id}</code> },
    {
      id: 'prediction',
      header: 'Prediction',
      width: 104,
      sortKey: ({ prediction }) => prediction,
      render: ({ prediction }) => says(prediction),
    },
    {
      id: 'label',
      header: 'Label',
      width: 116,
      sortKey: ({ label }) => label,
      render: ({ label, prediction }) => {
        if (label === null) return <Box sx={{ color: 'text.secondary' }}>{absent}</Box>
        if (isRegression) return says(label)
        const isWrong = label !== prediction
        return (
          <Box sx={{ display: 'flex', gap: 1 }}>
            <Status status={isWrong ? 'breach' : 'ok'} label={`${label}, ${isWrong ? 'wrong' : 'right'}`} />
          </Box>
        )
      },
    },
    ...(isRegression
      ? []
      : [
          {
            id: 'score',
            header: 'Score',
            hint: 'Score of the predicted class',
            align: 'right' as const,
            width: 70,
            sortKey: ({ scores, prediction }: LabelledSample) => scores?.[prediction],
            render: ({ scores, prediction }: LabelledSample) => formatFixed(scores?.[prediction], 3),
          },
        ]),
    ...inputs.map(
      ({ name, type, unit }): TableColumn<LabelledSample> => ({
        id: `input:${name}`,
        header: unit === undefined ? name : `${name}, ${unit}`,
        align: type === 'numeric' ? 'right' : 'left',
        width: 94,
        sortKey: (row) => sortable(row.inputs[name]),
        render: (row) => {
          const value = row.inputs[name] ?? null
          return value === null ? absent : typeof value === 'number' ? formatNumber(value, 4) : String(value)
        },
      }),
    ),
    {
      id: 'latency',
      header: 'Latency',
      align: 'right',
      width: 82,
      sortKey: ({ latencyMs }) => latencyMs,
      render: ({ latencyMs }) => formatDuration(latencyMs),
    },
    {
      id: 'version',
      header: 'Version',
      width: 84,
      sortKey: ({ versionId }) => versionId,
      render: ({ versionId }) => versions.find(({ id }) => id === versionId)?.name ?? versionId,
    },
  ]
}

const sortable = (value: LabelledSample['inputs'][string] | undefined) =>
  typeof value === 'boolean' ? String(value) : (value ?? null)
