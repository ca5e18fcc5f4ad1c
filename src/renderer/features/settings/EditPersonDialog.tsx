import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import type { OutputOf } from '../../../contract/api.ts'
import { useUser } from '../../data/session.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { useEdit } from '../shared/use-edit.ts'
import { RolesField } from './RolesField.tsx'

type Source = OutputOf<'users.list'>[number]
export type EditPersonDialogProps = { source: Source; onReload: () => Promise<Source | null>; onClose: () => void }

/** Name, roles, and whether the account can be used. */
export function EditPersonDialog({ source, onReload, onClose }: EditPersonDialogProps) {
  const update = useCommand('users.update')
  const me = useUser()
  const edit = useEdit(source, source.record)
  const { name, roles, isDisabled } = edit.draft
  return (
    <FormDialog
      title={`Edit ${source.record.name}`}
      consequence="A change of roles or access ends their sessions: they sign in anew. What they signed stays signed."
      submitLabel="Save"
      destructive={isDisabled && !source.record.isDisabled}
      complete={name.trim() !== '' && roles.length > 0}
      busy={update.isPending}
      error={update.error}
      onReload={() =>
        void onReload().then((newest) => {
          if (newest !== null) edit.rebase(newest)
          update.reset()
        })
      }
      onClose={onClose}
      onSubmit={() =>
        update.mutate(
          { id: source.record.id, revision: edit.revision ?? source.revision, name: name.trim(), roles, isDisabled },
          { onSuccess: onClose },
        )
      }
    >
      <TextField label="Name" value={name} onChange={(event) => edit.change({ name: event.target.value })} required />
      <RolesField roles={roles} onChange={(changed) => edit.change({ roles: changed })} />
      <FormControlLabel
        control={
          <Switch
            checked={isDisabled}
            disabled={source.record.id === me.id}
            onChange={(event) => edit.change({ isDisabled: event.target.checked })}
          />
        }
        label={source.record.id === me.id ? 'Disabled (not possible for yourself)' : 'Disabled: cannot sign in or sign'}
        slotProps={{ typography: { variant: 'body2' } }}
      />
    </FormDialog>
  )
}
