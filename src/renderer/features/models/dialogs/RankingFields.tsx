import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { SchemaSpec } from '../../../../contract/model.ts'
import { namesIn } from './schema-draft.ts'

/** Whether the number predicted ranks lists, which column names the list, and how many places are looked at. */
export function RankingFields(props: {
  draft: SchemaSpec
  onChange: (schema: SchemaSpec) => void
  problems: ReadonlyMap<string, string>
}) {
  const { draft, onChange, problems } = props
  const { ranking, columns, ...rest } = draft
  const [places, setPlaces] = useState((ranking?.k ?? [10]).join(', '))
  const known = columns.filter(({ type, role }) => type !== 'image' && role !== 'input')
  const queryColumn = known.some(({ name }) => name === ranking?.queryColumn) ? (ranking?.queryColumn ?? '') : ''
  const kOf = (text: string) => namesIn(text).map(Number)
  const problem = [...problems].find(([path]) => path.startsWith('ranking'))?.[1]
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '2fr 1fr', gap: 2 }}>
      <TextField
        select
        label="Ranks the lists named by"
        value={queryColumn}
        onChange={({ target: { value } }) =>
          onChange({ ...rest, columns, ...(value !== '' && { ranking: { queryColumn: value, k: kOf(places) } }) })
        }
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        helperText={
          known.length === 0
            ? 'A ranking needs a context column that names the list, such as a query'
            : 'For a ranking: the prediction is the score, the label how relevant a sample is'
        }
      >
        <MenuItem value="">No ranking: the number itself is judged</MenuItem>
        {known.map(({ name }) => (
          <MenuItem key={name} value={name}>
            {name}
          </MenuItem>
        ))}
      </TextField>
      {ranking !== undefined && (
        <TextField
          label="First places looked at"
          value={places}
          onChange={({ target: { value } }) => {
            setPlaces(value)
            onChange({ ...draft, ranking: { ...ranking, k: kOf(value) } })
          }}
          error={problem !== undefined}
          helperText={problem ?? 'Such as 10 or 1, 5, 10'}
        />
      )}
    </Box>
  )
}
