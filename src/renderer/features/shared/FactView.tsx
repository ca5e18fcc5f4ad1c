import Box from '@mui/material/Box'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import type { Json } from '../../../contract/primitives.ts'
import { absent, formatNumber } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { CodeBlock } from './CodeBlock.tsx'
import { capitalise, spellOut } from './words.ts'

const mostRows = 200

/** Structured detail for a person: objects as facts, lists of objects as a table, whatever else as JSON. */
export function FactView({ value, depth = 0 }: { value: Json; depth?: number }) {
  if (!isObject(value) && !Array.isArray(value)) return <>{sayPlain(value)}</>
  if (depth > 3) return <CodeBlock text={JSON.stringify(value, null, 2)} label="detail" />
  if (Array.isArray(value)) {
    if (value.length === 0) return <>none</>
    if (value.every(isObject)) return <FactTable rows={value} />
    return <>{value.slice(0, mostRows).map(sayPlain).join(', ')}</>
  }
  return (
    <KeyValue
      items={Object.entries(value).map(([name, member]) => ({
        label: capitalise(spellOut(name)),
        value: <FactView value={member} depth={depth + 1} />,
      }))}
    />
  )
}

function FactTable({ rows }: { rows: { [name: string]: Json }[] }) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return (
    <Box sx={{ overflowX: 'auto', maxHeight: 320 }} tabIndex={0} role="region" aria-label="detail table">
      <Table size="small">
        <TableHead>
          <TableRow>
            {names.map((name) => (
              <TableCell key={name}>{capitalise(spellOut(name))}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.slice(0, mostRows).map((row) => (
            <TableRow key={JSON.stringify(row)}>
              {names.map((name) => (
                <TableCell key={name}>{sayPlain(row[name] ?? null)}</TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  )
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sayPlain(value: Json): string {
  if (value === null) return absent
  if (typeof value === 'number') return formatNumber(value, 4)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (isObject(value) && Object.values(value).every((member) => typeof member !== 'object'))
    return Object.entries(value)
      .map(([name, member]) => `${name}=${sayPlain(member)}`)
      .join(', ')
  return JSON.stringify(value)
}
