import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { type ReactNode, type SubmitEvent, useId, useState } from 'react'
import type { SignatureInput } from '../../contract/release.ts'
import { ErrorState } from '../widgets/States.tsx'

export type SignatureDialogProps = {
  open: boolean
  /** "Certify cat-dog 1.4". */
  title: string
  /** What is being signed, in a sentence. */
  statement: ReactNode
  /** Meanings the signer may choose from; one alone is chosen already. */
  meanings: { value: SignatureInput['meaning']; label: string }[]
  signerName: string
  confirmLabel: string
  destructive?: boolean
  busy?: boolean
  error?: string | null
  onSign: (values: SignatureInput) => void
  onClose: () => void
}

/** A signature is an act: meaning, reason and the password again. Nothing typed outlives the dialog. */
export function SignatureDialog(props: SignatureDialogProps) {
  const titleId = useId()
  return (
    <Dialog
      open={props.open}
      onClose={props.busy ? undefined : props.onClose}
      maxWidth="sm"
      fullWidth
      aria-labelledby={titleId}
    >
      <DialogTitle id={titleId}>{props.title}</DialogTitle>
      <SignatureForm {...props} />
    </Dialog>
  )
}

function SignatureForm(props: SignatureDialogProps) {
  const [meaning, setMeaning] = useState<SignatureInput['meaning'] | null>(
    props.meanings.length === 1 ? props.meanings[0].value : null,
  )
  const [reason, setReason] = useState('')
  const [password, setPassword] = useState('')
  const complete = meaning !== null && reason.trim().length >= 3 && password !== ''
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!complete || meaning === null || props.busy) return
    props.onSign({ meaning, reason: reason.trim(), password })
    setPassword('')
  }
  return (
    <form onSubmit={submit} autoComplete="off">
      <DialogContent sx={{ display: 'grid', gap: 2, pt: 0 }}>
        <DialogContentText component="div" variant="body2">
          {props.statement}
        </DialogContentText>
        <TextField
          select
          label="Meaning of the signature"
          value={meaning ?? ''}
          onChange={(event) => setMeaning(meaningOf(props.meanings, event.target.value))}
          required
        >
          {props.meanings.map((choice) => (
            <MenuItem key={choice.value} value={choice.value}>
              {choice.label}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          label="Reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          multiline
          minRows={2}
          required
          helperText="Auditors will read this. At least 3 characters."
          slotProps={{ htmlInput: { maxLength: 4000 } }}
        />
        <TextField
          label={`Password of ${props.signerName}`}
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          required
          autoComplete="current-password"
        />
        {props.error && <ErrorState title="It was not signed" message={props.error} />}
      </DialogContent>
      <DialogActions>
        <Button onClick={props.onClose} disabled={props.busy}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="contained"
          color={props.destructive ? 'error' : 'primary'}
          disabled={!complete}
          loading={props.busy}
        >
          {props.confirmLabel}
        </Button>
      </DialogActions>
    </form>
  )
}

function meaningOf(meanings: SignatureDialogProps['meanings'], value: string): SignatureInput['meaning'] | null {
  return meanings.find((choice) => choice.value === value)?.value ?? null
}
