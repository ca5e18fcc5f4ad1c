import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { DurationField } from '../../shared/DurationField.tsx'
import { AuthFields } from './AuthFields.tsx'
import type { ConfigFieldsProps } from './config-fields.ts'

/** A model that is served with the Open Inference Protocol. */
export function EndpointFields({ config, problems, secrets, onChange }: ConfigFieldsProps<'endpoint'>) {
  const set = (changes: Partial<typeof config>) => onChange({ ...config, ...changes })
  return (
    <>
      <TextField
        label="Base address"
        value={config.url}
        onChange={(event) => set({ url: event.target.value })}
        error={problems.has('url')}
        helperText={problems.has('url') ? 'http:// or https://, host and port' : 'Without /v2: it is added'}
        required
      />
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Model’s name there"
          value={config.modelName}
          onChange={(event) => set({ modelName: event.target.value })}
          required
        />
        <TextField
          label="Version there (empty: the one it serves)"
          value={config.modelVersion ?? ''}
          onChange={(event) => set({ modelVersion: event.target.value === '' ? null : event.target.value })}
        />
      </Box>
      <AuthFields auth={config.auth} secrets={secrets} onChange={(auth) => set({ auth })} />
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <DurationField
          label="Probed every"
          valueMs={config.probeEveryMs}
          onChange={(probeEveryMs) => set({ probeEveryMs: probeEveryMs ?? 0 })}
          problem={problems.has('probeEveryMs') ? 'One second to one day' : null}
        />
        <DurationField
          label="Patience for one answer"
          valueMs={config.timeoutMs}
          onChange={(timeoutMs) => set({ timeoutMs: timeoutMs ?? 0 })}
          problem={problems.has('timeoutMs') ? '0.1 seconds to 2 minutes' : null}
        />
      </Box>
    </>
  )
}
