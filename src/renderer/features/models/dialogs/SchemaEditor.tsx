import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { z } from 'zod'
import type { SchemaSpec, Task } from '../../../../contract/model.ts'
import { problemsOf } from '../../shared/problems.ts'
import { useModelView } from '../model-view.ts'
import { ColumnRows } from './ColumnRows.tsx'
import { RankingFields } from './RankingFields.tsx'
import { columnsFrom, namesIn, newColumn, readSchema } from './schema-draft.ts'

export type SchemaEditorProps = {
  task: Task
  /** Null while what is typed is not a schema. */
  value: SchemaSpec | null
  onChange: (schema: SchemaSpec | null) => void
  shape: z.ZodType<SchemaSpec>
}

/** The declared schema of a version, as a form or as JSON; what is wrong is said where it is. */
export function SchemaEditor({ task, value, onChange, shape }: SchemaEditorProps) {
  const [mode, setMode] = useState<'form' | 'json'>('form')
  const [text, setText] = useState('')
  const [draft, setDraft] = useState<SchemaSpec>(value ?? { task, classes: [], positiveClass: null, columns: [] })
  const read = mode === 'json' ? readSchema(text, shape) : null

  const change = (schema: SchemaSpec) => {
    setDraft(schema)
    onChange(schema)
  }
  const changeText = (typed: string) => {
    setText(typed)
    const { schema } = readSchema(typed, shape)
    if (schema !== null) setDraft(schema)
    onChange(schema)
  }
  const switchTo = (next: 'form' | 'json') => {
    if (next === 'json') setText(JSON.stringify(draft, null, 2))
    // Back in the form stands the last schema that could be read.
    else onChange(draft)
    setMode(next)
  }

  return (
    <Box component="section" aria-label="Schema" sx={{ display: 'grid', gap: 1.5 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }}>
        <Typography variant="h3" sx={{ flex: 1 }}>
          Schema
        </Typography>
        <TakeColumns onTake={(columns) => change({ ...draft, columns })} disabled={mode === 'json'} />
        <ToggleButtonGroup
          exclusive
          size="small"
          value={mode}
          aria-label="How the schema is edited"
          onChange={(_, next: 'form' | 'json' | null) => next !== null && switchTo(next)}
        >
          <ToggleButton value="form">Form</ToggleButton>
          <ToggleButton value="json">JSON</ToggleButton>
        </ToggleButtonGroup>
      </Box>
      {mode === 'form' ? (
        <SchemaForm draft={draft} onChange={change} problems={problemsOf(shape, draft)} />
      ) : (
        <>
          <TextField
            label="Schema as JSON"
            multiline
            minRows={8}
            maxRows={18}
            value={text}
            onChange={(event) => changeText(event.target.value)}
            error={read?.schema === null}
            slotProps={{ htmlInput: { spellCheck: false } }}
            sx={{ '& textarea': { fontFamily: 'monospace', fontSize: '0.75rem' } }}
          />
          {read !== null && read.problems.length > 0 && (
            <Box component="ul" role="alert" sx={{ m: 0, pl: 2.5, typography: 'body2', color: 'error.main' }}>
              {read.problems.slice(0, 12).map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
              {read.problems.length > 12 && <li>{`and ${read.problems.length - 12} more`}</li>}
            </Box>
          )}
        </>
      )}
    </Box>
  )
}

function SchemaForm(props: {
  draft: SchemaSpec
  onChange: (schema: SchemaSpec) => void
  problems: ReadonlyMap<string, string>
}) {
  const { draft, onChange, problems } = props
  const [classes, setClasses] = useState(draft.classes.join(', '))
  return (
    <>
      {draft.task !== 'regression' && (
        <Box sx={{ display: 'grid', gridTemplateColumns: '2fr 1fr', gap: 2 }}>
          <TextField
            label="Classes"
            required
            value={classes}
            onChange={(event) => {
              setClasses(event.target.value)
              const names = namesIn(event.target.value)
              const positiveClass = names.includes(draft.positiveClass ?? '') ? draft.positiveClass : null
              onChange({ ...draft, classes: names, positiveClass })
            }}
            error={problems.has('classes')}
            helperText={problems.get('classes') ?? 'In the order of the model’s outputs, between commas'}
          />
          {draft.task === 'binary' && (
            <TextField
              select
              label="Positive class"
              value={draft.positiveClass ?? ''}
              onChange={(event) =>
                onChange({ ...draft, positiveClass: event.target.value === '' ? null : event.target.value })
              }
              slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
            >
              <MenuItem value="">Not said</MenuItem>
              {draft.classes.map((name) => (
                <MenuItem key={name} value={name}>
                  {name}
                </MenuItem>
              ))}
            </TextField>
          )}
        </Box>
      )}
      {draft.task === 'regression' && <RankingFields draft={draft} onChange={onChange} problems={problems} />}
      <ColumnRows columns={draft.columns} problems={problems} onChange={(columns) => onChange({ ...draft, columns })} />
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
        <Button variant="outlined" onClick={() => onChange({ ...draft, columns: [...draft.columns, newColumn('')] })}>
          Add a column
        </Button>
        {draft.columns.length === 0 && (
          <Typography variant="body2" color="textSecondary">
            At least one column is needed: what a sample holds besides its prediction
          </Typography>
        )}
      </Box>
    </>
  )
}

/** Begins from the columns of another version or of a data set. */
function TakeColumns({ onTake, disabled }: { onTake: (columns: SchemaSpec['columns']) => void; disabled: boolean }) {
  const { versions, datasets } = useModelView()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const sources = [
    ...versions.map(({ id, name, schema }) => ({ id, name: `Version ${name}`, columns: schema.columns })),
    ...datasets.map(({ id, name, columns }) => ({ id, name: `Data set ${name}`, columns: columnsFrom(columns) })),
  ]
  if (sources.length === 0) return null
  return (
    <>
      <Button aria-haspopup="menu" disabled={disabled} onClick={(event) => setAnchor(event.currentTarget)}>
        Take the columns of
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {sources.map(({ id, name, columns }) => (
          <MenuItem
            key={id}
            onClick={() => {
              setAnchor(null)
              onTake(columns)
            }}
          >
            {`${name}, ${columns.length} columns`}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
