import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { readShares } from './target-shares.ts'

export type SharesFieldProps = {
  label: string
  classes: readonly string[]
  /** Null: nothing is declared. Not called for what cannot be read. */
  onChange: (shares: Record<string, number> | null) => void
}

/** Shares that classes should have, as `cat=0.5, dog=0.5`; taken over when the field is left or Enter is pressed. */
export function SharesField({ label, classes, onChange }: SharesFieldProps) {
  const [text, setText] = useState('')
  const read = readShares(text, classes)
  const objection = read !== null && 'objection' in read ? read.objection : null
  const takeOver = () => {
    if (read === null) onChange(null)
    else if ('shares' in read) onChange(read.shares)
  }
  return (
    <TextField
      label={label}
      value={text}
      placeholder={classes
        .slice(0, 2)
        .map((name) => `${name}=0.5`)
        .join(', ')}
      error={objection !== null}
      helperText={objection}
      onChange={(event) => setText(event.target.value)}
      onBlur={takeOver}
      onKeyDown={(event) => event.key === 'Enter' && takeOver()}
      sx={{ minWidth: 190 }}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  )
}
