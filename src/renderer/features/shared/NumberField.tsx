import InputAdornment from '@mui/material/InputAdornment'
import TextField, { type TextFieldProps } from '@mui/material/TextField'
import { useState } from 'react'

export type NumberFieldProps = Omit<TextFieldProps, 'value' | 'onChange' | 'type' | 'slotProps'> & {
  value: number | null
  /** Null while the field is empty or is not a number. */
  onChange: (value: number | null) => void
  unit?: string
  problem?: string | null
}

/** A number that can be typed in peace: half a number stays as it is and is said not to be one. */
export function NumberField({ value, onChange, unit, problem = null, helperText, ...rest }: NumberFieldProps) {
  const [text, setText] = useState(value === null ? '' : String(value))
  // A value set from outside replaces the text; one's own typing does not.
  const shown = parseNumber(text) === value ? text : value === null ? text : String(value)
  const isBroken = shown.trim() !== '' && parseNumber(shown) === null
  const said = isBroken ? 'This is not a number' : problem
  return (
    <TextField
      {...rest}
      value={shown}
      error={said !== null}
      helperText={said ?? helperText}
      onChange={(event) => {
        setText(event.target.value)
        onChange(parseNumber(event.target.value))
      }}
      slotProps={{
        htmlInput: { inputMode: 'decimal' },
        input: unit === undefined ? {} : { endAdornment: <InputAdornment position="end">{unit}</InputAdornment> },
      }}
    />
  )
}

/** Reads `0.5`, `1e-3` and `−4`; null for anything else. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replace(/^−/, '-')
  if (plain === '' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null
  const value = Number(plain)
  return Number.isFinite(value) ? value : null
}
