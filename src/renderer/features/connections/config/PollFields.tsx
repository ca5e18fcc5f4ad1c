import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import type { ConnectionConfig } from '../../../../contract/connection.ts'
import { DurationField } from '../../shared/DurationField.tsx'

type Poll = NonNullable<Extract<ConnectionConfig, { kind: 'http-action' }>['poll']>
export type PollFieldsProps = { poll: Poll; problems: ReadonlyMap<string, string>; onChange: (poll: Poll) => void }

const listOf = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** How one learns that the work has ended, and what came of it. */
export function PollFields({ poll, problems, onChange }: PollFieldsProps) {
  const set = (changes: Partial<Poll>) => onChange({ ...poll, ...changes })
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
      <TextField
        label="Asked at"
        value={poll.url}
        onChange={(event) => set({ url: event.target.value })}
        helperText="A template; {{response.id}} is the id in the first reply"
        required
        sx={{ gridColumn: '1 / -1' }}
      />
      <DurationField
        label="Every"
        valueMs={poll.everyMs}
        onChange={(everyMs) => set({ everyMs: everyMs ?? 0 })}
        problem={problems.has('poll.everyMs') ? '0.2 seconds to 10 minutes' : null}
      />
      <TextField
        label="Path to the state in the reply"
        value={poll.statePath}
        onChange={(event) => set({ statePath: event.target.value })}
        helperText="Dots go deeper: run.status"
      />
      <TextField
        label="States that mean success"
        defaultValue={poll.succeeded.join(', ')}
        onChange={(event) => set({ succeeded: listOf(event.target.value) })}
        error={problems.has('poll.succeeded')}
        required
      />
      <TextField
        label="States that mean failure"
        defaultValue={poll.failed.join(', ')}
        onChange={(event) => set({ failed: listOf(event.target.value) })}
        error={problems.has('poll.failed')}
        required
      />
      <TextField
        label="Path to the result (empty: none)"
        value={poll.resultPath ?? ''}
        onChange={(event) => set({ resultPath: event.target.value === '' ? null : event.target.value })}
        helperText="For retraining: the version that was made"
      />
    </Box>
  )
}
