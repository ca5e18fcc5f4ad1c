import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useState } from 'react'
import { useCommand } from '../../rpc/hooks.ts'
import { formatInstant } from '../../widgets/format.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'
import type { DecisionDialogProps } from './AlertDecisions.tsx'

const hourMs = 3_600_000
const spans = [
  { label: '1 hour', ms: hourMs },
  { label: '8 hours', ms: 8 * hourMs },
  { label: '1 day', ms: 24 * hourMs },
  { label: '1 week', ms: 168 * hourMs },
]

/** Silences it for a while; it comes back by itself if it still breaches. */
export function MuteDialog({ answer, onReload, onClose }: DecisionDialogProps) {
  const { mutate, isPending, error, reset } = useCommand('alerts.mute')
  const [openedAt] = useState(() => Date.now())
  const [spanMs, setSpanMs] = useState(8 * hourMs)
  const [reason, setReason] = useState('')
  return (
    <FormDialog
      title="Mute the alert"
      consequence={`No notification until ${formatInstant(openedAt + spanMs)} UTC. If it still breaches then, it opens again.`}
      submitLabel="Mute"
      complete={isReason(reason)}
      busy={isPending}
      error={error}
      onReload={() => {
        onReload()
        reset()
      }}
      onClose={onClose}
      onSubmit={() =>
        mutate(
          { id: answer.alert.id, revision: answer.revision, until: Date.now() + spanMs, reason: reason.trim() },
          { onSuccess: onClose },
        )
      }
    >
      <ToggleButtonGroup
        exclusive
        size="small"
        aria-label="For how long"
        value={spanMs}
        onChange={(_, chosen: number | null) => chosen !== null && setSpanMs(chosen)}
      >
        {spans.map(({ label, ms }) => (
          <ToggleButton key={ms} value={ms}>
            {label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <ReasonField value={reason} onChange={setReason} autoFocus />
    </FormDialog>
  )
}
