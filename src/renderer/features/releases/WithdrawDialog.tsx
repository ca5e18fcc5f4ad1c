import { useState } from 'react'
import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'
import type { StepDialogProps } from './ReleaseSteps.tsx'

/** Ends a release without touching production. */
export function WithdrawDialog({ answer, onReload, onClose }: StepDialogProps) {
  const withdraw = useCommand('releases.withdraw')
  const [reason, setReason] = useState('')
  const { record, revision } = answer.release
  return (
    <FormDialog
      title={`Withdraw ${answer.modelName} ${answer.versionName}`}
      consequence="The release ends here. Production stays as it is; the version can be submitted anew."
      submitLabel="Withdraw"
      destructive
      complete={isReason(reason)}
      busy={withdraw.isPending}
      error={withdraw.error}
      onReload={() => {
        onReload()
        withdraw.reset()
      }}
      onClose={onClose}
      onSubmit={() => withdraw.mutate({ id: record.id, revision, reason: reason.trim() }, { onSuccess: onClose })}
    >
      <ReasonField value={reason} onChange={setReason} autoFocus />
    </FormDialog>
  )
}
