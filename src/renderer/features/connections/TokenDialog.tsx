import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import { useId, useState } from 'react'
import { connection as connectionSchema } from '../../../contract/connection.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { CodeBlock } from '../shared/CodeBlock.tsx'
import { FormDialog } from '../shared/FormDialog.tsx'
import { problemsOf } from '../shared/problems.ts'
import { NameFields } from './config/NameFields.tsx'
import { pushExample } from './wire/wire-examples.ts'

/** Makes a push token, which is shown once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const make = useCommand('connections.createIngestToken')
  const [names, setNames] = useState({ key: '', name: '' })
  const [acceptsNewDevices, setAcceptsNewDevices] = useState(false)
  if (make.data !== undefined) return <TokenShown token={make.data.token} onClose={onClose} />
  const problems = problemsOf(connectionSchema.pick({ key: true, name: true }), names)
  return (
    <FormDialog
      title="Make a push token"
      consequence="Whoever holds the token can push predictions, labels and telemetry to this console. It is shown once, and only its digest is kept."
      submitLabel="Make the token"
      complete={problems.size === 0}
      busy={make.isPending}
      error={make.error}
      onClose={onClose}
      onSubmit={() => make.mutate({ ...names, acceptsNewDevices })}
    >
      <NameFields value={names} onChange={setNames} problems={problems} />
      <FormControlLabel
        control={
          <Switch checked={acceptsNewDevices} onChange={(event) => setAcceptsNewDevices(event.target.checked)} />
        }
        label="A device that is not known registers itself with its first telemetry"
        slotProps={{ typography: { variant: 'body2' } }}
      />
    </FormDialog>
  )
}

function TokenShown({ token, onClose }: { token: string; onClose: () => void }) {
  const titleId = useId()
  return (
    <Dialog open maxWidth="sm" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>Your push token</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Alert severity="warning" variant="outlined">
          Copy it now: it cannot be shown again.
        </Alert>
        <CodeBlock text={token} label="token" />
        <CodeBlock text={pushExample(window.location.origin, token)} label="example call" />
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          I have copied it
        </Button>
      </DialogActions>
    </Dialog>
  )
}
