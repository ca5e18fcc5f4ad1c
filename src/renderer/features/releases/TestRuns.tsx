import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { TestRun } from '../../../contract/release.ts'
import { hasEnded, useJobs } from '../../data/jobs.ts'
import { formatInstant } from '../../widgets/format.ts'
import { Section } from '../../widgets/Section.tsx'
import { Empty, ErrorState } from '../../widgets/States.tsx'
import { JobProgress } from '../shared/JobProgress.tsx'
import { GateTable } from './GateTable.tsx'
import type { ReleaseAnswer } from './release-headline.ts'

const runWords: Record<TestRun['state'], string> = {
  running: 'running',
  passed: 'passed',
  failed: 'failed',
  error: 'could not be finished',
  cancelled: 'cancelled',
}

/** What the tests measured: the newest run, or an earlier one. */
export function TestRuns({ answer }: { answer: ReleaseAnswer }) {
  const { release, runs, plan, versionName } = answer
  const [chosenId, setChosenId] = useState<string | null>(null)
  const newestFirst = [...runs].sort((left, right) => right.startedAt - left.startedAt)
  const run = newestFirst.find(({ id }) => id === chosenId) ?? newestFirst[0] ?? null
  const job = useJobs().find(
    ({ kind, title, ...each }) =>
      kind === 'test-run' && title.endsWith(versionName) && !hasEnded({ kind, title, ...each }),
  )
  const isTesting = release.record.state === 'testing'
  return (
    <Section
      title="Gates"
      flush
      note={
        run === null
          ? `${plan.record.name}, revision ${plan.revision}`
          : `${plan.record.name}, revision ${run.planRevision}, asked through ${run.endpointUrl}`
      }
      actions={
        newestFirst.length > 1 && (
          <TextField
            select
            label="Test run"
            value={run?.id ?? ''}
            onChange={(event) => setChosenId(event.target.value)}
            sx={{ minWidth: 230 }}
          >
            {newestFirst.map(({ id, startedAt, state }) => (
              <MenuItem key={id} value={id}>{`${formatInstant(startedAt)} UTC, ${runWords[state]}`}</MenuItem>
            ))}
          </TextField>
        )
      }
    >
      <JobOrNothing jobId={isTesting ? (job?.id ?? null) : null} name={versionName} />
      {run?.problem != null && <ErrorState title={`The test run ${runWords[run.state]}`} message={run.problem} />}
      {run === null || (run.gates.length === 0 && !isTesting) ? (
        <Empty
          title="No test has been run yet"
          hint={`${plan.record.gates.length} gates wait: ${plan.record.gates.map(({ title }) => title).join(', ')}.`}
        />
      ) : (
        <GateTable gates={run.gates} plan={plan.record} />
      )}
    </Section>
  )
}

function JobOrNothing({ jobId, name }: { jobId: string | null; name: string }) {
  return jobId === null ? null : <JobProgress jobId={jobId} label={`Testing ${name}`} />
}
