import TextField from '@mui/material/TextField'
import { DurationField } from '../../shared/DurationField.tsx'
import type { ConfigFieldsProps } from './config-fields.ts'
import { TemplateHelp } from './TemplateHelp.tsx'

/** A program on this machine, run without a shell. */
export function CommandFields({ config, problems, onChange }: ConfigFieldsProps<'command-action'>) {
  const set = (changes: Partial<typeof config>) => onChange({ ...config, ...changes })
  return (
    <>
      <TextField
        label="Program"
        value={config.program}
        onChange={(event) => set({ program: event.target.value })}
        helperText="A path, or a name on the search path; no shell reads it"
        required
      />
      <TextField
        label="Arguments, one a line"
        defaultValue={config.args.join('\n')}
        onChange={(event) => set({ args: event.target.value.split('\n').filter((line) => line !== '') })}
        multiline
        minRows={2}
      />
      <TextField
        label="Working folder (empty: that of the console)"
        value={config.workingDirectory ?? ''}
        onChange={(event) => set({ workingDirectory: event.target.value === '' ? null : event.target.value })}
      />
      <DurationField
        label="Stopped after"
        valueMs={config.timeoutMs}
        onChange={(timeoutMs) => set({ timeoutMs: timeoutMs ?? 0 })}
        problem={problems.has('timeoutMs') ? 'One second to one day' : null}
      />
      <TemplateHelp asEnvironment />
    </>
  )
}
