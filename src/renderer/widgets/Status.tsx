import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import type { Status as FindingStatus } from '../../contract/primitives.ts'

/** What a finding can say, and what can be said of a finding itself. */
export type StatusKind = FindingStatus | 'stale' | 'unknown'

const looks: Record<StatusKind, { word: string; color: string; shape: ReactNode }> = {
  ok: {
    word: 'OK',
    color: 'status.ok',
    shape: (
      <>
        <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M5 8.2 7.2 10.4 11.2 5.9" fill="none" stroke="currentColor" strokeWidth="1.5" />
      </>
    ),
  },
  warning: {
    word: 'Warning',
    color: 'status.warning',
    shape: (
      <>
        <path d="M8 1.9 14.8 13.9H1.2Z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
        <path d="M8 6v4M8 11.2v1.3" stroke="currentColor" strokeWidth="1.5" />
      </>
    ),
  },
  breach: {
    word: 'Breach',
    color: 'status.breach',
    shape: (
      <>
        <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" fill="currentColor" />
        <path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" stroke="var(--mui-palette-background-paper)" strokeWidth="1.6" />
      </>
    ),
  },
  insufficient: {
    word: 'Insufficient',
    color: 'status.insufficient',
    shape: (
      <>
        <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.4 2.2" />
        <path d="M5 8h6" stroke="currentColor" strokeWidth="1.5" />
      </>
    ),
  },
  stale: {
    word: 'Stale',
    color: 'status.insufficient',
    shape: (
      <>
        <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M8 4.5V8l2.4 1.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      </>
    ),
  },
  unknown: {
    word: 'Unknown',
    color: 'status.insufficient',
    shape: (
      <>
        <rect x="1.75" y="1.75" width="12.5" height="12.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path
          d="M6 6.3a2 2 0 1 1 2.6 1.9c-.5.2-.6.5-.6 1M8 11v1.2"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
        />
      </>
    ),
  },
}

/** The word for a status, for sentences and table exports. */
export function statusWord(status: StatusKind): string {
  return looks[status].word
}

export type StatusShapeProps = { status: StatusKind; size?: number }

/** The shape alone, where the word stands beside it already. */
export function StatusShape({ status, size = 14 }: StatusShapeProps) {
  const { color, shape } = looks[status]
  return (
    <Box
      component="svg"
      viewBox="0 0 16 16"
      aria-hidden="true"
      sx={{ width: size, height: size, flex: 'none', color, display: 'block' }}
    >
      {shape}
    </Box>
  )
}

export type StatusProps = { status: StatusKind; label?: string; size?: 'small' | 'medium' }

/** A status as shape, word and, last, colour. */
export function Status({ status, label, size = 'small' }: StatusProps) {
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        // A drawing has no baseline of its own: the words would stand too high in a sentence.
        verticalAlign: 'text-bottom',
        gap: 0.75,
        color: looks[status].color,
        fontSize: size === 'small' ? '0.8125rem' : '0.9375rem',
        fontWeight: 560,
        whiteSpace: 'nowrap',
      }}
    >
      <StatusShape status={status} size={size === 'small' ? 14 : 18} />
      {label ?? looks[status].word}
    </Box>
  )
}
