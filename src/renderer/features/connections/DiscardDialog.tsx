import { useState } from 'react'
import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'
import type { ReplayDialogProps } from './ReplayDialog.tsx'

/** Sets dead letters, or what is held apart, aside for good. */
export function DiscardDialog({ ids, connectionId, filter, what, onClose }: Omit<ReplayDialogProps, 'leadMs'>) {
  const [reason, setReason] = useState('')
  const discard = useCommand('deadLetters.discard')
  return (
    <FormDialog
      title={`Discard ${what}`}
      consequence="They stay to be seen as discarded, and are neither replayed nor released. The audit log keeps who decided it and why."
      submitLabel="Discard"
      destructive
      complete={isReason(reason)}
      busy={discard.isPending}
      error={discard.error}
      onClose={onClose}
      onSubmit={() =>
        discard.mutate(
          {
            ...{ connectionId, reason },
            ids: ids === null ? null : [...ids],
            filter: ids === null ? { ...filter, state: filter.state ?? 'open' } : { state: 'all' },
          },
          { onSuccess: onClose },
        )
      }
    >
      <ReasonField value={reason} onChange={setReason} autoFocus />
    </FormDialog>
  )
}
