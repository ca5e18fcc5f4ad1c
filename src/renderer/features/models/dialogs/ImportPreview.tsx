import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import type { OutputOf } from '../../../../contract/api.ts'
import { type ColumnMapping, columnMapping, columnRole } from '../../../../contract/model.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { formatCount } from '../../../widgets/format.ts'
import { StatusShape } from '../../../widgets/Status.tsx'

export type ImportPreviewProps = {
  preview: OutputOf<'imports.preview'>
  columns: readonly ColumnMapping[]
  /** Why the columns cannot be read this way. */
  problems: readonly string[]
  onChange: (columns: ColumnMapping[]) => void
}

const examplesShown = 3

/** How each column would be read, the first rows, and the rows that cannot be read. */
export function ImportPreview({ preview, columns, problems, onChange }: ImportPreviewProps) {
  const change = (index: number, changes: Partial<ColumnMapping>) =>
    onChange(columns.map((column, each) => (each === index ? { ...column, ...changes } : column)))
  const rows = columns.map((column, index) => ({ column, index }))
  return (
    <>
      <Typography variant="body2">
        {`${formatCount(preview.rowCount)} rows of ${preview.format.toUpperCase()}, ${formatCount(columns.length)} columns`}
        {preview.errorCount > 0 &&
          `; ${preview.errorCount === 1 ? '1 row' : `${formatCount(preview.errorCount)} rows`} cannot be read and will be left out`}
      </Typography>
      {problems.length > 0 && (
        <Box component="ul" role="alert" sx={{ listStyle: 'none', m: 0, p: 0, typography: 'body2' }}>
          {problems.map((problem) => (
            <Box component="li" key={problem} sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
              <StatusShape status="warning" />
              {problem}
            </Box>
          ))}
        </Box>
      )}
      <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden' }}>
        <DataTable
          label="How columns are read"
          rows={rows}
          rowKey={({ index }) => index}
          rowHeight={48}
          maxHeight={320}
          columns={[
            {
              id: 'name',
              header: 'Column',
              width: '22%',
              title: ({ column }) => column.name,
              render: ({ column }) => column.name,
            },
            {
              id: 'role',
              header: 'Read as',
              width: 170,
              render: ({ column, index }) => (
                <Choice
                  label={`Role of ${column.name}`}
                  value={column.role}
                  options={columnRole.options}
                  onChange={(role) => change(index, { role })}
                />
              ),
            },
            {
              id: 'type',
              header: 'Type',
              width: 150,
              render: ({ column, index }) => (
                <Choice
                  label={`Type of ${column.name}`}
                  value={column.type}
                  options={columnMapping.shape.type.options}
                  onChange={(type) => change(index, { type })}
                />
              ),
            },
            {
              id: 'class',
              header: 'Of class',
              width: 140,
              render: ({ column, index }) =>
                column.role === 'score' && (
                  <TextField
                    value={column.className ?? ''}
                    onChange={(event) =>
                      change(index, { className: event.target.value === '' ? undefined : event.target.value })
                    }
                    slotProps={{ htmlInput: { 'aria-label': `Class of the score ${column.name}` } }}
                  />
                ),
            },
            {
              id: 'examples',
              header: 'For example',
              title: ({ index }) => examplesOf(preview, index).join(', '),
              render: ({ index }) => examplesOf(preview, index).slice(0, examplesShown).join(', '),
            },
          ]}
        />
      </Box>
      {preview.errors.length > 0 && (
        <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden' }}>
          <DataTable
            label="Rows that cannot be read"
            rows={preview.errors}
            rowKey={({ row, column, message }) => `${row} ${column} ${message}`}
            rowHeight={28}
            maxHeight={170}
            columns={[
              { id: 'row', header: 'Row', align: 'right', width: 80, render: ({ row }) => formatCount(row) },
              { id: 'column', header: 'Column', width: 160, render: ({ column }) => column ?? 'the whole row' },
              {
                id: 'message',
                header: 'What is wrong',
                title: ({ message }) => message,
                render: ({ message }) => message,
              },
            ]}
          />
        </Box>
      )}
    </>
  )
}

const examplesOf = (preview: OutputOf<'imports.preview'>, index: number) =>
  preview.rows.map((row) => row[index]).filter((cell): cell is string => cell !== null && cell !== undefined)

function Choice<T extends string>(props: {
  label: string
  value: T
  options: readonly T[]
  onChange: (value: T) => void
}) {
  return (
    <TextField
      select
      fullWidth
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
