import type { ConnectionConfig } from '../../../../contract/connection.ts'
import { CommandFields } from './CommandFields.tsx'
import type { Secrets } from './config-fields.ts'
import { EndpointFields } from './EndpointFields.tsx'
import { FolderFields } from './FolderFields.tsx'
import { HttpActionFields } from './HttpActionFields.tsx'
import { MqttFields } from './MqttFields.tsx'
import { PrometheusFields } from './PrometheusFields.tsx'
import { WebhookFields } from './WebhookFields.tsx'

export type AnyConfigFieldsProps = {
  config: ConnectionConfig
  problems: ReadonlyMap<string, string>
  secrets: Secrets
  onChange: (config: ConnectionConfig) => void
}

/** The fields of a configuration, by its kind. */
export function ConfigFields({ config, ...rest }: AnyConfigFieldsProps) {
  switch (config.kind) {
    case 'mqtt':
      return <MqttFields config={config} {...rest} />
    case 'endpoint':
      return <EndpointFields config={config} {...rest} />
    case 'prometheus':
      return <PrometheusFields config={config} {...rest} />
    case 'folder':
      return <FolderFields config={config} {...rest} />
    case 'webhook':
      return <WebhookFields config={config} {...rest} />
    case 'http-action':
      return <HttpActionFields config={config} {...rest} />
    case 'command-action':
      return <CommandFields config={config} {...rest} />
    case 'ingest':
      return null
  }
}
