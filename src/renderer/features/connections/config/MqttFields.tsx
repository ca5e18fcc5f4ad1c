import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { Disclosure } from '../../shared/Disclosure.tsx'
import { DurationField } from '../../shared/DurationField.tsx'
import { NumberField } from '../../shared/NumberField.tsx'
import { secretNames } from './blank-config.ts'
import { CertificateFields } from './CertificateFields.tsx'
import type { ConfigFieldsProps } from './config-fields.ts'
import { SecretField } from './SecretField.tsx'

/** A broker from which predictions, labels and telemetry arrive. */
export function MqttFields({ config, problems, secrets, onChange }: ConfigFieldsProps<'mqtt'>) {
  const set = (changes: Partial<typeof config>) => onChange({ ...config, ...changes })
  const password = config.passwordSecret ?? secretNames.password
  const tlsKey = config.identity?.keySecret ?? secretNames.tlsKey
  const setUser = (username: string) =>
    set({
      username: username === '' ? null : username,
      passwordSecret: username === '' ? null : password,
    })
  return (
    <>
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Address"
          value={config.url}
          onChange={(event) => set({ url: event.target.value })}
          error={problems.has('url')}
          helperText={problems.has('url') ? 'mqtt://, mqtts://, ws:// or wss://, host and port' : 'mqtts:// encrypts'}
          required
        />
        <TextField
          label="Topic prefix"
          value={config.topicPrefix}
          onChange={(event) => set({ topicPrefix: event.target.value })}
          error={problems.has('topicPrefix')}
          helperText={`${config.topicPrefix}/deployments/<key>/samples`}
          required
        />
        <TextField label="User" value={config.username ?? ''} onChange={(event) => setUser(event.target.value)} />
        {config.username !== null && (
          <SecretField
            label="Password"
            value={secrets.typed(password)}
            isStored={secrets.isStored(password)}
            onChange={(value) => secrets.type(password, value)}
          />
        )}
      </Box>
      <FormControlLabel
        control={
          <Switch
            checked={config.acceptsNewDevices}
            onChange={(event) => set({ acceptsNewDevices: event.target.checked })}
          />
        }
        label="A device that is not known registers itself with its first telemetry"
        slotProps={{ typography: { variant: 'body2' } }}
      />
      <TextField
        label="Sparkplug B of the group"
        value={config.sparkplugGroup ?? ''}
        onChange={(event) => set({ sparkplugGroup: event.target.value === '' ? undefined : event.target.value })}
        error={problems.has('sparkplugGroup')}
        helperText="Edge nodes of this group become devices; + means every group. Empty: none"
      />
      <Disclosure summary="Certificates and session">
        <Box sx={{ display: 'grid', gap: 2, pt: 1 }}>
          <CertificateFields
            peer="broker"
            caPem={config.caPem}
            certPem={config.identity?.certPem ?? null}
            keyName={tlsKey}
            secrets={secrets}
            onAuthority={(caPem) => set({ caPem })}
            onCertificate={(certPem) =>
              set({ identity: certPem === null ? undefined : { certPem, keySecret: tlsKey } })
            }
          />
          <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
            <TextField
              label="Client id"
              value={config.clientId}
              onChange={(event) => set({ clientId: event.target.value })}
              helperText="Fixed, so that the broker keeps the session"
              required
            />
            <ChoiceField
              label="MQTT version"
              value={String(config.protocolVersion)}
              choices={[
                { id: '5', label: '5' },
                { id: '4', label: '3.1.1' },
              ]}
              onChange={(id) => set({ protocolVersion: id === '4' ? 4 : 5 })}
            />
            <DurationField
              label="The broker keeps the session for"
              valueMs={config.sessionExpirySeconds * 1000}
              onChange={(ms) => set({ sessionExpirySeconds: Math.round((ms ?? 0) / 1000) })}
            />
            <NumberField
              label="Messages under way at once"
              value={config.receiveMaximum}
              onChange={(receiveMaximum) => set({ receiveMaximum: Math.round(receiveMaximum ?? 0) })}
              problem={problems.has('receiveMaximum') ? '1 to 65,535' : null}
            />
            <TextField
              label="Share messages in the group"
              value={config.shareGroup ?? ''}
              onChange={(event) => set({ shareGroup: event.target.value === '' ? undefined : event.target.value })}
              error={problems.has('shareGroup')}
              helperText="Each message then comes to one of the group’s collectors. Empty: to this one"
            />
          </Box>
        </Box>
      </Disclosure>
    </>
  )
}
