import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import type { ConnectionRow } from './connection-words.ts'

export type EnableDialogProps = { row: ConnectionRow; onReload: () => unknown; onClose: () => void }

/** Switches a connection on or off, with what that means. */
export function EnableDialog({ row, onReload, onClose }: EnableDialogProps) {
  const { mutate, isPending, error, reset } = useCommand('connections.setEnabled')
  const { record, revision } = row
  const isEnabled = !record.isEnabled
  return (
    <FormDialog
      title={isEnabled ? `Switch ${record.name} on` : `Switch ${record.name} off`}
      consequence={
        isEnabled
          ? 'It is opened at once and whenever the console starts.'
          : 'It is closed at once. A broker keeps what comes meanwhile only as long as its session lasts; pushes are refused.'
      }
      submitLabel={isEnabled ? 'Switch on' : 'Switch off'}
      destructive={!isEnabled}
      complete
      busy={isPending}
      error={error}
      onReload={() => {
        onReload()
        reset()
      }}
      onClose={onClose}
      onSubmit={() => mutate({ id: record.id, revision, isEnabled }, { onSuccess: onClose })}
      maxWidth="xs"
    >
      {null}
    </FormDialog>
  )
}
