import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { DurationField } from '../../shared/DurationField.tsx'
import { AuthFields } from './AuthFields.tsx'
import type { ConfigFieldsProps } from './config-fields.ts'
import { HeadersField } from './HeadersField.tsx'
import { PollFields } from './PollFields.tsx'
import { SignatureFields } from './SignatureFields.tsx'
import { TemplateHelp } from './TemplateHelp.tsx'

const blankPoll = {
  url: '',
  everyMs: 5000,
  statePath: 'state',
  succeeded: ['succeeded'],
  failed: ['failed'],
  resultPath: 'result',
}

/** A pipeline or deployment system: one call starts the work, polling tells how it ends. */
export function HttpActionFields({ config, problems, secrets, onChange }: ConfigFieldsProps<'http-action'>) {
  const set = (changes: Partial<typeof config>) => onChange({ ...config, ...changes })
  return (
    <>
      <Box sx={{ display: 'grid', gridTemplateColumns: '120px minmax(0, 1fr)', gap: 2 }}>
        <ChoiceField
          label="Call"
          value={config.method}
          choices={(['POST', 'PUT', 'PATCH'] as const).map((method) => ({ id: method, label: method }))}
          onChange={(id) => set({ method: id === 'PUT' || id === 'PATCH' ? id : 'POST' })}
        />
        <TextField
          label="Address"
          value={config.url}
          onChange={(event) => set({ url: event.target.value })}
          helperText="A template; variables may stand after the host"
          required
        />
      </Box>
      <HeadersField headers={config.headers} onChange={(headers) => set({ headers })} />
      <TextField
        label="Body (JSON template)"
        value={config.bodyTemplate}
        onChange={(event) => set({ bodyTemplate: event.target.value })}
        multiline
        minRows={5}
        slotProps={{ htmlInput: { spellCheck: false } }}
        helperText="{{name}} becomes a JSON value; empty: no body"
      />
      <TemplateHelp />
      <AuthFields auth={config.auth} secrets={secrets} onChange={(auth) => set({ auth })} />
      <SignatureFields
        hmacSecret={config.hmacSecret}
        secrets={secrets}
        onChange={(hmacSecret) => set({ hmacSecret })}
      />
      <FormControlLabel
        control={
          <Switch
            checked={config.poll !== null}
            onChange={(event) => set({ poll: event.target.checked ? blankPoll : null })}
          />
        }
        label="Ask until it has ended (otherwise the reply of the call is its end)"
        slotProps={{ typography: { variant: 'body2' } }}
      />
      {config.poll !== null && <PollFields poll={config.poll} problems={problems} onChange={(poll) => set({ poll })} />}
      <DurationField
        label="Given up after"
        valueMs={config.timeoutMs}
        onChange={(timeoutMs) => set({ timeoutMs: timeoutMs ?? 0 })}
        problem={problems.has('timeoutMs') ? 'One second to one day' : null}
      />
    </>
  )
}
