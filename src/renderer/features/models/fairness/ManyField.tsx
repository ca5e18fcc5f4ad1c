import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'

export type ManyFieldProps = {
  label: string
  value: readonly string[]
  options: readonly (readonly [id: string, name: string])[]
  /** Shown where nothing is chosen. */
  empty?: string
  onChange: (value: string[]) => void
}

/** Several of a few, or none. */
export function ManyField({ label, value, options, empty = '', onChange }: ManyFieldProps) {
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={(event) => onChange([event.target.value].flat())}
      sx={{ minWidth: 140, maxWidth: 220 }}
      slotProps={{
        select: {
          multiple: true,
          displayEmpty: true,
          renderValue: (chosen) => ([chosen].flat().length === 0 ? empty : [chosen].flat().join(', ')),
        },
        inputLabel: { shrink: true },
      }}
    >
      {options.map(([id, name]) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}
