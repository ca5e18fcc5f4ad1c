import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { type SubmitEvent, useState } from 'react'
import { useDeployedView } from '../model-view.ts'
import { conditionText, writeSlice } from './slice.ts'
import { type SampleFilter, type Truth, truths } from './use-sample-filter.ts'

export type SampleFiltersProps = {
  filter: SampleFilter
  onChange: (changes: Partial<Record<keyof SampleFilter, string | null>>) => void
}

const truthNames: Record<Truth, string> = {
  any: 'Any',
  wrong: 'Wrong predictions',
  right: 'Right predictions',
  labelled: 'Labelled',
  unlabelled: 'Not yet labelled',
}

/** Narrows the list down; everything chosen stands in the address. */
export function SampleFilters({ filter, onChange }: SampleFiltersProps) {
  const { version } = useDeployedView()
  const { classes, columns } = version.schema
  const categorical = columns.filter(({ type }) => type === 'categorical')
  const { slice } = filter
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1.5 }}>
      {classes.length > 0 && (
        <>
          <Pick
            label="Prediction"
            value={filter.prediction}
            names={classes}
            onPick={(prediction) => onChange({ prediction })}
          />
          <Pick label="Label" value={filter.label} names={classes} onPick={(label) => onChange({ label })} />
        </>
      )}
      <TextField
        select
        label="Truth"
        value={filter.error}
        onChange={(event) => onChange({ error: event.target.value })}
        sx={{ minWidth: 170 }}
      >
        {truths.map((truth) => (
          <MenuItem key={truth} value={truth}>
            {truthNames[truth]}
          </MenuItem>
        ))}
      </TextField>
      {categorical.length > 0 && (
        <>
          <Pick
            label="Column"
            value={filter.column}
            names={categorical.map(({ name }) => name)}
            onPick={(column) => onChange({ column, value: null })}
          />
          {filter.column !== null && (
            <ValueField
              key={filter.column}
              value={filter.value ?? ''}
              categories={categorical.find(({ name }) => name === filter.column)?.categories ?? []}
              onChange={(value) => onChange({ value })}
            />
          )}
        </>
      )}
      {slice?.map((condition) => (
        <Chip
          key={conditionText(condition)}
          label={conditionText(condition)}
          onDelete={() => {
            const rest = slice.filter((each) => each !== condition)
            onChange({ slice: rest.length === 0 ? null : writeSlice(rest) })
          }}
        />
      ))}
    </Box>
  )
}

function Pick(props: {
  label: string
  value: string | null
  names: readonly string[]
  onPick: (name: string | null) => void
}) {
  const names = props.value !== null && !props.names.includes(props.value) ? [...props.names, props.value] : props.names
  return (
    <TextField
      select
      label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onPick(event.target.value === '' ? null : event.target.value)}
      sx={{ minWidth: 130 }}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="">Any</MenuItem>
      {names.map((name) => (
        <MenuItem key={name} value={name}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}

/** Declared categories are chosen; where none are declared, a value is typed. */
function ValueField(props: { value: string; categories: readonly string[]; onChange: (value: string | null) => void }) {
  const [text, setText] = useState(props.value)
  if (props.categories.length > 0) {
    return <Pick label="is" value={props.value || null} names={props.categories} onPick={props.onChange} />
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    props.onChange(text)
  }
  return (
    <form onSubmit={submit}>
      <TextField label="is (Enter to apply)" value={text} onChange={(event) => setText(event.target.value)} />
    </form>
  )
}
