import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { NumberField } from './NumberField.tsx'

const units = [
  { id: 'ms', word: 'milliseconds', ms: 1 },
  { id: 's', word: 'seconds', ms: 1000 },
  { id: 'min', word: 'minutes', ms: 60_000 },
  { id: 'h', word: 'hours', ms: 3_600_000 },
  { id: 'd', word: 'days', ms: 86_400_000 },
] as const

/** The largest unit in which a duration is a whole number. */
export function unitOf(durationMs: number): (typeof units)[number] {
  if (durationMs === 0) return units[2]
  return [...units].reverse().find(({ ms }) => durationMs >= ms && durationMs % ms === 0) ?? units[0]
}

export type DurationFieldProps = {
  label: string
  valueMs: number | null
  onChange: (valueMs: number | null) => void
  helperText?: string
  problem?: string | null
  required?: boolean
}

/** A span of time as an amount and a unit. */
export function DurationField({ label, valueMs, onChange, helperText, problem, required }: DurationFieldProps) {
  const [unitId, setUnitId] = useState<string>((valueMs === null ? units[1] : unitOf(valueMs)).id)
  const unit = units.find(({ id }) => id === unitId) ?? units[1]
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) 118px', gap: 1 }}>
      <NumberField
        key={unit.id}
        label={label}
        value={valueMs === null ? null : valueMs / unit.ms}
        onChange={(amount) => onChange(amount === null ? null : Math.round(amount * unit.ms))}
        helperText={helperText}
        problem={problem}
        required={required}
      />
      <TextField select label="Unit" value={unit.id} onChange={(event) => setUnitId(event.target.value)}>
        {units.map(({ id, word }) => (
          <MenuItem key={id} value={id}>
            {word}
          </MenuItem>
        ))}
      </TextField>
    </Box>
  )
}
