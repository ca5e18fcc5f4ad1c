import Box from '@mui/material/Box'
import type { QualificationCase } from '../../../contract/qualification.ts'
import { useJobCommand } from '../../data/jobs.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { DataTable, type TableColumn } from '../../widgets/DataTable.tsx'
import { formatNumber } from '../../widgets/format.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { Section } from '../../widgets/Section.tsx'
import { ErrorState } from '../../widgets/States.tsx'
import { Status } from '../../widgets/Status.tsx'
import { Answer } from '../shared/Answer.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { JobProgress } from '../shared/JobProgress.tsx'

const groups: Record<QualificationCase['group'], string> = {
  'known-answer': 'known answer',
  'null-calibration': 'no difference',
  coverage: 'coverage',
}

const columns: TableColumn<QualificationCase>[] = [
  {
    id: 'verdict',
    header: 'Verdict',
    width: 95,
    render: ({ isPassed }) => <Status status={isPassed ? 'ok' : 'breach'} label={isPassed ? 'Passed' : 'Failed'} />,
    sortKey: ({ isPassed }) => (isPassed ? 1 : 0),
  },
  {
    id: 'group',
    header: 'Kind',
    width: 115,
    render: ({ group }) => groups[group],
    sortKey: ({ group }) => group,
    hint: 'A known answer; how often a test rejects where there is no difference; how often an interval holds the truth',
  },
  {
    id: 'subject',
    header: 'Of',
    width: '17%',
    render: ({ subject }) => subject,
    sortKey: ({ subject }) => subject,
    title: ({ subject }) => subject,
  },
  { id: 'name', header: 'Case', render: ({ name }) => name, title: ({ name }) => name },
  {
    id: 'expected',
    header: 'Expected',
    width: 85,
    align: 'right',
    render: ({ expected }) => formatNumber(expected, 5),
  },
  { id: 'got', header: 'Got', width: 85, align: 'right', render: ({ got }) => formatNumber(got, 5) },
  {
    id: 'within',
    header: 'Passes within',
    width: 150,
    align: 'right',
    render: ({ low, high }) => (high - low < 1e-6 ? 'nine digits' : `${formatNumber(low)} to ${formatNumber(high)}`),
  },
  {
    id: 'source',
    header: 'Known from',
    width: '13%',
    render: ({ source }) => source,
    title: ({ source }) => source,
  },
]

/** Whether the engine has proved itself on this machine, case by case. */
export function QualificationSection() {
  const query = useQueryMethod('qualification.get', {}, { follows: { records: ['settings'] } })
  const run = useJobCommand('qualification.run')
  const isShown = run.job !== null && run.job.state !== 'succeeded'
  return (
    <Section
      title="Qualification of the engine"
      note="The installed engine answers what is known from closed forms and printed tables; its tests and intervals are held to what they promise by seeded simulation. The result is stamped into reports and audit exports."
      actions={
        <GuardedButton
          method="qualification.run"
          variant="outlined"
          whyNot={run.isBusy ? 'It is being examined' : null}
          onClick={() => run.start({})}
        >
          Examine the engine
        </GuardedButton>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        {isShown && run.job !== null && <JobProgress jobId={run.job.id} label="Examining the engine" />}
        {run.job === null && run.problem !== null && (
          <ErrorState title="It could not be examined" message={run.problem} />
        )}
        <Answer query={query} label="qualification" rows={3}>
          {({ headline, result }) => (
            <>
              <Headline {...headline} label="Qualification" />
              {result !== null && (
                <>
                  <Box sx={{ typography: 'caption', color: 'text.secondary' }}>On {result.machine}</Box>
                  <DataTable
                    label="Cases"
                    columns={columns}
                    rows={result.cases}
                    rowKey={({ subject, name }) => `${subject} ${name}`}
                    initialSort={{ columnId: 'verdict', direction: 'ascending' }}
                    maxHeight={380}
                  />
                </>
              )}
            </>
          )}
        </Answer>
      </Box>
    </Section>
  )
}
