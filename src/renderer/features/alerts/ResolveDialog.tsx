import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormLabel from '@mui/material/FormLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import { useState } from 'react'
import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { isReason, ReasonField } from '../shared/ReasonField.tsx'
import type { DecisionDialogProps } from './AlertDecisions.tsx'

const ways = [
  { how: 'acted', label: 'Something was done about it', hint: 'Retrained, switched, rolled back, a sensor mended.' },
  { how: 'accepted', label: 'Accepted as it is', hint: 'The number is known to breach, and one lives with it.' },
  { how: 'false-alarm', label: 'A false alarm', hint: 'The limit is wrong: consider changing the policy.' },
] as const

/** Ends the alert with what was decided and why. */
export function ResolveDialog({ answer, onReload, onClose }: DecisionDialogProps) {
  const { mutate, isPending, error, reset } = useCommand('alerts.resolve')
  const [how, setHow] = useState<(typeof ways)[number]['how'] | null>(null)
  const [reason, setReason] = useState('')
  return (
    <FormDialog
      title="Resolve the alert"
      consequence="It leaves the inbox. If the number breaches again as often as the policy says, a new alert opens."
      submitLabel="Resolve"
      complete={how !== null && isReason(reason)}
      busy={isPending}
      error={error}
      onReload={() => {
        onReload()
        reset()
      }}
      onClose={onClose}
      onSubmit={() =>
        how !== null &&
        mutate({ id: answer.alert.id, revision: answer.revision, how, reason: reason.trim() }, { onSuccess: onClose })
      }
    >
      <FormControl>
        <FormLabel>How it was decided</FormLabel>
        <RadioGroup
          value={how ?? ''}
          onChange={(event) => setHow(ways.find((way) => way.how === event.target.value)?.how ?? null)}
        >
          {ways.map((way) => (
            <FormControlLabel
              key={way.how}
              value={way.how}
              control={<Radio size="small" />}
              label={`${way.label}. ${way.hint}`}
              slotProps={{ typography: { variant: 'body2' } }}
            />
          ))}
        </RadioGroup>
      </FormControl>
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}
