import Box from '@mui/material/Box'
import type { DriftPart } from '../../../../contract/drift-detail.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { formatCount, formatFixed, formatPercent, formatPValue } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'

type Row = DriftPart['levels'][number] & { readonly by: string }

const columns: TableColumn<Row>[] = [
  { id: 'by', header: 'By', width: 130, sortKey: ({ by }) => by, render: ({ by }) => by },
  {
    id: 'level',
    header: 'Level',
    sortKey: ({ level }) => level,
    title: ({ level }) => level,
    render: ({ level }) => level,
  },
  {
    id: 'explained',
    header: 'Makes of the drift',
    hint: 'What goes of the drift when these values are left out',
    align: 'right',
    width: 150,
    sortKey: ({ explained }) => explained,
    render: ({ explained, standsOut }) => (
      <Box component="span" sx={{ fontWeight: standsOut ? 600 : undefined }}>
        {explained === null ? 'unknown' : formatPercent(Math.min(1, explained))}
      </Box>
    ),
  },
  {
    id: 'share',
    header: 'Share of values',
    align: 'right',
    width: 130,
    sortKey: ({ share }) => share,
    render: ({ share }) => formatPercent(share),
  },
  {
    id: 'distance',
    header: 'Its distance',
    hint: 'Jensen–Shannon distance of its values from the reference',
    align: 'right',
    width: 110,
    sortKey: ({ distance }) => distance,
    render: ({ distance }) => formatFixed(distance, 3),
  },
  {
    id: 'without',
    header: 'Without it',
    hint: 'Jensen–Shannon distance of all other values from the reference',
    align: 'right',
    width: 110,
    sortKey: ({ without }) => without,
    render: ({ without }) => formatFixed(without, 3),
  },
  {
    id: 'p',
    header: 'Adjusted p',
    hint: 'That its values differ from the others of the window',
    align: 'right',
    width: 110,
    sortKey: ({ adjustedPValue }) => adjustedPValue,
    render: ({ adjustedPValue }) => formatPValue(adjustedPValue),
  },
  { id: 'n', header: 'n', align: 'right', width: 90, sortKey: ({ n }) => n, render: ({ n }) => formatCount(n) },
]

/** Where the drift of a column comes from: one device, one firmware, one site, a time of day. */
export function PartsSection({ name, parts }: { name: string; parts: readonly DriftPart[] }) {
  const rows = parts.flatMap(({ by, levels }) => levels.map((level) => ({ ...level, by })))
  return (
    <Section
      title={`Where the drift of ${name} comes from`}
      note={parts.map(({ sentence }) => sentence).join(' ')}
      flush
    >
      <DataTable
        label={`Where the drift of ${name} comes from`}
        columns={columns}
        rows={rows}
        rowKey={({ by, level }) => `${by}: ${level}`}
        maxHeight={320}
      />
    </Section>
  )
}
