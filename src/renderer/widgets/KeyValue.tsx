import Box from '@mui/material/Box'
import type { ReactNode } from 'react'

export type KeyValueItem = { label: string; value: ReactNode }
export type KeyValueProps = { items: KeyValueItem[]; columns?: 1 | 2 | 3; labelWidth?: number }

/** Facts about one thing, label beside value. */
export function KeyValue({ items, columns = 1, labelWidth = 132 }: KeyValueProps) {
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'grid',
        gridTemplateColumns: { xs: '1fr', md: `repeat(${columns}, minmax(0, 1fr))` },
        columnGap: 4,
        typography: 'body2',
      }}
    >
      {items.map((item) => (
        <Box
          key={item.label}
          sx={{
            display: 'grid',
            gridTemplateColumns: `${labelWidth}px minmax(0, 1fr)`,
            alignItems: 'baseline',
            py: 0.5,
            borderBottom: 1,
            borderColor: 'divider',
          }}
        >
          <Box component="dt" sx={{ color: 'text.secondary' }}>
            {item.label}
          </Box>
          <Box component="dd" sx={{ m: 0, minWidth: 0, overflowWrap: 'anywhere' }}>
            {item.value}
          </Box>
        </Box>
      ))}
    </Box>
  )
}
