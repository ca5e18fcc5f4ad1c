import Box from '@mui/material/Box'
import { pathTo } from '../../data/paths.ts'
import type { TableColumn } from '../../widgets/DataTable.tsx'
import { absent, formatCount, formatDuration, formatRelative } from '../../widgets/format.ts'
import { Status } from '../../widgets/Status.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { addressOf, brings, type ConnectionRow, kindWords, phaseWords, stateSentence } from './connection-words.ts'

const count = (
  id: 'received' | 'stored' | 'repeated' | 'refused' | 'held',
  header: string,
  hint: string,
): TableColumn<ConnectionRow> => ({
  id,
  header,
  hint,
  width: 82,
  align: 'right',
  sortKey: (row) => (brings(row.record.config.kind) ? (row.state.counters[id] ?? 0) : null),
  render: (row) => (brings(row.record.config.kind) ? formatCount(row.state.counters[id] ?? 0) : absent),
})

export const connectionColumns = (nowAt: number): TableColumn<ConnectionRow>[] => [
  {
    id: 'name',
    header: 'Connection',
    width: '22%',
    minWidth: 190,
    sortKey: ({ record }) => record.name,
    title: ({ record }) => addressOf(record),
    render: ({ record }) => (
      <>
        <PathLink underline="hover" to={pathTo.connection(record.id)} sx={{ fontWeight: 560 }}>
          {record.name}
        </PathLink>
        <Box sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>
          {kindWords[record.config.kind].word}
        </Box>
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    minWidth: 200,
    sortKey: ({ state }) => state.phase,
    title: (row) => stateSentence(row),
    render: (row) => (
      <>
        <Status status={phaseWords[row.state.phase].status} label={phaseWords[row.state.phase].word} />
        <Box sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>{stateSentence(row)}</Box>
      </>
    ),
  },
  count('received', 'Received', 'Items that came'),
  count('stored', 'Stored', 'Items that are durable'),
  count('repeated', 'Repeated', 'Items that came again and changed nothing'),
  count('refused', 'Refused', 'Items in the dead letters'),
  count('held', 'Held', 'Items of the future, held apart until their time comes'),
  {
    id: 'lag',
    header: 'Lag',
    width: 96,
    align: 'right',
    hint: 'Arrival after event of the newest item',
    sortKey: ({ state }) => state.counters.lagMs,
    render: ({ state }) => formatDuration(state.counters.lagMs),
  },
  {
    id: 'last',
    header: 'Last item',
    width: 100,
    sortKey: ({ state }) => state.counters.lastAt,
    render: ({ state }) => (state.counters.lastAt === null ? absent : formatRelative(state.counters.lastAt, nowAt)),
  },
]
