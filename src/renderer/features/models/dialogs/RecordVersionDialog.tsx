import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Deployment } from '../../../../contract/model.ts'
import { useCommand } from '../../../rpc/hooks.ts'
import { FormDialog } from '../../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../../shared/ReasonField.tsx'
import { useModelView } from '../model-view.ts'

export type RecordVersionDialogProps = { row: { revision: number; record: Deployment }; onClose: () => void }

/** Tells the console that another version runs now; it switches nothing itself. */
export function RecordVersionDialog({ row: { revision, record }, onClose }: RecordVersionDialogProps) {
  const { versions, answer } = useModelView()
  const recording = useCommand('deployments.recordVersion')
  const [versionId, setVersionId] = useState('')
  const [reason, setReason] = useState('')
  const [basedOn, setBasedOn] = useState(revision)
  return (
    <FormDialog
      title={`Record a switch of ${record.name} in ${record.environment}`}
      consequence="For a switch that was made elsewhere: samples from now on count for the version chosen here. Nothing is switched by this. To release a candidate, use Releases."
      submitLabel="Record the switch"
      complete={versionId !== '' && isReason(reason)}
      busy={recording.isPending}
      error={recording.error}
      onReload={() => {
        setBasedOn(answer.deployments.find((each) => each.record.id === record.id)?.revision ?? revision)
        recording.reset()
      }}
      onSubmit={() =>
        recording.mutate({ id: record.id, revision: basedOn, versionId, reason: reason.trim() }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <TextField
        select
        required
        label="Version that runs now"
        value={versionId}
        onChange={(event) => setVersionId(event.target.value)}
      >
        {versions
          .filter(({ id }) => id !== record.versionId)
          .map(({ id, name }) => (
            <MenuItem key={id} value={id}>
              {name}
            </MenuItem>
          ))}
      </TextField>
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}
