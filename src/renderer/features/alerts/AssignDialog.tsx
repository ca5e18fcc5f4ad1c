import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { roleList, useUser } from '../../data/session.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { usePeople } from '../shared/use-people.ts'
import type { DecisionDialogProps } from './AlertDecisions.tsx'

/** Names who looks after it. */
export function AssignDialog({ answer, onReload, onClose }: DecisionDialogProps) {
  const { mutate, isPending, error, reset } = useCommand('alerts.assign')
  const { people } = usePeople()
  const user = useUser()
  // Most often one takes it oneself.
  const [assigneeId, setAssigneeId] = useState(answer.alert.assigneeId ?? user.id)
  return (
    <FormDialog
      title="Assign the alert"
      submitLabel="Assign"
      complete={assigneeId !== (answer.alert.assigneeId ?? '')}
      busy={isPending}
      error={error}
      onReload={() => {
        onReload()
        reset()
      }}
      onClose={onClose}
      onSubmit={() =>
        mutate(
          { id: answer.alert.id, revision: answer.revision, assigneeId: assigneeId === '' ? null : assigneeId },
          { onSuccess: onClose },
        )
      }
      maxWidth="xs"
    >
      <TextField
        select
        label="Who looks after it"
        value={assigneeId}
        onChange={(event) => setAssigneeId(event.target.value)}
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      >
        <MenuItem value="">Nobody</MenuItem>
        {people
          .filter(({ isDisabled }) => !isDisabled)
          .map(({ id, name, roles }) => (
            <MenuItem key={id} value={id}>{`${name} (${roleList(roles)})`}</MenuItem>
          ))}
      </TextField>
    </FormDialog>
  )
}
