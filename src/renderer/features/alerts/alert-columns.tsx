import Box from '@mui/material/Box'
import type { OutputOf } from '../../../contract/api.ts'
import { pathTo } from '../../data/paths.ts'
import type { TableColumn } from '../../widgets/DataTable.tsx'
import { formatCount, formatInstant, formatRelative } from '../../widgets/format.ts'
import { PathLink } from '../shared/PathLink.tsx'
import { Severity } from '../shared/Severity.tsx'
import { nameOfTarget, type TargetInfo } from '../shared/use-targets.ts'
import { stateWords } from './inbox.ts'

type AlertRow = OutputOf<'alerts.list'>['items'][number]
type Context = { nowAt: number; byId: ReadonlyMap<string, TargetInfo>; nameOf: (id: string | null) => string }

export const alertColumns = ({ nowAt, byId, nameOf }: Context): TableColumn<AlertRow>[] => [
  {
    id: 'severity',
    header: 'Severity',
    width: 112,
    sortKey: ({ record }) => (record.severity === 'critical' ? 0 : 1),
    render: ({ record }) => <Severity severity={record.severity} />,
  },
  {
    id: 'title',
    header: 'Alert and its newest finding',
    sortKey: ({ record }) => record.title,
    title: ({ record }) => record.message,
    render: ({ record }) => (
      <>
        <PathLink underline="hover" to={pathTo.alert(record.id)} sx={{ fontWeight: 560 }}>
          {record.title}
        </PathLink>
        <Box sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>{record.message}</Box>
      </>
    ),
  },
  {
    id: 'target',
    header: 'About',
    width: '16%',
    sortKey: ({ record }) => nameOfTarget(byId, record.target),
    title: ({ record }) => nameOfTarget(byId, record.target),
    render: ({ record }) => nameOfTarget(byId, record.target),
  },
  {
    id: 'since',
    header: 'Since',
    width: 116,
    sortKey: ({ record }) => record.beganAt,
    title: ({ record }) => `${formatInstant(record.beganAt)} UTC`,
    render: ({ record }) => (
      <TwoLines
        first={formatRelative(record.beganAt, nowAt)}
        second={`${formatCount(record.occurrences)} ${record.occurrences === 1 ? 'breach' : 'breaches'}`}
      />
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 132,
    sortKey: ({ record }) => stateWords[record.state],
    render: ({ record }) => (
      <TwoLines
        first={stateWords[record.state]}
        second={record.assigneeId === null ? 'nobody assigned' : nameOf(record.assigneeId)}
      />
    ),
  },
  {
    id: 'linked',
    header: 'Linked',
    width: 92,
    align: 'right',
    hint: 'Other alerts of the same incident',
    title: ({ record }) => record.linkReason ?? '',
    sortKey: ({ record }) => record.linkedAlertIds.length,
    render: ({ record }) => formatCount(record.linkedAlertIds.length),
  },
]

function TwoLines({ first, second }: { first: string; second: string }) {
  return (
    <>
      {first}
      <Box sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>{second}</Box>
    </>
  )
}
