import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Popover from '@mui/material/Popover'
import TextField from '@mui/material/TextField'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { type SubmitEvent, useState } from 'react'
import type { Window } from '../../contract/primitives.ts'
import { formatInstant } from './format.ts'
import { type Preset, parseUtcMinute, presets, presetWindow, toUtcMinute } from './window-presets.ts'

export type WindowChoice = { preset: Preset | 'custom'; window: Window }

export type WindowPickerProps = {
  value: WindowChoice
  onChange: (choice: WindowChoice) => void
  /** The instant that presets end at; asked for at the moment of the click. */
  now: () => number
}

/** Chooses a half-open span of event time, in UTC. */
export function WindowPicker({ value, onChange, now }: WindowPickerProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const fromAt = parseUtcMinute(from)
  const toAt = parseUtcMinute(to)
  const problem = fromAt !== null && toAt !== null && fromAt >= toAt ? 'The end must come after the beginning.' : null

  const openCustom = (target: HTMLElement) => {
    setFrom(toUtcMinute(value.window.from))
    setTo(toUtcMinute(value.window.to))
    setAnchor(target)
  }
  const applyCustom = (event: SubmitEvent) => {
    event.preventDefault()
    if (fromAt === null || toAt === null || fromAt >= toAt) return
    onChange({ preset: 'custom', window: { from: fromAt, to: toAt } })
    setAnchor(null)
  }

  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      {value.preset === 'custom' && (
        <Box sx={{ typography: 'caption', color: 'text.secondary' }}>
          {`${formatInstant(value.window.from)} to ${formatInstant(value.window.to)} UTC`}
        </Box>
      )}
      <ToggleButtonGroup exclusive size="small" value={value.preset} aria-label="Window of event time">
        {presets.map((preset) => (
          <ToggleButton
            key={preset.id}
            value={preset.id}
            onClick={() => onChange({ preset: preset.id, window: presetWindow(preset.id, now()) })}
          >
            {preset.label}
          </ToggleButton>
        ))}
        <ToggleButton value="custom" aria-haspopup="dialog" onClick={(event) => openCustom(event.currentTarget)}>
          Custom
        </ToggleButton>
      </ToggleButtonGroup>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ paper: { variant: 'elevation', elevation: 3, role: 'dialog', 'aria-label': 'Custom window' } }}
      >
        <Box component="form" onSubmit={applyCustom} sx={{ p: 2, display: 'grid', gap: 1.5, width: 260 }}>
          <TextField
            label="From (UTC)"
            type="datetime-local"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            slotProps={{ inputLabel: { shrink: true } }}
            autoFocus
          />
          <TextField
            label="To (UTC), not included"
            type="datetime-local"
            value={to}
            onChange={(event) => setTo(event.target.value)}
            error={problem !== null}
            helperText={problem}
            slotProps={{ inputLabel: { shrink: true } }}
          />
          <Button type="submit" variant="contained" disabled={fromAt === null || toAt === null || problem !== null}>
            Show this window
          </Button>
        </Box>
      </Popover>
    </Box>
  )
}
