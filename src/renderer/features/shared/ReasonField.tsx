import TextField from '@mui/material/TextField'

export type ReasonFieldProps = {
  value: string
  onChange: (reason: string) => void
  label?: string
  autoFocus?: boolean
}

/** Why somebody does something. */
export function ReasonField({ value, onChange, label = 'Reason', autoFocus }: ReasonFieldProps) {
  return (
    <TextField
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      multiline
      minRows={2}
      required
      autoFocus={autoFocus}
      helperText="Auditors will read this. At least 3 characters."
      slotProps={{ htmlInput: { maxLength: 4000 } }}
    />
  )
}

export const isReason = (text: string) => text.trim().length >= 3
