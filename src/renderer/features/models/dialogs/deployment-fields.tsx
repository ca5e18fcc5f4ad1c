import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { Deployment } from '../../../../contract/model.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { DurationField } from '../../shared/DurationField.tsx'
import { NumberField } from '../../shared/NumberField.tsx'

/** What can be changed about a deployment after it was made. */
export type DeploymentSettings = Pick<Deployment, 'name' | 'endpointId' | 'deviceId' | 'labelDelayMs' | 'retention'>

export const defaultSettings: DeploymentSettings = {
  name: '',
  endpointId: null,
  deviceId: null,
  labelDelayMs: 86_400_000,
  retention: { rawDays: 90, maxSamples: null, profileDays: 1095 },
}

export type DeploymentFieldsProps = {
  value: DeploymentSettings
  onChange: (changes: Partial<DeploymentSettings>) => void
  problems: ReadonlyMap<string, string>
}

export function DeploymentFields({ value, onChange, problems }: DeploymentFieldsProps) {
  const connections = useQueryMethod('connections.list', {}, { follows: { records: ['connection'] } })
  const devices = useQueryMethod('devices.names', {}, { follows: { records: ['device'] } })
  const endpoints = connections.data?.filter(({ record }) => record.config.kind === 'endpoint') ?? []
  const { retention } = value
  return (
    <>
      <TextField
        label="Name"
        required
        value={value.name}
        onChange={(event) => onChange({ name: event.target.value })}
        error={value.name !== '' && problems.has('name')}
        helperText={value.name === '' ? 'As people call it' : problems.get('name')}
      />
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 2 }}>
        <OneOf
          label="Endpoint"
          none="None: samples are pushed or imported"
          value={value.endpointId}
          options={endpoints.map(({ record }) => [record.id, record.name])}
          onChange={(endpointId) => onChange({ endpointId })}
        />
        <OneOf
          label="Device"
          none="None"
          value={value.deviceId}
          options={devices.data?.map(({ id, name }) => [id, name]) ?? []}
          onChange={(deviceId) => onChange({ deviceId })}
        />
      </Box>
      <DurationField
        label="Labels may take"
        valueMs={value.labelDelayMs}
        onChange={(labelDelayMs) => onChange({ labelDelayMs: labelDelayMs ?? 0 })}
        helperText="Younger samples without a label do not count as missing one"
        problem={problems.get('labelDelayMs') ?? null}
      />
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr 1fr', gap: 2 }}>
        <NumberField
          label="Keep samples"
          unit="days"
          value={retention.rawDays}
          onChange={(rawDays) => onChange({ retention: { ...retention, rawDays: rawDays ?? 0 } })}
          problem={problems.get('retention.rawDays') ?? null}
        />
        <NumberField
          label="At most"
          unit="samples"
          value={retention.maxSamples}
          onChange={(maxSamples) => onChange({ retention: { ...retention, maxSamples } })}
          problem={problems.get('retention.maxSamples') ?? null}
          helperText="Empty: any number"
        />
        <NumberField
          label="Keep profiles"
          unit="days"
          value={retention.profileDays}
          onChange={(profileDays) => onChange({ retention: { ...retention, profileDays: profileDays ?? 0 } })}
          problem={problems.get('retention.profileDays') ?? null}
        />
      </Box>
    </>
  )
}

function OneOf(props: {
  label: string
  none: string
  value: string | null
  options: readonly (readonly [id: string, name: string])[]
  onChange: (id: string | null) => void
}) {
  return (
    <TextField
      select
      label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.target.value === '' ? null : event.target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="">{props.none}</MenuItem>
      {props.options.map(([id, name]) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}
