import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import LinearProgress from '@mui/material/LinearProgress'
import { formatPercent } from './format.ts'

export type ProgressProps = {
  /** What is being done: "Testing cat-dog 1.4". */
  label: string
  /** Share done in [0, 1]; null while it cannot be known. */
  done: number | null
  /** The present step: "robustness, 412 of 1,000". */
  detail?: string
  onCancel?: () => void
  /** Cancel was asked for and the job has not stopped yet. */
  cancelling?: boolean
}

/** A long job: how far, what now, and a way to stop it. */
export function Progress({ label, done, detail, onCancel, cancelling = false }: ProgressProps) {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Box sx={{ display: 'flex', gap: 1, typography: 'body2', mb: 0.5 }}>
          <Box component="span" sx={{ fontWeight: 560 }}>
            {label}
          </Box>
          <Box component="span" sx={{ color: 'text.secondary', flex: 1, minWidth: 0 }}>
            {cancelling ? 'stopping' : detail}
          </Box>
          {done !== null && <span>{formatPercent(done, 0)}</span>}
        </Box>
        <LinearProgress
          aria-label={label}
          {...(done === null
            ? { variant: 'indeterminate' as const }
            : { variant: 'determinate' as const, value: Math.min(100, Math.max(0, done * 100)) })}
          sx={{ height: 4, borderRadius: 2 }}
        />
      </Box>
      {onCancel !== undefined && (
        <Button variant="outlined" onClick={onCancel} disabled={cancelling}>
          Cancel
        </Button>
      )}
    </Box>
  )
}
