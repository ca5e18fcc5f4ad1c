import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import { secretNames } from './blank-config.ts'
import type { Secrets } from './config-fields.ts'
import { SecretField } from './SecretField.tsx'

export type SignatureFieldsProps = {
  hmacSecret: string | null
  secrets: Secrets
  onChange: (hmacSecret: string | null) => void
}

/** Whether calls carry an HMAC by which the other side knows that they are genuine. */
export function SignatureFields({ hmacSecret, secrets, onChange }: SignatureFieldsProps) {
  return (
    <>
      <FormControlLabel
        control={
          <Switch
            checked={hmacSecret !== null}
            onChange={(event) => onChange(event.target.checked ? secretNames.hmac : null)}
          />
        }
        label="Sign every call (HMAC-SHA-256 over time and body)"
        slotProps={{ typography: { variant: 'body2' } }}
      />
      {hmacSecret !== null && (
        <SecretField
          label="Key of the signature"
          value={secrets.typed(hmacSecret)}
          isStored={secrets.isStored(hmacSecret)}
          onChange={(value) => secrets.type(hmacSecret, value)}
        />
      )}
    </>
  )
}
