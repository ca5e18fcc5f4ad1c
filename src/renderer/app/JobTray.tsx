import ChecklistOutlined from '@mui/icons-material/ChecklistOutlined'
import Badge from '@mui/material/Badge'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import Popover from '@mui/material/Popover'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'
import { useId, useState } from 'react'
import type { Job } from '../../contract/workspace.ts'
import { hasEnded, useJobs } from '../data/jobs.ts'
import { useMay } from '../data/session.ts'
import { useNow } from '../data/use-now.ts'
import { useCommand } from '../rpc/hooks.ts'
import { formatDuration } from '../widgets/format.ts'
import { Progress } from '../widgets/Progress.tsx'
import { Empty } from '../widgets/States.tsx'
import { Status, type StatusKind } from '../widgets/Status.tsx'
import { Time } from '../widgets/Time.tsx'

/** Long work: what runs, with progress and a way to stop it, and how the last ended. */
export function JobTray() {
  const jobs = useJobs()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const titleId = useId()
  const running = jobs.filter((job) => !hasEnded(job))
  const ended = jobs.filter(hasEnded).slice(0, 20)
  const label = running.length === 0 ? 'Jobs, none running' : `Jobs, ${running.length} running`
  return (
    <>
      <Tooltip title={label}>
        <IconButton
          aria-label={label}
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <Badge badgeContent={running.length} color="primary">
            <ChecklistOutlined sx={{ fontSize: 18 }} />
          </Badge>
        </IconButton>
      </Tooltip>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{
          paper: {
            variant: 'elevation',
            elevation: 3,
            role: 'dialog',
            'aria-labelledby': titleId,
            sx: { width: 460, maxHeight: '70vh' },
          },
        }}
      >
        <Typography variant="h2" id={titleId} sx={{ px: 2, py: 1.25 }}>
          Jobs
        </Typography>
        {jobs.length === 0 && (
          <Empty title="No jobs yet" hint="Analyses, imports, test runs and exports show here while they run." />
        )}
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {running.map((job) => (
            <RunningJob key={job.id} job={job} />
          ))}
          {ended.map((job) => (
            <EndedJob key={job.id} job={job} />
          ))}
        </Box>
      </Popover>
    </>
  )
}

function RunningJob({ job }: { job: Job }) {
  const cancelling = useCommand('jobs.cancel')
  const mayCancel = useMay('jobs.cancel')
  return (
    <Box component="li" sx={{ px: 2, py: 1.25, borderTop: 1, borderColor: 'divider' }}>
      <Progress
        label={job.title}
        detail={job.state === 'queued' ? 'waiting for its turn' : job.message}
        done={job.progress}
        cancelling={cancelling.isPending || cancelling.isSuccess}
        onCancel={mayCancel ? () => cancelling.mutate({ id: job.id }) : undefined}
      />
    </Box>
  )
}

const endings: Record<Job['state'], { status: StatusKind; word: string }> = {
  succeeded: { status: 'ok', word: 'Done' },
  failed: { status: 'breach', word: 'Failed' },
  cancelled: { status: 'unknown', word: 'Cancelled' },
  queued: { status: 'unknown', word: 'Queued' },
  running: { status: 'unknown', word: 'Running' },
}

function EndedJob({ job }: { job: Job }) {
  const nowAt = useNow()
  const { status, word } = endings[job.state]
  return (
    <Box component="li" sx={{ px: 2, py: 1, borderTop: 1, borderColor: 'divider', typography: 'body2' }}>
      <Box sx={{ display: 'flex', gap: 1.5, justifyContent: 'space-between' }}>
        <Box component="span" sx={{ fontWeight: 560, minWidth: 0 }}>
          {job.title}
        </Box>
        <Status status={status} label={word} />
      </Box>
      {(job.problem ?? job.message) !== '' && (
        <Box sx={{ color: job.problem === null ? 'text.secondary' : 'status.breach', overflowWrap: 'anywhere' }}>
          {job.problem ?? job.message}
        </Box>
      )}
      <Box sx={{ typography: 'caption', color: 'text.secondary' }}>
        <Time at={job.finishedAt} nowAt={nowAt} />
        {job.finishedAt !== null && ` · took ${formatDuration(job.finishedAt - job.startedAt)}`}
      </Box>
    </Box>
  )
}
