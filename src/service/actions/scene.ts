import type { Connection } from '../../contract/connection.ts'
import type { Deployment, Version } from '../../contract/model.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Store } from '../../store/store.ts'
import type { ActionRequest } from '../rooms.ts'
import type { ActionScene } from './variables.ts'

/** Work that changes what a deployment serves. */
export const movesVersion = (kind: ActionRequest['kind']): boolean =>
  kind === 'switch' || kind === 'roll-back' || kind === 'release'

/** The connector of an action, enabled and of a kind that can do work. Throws an RpcError otherwise. */
export async function requireConnector(store: Pick<Store, 'records'>, connectionId: string): Promise<Connection> {
  const connection = (await store.records.get('connection', connectionId))?.record
  if (connection === undefined) throw new RpcError('not-found', 'There is no such connection')
  const { config, name, isEnabled } = connection
  if (config.kind !== 'http-action' && config.kind !== 'command-action')
    throw new RpcError(
      'refused',
      `${name} is no connector for actions: choose one that calls a pipeline or runs a command`,
    )
  if (!isEnabled) throw new RpcError('refused', `The connection ${name} is switched off`)
  return connection
}

/** The version that ran before the present one; null when there was none. */
const versionBefore = ({ history, versionId }: Deployment): string | null =>
  [...history].sort((a, b) => a.from - b.from).findLast((entry) => entry.versionId !== versionId)?.versionId ?? null

async function requireTarget(
  store: Pick<Store, 'records'>,
  request: ActionRequest,
  deployment: Deployment,
): Promise<Version | null> {
  const { kind, targetVersionId } = request
  if (!movesVersion(kind)) {
    if (targetVersionId !== null)
      throw new RpcError('invalid-input', `Nothing is switched by this: leave the version out`)
    return null
  }
  const id = targetVersionId ?? (kind === 'roll-back' ? versionBefore(deployment) : null)
  if (id === null) {
    if (kind === 'roll-back') throw new RpcError('refused', `${deployment.name} has run no other version before`)
    throw new RpcError('invalid-input', 'Say which version it shall be')
  }
  const version = (await store.records.get('version', id))?.record
  if (version === undefined || version.modelId !== deployment.modelId)
    throw new RpcError('not-found', 'There is no such version of this model')
  if (id === deployment.versionId)
    throw new RpcError('refused', `${deployment.name} is recorded to run ${version.name} already`)
  return version
}

/** Reads all that a request is about. Throws an RpcError that says what does not fit. */
export async function requireScene(store: Pick<Store, 'records'>, request: ActionRequest): Promise<ActionScene> {
  const { records } = store
  const deployment = (await records.get('deployment', request.deploymentId))?.record
  if (deployment === undefined) throw new RpcError('not-found', 'There is no such deployment')
  const [model, version, endpoint, alert] = await Promise.all([
    records.get('model', deployment.modelId),
    records.get('version', deployment.versionId),
    deployment.endpointId === null ? null : records.get('connection', deployment.endpointId),
    request.alertId === null ? null : records.get('alert', request.alertId),
  ])
  // The store keeps such links whole.
  if (model === null || version === null)
    throw new Error(`Deployment ${deployment.id} names records that are not there`)
  if (request.alertId !== null && alert === null) throw new RpcError('not-found', 'There is no such alert')
  return {
    deployment,
    model: model.record,
    version: version.record,
    target: await requireTarget(store, request, deployment),
    endpoint: endpoint?.record ?? null,
    alert: alert?.record ?? null,
  }
}
