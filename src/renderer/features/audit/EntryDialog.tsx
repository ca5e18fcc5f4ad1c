import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import { useId } from 'react'
import { formatCount } from '../../widgets/format.ts'
import { Answer } from '../shared/Answer.tsx'
import { ProofView } from '../shared/proof/ProofView.tsx'
import { useProof } from '../shared/proof/use-proof.ts'
import { EntryFacts } from './EntryFacts.tsx'

/** One entry of the log: what was recorded, and the proof that it is in the log unchanged. */
export function EntryDialog({ index, onClose }: { index: number; onClose: () => void }) {
  const titleId = useId()
  const proof = useProof(index)
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{`Log entry ${formatCount(index)}`}</DialogTitle>
      <DialogContent>
        <Answer query={proof} label="entry" rows={8}>
          {(found) => (
            <Box sx={{ display: 'grid', gap: 2 }}>
              <EntryFacts entry={found.entry} />
              <Typography variant="h3">Proof</Typography>
              <ProofView proof={found} />
            </Box>
          )}
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
