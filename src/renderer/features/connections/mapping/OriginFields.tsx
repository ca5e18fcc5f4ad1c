import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import type { FieldOrigin } from '../../../../contract/mapping.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'

const kinds = [
  { id: 'path', label: 'from the message' },
  { id: 'topic', label: 'from the topic' },
  { id: 'constant', label: 'always' },
  { id: 'arrival', label: 'time of arrival' },
  { id: 'digest', label: 'made of the message' },
]

function blankOrigin(kind: string): FieldOrigin {
  switch (kind) {
    case 'topic':
      return { kind, variable: '' }
    case 'constant':
      return { kind, value: '' }
    case 'arrival':
    case 'digest':
      return { kind }
    default:
      return { kind: 'path', path: '' }
  }
}

/** Where a value comes from: a path, a level of the topic, a constant. */
export function OriginFields({ origin, onChange }: { origin: FieldOrigin; onChange: (origin: FieldOrigin) => void }) {
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: 'minmax(140px, 1fr) 1.4fr', gap: 1 }}>
      <ChoiceField label="Comes" value={origin.kind} choices={kinds} onChange={(kind) => onChange(blankOrigin(kind))} />
      {origin.kind === 'path' && (
        <TextField
          label="Path (JMESPath)"
          value={origin.path}
          onChange={(event) => onChange({ kind: 'path', path: event.target.value })}
          size="small"
        />
      )}
      {origin.kind === 'topic' && (
        <TextField
          label="Variable"
          value={origin.variable}
          onChange={(event) => onChange({ kind: 'topic', variable: event.target.value })}
          size="small"
        />
      )}
      {origin.kind === 'constant' && (
        <TextField
          label="Value"
          value={String(origin.value)}
          onChange={(event) => onChange({ kind: 'constant', value: event.target.value })}
          size="small"
        />
      )}
    </Box>
  )
}
