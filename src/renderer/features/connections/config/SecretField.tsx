import TextField from '@mui/material/TextField'

export type SecretFieldProps = {
  label: string
  /** Typed now; nothing that is stored ever comes back. */
  value: string
  /** Something is stored already: left empty, it stays. */
  isStored: boolean
  onChange: (value: string) => void
  helperText?: string
  /** It has lines, as a private key does; a field of one line would lose them. */
  hasLines?: boolean
}

const hidden = { WebkitTextSecurity: 'disc' }

/** A secret: it goes in and never comes out. */
export function SecretField({ label, value, isStored, onChange, helperText, hasLines = false }: SecretFieldProps) {
  return (
    <TextField
      label={label}
      {...(hasLines
        ? { multiline: true, minRows: 2, maxRows: 6, slotProps: { htmlInput: { sx: hidden, spellCheck: false } } }
        : { type: 'password' })}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      required={!isStored}
      autoComplete="new-password"
      helperText={
        isStored ? 'Stored. Leave it empty to keep it' : (helperText ?? 'Kept in the system’s store, never shown again')
      }
    />
  )
}
