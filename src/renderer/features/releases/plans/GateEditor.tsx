import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import type { Gate } from '../../../../contract/release.ts'
import { gateKindWords } from '../gate-rows.ts'
import { GateFieldInput } from './GateFieldInput.tsx'
import { gateForms } from './gate-fields.ts'

export type GateEditorProps = {
  gate: Gate
  /** What is wrong with it, by field. */
  problems: ReadonlyMap<string, string>
  onChange: (gate: Gate) => void
  onRemove: () => void
}

/** One gate of a plan, with every limit in reach. */
export function GateEditor({ gate, problems, onChange, onRemove }: GateEditorProps) {
  const form = gateForms[gate.kind]
  return (
    <Box
      component="fieldset"
      sx={{
        m: 0,
        minWidth: 0,
        border: 0,
        borderTop: 1,
        borderColor: 'divider',
        px: 2,
        py: 1.5,
        display: 'grid',
        gap: 1.5,
      }}
    >
      <Box
        component="legend"
        sx={{ float: 'left', typography: 'caption', color: 'text.secondary', p: 0, width: 'auto' }}
      >
        {`${gateKindWords[gate.kind]}. ${form.asks}`}
      </Box>
      <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'start', clear: 'both' }}>
        <TextField
          label="Title"
          value={gate.title}
          onChange={(event) => onChange({ ...gate, title: event.target.value })}
          error={problems.has('title')}
          helperText={problems.get('title')}
          sx={{ flex: 1 }}
        />
        <Button onClick={onRemove} color="error" aria-label={`Remove gate ${gate.title}`}>
          Remove
        </Button>
      </Box>
      <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(210px, 1fr))', gap: 1.5 }}>
        {form.fields.map((field) => (
          <GateFieldInput
            key={field.name}
            field={field}
            // Fields are declared for their kind, so each names a member of the gate.
            value={(gate as Record<string, unknown>)[field.name]}
            problem={problems.get(field.name) ?? null}
            onChange={(value) => onChange({ ...gate, [field.name]: value })}
          />
        ))}
      </Box>
    </Box>
  )
}
