import Box from '@mui/material/Box'
import type { OutputOf } from '../../../contract/api.ts'
import { pathTo } from '../../data/paths.ts'
import type { TableColumn } from '../../widgets/DataTable.tsx'
import { absent, formatCount, formatInstant, formatRelative } from '../../widgets/format.ts'
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
        <PathLink to={pathTo.alert(record.id)} sx={{ fontWeight: 560 }}>
          {record.title}
        </PathLink>
        <Box sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>{record.message}</Box>
      </>
    ),
  },
  {
    id: 'target',
    header: 'About',
    width: '15%',
    sortKey: ({ record }) => nameOfTarget(byId, record.target),
    title: ({ record }) => nameOfTarget(byId, record.target),
    render: ({ record }) => nameOfTarget(byId, record.target),
  },
  {
    id: 'since',
    header: 'Since',
    width: 96,
    sortKey: ({ record }) => record.beganAt,
    title: ({ record }) => `${formatInstant(record.beganAt)} UTC`,
    render: ({ record }) => formatRelative(record.beganAt, nowAt),
  },
  {
    id: 'occurrences',
    header: 'Breaches',
    width: 106,
    align: 'right',
    hint: 'Findings that breached so far',
    sortKey: ({ record }) => record.occurrences,
    render: ({ record }) => formatCount(record.occurrences),
  },
  {
    id: 'linked',
    header: 'Linked',
    width: 94,
    align: 'right',
    hint: 'Other alerts of the same incident',
    title: ({ record }) => record.linkReason ?? '',
    sortKey: ({ record }) => record.linkedAlertIds.length,
    render: ({ record }) => formatCount(record.linkedAlertIds.length),
  },
  {
    id: 'state',
    header: 'State',
    width: 120,
    sortKey: ({ record }) => stateWords[record.state],
    render: ({ record }) => stateWords[record.state],
  },
  {
    id: 'assignee',
    header: 'Assigned to',
    width: 128,
    sortKey: ({ record }) => (record.assigneeId === null ? null : nameOf(record.assigneeId)),
    render: ({ record }) => (record.assigneeId === null ? absent : nameOf(record.assigneeId)),
  },
]
