import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import type { EndpointConfig } from '../../../../contract/connection.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { secretNames } from './blank-config.ts'
import type { Secrets } from './config-fields.ts'
import { SecretField } from './SecretField.tsx'

type Auth = EndpointConfig['auth']
export type AuthFieldsProps = { auth: Auth; secrets: Secrets; onChange: (auth: Auth) => void }

const kinds: { id: Auth['kind']; label: string }[] = [
  { id: 'none', label: 'none' },
  { id: 'bearer', label: 'a bearer token' },
  { id: 'basic', label: 'user and password' },
  { id: 'header', label: 'a header of its own' },
]

/** How calls say who they are. */
export function AuthFields({ auth, secrets, onChange }: AuthFieldsProps) {
  const secret = auth.kind === 'none' ? secretNames.auth : auth.secret
  const blank: Record<Auth['kind'], Auth> = {
    none: { kind: 'none' },
    bearer: { kind: 'bearer', secret },
    basic: { kind: 'basic', username: '', secret },
    header: { kind: 'header', header: 'X-API-Key', secret },
  }
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
      <ChoiceField
        label="Authentication"
        value={auth.kind}
        choices={kinds}
        onChange={(id) => {
          const kind = kinds.find((each) => each.id === id)
          if (kind !== undefined) onChange(blank[kind.id])
        }}
      />
      {auth.kind === 'basic' && (
        <TextField
          label="User"
          value={auth.username}
          onChange={(event) => onChange({ ...auth, username: event.target.value })}
        />
      )}
      {auth.kind === 'header' && (
        <TextField
          label="Header"
          value={auth.header}
          onChange={(event) => onChange({ ...auth, header: event.target.value })}
        />
      )}
      {auth.kind !== 'none' && (
        <SecretField
          label={auth.kind === 'basic' ? 'Password' : auth.kind === 'bearer' ? 'Token' : 'Value of the header'}
          value={secrets.typed(auth.secret)}
          isStored={secrets.isStored(auth.secret)}
          onChange={(value) => secrets.type(auth.secret, value)}
        />
      )}
    </Box>
  )
}
