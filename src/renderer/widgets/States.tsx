import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { formatInstant, formatRelative } from './format.ts'
import { StatusShape } from './Status.tsx'

export type LoadingProps = { rows?: number; label?: string; height?: number }

/** Rows of a skeleton, announced once. */
export function Loading({ rows = 4, label = 'Loading', height = 28 }: LoadingProps) {
  return (
    <Box role="status" aria-label={label} sx={{ py: 1 }}>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} height={height} animation={false} sx={{ transform: 'none', mb: 0.75 }} />
      ))}
    </Box>
  )
}

export type EmptyProps = {
  title: string
  /** What would fill this place. */
  hint?: string
  action?: { label: string; onClick: () => void }
}

/** Nothing here yet, and what to do about it. */
export function Empty({ title, hint, action }: EmptyProps) {
  return (
    <Box sx={{ py: 5, px: 3, textAlign: 'center' }}>
      <Typography variant="subtitle2" component="p">
        {title}
      </Typography>
      {hint !== undefined && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 0.5, maxWidth: 520, mx: 'auto' }}>
          {hint}
        </Typography>
      )}
      {action !== undefined && (
        <Button variant="outlined" sx={{ mt: 2 }} onClick={action.onClick}>
          {action.label}
        </Button>
      )}
    </Box>
  )
}

export type StaleProps = {
  /** Instant of the newest data shown. */
  lastAt: number
  nowAt: number
  /** Why nothing newer came, when known. */
  reason?: string
  onRefresh?: () => void
}

/** What is shown is older than it should be. */
export function Stale({ lastAt, nowAt, reason, onRefresh }: StaleProps) {
  return (
    <Alert
      severity="warning"
      variant="outlined"
      icon={<StatusShape status="stale" size={18} />}
      action={
        onRefresh && (
          <Button color="inherit" onClick={onRefresh}>
            Refresh
          </Button>
        )
      }
    >
      {`Stale: the newest data is from ${formatInstant(lastAt)} UTC, ${formatRelative(lastAt, nowAt)}.`}
      {reason !== undefined && ` ${reason}`}
    </Alert>
  )
}

export type ErrorStateProps = {
  title?: string
  message: string
  detail?: ReactNode
  onRetry?: () => void
}

/** Something failed: what, and a way to try again. */
export function ErrorState({ title = 'This could not be loaded', message, detail, onRetry }: ErrorStateProps) {
  return (
    <Alert
      severity="error"
      variant="outlined"
      icon={<StatusShape status="breach" size={18} />}
      sx={{ alignItems: 'flex-start' }}
      action={
        onRetry && (
          <Button color="inherit" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      <Box component="strong" sx={{ display: 'block', fontWeight: 600 }}>
        {title}
      </Box>
      {message}
      {detail !== undefined && <Box sx={{ mt: 0.5, color: 'text.secondary' }}>{detail}</Box>}
    </Alert>
  )
}
