import Box from '@mui/material/Box'
import type { ReactNode } from 'react'

export type DisclosureProps = { summary: ReactNode; children: ReactNode; open?: boolean }

/** What is of interest only to some, behind its name. */
export function Disclosure({ summary, children, open }: DisclosureProps) {
  return (
    <Box component="details" open={open} sx={{ typography: 'body2', '&[open] > summary': { mb: 1 } }}>
      <Box
        component="summary"
        sx={{
          cursor: 'pointer',
          color: 'text.secondary',
          width: 'fit-content',
          py: 0.25,
          '&:hover': { color: 'text.primary' },
        }}
      >
        {summary}
      </Box>
      {children}
    </Box>
  )
}
