import TextField from '@mui/material/TextField'
import type { Secrets } from './config-fields.ts'
import { SecretField } from './SecretField.tsx'

export type CertificateFieldsProps = {
  /** "broker", "server": who is trusted and may ask for a certificate. */
  peer: string
  caPem: string | null
  certPem: string | null
  /** Name under which the private key is kept. */
  keyName: string
  secrets: Secrets
  onAuthority: (caPem: string | null) => void
  onCertificate: (certPem: string | null) => void
}

/** Whom an encrypted connection trusts, and the certificate with which it says who we are. */
export function CertificateFields(props: CertificateFieldsProps) {
  const { peer, caPem, certPem, keyName, secrets, onAuthority, onCertificate } = props
  return (
    <>
      <Pem
        label="Certificate of the authority (PEM)"
        help={`Where the ${peer}’s is not signed by a public one`}
        value={caPem}
        onChange={onAuthority}
      />
      <Pem
        label="Our own certificate (PEM)"
        help={`Where the ${peer} asks for one`}
        value={certPem}
        onChange={onCertificate}
      />
      {certPem !== null && (
        <SecretField
          label="Its private key (PEM)"
          value={secrets.typed(keyName)}
          isStored={secrets.isStored(keyName)}
          onChange={(value) => secrets.type(keyName, value)}
          hasLines
        />
      )}
    </>
  )
}

type PemProps = { label: string; help: string; value: string | null; onChange: (text: string | null) => void }

function Pem({ label, help, value, onChange }: PemProps) {
  return (
    <TextField
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      multiline
      minRows={2}
      maxRows={6}
      helperText={help}
    />
  )
}
