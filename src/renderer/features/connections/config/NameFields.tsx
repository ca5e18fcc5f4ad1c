import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'

export type Names = { key: string; name: string }
export type NameFieldsProps = {
  value: Names
  problems: ReadonlyMap<string, string>
  onChange: (names: Names) => void
}

/** Proposes a key from a name: `Park broker` gives `park-broker`. */
export function keyFrom(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[-._]+|[-._]+$/g, '')
    .slice(0, 64)
}

/** Name and key; the key follows the name until it is typed. */
export function NameFields({ value, problems, onChange }: NameFieldsProps) {
  const keyProblem = value.key === '' ? undefined : problems.get('key')
  const follows = value.key === keyFrom(value.name)
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 2 }}>
      <TextField
        label="Name"
        value={value.name}
        onChange={(event) =>
          onChange({ name: event.target.value, key: follows ? keyFrom(event.target.value) : value.key })
        }
        required
        autoFocus
      />
      <TextField
        label="Key"
        value={value.key}
        onChange={(event) => onChange({ ...value, key: event.target.value })}
        error={keyProblem !== undefined}
        helperText={keyProblem}
        required
      />
    </Box>
  )
}
