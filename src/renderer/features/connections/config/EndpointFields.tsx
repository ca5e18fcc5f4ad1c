import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { type EndpointProtocol, endpointProtocol, type JsonTemplate } from '../../../../contract/endpoint.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { protocolWords } from '../connection-words.ts'
import { AskedOverHttpFields } from './AskedOverHttpFields.tsx'
import type { ConfigFieldsProps } from './config-fields.ts'
import { EndpointTemplateFields } from './EndpointTemplateFields.tsx'

const blankTemplate: JsonTemplate = {
  path: '/predict',
  body: '{ "instances": {{rows}} }',
  outputPath: 'predictions',
  scoresPath: null,
  readyPath: null,
}

const pathHelp: Record<EndpointProtocol, string> = {
  'oip-v2': 'Without /v2: it is added',
  'tf-serving': 'Without /v1/models: it is added',
  torchserve: 'Of the inference interface; /predictions and /ping are added',
  mlflow: 'Without /invocations: it is added',
  json: 'Paths are told below',
}

/** A model that is served over HTTP. */
export function EndpointFields({ config, problems, secrets, onChange }: ConfigFieldsProps<'endpoint'>) {
  const set = (changes: Partial<typeof config>) => onChange({ ...config, ...changes })
  const setProtocol = (id: string) => {
    const protocol = endpointProtocol.options.find((each) => each === id)
    if (protocol === undefined) return
    set({ protocol, template: protocol === 'json' ? (config.template ?? blankTemplate) : undefined })
  }
  const isSilent = config.protocol !== 'oip-v2' && config.protocol !== 'tf-serving'
  return (
    <>
      <ChoiceField
        label="It speaks"
        value={config.protocol}
        choices={endpointProtocol.options.map((id) => ({ id, label: protocolWords[id] }))}
        onChange={setProtocol}
      />
      <TextField
        label="Base address"
        value={config.url}
        onChange={(event) => set({ url: event.target.value })}
        error={problems.has('url')}
        helperText={problems.has('url') ? 'http:// or https://, host and port' : pathHelp[config.protocol]}
        required
      />
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Model’s name there"
          value={config.modelName}
          onChange={(event) => set({ modelName: event.target.value })}
          required
        />
        <TextField
          label={isSilent ? 'Version that it serves' : 'Version there (empty: the one it serves)'}
          helperText={isSilent ? 'It cannot be asked: tests of a release take your word, which is recorded' : undefined}
          value={config.modelVersion ?? ''}
          onChange={(event) => set({ modelVersion: event.target.value === '' ? null : event.target.value })}
        />
      </Box>
      {config.protocol === 'json' && (
        <EndpointTemplateFields
          template={config.template ?? blankTemplate}
          problems={problems}
          onChange={(template) => set({ template })}
        />
      )}
      <AskedOverHttpFields
        config={config}
        problems={problems}
        secrets={secrets}
        onChange={set}
        every={{
          label: 'Probed every',
          field: 'probeEveryMs',
          valueMs: config.probeEveryMs,
          onChange: (probeEveryMs) => set({ probeEveryMs }),
        }}
      />
    </>
  )
}
