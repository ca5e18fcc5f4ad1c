import type { EndpointClient } from '../../collect/endpoint.ts'
import type { Deployment, Version } from '../../contract/model.ts'
import type { RecordStore } from '../../store/store.ts'
import type { Collection } from '../rooms.ts'
import { objectionToServed } from './measure/served-version.ts'

export interface ServedEndpoint {
  readonly client: EndpointClient
  readonly url: string
  /** Asks the endpoint again whether it serves this version; a sentence when it does not. */
  objection(signal?: AbortSignal): Promise<string | null>
}

/** The endpoint of a deployment, once it has said itself that it serves this version; otherwise a sentence. */
export async function openServed(
  parts: { readonly records: RecordStore; readonly collection: Pick<Collection, 'endpointClient'> },
  deployment: Deployment,
  version: Version,
  signal?: AbortSignal,
): Promise<ServedEndpoint | string> {
  const { records, collection } = parts
  const connection = deployment.endpointId === null ? null : await records.get('connection', deployment.endpointId)
  if (connection === null || connection.record.config.kind !== 'endpoint')
    return `${deployment.name} has no endpoint through which it could be asked`
  if (!connection.record.isEnabled) return `The connection ${connection.record.name} of ${deployment.name} is disabled`
  const { config } = connection.record
  const client = await collection.endpointClient(connection.record)
  const ask = async (during?: AbortSignal) => {
    const objection = await objectionToServed(client, config, version.name, during)
    return objection === null ? null : `${deployment.name} cannot be tested as ${version.name}. ${objection}`
  }
  const objection = await ask(signal)
  return objection ?? { client, url: config.url, objection: ask }
}
