import Box from '@mui/material/Box'
import Paper from '@mui/material/Paper'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

export type DoorwayProps = {
  title: string
  /** One sentence on what is to be done here. */
  note?: ReactNode
  children: ReactNode
}

/** What stands before the pages: signing in, setting up, waiting for the service. */
export function Doorway({ title, note, children }: DoorwayProps) {
  return (
    <Box
      component="main"
      sx={{ minHeight: '100vh', display: 'grid', alignContent: 'center', justifyItems: 'center', p: 3, gap: 2 }}
    >
      <Box sx={{ fontWeight: 680, fontSize: '0.9375rem', letterSpacing: '-0.01em', width: '100%', maxWidth: 440 }}>
        Assay
      </Box>
      <Paper component="section" sx={{ width: '100%', maxWidth: 440, p: 3, display: 'grid', gap: 2 }}>
        <div>
          <Typography variant="h1">{title}</Typography>
          {note !== undefined && (
            <Typography variant="body2" color="textSecondary" sx={{ mt: 0.5 }}>
              {note}
            </Typography>
          )}
        </div>
        {children}
      </Paper>
    </Box>
  )
}
