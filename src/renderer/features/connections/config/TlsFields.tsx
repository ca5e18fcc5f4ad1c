import Box from '@mui/material/Box'
import type { TlsIdentity } from '../../../../contract/tls.ts'
import { Disclosure } from '../../shared/Disclosure.tsx'
import { secretNames } from './blank-config.ts'
import { CertificateFields } from './CertificateFields.tsx'
import type { Secrets } from './config-fields.ts'

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
  return (
    <Disclosure summary="Certificates">
      <Box sx={{ display: 'grid', gap: 2, pt: 1 }}>
        <CertificateFields
          peer="server"
          caPem={tls.caPem}
          certPem={tls.certPem}
          keyName={key}
          secrets={secrets}
          onAuthority={(caPem) => set({ caPem })}
          onCertificate={(certPem) => set({ certPem, keySecret: certPem === null ? null : key })}
        />
      </Box>
    </Disclosure>
  )
}
