import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

export type PageHeaderProps = {
  title: string
  /** Where this is: "Models / cat-dog". */
  context?: ReactNode
  /** Stands right after the title: a hallmark, a status. */
  mark?: ReactNode
  /** Window picker and buttons, at the right. */
  actions?: ReactNode
}

/** Title of a page with its tools. */
export function PageHeader({ title, context, mark, actions }: PageHeaderProps) {
  return (
    <Box
      component="header"
      sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1.5, minHeight: 36, mb: 1.5 }}
    >
      <Box sx={{ flex: 1, minWidth: 200 }}>
        {context !== undefined && <Box sx={{ typography: 'caption', color: 'text.secondary' }}>{context}</Box>}
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }}>
          <Typography variant="h1">{title}</Typography>
          {mark}
        </Box>
      </Box>
      {actions !== undefined && (
        <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1 }}>{actions}</Box>
      )}
    </Box>
  )
}
