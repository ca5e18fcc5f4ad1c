import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogTitle from '@mui/material/DialogTitle'
import List from '@mui/material/List'
import ListItemButton from '@mui/material/ListItemButton'
import ListItemText from '@mui/material/ListItemText'
import { useId, useState } from 'react'
import { ConnectionDialog } from './ConnectionDialog.tsx'
import { type ConnectionKind, kindWords } from './connection-words.ts'
import { TokenDialog } from './TokenDialog.tsx'

/** First which kind, then the form for it. */
export function AddConnection({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<ConnectionKind | null>(null)
  const titleId = useId()
  if (kind === 'ingest') return <TokenDialog onClose={onClose} />
  if (kind !== null) {
    return <ConnectionDialog kind={kind} source={null} onReload={async () => null} onClose={onClose} />
  }
  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={titleId}>
      <DialogTitle id={titleId}>Add a connection</DialogTitle>
      <List dense>
        {(Object.keys(kindWords) as ConnectionKind[]).map((each) => (
          <li key={each}>
            <ListItemButton component="button" onClick={() => setKind(each)} sx={{ width: '100%', px: 3 }}>
              <ListItemText primary={kindWords[each].word} secondary={kindWords[each].does} />
            </ListItemButton>
          </li>
        ))}
      </List>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
      </DialogActions>
    </Dialog>
  )
}
