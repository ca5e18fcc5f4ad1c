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
import { DurationField } from '../shared/DurationField.tsx'
import { FormDialog } from '../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'

export type ReplayDialogProps = {
  ids: readonly number[] | null
  connectionId: string | null
  filter: DeadLetterFilter
  /** What is given again, in words. */
  what: string
  /** How far ahead of its arrival the furthest of them says to be; 0 where none is held apart. */
  leadMs: number
  onClose: () => void
}

/** Gives dead letters to the intake again and shows what became of them. */
export function ReplayDialog({ ids, connectionId, filter, what, leadMs, onClose }: ReplayDialogProps) {
  const [reason, setReason] = useState('')
  // Delivery takes time, so the furthest lead is nearest to how far the clock was ahead.
  const [shiftMs, setShiftMs] = useState<number | null>(Math.floor(leadMs / 1000) * 1000)
  const isHeld = leadMs > 0
  const replay = useCommand('deadLetters.replay')
  if (replay.data !== undefined) return <Outcome outcome={replay.data} onClose={onClose} />
  const { state, ...rest } = filter
  return (
    <FormDialog
      title={`${isHeld ? 'Release' : 'Replay'} ${what}`}
      consequence={
        isHeld
          ? 'They were held apart because they say to be of the future. Where the clock of the sender was ahead, take them as that much earlier. What still lies too far ahead stays held apart; what is taken is stored once.'
          : "They go through the intake as it is now, with today's mappings and registrations. What is taken is stored once, however often this is done; what is refused again keeps its new reason."
      }
      submitLabel={isHeld ? 'Release' : 'Replay'}
      complete={isReason(reason) && shiftMs !== null}
      busy={replay.isPending}
      error={replay.error}
      onClose={onClose}
      onSubmit={() =>
        replay.mutate({
          ...{ connectionId, reason },
          ids: ids === null ? null : [...ids],
          ...(isHeld && { shiftMs: shiftMs ?? 0 }),
          // One letter is given again whatever became of it before.
          filter: ids === null ? { ...rest, state: state ?? 'open' } : { state: 'all' },
        })
      }
    >
      {isHeld && (
        <DurationField
          label="Taken as earlier by"
          valueMs={shiftMs}
          onChange={setShiftMs}
          helperText="As far as the clock of the sender was ahead; 0 keeps the times as they are"
        />
      )}
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
