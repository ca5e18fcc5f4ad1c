import CloseOutlined from '@mui/icons-material/CloseOutlined'
import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import IconButton from '@mui/material/IconButton'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { isBlobKind } from '../../../../contract/blob.ts'
import { type ColumnSpec, columnSpec } from '../../../../contract/model.ts'
import { parseNumber } from '../../shared/NumberField.tsx'
import { BlobOptionsButton } from './BlobOptionsButton.tsx'
import { namesIn } from './schema-draft.ts'

export type ColumnRowsProps = {
  columns: readonly ColumnSpec[]
  /** By path in the schema, such as `columns.2.name`. */
  problems: ReadonlyMap<string, string>
  onChange: (columns: ColumnSpec[]) => void
}

const grid = {
  display: 'grid',
  gridTemplateColumns: '1.2fr 132px 124px 1.4fr 64px 52px 66px 32px',
  gap: 1,
  alignItems: 'center',
} as const

/** The columns of a schema, one row each. */
export function ColumnRows({ columns, problems, onChange }: ColumnRowsProps) {
  // Rows keep what is typed in them when others go: a changed column inherits the key of the one it was.
  const [keys] = useState(() => new WeakMap<ColumnSpec, string>())
  if (columns.length === 0) return null
  const keyOf = (column: ColumnSpec) => {
    const key = keys.get(column) ?? crypto.randomUUID()
    keys.set(column, key)
    return key
  }
  const set = (before: ColumnSpec, changes: Partial<ColumnSpec>) => {
    const after = { ...before, ...changes }
    keys.set(after, keyOf(before))
    onChange(columns.map((column) => (column === before ? after : column)))
  }
  return (
    <Box
      component="ul"
      aria-label="Columns of the schema"
      sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}
    >
      {/* Each field has its own name; the line above them spares the eye the repetition. */}
      <Box component="li" aria-hidden sx={{ ...grid, typography: 'caption', color: 'text.secondary' }}>
        {['Column', 'Type', 'Role', 'Range or categories', 'Unit', 'Group', 'Required'].map((name) => (
          <span key={name}>{name}</span>
        ))}
      </Box>
      {columns.map((column, index) => (
        <ColumnRow
          key={keyOf(column)}
          column={column}
          problem={
            [...problems].find(([path]) => path === `columns.${index}` || path.startsWith(`columns.${index}.`))?.[1]
          }
          onChange={(changes) => set(column, changes)}
          onRemove={() => onChange(columns.filter((each) => each !== column))}
        />
      ))}
    </Box>
  )
}

function ColumnRow(props: {
  column: ColumnSpec
  problem: string | undefined
  onChange: (changes: Partial<ColumnSpec>) => void
  onRemove: () => void
}) {
  const { column, problem, onChange, onRemove } = props
  const named = column.name === '' ? 'the new column' : column.name
  return (
    <Box component="li">
      <Box sx={grid}>
        <TextField
          value={column.name}
          onChange={(event) => onChange({ name: event.target.value })}
          slotProps={{ htmlInput: { 'aria-label': 'Name of the column' } }}
          error={problem !== undefined}
        />
        <Choice
          label={`Type of ${named}`}
          value={column.type}
          options={columnSpec.shape.type.options}
          onChange={(type) => onChange({ type, range: undefined, categories: undefined, blob: undefined })}
        />
        <Choice
          label={`Role of ${named}`}
          value={column.role}
          options={columnSpec.shape.role.options}
          onChange={(role) => onChange({ role })}
        />
        <Bounds column={column} named={named} onChange={onChange} />
        <TextField
          value={column.unit ?? ''}
          onChange={(event) => onChange({ unit: event.target.value === '' ? undefined : event.target.value })}
          slotProps={{ htmlInput: { 'aria-label': `Unit of ${named}` } }}
        />
        <Box>
          <Checkbox
            size="small"
            checked={column.isGroup}
            disabled={column.type !== 'categorical'}
            onChange={(event) => onChange({ isGroup: event.target.checked })}
            slotProps={{ input: { 'aria-label': `${named} forms groups` } }}
          />
        </Box>
        <Box>
          <Checkbox
            size="small"
            checked={column.isRequired}
            onChange={(event) => onChange({ isRequired: event.target.checked })}
            slotProps={{ input: { 'aria-label': `${named} is required` } }}
          />
        </Box>
        <Box>
          <IconButton aria-label={`Remove ${named}`} onClick={onRemove}>
            <CloseOutlined sx={{ fontSize: 16 }} />
          </IconButton>
        </Box>
      </Box>
      {problem !== undefined && <Box sx={{ typography: 'caption', color: 'error.main' }}>{problem}</Box>}
    </Box>
  )
}

/** Numbers have a range, categories are listed, of files something is measured. */
function Bounds(props: { column: ColumnSpec; named: string; onChange: (changes: Partial<ColumnSpec>) => void }) {
  const { column, named, onChange } = props
  const [low, setLow] = useState(column.range === undefined ? '' : String(column.range[0]))
  const [high, setHigh] = useState(column.range === undefined ? '' : String(column.range[1]))
  const [categories, setCategories] = useState(column.categories?.join(', ') ?? '')
  if (isBlobKind(column.type)) {
    const { type, blob } = column
    return <BlobOptionsButton name={named} kind={type} value={blob} onChange={(next) => onChange({ blob: next })} />
  }
  if (column.type === 'categorical') {
    return (
      <TextField
        value={categories}
        placeholder="day, dusk, night"
        onChange={(event) => {
          setCategories(event.target.value)
          const names = namesIn(event.target.value)
          onChange({ categories: names.length === 0 ? undefined : names })
        }}
        slotProps={{ htmlInput: { 'aria-label': `Categories of ${named}` } }}
      />
    )
  }
  const setRange = (lowText: string, highText: string) => {
    setLow(lowText)
    setHigh(highText)
    const range = [parseNumber(lowText), parseNumber(highText)]
    onChange({ range: range[0] === null || range[1] === null ? undefined : [range[0], range[1]] })
  }
  const isHalf = (parseNumber(low) === null) !== (parseNumber(high) === null)
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 0.5 }}>
      <TextField
        value={low}
        placeholder="from"
        error={isHalf && parseNumber(low) === null}
        onChange={(event) => setRange(event.target.value, high)}
        slotProps={{ htmlInput: { 'aria-label': `Least plausible ${named}`, inputMode: 'decimal' } }}
      />
      <TextField
        value={high}
        placeholder="to"
        error={isHalf && parseNumber(high) === null}
        onChange={(event) => setRange(low, event.target.value)}
        slotProps={{ htmlInput: { 'aria-label': `Largest plausible ${named}`, inputMode: 'decimal' } }}
      />
    </Box>
  )
}

function Choice<T extends string>(props: {
  label: string
  value: T
  options: readonly T[]
  onChange: (value: T) => void
}) {
  return (
    <TextField
      select
      value={props.value}
      onChange={(event) => {
        const chosen = props.options.find((option) => option === event.target.value)
        if (chosen !== undefined) props.onChange(chosen)
      }}
      slotProps={{ select: { 'aria-label': props.label } }}
    >
      {props.options.map((option) => (
        <MenuItem key={option} value={option}>
          {option}
        </MenuItem>
      ))}
    </TextField>
  )
}
