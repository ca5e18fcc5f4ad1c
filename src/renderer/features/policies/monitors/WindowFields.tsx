import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Window } from '../../../../contract/primitives.ts'
import { parseUtcMinute, toUtcMinute } from '../../../widgets/window-presets.ts'

/** A fixed span of event time; changes only while both ends make sense. */
export function WindowFields({ window, onChange }: { window: Window; onChange: (window: Window) => void }) {
  const [from, setFrom] = useState(toUtcMinute(window.from))
  const [to, setTo] = useState(toUtcMinute(window.to))
  const tell = (fromText: string, toText: string) => {
    const [fromAt, toAt] = [parseUtcMinute(fromText), parseUtcMinute(toText)]
    if (fromAt !== null && toAt !== null && fromAt < toAt) onChange({ from: fromAt, to: toAt })
  }
  const [fromAt, toAt] = [parseUtcMinute(from), parseUtcMinute(to)]
  const problem = fromAt !== null && toAt !== null && fromAt >= toAt ? 'The end must come after the beginning' : null
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 1 }}>
      <TextField
        label="From (UTC)"
        type="datetime-local"
        value={from}
        onChange={(event) => {
          setFrom(event.target.value)
          tell(event.target.value, to)
        }}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      <TextField
        label="To (UTC)"
        type="datetime-local"
        value={to}
        error={problem !== null}
        helperText={problem}
        onChange={(event) => {
          setTo(event.target.value)
          tell(from, event.target.value)
        }}
        slotProps={{ inputLabel: { shrink: true } }}
      />
    </Box>
  )
}
