import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type SubmitEvent, useState } from 'react'
import type { Outcome } from '../../../contract/sample.ts'
import { StatusShape } from '../../widgets/Status.tsx'
import { NumberField } from '../shared/NumberField.tsx'
import { Key } from './LabelDesk.tsx'
import type { Verdict } from './use-labelling.ts'

export type LabelChoicesProps = {
  /** Empty for regression: the label is a number. */
  classes: readonly string[]
  /** What the model said; null while it is hidden. */
  prediction: Outcome | null
  verdict: Verdict | null
  isSent: boolean
  /** Why this person may not label. */
  obstacle: string | null
  onLabel: (label: Outcome) => void
}

/** Beyond this many classes, a filter narrows them down. */
const classesAtOnce = 12

export function LabelChoices({ classes, prediction, verdict, isSent, obstacle, onLabel }: LabelChoicesProps) {
  const [filter, setFilter] = useState('')
  const chosen = verdict === null || verdict === 'skipped' ? null : verdict.label
  if (isSent) return <Said>{`Stored as ${chosen}.`}</Said>
  if (obstacle !== null) return <Said>{obstacle}</Said>
  if (classes.length === 0) return <NumberLabel given={typeof chosen === 'number' ? chosen : null} onLabel={onLabel} />
  const shown = classes
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()))
    .slice(0, 60)
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {classes.length > classesAtOnce && (
        <TextField label="Find a class" value={filter} onChange={(event) => setFilter(event.target.value)} />
      )}
      <Box sx={{ display: 'grid', gap: 0.75, maxHeight: '44vh', overflow: 'auto', p: '3px', m: '-3px' }}>
        {shown.map(({ name, index }) => (
          <Button
            key={name}
            variant={chosen === name ? 'contained' : 'outlined'}
            aria-pressed={chosen === name}
            aria-keyshortcuts={index < 9 ? String(index + 1) : undefined}
            onClick={() => onLabel(name)}
            sx={{ justifyContent: 'space-between', minHeight: 40 }}
          >
            <span>
              {name}
              {prediction === name && (
                <Box component="span" sx={{ ml: 1, fontWeight: 450, opacity: 0.8 }}>
                  the model’s answer
                </Box>
              )}
            </span>
            {index < 9 && <Key name={String(index + 1)} />}
          </Button>
        ))}
      </Box>
      {verdict === 'skipped' && <Said>Skipped: it stays without a label.</Said>}
    </Box>
  )
}

function Said({ children }: { children: string }) {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, typography: 'body2', color: 'text.secondary' }}>
      <StatusShape status="unknown" />
      {children}
    </Box>
  )
}

function NumberLabel({ given, onLabel }: { given: number | null; onLabel: (label: number) => void }) {
  const [value, setValue] = useState<number | null>(given)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (value !== null) onLabel(value)
  }
  return (
    <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 1 }}>
      <NumberField label="The true value" value={value} onChange={setValue} autoFocus helperText="Enter takes it" />
      <Button type="submit" variant="outlined" disabled={value === null}>
        Label it so
      </Button>
    </Box>
  )
}
