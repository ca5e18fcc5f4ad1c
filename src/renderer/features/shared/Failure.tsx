import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import type { RpcError } from '../../../contract/rpc.ts'
import { ErrorState } from '../../widgets/States.tsx'
import { StatusShape } from '../../widgets/Status.tsx'

export type FailureProps = {
  error: RpcError
  /** What did not happen: "It was not saved". */
  title: string
  /** After somebody else's change: takes the newest state and keeps what was typed. */
  onReload?: () => void
}

/** Why a command was not carried out, and what to do about it. */
export function Failure({ error, title, onReload }: FailureProps) {
  if (error.code === 'stale' || (error.code === 'conflict' && onReload !== undefined)) {
    return (
      <Alert
        severity="warning"
        variant="outlined"
        icon={<StatusShape status="stale" size={18} />}
        action={
          onReload && (
            <Button color="inherit" onClick={onReload}>
              Load the newest
            </Button>
          )
        }
      >
        <strong>Somebody changed this meanwhile.</strong> {error.code === 'conflict' && `${error.message}. `}Nothing was
        overwritten. Load the newest state: what you typed stays.
      </Alert>
    )
  }
  return <ErrorState title={title} message={error.message} detail={detailOf(error)} />
}

function detailOf({ issues = [], logId }: RpcError) {
  if (issues.length === 0) return logId === undefined ? undefined : `Log entry ${logId}`
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
      {issues.map(({ path, message }) => (
        <li key={`${path} ${message}`}>{path === '' ? message : `${path}: ${message}`}</li>
      ))}
    </Box>
  )
}
