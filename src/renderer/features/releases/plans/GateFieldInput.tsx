import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { NumberField } from '../../shared/NumberField.tsx'
import type { GateField } from './gate-fields.ts'

export type GateFieldInputProps = {
  field: GateField
  value: unknown
  problem: string | null
  onChange: (value: unknown) => void
}

/** The way in which one field of a gate is typed. */
export function GateFieldInput({ field, value, problem, onChange }: GateFieldInputProps) {
  const { input, label, help } = field
  switch (input.type) {
    case 'number':
      return (
        <NumberField
          label={label}
          value={typeof value === 'number' ? value : null}
          unit={input.unit}
          problem={problem}
          helperText={help}
          required={input.nullable !== true}
          onChange={onChange}
        />
      )
    case 'choice':
      return (
        <ChoiceField
          label={label}
          value={typeof value === 'string' ? value : undefined}
          choices={input.choices}
          helperText={problem ?? help}
          onChange={onChange}
        />
      )
    case 'switch':
      return (
        <FormControlLabel
          control={
            <Switch size="small" checked={value === true} onChange={(event) => onChange(event.target.checked)} />
          }
          label={help === undefined ? label : `${label}. ${help}`}
          slotProps={{ typography: { variant: 'body2' } }}
        />
      )
    case 'columns':
      return (
        <TextField
          label={label}
          defaultValue={Array.isArray(value) ? value.join(', ') : ''}
          error={problem !== null}
          helperText={problem ?? help}
          required
          onChange={(event) =>
            onChange(
              event.target.value
                .split(',')
                .map((name) => name.trim())
                .filter((name) => name !== ''),
            )
          }
        />
      )
  }
}
