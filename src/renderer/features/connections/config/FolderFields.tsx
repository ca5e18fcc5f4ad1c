import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { DurationField } from '../../shared/DurationField.tsx'
import type { ConfigFieldsProps } from './config-fields.ts'

/** A folder on the machine of the console whose files are imported as they come. */
export function FolderFields({ config, problems, onChange }: ConfigFieldsProps<'folder'>) {
  const set = (changes: Partial<typeof config>) => onChange({ ...config, ...changes })
  return (
    <>
      <TextField
        label="Folder"
        value={config.path}
        onChange={(event) => set({ path: event.target.value })}
        error={config.path !== '' && problems.has('path')}
        helperText="Its whole path, on the machine on which the console runs. CSV, JSON Lines, Parquet and capture files in it, and in folders below, are imported once each, when they have stopped growing"
        required
      />
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Deployment"
          value={config.deploymentKey}
          onChange={(event) => set({ deploymentKey: event.target.value })}
          error={config.deploymentKey !== '' && problems.has('deploymentKey')}
          helperText="Its key"
          required
        />
        <ChoiceField
          label="The files bring"
          value={config.what}
          choices={[
            { id: 'samples', label: 'predictions' },
            { id: 'labels', label: 'labels' },
          ]}
          onChange={(id) => set({ what: id === 'labels' ? 'labels' : 'samples' })}
        />
        <DurationField
          label="Looked at every"
          valueMs={config.everyMs}
          onChange={(everyMs) => set({ everyMs: everyMs ?? 0 })}
          problem={problems.has('everyMs') ? 'One second to one day' : null}
        />
      </Box>
    </>
  )
}
