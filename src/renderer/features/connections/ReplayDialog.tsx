import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useId, useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import type { DeadLetterFilter } from '../../../contract/sample.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { formatCount } from '../../widgets/format.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'

export type ReplayDialogProps = {
  ids: readonly number[] | null
  connectionId: string | null
  filter: DeadLetterFilter
  /** What is given again, in words. */
  what: string
  onClose: () => void
}

/** Gives dead letters to the intake again and shows what became of them. */
export function ReplayDialog({ ids, connectionId, filter, what, onClose }: ReplayDialogProps) {
  const [reason, setReason] = useState('')
  const replay = useCommand('deadLetters.replay')
  if (replay.data !== undefined) return <Outcome outcome={replay.data} onClose={onClose} />
  const { state, ...rest } = filter
  return (
    <FormDialog
      title={`Replay ${what}`}
      consequence="They go through the intake as it is now, with today's mappings and registrations. What is taken is stored once, however often this is done; what is refused again keeps its new reason."
      submitLabel="Replay"
      complete={isReason(reason)}
      busy={replay.isPending}
      error={replay.error}
      onClose={onClose}
      onSubmit={() =>
        replay.mutate({
          ...{ connectionId, reason },
          ids: ids === null ? null : [...ids],
          // One letter is given again whatever became of it before.
          filter: ids === null ? { ...rest, state: state ?? 'open' } : { state: 'all' },
        })
      }
    >
      <ReasonField value={reason} onChange={setReason} autoFocus />
    </FormDialog>
  )
}

function Outcome({ outcome, onClose }: { outcome: OutputOf<'deadLetters.replay'>; onClose: () => void }) {
  const titleId = useId()
  const { taken, refused, reasons } = outcome
  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>What became of them</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <Alert severity={refused > 0 ? 'warning' : 'success'} variant="outlined">
          {`${formatCount(taken)} taken, ${formatCount(refused)} refused again`}
        </Alert>
        <Box component="ul" sx={{ m: 0, pl: 2.5, maxHeight: 320, overflowY: 'auto', typography: 'body2' }}>
          {reasons.map(({ id, reason }) => (
            <li key={id}>{reason}</li>
          ))}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
