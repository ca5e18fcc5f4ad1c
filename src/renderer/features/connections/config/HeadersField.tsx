import TextField from '@mui/material/TextField'
import { useState } from 'react'

export type HeadersFieldProps = { headers: Record<string, string>; onChange: (headers: Record<string, string>) => void }

/** One header a line, `Name: value`; null where a line is not one. */
export function readHeaders(text: string): Record<string, string> | null {
  const headers: Record<string, string> = {}
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const match = /^\s*([A-Za-z0-9-]{1,100})\s*:\s*(.*)$/.exec(line)
    if (match === null) return null
    headers[match[1]] = match[2]
  }
  return headers
}

/** Further headers of a call; their values are templates. */
export function HeadersField({ headers, onChange }: HeadersFieldProps) {
  const [text, setText] = useState(() =>
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  )
  const read = readHeaders(text)
  return (
    <TextField
      label="Headers"
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        const changed = readHeaders(event.target.value)
        if (changed !== null) onChange(changed)
      }}
      multiline
      minRows={1}
      error={read === null}
      helperText={read === null ? 'One header a line: Name: value' : 'One a line; no secrets here'}
    />
  )
}
