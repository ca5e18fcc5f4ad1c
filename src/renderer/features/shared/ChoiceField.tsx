import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { ReactNode } from 'react'

export type Choice = { id: string; label: string }
export type ChoiceFieldProps = {
  label: string
  value: string | undefined
  choices: readonly Choice[]
  onChange: (id: string) => void
  /** Said when there is nothing to choose from. */
  empty?: ReactNode
  helperText?: ReactNode
  required?: boolean
  disabled?: boolean
}

/** One of several, by name. */
export function ChoiceField({
  label,
  value,
  choices,
  onChange,
  empty,
  helperText,
  required = true,
  disabled,
}: ChoiceFieldProps) {
  return (
    <TextField
      select
      label={label}
      // A value that is not among the choices is none.
      value={choices.some(({ id }) => id === value) ? value : ''}
      onChange={(event) => onChange(event.target.value)}
      required={required}
      disabled={disabled}
      helperText={choices.length === 0 ? empty : helperText}
    >
      {choices.map((choice) => (
        <MenuItem key={choice.id} value={choice.id}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  )
}
