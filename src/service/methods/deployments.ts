import { AsyncLocalStorage } from 'node:async_hooks'
import type { Target } from '../../contract/finding.ts'
import type { Deployment } from '../../contract/model.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

export interface DeploymentHandlerParts {
  readonly context: Pick<ServiceContext, 'store' | 'now' | 'newId'>
  /** Gives a new deployment its monitors and limits. */
  readonly addDefaults: (target: Target, caller: Caller) => Promise<void>
}

/** Versions at work. */
export function createDeploymentHandlers({ context, addDefaults }: DeploymentHandlerParts): HandlersOf<'deployments'> {
  const { now, newId } = context
  const { records } = context.store
  // Monitors and limits have an audit entry of their own, which is not the command's.
  const outsideOfCalls = AsyncLocalStorage.snapshot()

  async function requireDeployment(id: string) {
    const found = await records.get('deployment', id)
    if (found === null) throw new RpcError('not-found', 'There is no such deployment')
    return found
  }

  async function requireVersion(versionId: string, modelId: string) {
    const version = await records.get('version', versionId)
    if (version === null) throw new RpcError('not-found', 'There is no such version')
    if (version.record.modelId !== modelId) throw new RpcError('refused', 'The version is of another model')
    return version.record
  }

  async function requireEndpoint(endpointId: string | null | undefined) {
    if (endpointId === null || endpointId === undefined) return
    const connection = await records.get('connection', endpointId)
    if (connection === null) throw new RpcError('not-found', 'There is no such endpoint')
    if (connection.record.config.kind !== 'endpoint')
      throw new RpcError('refused', `“${connection.record.name}” is no inference endpoint`)
  }

  const draft = (
    caller: Caller,
    action: string,
    { id, name }: Deployment,
    details: Record<string, string | null>,
    reason: string | null = null,
  ) => draftOf(caller, now(), { action, subject: { kind: 'deployment', id, name }, reason, details })

  return {
    'deployments.create': async (input, { caller }) => {
      const version = await requireVersion(input.versionId, input.modelId)
      await requireEndpoint(input.endpointId)
      const at = now()
      const record: Deployment = {
        id: newId('dep'),
        ...input,
        history: [{ versionId: input.versionId, from: at, reason: 'Deployment recorded', releaseId: null }],
        createdAt: at,
      }
      const [revision] = await commitOrRefuse(
        records,
        [{ kind: 'deployment', record, revision: null }],
        draft(caller, 'deployments.create', record, { environment: record.environment, version: version.name }),
      )
      await outsideOfCalls(() => addDefaults({ type: 'deployment', id: record.id }, caller))
      return { revision, record }
    },

    'deployments.update': async ({ id, revision, changes }, { caller }) => {
      const { record: before } = await requireDeployment(id)
      await requireEndpoint(changes.endpointId)
      const record: Deployment = { ...before, ...changes }
      const [next] = await commitOrRefuse(
        records,
        [{ kind: 'deployment', record, revision }],
        draft(caller, 'deployments.update', record, { changed: Object.keys(changes).join(', ') }),
      )
      return { revision: next, record }
    },

    'deployments.recordVersion': async ({ id, revision, versionId, reason }, { caller }) => {
      const { record: before } = await requireDeployment(id)
      const version = await requireVersion(versionId, before.modelId)
      if (before.versionId === versionId)
        throw new RpcError('refused', `${before.name} is already recorded to run ${version.name}`)
      const from = now()
      const record: Deployment = {
        ...before,
        versionId,
        history: [...before.history, { versionId, from, reason, releaseId: null }],
      }
      const [next] = await commitOrRefuse(
        records,
        [{ kind: 'deployment', record, revision }],
        draft(caller, 'deployments.recordVersion', record, { version: version.name, before: before.versionId }, reason),
      )
      return { revision: next, record }
    },
  }
}
