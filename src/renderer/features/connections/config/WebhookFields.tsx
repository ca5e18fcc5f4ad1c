import TextField from '@mui/material/TextField'
import type { ConfigFieldsProps } from './config-fields.ts'
import { SignatureFields } from './SignatureFields.tsx'

/** Where alerts are sent. */
export function WebhookFields({ config, problems, secrets, onChange }: ConfigFieldsProps<'webhook'>) {
  return (
    <>
      <TextField
        label="Address"
        value={config.url}
        onChange={(event) => onChange({ ...config, url: event.target.value })}
        error={config.url !== '' && problems.has('url')}
        helperText="http:// or https://; alerts arrive as JSON by POST"
        required
      />
      <SignatureFields
        hmacSecret={config.hmacSecret}
        secrets={secrets}
        onChange={(hmacSecret) => onChange({ ...config, hmacSecret })}
      />
    </>
  )
}
