import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import type { TlsIdentity } from '../../../../contract/tls.ts'
import { Disclosure } from '../../shared/Disclosure.tsx'
import { secretNames } from './blank-config.ts'
import type { Secrets } from './config-fields.ts'
import { SecretField } from './SecretField.tsx'

export type TlsFieldsProps = {
  tls: TlsIdentity | undefined
  secrets: Secrets
  onChange: (tls: TlsIdentity | undefined) => void
}

const none: TlsIdentity = { caPem: null, certPem: null, keySecret: null }

/** Whom an encrypted connection trusts, and the certificate with which it says who we are. */
export function TlsFields({ tls = none, secrets, onChange }: TlsFieldsProps) {
  const key = tls.keySecret ?? secretNames.tlsKey
  const set = (changes: Partial<TlsIdentity>) => {
    const next = { ...tls, ...changes }
    onChange(next.caPem === null && next.certPem === null ? undefined : next)
  }
  const setCertificate = (text: string) => {
    const certPem = text === '' ? null : text
    set({ certPem, keySecret: certPem === null ? null : key })
  }
  return (
    <Disclosure summary="Certificates">
      <Box sx={{ display: 'grid', gap: 2, pt: 1 }}>
        <TextField
          label="Certificate of the authority (PEM)"
          value={tls.caPem ?? ''}
          onChange={(event) => set({ caPem: event.target.value === '' ? null : event.target.value })}
          multiline
          minRows={2}
          maxRows={6}
          helperText="Where the server’s is not signed by a public one"
        />
        <TextField
          label="Our own certificate (PEM)"
          value={tls.certPem ?? ''}
          onChange={(event) => setCertificate(event.target.value)}
          multiline
          minRows={2}
          maxRows={6}
          helperText="Where the server asks for one"
        />
        {tls.certPem !== null && (
          <SecretField
            label="Its private key (PEM)"
            value={secrets.typed(key)}
            isStored={secrets.isStored(key)}
            onChange={(value) => secrets.type(key, value)}
            hasLines
          />
        )}
      </Box>
    </Disclosure>
  )
}
