import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { model, type Task, task } from '../../../../contract/model.ts'
import { pathTo } from '../../../data/paths.ts'
import { useCommand } from '../../../rpc/hooks.ts'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { problemsOf } from '../../shared/problems.ts'

const shape = model.pick({ key: true, name: true, description: true, task: true })

const taskNames: Record<Task, string> = {
  binary: 'One of two classes',
  multiclass: 'One of several classes',
  regression: 'A number, or a score that ranks',
}

/** Names a new model; its versions and deployments come after. */
export function CreateModelDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const creating = useCommand('models.create')
  const [draft, setDraft] = useState({ key: '', name: '', description: '', task: 'binary' as Task })
  const problems = problemsOf(shape, draft)
  const problemOf = (field: keyof typeof draft) => (draft[field] === '' ? undefined : problems.get(field))
  return (
    <FormDialog
      title="New model"
      consequence="The model gets a page. Register a version of it next, and say where it is deployed."
      submitLabel="Create the model"
      complete={problems.size === 0}
      busy={creating.isPending}
      error={creating.error}
      onSubmit={() =>
        creating.mutate(draft, {
          onSuccess: ({ record }) => void navigate(pathTo.model(record.id, 'lineage'), { replace: true }),
        })
      }
      onClose={onClose}
    >
      <TextField
        label="Name"
        autoFocus
        required
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        error={problemOf('name') !== undefined}
        helperText={problemOf('name') ?? 'As people call it'}
      />
      <TextField
        label="Key"
        required
        value={draft.key}
        onChange={(event) => setDraft({ ...draft, key: event.target.value.trim() })}
        error={problemOf('key') !== undefined}
        helperText={
          problemOf('key') ?? 'As pipelines and addresses name it, such as cat-dog. It cannot be changed later.'
        }
      />
      <TextField
        select
        label="It predicts"
        value={draft.task}
        onChange={(event) => setDraft({ ...draft, task: task.parse(event.target.value) })}
      >
        {task.options.map((each) => (
          <MenuItem key={each} value={each}>
            {taskNames[each]}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label="Description"
        multiline
        minRows={2}
        value={draft.description}
        onChange={(event) => setDraft({ ...draft, description: event.target.value })}
        helperText="What it is for, and what a wrong answer costs"
      />
    </FormDialog>
  )
}
