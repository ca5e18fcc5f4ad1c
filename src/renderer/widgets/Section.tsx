import Box from '@mui/material/Box'
import Paper from '@mui/material/Paper'
import Typography from '@mui/material/Typography'
import { type ReactNode, useId } from 'react'

export type SectionProps = {
  title: string
  /** One line on what is shown and how it is computed. */
  note?: ReactNode
  actions?: ReactNode
  /** Tables reach the edges; everything else keeps its distance. */
  flush?: boolean
  children: ReactNode
}

/** A titled panel: the one container in which a page puts things. */
export function Section({ title, note, actions, flush = false, children }: SectionProps) {
  const titleId = useId()
  return (
    <Paper component="section" aria-labelledby={titleId} sx={{ minWidth: 0, overflow: 'hidden' }}>
      <Box
        sx={{ display: 'flex', alignItems: 'center', gap: 1.5, px: 2, pt: 1.25, pb: flush ? 1 : 0.5, minHeight: 40 }}
      >
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="h3" component="h2" id={titleId}>
            {title}
          </Typography>
          {note !== undefined && (
            <Typography variant="caption" component="p" color="textSecondary">
              {note}
            </Typography>
          )}
        </Box>
        {actions}
      </Box>
      <Box sx={flush ? { borderTop: 1, borderColor: 'divider' } : { px: 2, pb: 2, pt: 0.5 }}>{children}</Box>
    </Paper>
  )
}
