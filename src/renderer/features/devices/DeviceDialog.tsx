import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import type { OutputOf } from '../../../contract/api.ts'
import { device as deviceSchema } from '../../../contract/device.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { problemsOf } from '../shared/problems.ts'
import { useEdit } from '../shared/use-edit.ts'
import { blankDevice, type DeviceDraft, draftOf } from './device-draft.ts'
import { VersionField } from './VersionField.tsx'

type Saved = OutputOf<'devices.save'>

export type DeviceDialogProps = {
  /** Null registers a new device. */
  source: Saved | null
  onReload?: () => Promise<Saved | null>
  onClose: () => void
  onSaved?: (saved: Saved) => void
}

const schema = deviceSchema.omit({ id: true, createdAt: true })

/** What a device is called and where it stands. */
export function DeviceDialog({ source, onReload, onClose, onSaved }: DeviceDialogProps) {
  const save = useCommand('devices.save')
  const edit = useEdit<DeviceDraft>(
    source === null ? null : { revision: source.revision, record: draftOf(source.record) },
    blankDevice,
  )
  const { draft, change } = edit
  const problems = problemsOf(schema, draft)
  const reload = async () => {
    const newest = await onReload?.()
    if (newest != null) edit.rebase({ revision: newest.revision, record: draftOf(newest.record) })
    save.reset()
  }
  const keyProblem = draft.key === '' ? undefined : problems.get('key')
  return (
    <FormDialog
      title={source === null ? 'Register a device' : `Edit ${source.record.name}`}
      consequence={
        source === null
          ? 'Telemetry on the topic of this key is stored from now on. Channels appear with their first values; their limits are set on the device’s page.'
          : undefined
      }
      submitLabel={source === null ? 'Register' : 'Save'}
      complete={problems.size === 0}
      busy={save.isPending}
      error={save.error}
      onReload={source === null ? undefined : () => void reload()}
      onClose={onClose}
      onSubmit={() =>
        save.mutate(
          { id: source?.record.id ?? null, revision: edit.revision, device: draft },
          {
            onSuccess: (saved) => {
              onClose()
              onSaved?.(saved)
            },
          },
        )
      }
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Key"
          value={draft.key}
          onChange={(event) => change({ key: event.target.value })}
          error={keyProblem !== undefined}
          helperText={keyProblem ?? 'Names it in topics and files'}
          required
          autoFocus={source === null}
        />
        <TextField
          label="Name"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          helperText="What people call it"
          required
        />
        <TextField label="Site" value={draft.site} onChange={(event) => change({ site: event.target.value })} />
        <TextField
          label="Firmware"
          value={draft.firmware ?? ''}
          onChange={(event) => change({ firmware: event.target.value === '' ? null : event.target.value })}
        />
      </Box>
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Group"
          value={draft.group ?? ''}
          onChange={(event) => change({ group: event.target.value })}
          helperText="Devices that are looked at together"
        />
        <VersionField
          value={draft.desiredVersionId ?? null}
          onChange={(desiredVersionId) => change({ desiredVersionId })}
        />
      </Box>
      <TextField
        label="Tags, separated by commas"
        defaultValue={draft.tags.join(', ')}
        onChange={(event) =>
          change({
            tags: event.target.value
              .split(',')
              .map((tag) => tag.trim())
              .filter((tag) => tag !== ''),
          })
        }
      />
    </FormDialog>
  )
}
