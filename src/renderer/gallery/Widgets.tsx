import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useState } from 'react'
import { ConfirmDialog } from '../app/ConfirmDialog.tsx'
import { SignatureDialog } from '../app/SignatureDialog.tsx'
import { Sparkline } from '../charts/Sparkline.tsx'
import { DataTable, type TableColumn } from '../widgets/DataTable.tsx'
import { Digest } from '../widgets/Digest.tsx'
import { Estimate } from '../widgets/Estimate.tsx'
import { formatDuration, formatFixed } from '../widgets/format.ts'
import { Hallmark } from '../widgets/Hallmark.tsx'
import { KeyValue } from '../widgets/KeyValue.tsx'
import { Progress } from '../widgets/Progress.tsx'
import { Section } from '../widgets/Section.tsx'
import { type SliceNode, SliceTree } from '../widgets/SliceTree.tsx'
import { Empty, ErrorState, Loading, Stale } from '../widgets/States.tsx'
import { Status } from '../widgets/Status.tsx'
import { Time } from '../widgets/Time.tsx'
import { nowAt, type SampleRow, sampleRows } from './data.ts'

const rows = sampleRows(100_000)

const columns: TableColumn<SampleRow>[] = [
  {
    id: 'at',
    header: 'Event time (UTC)',
    width: 230,
    sortKey: (row) => row.at,
    render: (row) => <Time at={row.at} nowAt={nowAt} />,
  },
  { id: 'id', header: 'Sample', sortKey: (row) => row.id, render: (row) => <code>{row.id}</code> },
  { id: 'prediction', header: 'Prediction', sortKey: (row) => row.prediction, render: (row) => row.prediction },
  { id: 'label', header: 'Label', sortKey: (row) => row.label, render: (row) => row.label ?? '–' },
  {
    id: 'score',
    header: 'Score',
    align: 'right',
    width: 90,
    sortKey: (row) => row.score,
    render: (row) => formatFixed(row.score, 3),
  },
  {
    id: 'latency',
    header: 'Latency',
    align: 'right',
    width: 100,
    sortKey: (row) => row.latencyMs,
    render: (row) => formatDuration(row.latencyMs),
  },
  {
    id: 'trend',
    header: 'Trend',
    width: 130,
    render: (row) => (
      <Sparkline
        label={`Score near ${row.id}`}
        values={[row.score, 0.7, row.latencyMs / 40, Number.NaN, 0.8, row.score]}
        limit={0.6}
      />
    ),
  },
]

const tree: SliceNode = {
  id: 'all',
  condition: 'all samples',
  coverage: 1,
  errorCoverage: 1,
  errorRate: { value: 0.09, n: 1204, interval: [0.075, 0.107] },
  status: 'warning',
  children: [
    {
      id: 'dark',
      condition: 'brightness < 42.5',
      coverage: 0.22,
      errorCoverage: 0.71,
      errorRate: { value: 0.29, n: 265, interval: [0.238, 0.347] },
      status: 'breach',
      children: [
        {
          id: 'tilt',
          condition: 'tilt ≥ 8.1',
          coverage: 0.08,
          errorCoverage: 0.41,
          errorRate: { value: 0.46, n: 96, interval: [0.363, 0.559] },
          status: 'breach',
          children: [],
        },
        {
          id: 'straight',
          condition: 'tilt < 8.1',
          coverage: 0.14,
          errorCoverage: 0.3,
          errorRate: { value: 0.19, n: 169, interval: [0.138, 0.256] },
          status: 'warning',
          children: [],
        },
      ],
    },
    {
      id: 'light',
      condition: 'brightness ≥ 42.5',
      coverage: 0.78,
      errorCoverage: 0.29,
      errorRate: { value: 0.033, n: 939, interval: [0.023, 0.046] },
      status: 'ok',
      children: [],
    },
  ],
}

export function Widgets() {
  const [dialog, setDialog] = useState<'confirm' | 'sign' | null>(null)
  const [selected, setSelected] = useState<string | null>(rows[2].id)
  const close = () => setDialog(null)
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Section title="Key figures">
        <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(170px, 1fr))', gap: 3 }}>
          <Estimate variant="figure" label="Accuracy" estimate={{ value: 0.9112, n: 1204, interval: [0.894, 0.926] }} />
          <Estimate
            variant="figure"
            label="Dogs called"
            unit="percent"
            estimate={{ value: 0.58, n: 9120, interval: [0.57, 0.59] }}
          />
          <Estimate
            variant="figure"
            label="Latency, p95"
            unit="milliseconds"
            estimate={{ value: 38.2, n: 9120, interval: null }}
          />
          <Estimate
            variant="figure"
            label="Night, recall"
            estimate={{ value: null, n: 12, interval: null, note: 'insufficient: 30 needed' }}
          />
        </Box>
      </Section>
      <Section title="Words for a state" note="Shape and word before colour">
        <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 3 }}>
          <Status status="ok" />
          <Status status="warning" />
          <Status status="breach" />
          <Status status="insufficient" />
          <Status status="stale" />
          <Status status="unknown" />
          <Hallmark
            label="certified"
            detail="By Q. Expert on 2026-11-20 09:12 UTC"
            onShowProof={() => setDialog('confirm')}
          />
          <Button variant="contained" onClick={() => setDialog('sign')}>
            Certify
          </Button>
          <Button variant="outlined" onClick={() => setDialog('confirm')}>
            Roll back
          </Button>
        </Box>
      </Section>
      <Section title="Samples" note="100,000 rows" flush>
        <DataTable
          label="Samples"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          selectedKey={selected}
          onRowOpen={(row) => setSelected(row.id)}
          maxHeight={260}
        />
      </Section>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(420px, 1fr))' }}>
        <Section title="Where the errors are">
          <SliceTree label="Error slices" root={tree} selectedId="tilt" onSelect={() => {}} />
        </Section>
        <Section title="Version 1.4">
          <KeyValue
            items={[
              { label: 'Model', value: 'cat-dog' },
              {
                label: 'Artifact',
                value: (
                  <Digest
                    label="artifact digest"
                    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                  />
                ),
              },
              { label: 'Registered', value: <Time at={nowAt - 3_700_000} nowAt={nowAt} /> },
              {
                label: 'Accuracy',
                value: <Estimate estimate={{ value: 0.9112, n: 1204, interval: [0.894, 0.926] }} />,
              },
            ]}
          />
          <Box sx={{ mt: 2 }}>
            <Progress label="Testing cat-dog 1.4" detail="robustness, 412 of 1,000" done={0.41} onCancel={() => {}} />
          </Box>
        </Section>
        <Section title="Nothing here">
          <Empty
            title="No releases yet"
            hint="A release begins when a pipeline registers a version, or when you propose one."
            action={{ label: 'Propose a release', onClick: () => {} }}
          />
        </Section>
        <Section title="Troubles">
          <Box sx={{ display: 'grid', gap: 1.5 }}>
            <Stale
              lastAt={nowAt - 5_400_000}
              nowAt={nowAt}
              reason="camera-1 has been silent since."
              onRefresh={() => {}}
            />
            <ErrorState message="The service did not answer within 10 s." onRetry={() => {}} />
            <Loading rows={2} />
          </Box>
        </Section>
      </Box>
      <ConfirmDialog
        open={dialog === 'confirm'}
        title="Roll back cat-dog in production?"
        confirmLabel="Roll back"
        destructive
        onConfirm={close}
        onClose={close}
      >
        Version 1.3 will answer again. The open alert keeps this action, and you can switch forward later.
      </ConfirmDialog>
      <SignatureDialog
        open={dialog === 'sign'}
        title="Certify cat-dog 1.4"
        statement="You state that this version passed test plan 3 on the evidence shown. It is valid for 90 days inside its operating envelope."
        meanings={[
          { value: 'review', label: 'Review' },
          { value: 'approval', label: 'Approval' },
        ]}
        signerName="Q. Expert"
        confirmLabel="Sign and certify"
        onSign={close}
        onClose={close}
      />
    </Box>
  )
}
