import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { ReactNode } from 'react'

/** One of several numbers or names, chosen above a chart. */
export function Choice(props: {
  label: string
  value: string
  options: readonly (readonly [id: string, name: string])[]
  onChange: (value: string) => void
}): ReactNode {
  return (
    <Box>
      <TextField
        select
        label={props.label}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        sx={{ minWidth: 150 }}
      >
        {props.options.map(([id, name]) => (
          <MenuItem key={id} value={id}>
            {name}
          </MenuItem>
        ))}
      </TextField>
    </Box>
  )
}
