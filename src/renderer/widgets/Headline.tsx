import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { setSentence } from './format.ts'
import { type StatusKind, StatusShape, statusWord } from './Status.tsx'

export type HeadlineProps = {
  status: StatusKind
  /** The page's answer, one sentence, composed by the service from findings. */
  text: string
  /** What can be done about it: buttons. */
  actions?: ReactNode
  /** What it sums up, where a page has more than one. */
  label?: string
}

const edges: Record<StatusKind, string> = {
  ok: 'status.ok',
  warning: 'status.warning',
  breach: 'status.breach',
  insufficient: 'divider',
  stale: 'divider',
  unknown: 'divider',
}

/** The sentence with which every page opens. */
export function Headline({ status, text, actions, label = 'Summary' }: HeadlineProps) {
  return (
    <Box
      component="section"
      aria-label={label}
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1.5,
        px: 2,
        py: 1.25,
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
        borderLeft: 3,
        borderLeftColor: edges[status],
        borderRadius: 1,
      }}
    >
      <Box sx={{ pt: '3px', alignSelf: 'flex-start' }}>
        <StatusShape status={status} size={18} />
      </Box>
      <Typography
        variant="subtitle1"
        component="p"
        aria-live="polite"
        sx={{ flex: 1, minWidth: 0, textWrap: 'pretty' }}
      >
        <Box component="strong" sx={{ fontWeight: 620 }}>
          {statusWord(status)}.
        </Box>{' '}
        {setSentence(text)}
      </Typography>
      {actions !== undefined && <Box sx={{ display: 'flex', gap: 1, flex: 'none' }}>{actions}</Box>}
    </Box>
  )
}
