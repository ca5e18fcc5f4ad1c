import Box from '@mui/material/Box'
import type { EndpointConfig } from '../../../../contract/connection.ts'
import type { TlsIdentity } from '../../../../contract/tls.ts'
import { DurationField } from '../../shared/DurationField.tsx'
import { AuthFields } from './AuthFields.tsx'
import type { Secrets } from './config-fields.ts'
import { TlsFields } from './TlsFields.tsx'

type Asked = Pick<EndpointConfig, 'auth' | 'timeoutMs'> & { tls?: TlsIdentity }

export type AskedOverHttpFieldsProps = {
  config: Asked
  problems: ReadonlyMap<string, string>
  secrets: Secrets
  onChange: (changes: Partial<Asked>) => void
  /** How often it is asked: what that is called, and the field of the configuration that holds it. */
  every: { label: string; field: string; valueMs: number; onChange: (everyMs: number) => void }
}

/** How a server is asked again and again: who we are, whom we trust, how often and how patiently. */
export function AskedOverHttpFields({ config, problems, secrets, onChange, every }: AskedOverHttpFieldsProps) {
  return (
    <>
      <AuthFields auth={config.auth} secrets={secrets} onChange={(auth) => onChange({ auth })} />
      <TlsFields tls={config.tls} secrets={secrets} onChange={(tls) => onChange({ tls })} />
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <DurationField
          label={every.label}
          valueMs={every.valueMs}
          onChange={(everyMs) => every.onChange(everyMs ?? 0)}
          problem={problems.has(every.field) ? 'One second to one day' : null}
        />
        <DurationField
          label="Patience for one answer"
          valueMs={config.timeoutMs}
          onChange={(timeoutMs) => onChange({ timeoutMs: timeoutMs ?? 0 })}
          problem={problems.has('timeoutMs') ? '0.1 seconds to 2 minutes' : null}
        />
      </Box>
    </>
  )
}
