import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useId } from 'react'
import { formatCount } from '../../../widgets/format.ts'
import { Answer } from '../Answer.tsx'
import { ProofView } from './ProofView.tsx'
import { useProof } from './use-proof.ts'

/** The proof behind a hallmark: that one entry is in the signed log. */
export function ProofDialog({ index, onClose }: { index: number; onClose: () => void }) {
  const titleId = useId()
  const proof = useProof(index)
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{`Proof of log entry ${formatCount(index)}`}</DialogTitle>
      <DialogContent>
        <Answer query={proof} label="proof">
          {(found) => <ProofView proof={found} />}
        </Answer>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
