import Alert from '@mui/material/Alert'
import { StatusShape } from '../widgets/Status.tsx'
import { useShellInfo } from './shell-info.ts'

/** Says that what is shown may be old while the service does not answer. */
export function LostBanner() {
  const { connection } = useShellInfo()
  if (connection !== 'lost') return null
  return (
    <Alert
      severity="error"
      variant="outlined"
      icon={<StatusShape status="stale" size={18} />}
      sx={{ gridColumn: '1 / -1', borderRadius: 0, borderWidth: '0 0 1px', py: 0.25 }}
    >
      The service does not answer: what you see may be out of date. The console tries again by itself.
      {window.assay === undefined && ' If it was started anew, open the link that it printed.'}
    </Alert>
  )
}
