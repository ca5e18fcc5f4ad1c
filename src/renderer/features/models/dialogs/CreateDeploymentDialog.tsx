import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { deployment, environment } from '../../../../contract/model.ts'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { useCommand } from '../../../rpc/hooks.ts'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { problemsOf } from '../../shared/problems.ts'
import { useModelView } from '../model-view.ts'
import { DeploymentFields, defaultSettings } from './deployment-fields.tsx'

const shape = deployment.omit({ id: true, history: true, createdAt: true })

/** Says where a version answers; monitors and limits for it are made with it. */
export function CreateDeploymentDialog({ onClose }: { onClose: () => void }) {
  const { model, versions } = useModelView()
  const creating = useCommand('deployments.create')
  const [, setDeployment] = useSearchValue('deployment')
  const newest = [...versions].sort((left, right) => right.createdAt - left.createdAt).at(0)
  const [draft, setDraft] = useState({
    ...defaultSettings,
    key: '',
    modelId: model.id,
    versionId: newest?.id ?? '',
    environment: 'production' as 'test' | 'production',
  })
  const problems = problemsOf(shape, draft)
  return (
    <FormDialog
      title={`New deployment of ${model.name}`}
      consequence="It gets monitors for every question and default limits, which can be changed under Policies."
      submitLabel="Create the deployment"
      complete={problems.size === 0}
      busy={creating.isPending}
      error={creating.error}
      onSubmit={() =>
        creating.mutate(draft, {
          onSuccess: ({ record }) => {
            setDeployment(record.id)
            onClose()
          },
        })
      }
      onClose={onClose}
    >
      <TextField
        label="Key"
        required
        autoFocus
        value={draft.key}
        onChange={(event) => setDraft({ ...draft, key: event.target.value.trim() })}
        error={draft.key !== '' && problems.has('key')}
        helperText={
          (draft.key === '' ? undefined : problems.get('key')) ??
          'As it stands in topics and pushes: …/deployments/<key>/samples. It cannot be changed later.'
        }
      />
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 2 }}>
        <TextField
          select
          label="Version that runs"
          value={draft.versionId}
          onChange={(event) => setDraft({ ...draft, versionId: event.target.value })}
        >
          {versions.map(({ id, name }) => (
            <MenuItem key={id} value={id}>
              {name}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          select
          label="Environment"
          value={draft.environment}
          onChange={(event) => setDraft({ ...draft, environment: environment.parse(event.target.value) })}
        >
          {environment.options.map((each) => (
            <MenuItem key={each} value={each}>
              {each}
            </MenuItem>
          ))}
        </TextField>
      </Box>
      <DeploymentFields value={draft} problems={problems} onChange={(changes) => setDraft({ ...draft, ...changes })} />
    </FormDialog>
  )
}
