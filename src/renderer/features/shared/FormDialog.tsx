import Button from '@mui/material/Button'
import Dialog, { type DialogProps } from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import { type ReactNode, type SubmitEvent, useId } from 'react'
import type { RpcError } from '../../../contract/rpc.ts'
import { Failure } from './Failure.tsx'

export type FormDialogProps = {
  title: string
  /** What will happen when it is sent. */
  consequence?: ReactNode
  /** The fields. */
  children: ReactNode
  submitLabel: string
  destructive?: boolean
  /** Everything needed is there. */
  complete: boolean
  busy: boolean
  error: RpcError | null
  onReload?: () => void
  onSubmit: () => void
  onClose: () => void
  maxWidth?: DialogProps['maxWidth']
  /** Stands beside the buttons: a test, a hint. */
  aside?: ReactNode
}

/** A form in a dialog. Mount it to open it: what was typed lives exactly as long. */
export function FormDialog(props: FormDialogProps) {
  const titleId = useId()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    // Dialogs stand in a portal, yet their events climb the React tree: a form around this one must not hear it.
    event.stopPropagation()
    if (props.complete && !props.busy) props.onSubmit()
  }
  return (
    <Dialog
      open
      onClose={(_, why) => !props.busy && why === 'escapeKeyDown' && props.onClose()}
      maxWidth={props.maxWidth ?? 'sm'}
      fullWidth
      aria-labelledby={titleId}
    >
      <DialogTitle id={titleId}>{props.title}</DialogTitle>
      <form onSubmit={submit} autoComplete="off" noValidate>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: 0, maxHeight: '68vh' }}>
          {props.consequence !== undefined && (
            <DialogContentText component="div" variant="body2">
              {props.consequence}
            </DialogContentText>
          )}
          {props.children}
          {props.error !== null && <Failure error={props.error} title="It was not done" onReload={props.onReload} />}
        </DialogContent>
        <DialogActions>
          {props.aside}
          <Button onClick={props.onClose} disabled={props.busy}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="contained"
            color={props.destructive ? 'error' : 'primary'}
            disabled={!props.complete}
            loading={props.busy}
          >
            {props.submitLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
