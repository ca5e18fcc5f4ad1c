import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { TargetInfo } from '../shared/use-targets.ts'

export type TargetFieldProps = {
  targets: readonly TargetInfo[]
  value: string | null
  /** Offered as a choice when given: "Everything". */
  everything?: string
  onChange: (id: string | null) => void
}

/** What a policy is about. */
export function TargetField({ targets, value, everything, onChange }: TargetFieldProps) {
  return (
    <TextField
      select
      label="About"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      sx={{ minWidth: 240 }}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      {everything !== undefined && <MenuItem value="">{everything}</MenuItem>}
      {targets.map(({ target, name }) => (
        <MenuItem key={target.id} value={target.id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}
