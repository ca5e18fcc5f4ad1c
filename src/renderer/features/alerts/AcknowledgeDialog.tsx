import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import type { DecisionDialogProps } from './AlertDecisions.tsx'

/** Says that somebody knows of it. */
export function AcknowledgeDialog({ answer, onReload, onClose }: DecisionDialogProps) {
  const { mutate, isPending, error, reset } = useCommand('alerts.acknowledge')
  return (
    <FormDialog
      title="Acknowledge the alert"
      consequence="It says that you know of it. It stays in the inbox until it is resolved, and closes by itself when the number recovers."
      submitLabel="Acknowledge"
      complete
      busy={isPending}
      error={error}
      onReload={() => {
        onReload()
        reset()
      }}
      onClose={onClose}
      onSubmit={() => mutate({ id: answer.alert.id, revision: answer.revision }, { onSuccess: onClose })}
      maxWidth="xs"
    >
      {null}
    </FormDialog>
  )
}
