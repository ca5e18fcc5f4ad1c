import { type EndpointClient, saysVersions } from '../../../collect/endpoint.ts'
import type { EndpointConfig } from '../../../contract/connection.ts'

/**
 * Why the endpoint cannot be taken to serve this version, by its own metadata; null when it does. An endpoint that names several
 * versions must be asked for one of them by the connection, since it would otherwise choose itself. Where the protocol has no word
 * for versions, the one that the connection names is taken: it is the operator's statement, made under their name in the audit log.
 */
export async function objectionToServed(
  client: Pick<EndpointClient, 'metadata'>,
  config: Pick<EndpointConfig, 'modelName' | 'modelVersion' | 'protocol'>,
  versionName: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const reply = await client.metadata(signal)
  if (!reply.ok) return `Its endpoint cannot be asked: ${reply.problem.message}`
  const { modelName, modelVersion } = config
  const served = reply.value.versions ?? []
  if (modelVersion === null && !saysVersions(config.protocol))
    return 'Its endpoint cannot say which version it serves: name the version in the connection'
  if (modelVersion !== null && modelVersion !== versionName)
    return `Its connection asks for version ${modelVersion}, not ${versionName}`
  if (!saysVersions(config.protocol)) return null
  if (served.length === 0) return 'Its endpoint does not say which version it serves'
  if (!served.includes(versionName))
    return `Its endpoint serves ${modelName} ${served.slice(0, 5).join(', ')}, not ${versionName}`
  if (served.length > 1 && modelVersion === null)
    return `Its endpoint serves several versions of ${modelName}: name ${versionName} in the connection`
  return null
}
