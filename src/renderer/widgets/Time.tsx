import Box from '@mui/material/Box'
import { absent, formatInstant, formatRelative } from './format.ts'

export type TimeProps = {
  /** UTC epoch milliseconds. */
  at: number | null
  /** Given, the distance from now is shown too. */
  nowAt?: number
  withSeconds?: boolean
}

/** An instant in UTC, absolute first, relative beside it. */
export function Time({ at, nowAt, withSeconds = false }: TimeProps) {
  if (at === null) return <span>{absent}</span>
  return (
    <Box
      component="time"
      dateTime={new Date(at).toISOString()}
      title={`${formatInstant(at, true)} UTC`}
      sx={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}
    >
      {formatInstant(at, withSeconds)}
      {nowAt !== undefined && (
        <Box component="span" sx={{ color: 'text.secondary', ml: 0.75 }}>
          {formatRelative(at, nowAt)}
        </Box>
      )}
    </Box>
  )
}
