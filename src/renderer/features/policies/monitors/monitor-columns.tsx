import Box from '@mui/material/Box'
import type { TableColumn } from '../../../widgets/DataTable.tsx'
import { absent, formatDuration, formatInstant, formatRelative } from '../../../widgets/format.ts'
import { Status } from '../../../widgets/Status.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { nameOfTarget, type TargetInfo } from '../../shared/use-targets.ts'
import { kindWord } from '../../shared/words.ts'
import { scheduleWords } from './cron.ts'
import type { MonitorRow } from './MonitorsPage.tsx'

type Context = {
  nowAt: number
  byId: ReadonlyMap<string, TargetInfo>
  isBusy: boolean
  onRun: (id: string) => void
  onEdit: (id: string) => void
}

export const monitorColumns = ({ nowAt, byId, isBusy, onRun, onEdit }: Context): TableColumn<MonitorRow>[] => [
  {
    id: 'name',
    header: 'Monitor',
    sortKey: ({ record }) => record.name,
    title: ({ record }) => record.name,
    render: ({ record }) => (
      <Two first={record.name} second={`${kindWord(record.kind)}, ${nameOfTarget(byId, record.target)}`} />
    ),
  },
  {
    id: 'schedule',
    header: 'Asked',
    width: '22%',
    title: ({ record }) => record.schedule ?? '',
    render: ({ record }) => (
      <Two
        first={scheduleWords(record.schedule)}
        second={record.everyNewItems === null ? '' : `and after ${record.everyNewItems} new items`}
      />
    ),
  },
  {
    id: 'window',
    header: 'About',
    width: 104,
    sortKey: ({ record }) => record.windowMs,
    render: ({ record }) => (
      <Two
        first={formatDuration(record.windowMs)}
        second={record.delayMs === 0 ? '' : `${formatDuration(record.delayMs)} ago`}
      />
    ),
  },
  {
    id: 'last',
    header: 'Last asked',
    width: 110,
    sortKey: ({ lastRunAt }) => lastRunAt,
    title: ({ lastRunAt }) => `${formatInstant(lastRunAt)} UTC`,
    render: ({ lastRunAt }) => (lastRunAt === null ? 'never' : formatRelative(lastRunAt, nowAt)),
  },
  {
    id: 'next',
    header: 'Next',
    width: 92,
    sortKey: ({ nextRunAt }) => nextRunAt,
    title: ({ nextRunAt }) => `${formatInstant(nextRunAt)} UTC`,
    render: ({ nextRunAt }) => (nextRunAt === null ? absent : formatRelative(nextRunAt, nowAt)),
  },
  {
    id: 'state',
    header: 'State',
    width: '16%',
    title: ({ lastProblem }) => lastProblem ?? '',
    render: ({ record, lastProblem }) =>
      !record.isEnabled ? (
        <Status status="unknown" label="Switched off" />
      ) : lastProblem === null ? (
        <Status status="ok" label="Works" />
      ) : (
        <>
          <Status status="warning" label="Not answered" />
          <Box sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>{lastProblem}</Box>
        </>
      ),
  },
  {
    id: 'do',
    header: 'Do',
    width: 196,
    align: 'right',
    render: ({ record }) => (
      <>
        <GuardedButton
          method="monitors.runNow"
          aria-label={`Run ${record.name} now`}
          whyNot={isBusy ? 'One is running' : null}
          sx={{ minHeight: 26, py: 0 }}
          onClick={() => onRun(record.id)}
        >
          Run now
        </GuardedButton>
        <GuardedButton
          method="monitors.save"
          aria-label={`Edit ${record.name}`}
          sx={{ minHeight: 26, py: 0 }}
          onClick={() => onEdit(record.id)}
        >
          Edit
        </GuardedButton>
      </>
    ),
  },
]

function Two({ first, second }: { first: string; second: string }) {
  return (
    <>
      <Box sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{first}</Box>
      <Box sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis' }}>{second}</Box>
    </>
  )
}
