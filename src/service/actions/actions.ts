import { AsyncLocalStorage } from 'node:async_hooks'
import type { Action, Alert } from '../../contract/alert.ts'
import { RpcError } from '../../contract/rpc.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import { startRecovery } from '../../rules/recovery.ts'
import type { Put } from '../../store/store.ts'
import type { ServiceContext } from '../context.ts'
import type { Actions, Collection } from '../rooms.ts'
import { runLater, type Schedule } from '../rpc/event-hub.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { createTurns } from '../session/in-turn.ts'
import { createEndings, type Ending } from './endings.ts'
import { createRunningLogs } from './running-logs.ts'
import { requireConnector, requireScene } from './scene.ts'
import { variablesOf } from './variables.ts'

/** Actions as their own methods see them. */
export interface ActionsRoom extends Actions {
  /** The action with what it has written so far. */
  withLog(action: Action): Action
}

export interface ActionsOptions {
  /** The console's environment, of which commands get what programs need. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly schedule?: Schedule
}

/** A request that waited longer than this for the console to come back is not carried out: too much may have changed. */
const staleMs = 3_600_000
const attempts = 5

/** Ways out, through an outbox: what is requested is durable before anything leaves, and every ending is stored. */
export function createActions(
  context: ServiceContext,
  collection: Pick<Collection, 'endpointClient'>,
  { environment, schedule = runLater }: ActionsOptions,
): ActionsRoom {
  const { store, events, log, now, newId } = context
  const { records } = store
  const logs = createRunningLogs({ events, now, schedule })
  const closing = new AbortController()
  const endingOf = createEndings(context, collection, { environment, logs, signal: closing.signal })
  const underWay = new Set<Promise<void>>()
  const listeners = new Set<(action: Action) => Promise<void>>()
  const inTurn = createTurns()
  // What an action does is not part of the call that requested it, nor counted with it.
  const outsideOfCalls = AsyncLocalStorage.snapshot()

  const draft = (action: Action, name: string) =>
    draftOf(systemCaller, now(), {
      action: name,
      subject: { kind: 'action', id: action.id, name: action.kind },
      details: { state: action.state, problem: action.problem, deploymentId: action.deploymentId },
    })

  async function requireNothingElse(deploymentId: string): Promise<void> {
    const others = await records.list('action', { link: 'deploymentId', id: deploymentId })
    const other = others.find(
      ({ record }) => record.kind !== 'notify' && (record.state === 'requested' || record.state === 'running'),
    )
    if (other !== undefined)
      throw new RpcError('refused', `Another action (${other.record.kind}) is under way for this deployment`)
  }

  /** The alert with the action on it; null when the action is about none. */
  async function putOnAlert(alertId: string | null, actionId: string): Promise<Put[]> {
    const item = alertId === null ? null : await records.get('alert', alertId)
    if (item === null) return []
    const record: Alert = { ...item.record, actionIds: [...item.record.actionIds, actionId], updatedAt: now() }
    return [{ kind: 'alert', record, revision: item.revision }]
  }

  const request: Actions['request'] = (asked, alsoPut) =>
    inTurn(asked.deploymentId, async () => {
      const connection = await requireConnector(store, asked.connectionId)
      const scene = await requireScene(store, asked)
      await requireNothingElse(asked.deploymentId)
      const { target, alert, deployment } = scene
      const id = newId('act')
      const requestedAt = now()
      const [artifact] = target?.artifacts ?? []
      const targetArtifactPath = artifact === undefined ? null : await store.blobs.path(artifact.digest)
      const last = alert === null ? null : await store.findings.get(alert.lastFindingId)
      const record: Action = {
        id,
        kind: asked.kind,
        alertId: asked.alertId,
        releaseId: asked.releaseId,
        deploymentId: deployment.id,
        connectionId: connection.id,
        state: 'requested',
        requestedBy: asked.caller.userId,
        reason: asked.reason,
        requestedAt,
        finishedAt: null,
        correlationId: newId('run'),
        variables: variablesOf(asked, scene, { actionId: id, requestedAt, targetArtifactPath }),
        log: '',
        result: null,
        problem: null,
        recovery: alert === null ? null : startRecovery(alert, last),
      }
      const [revision] = await commitOrRefuse(
        records,
        [
          { kind: 'action', record, revision: null },
          ...(await putOnAlert(asked.alertId, id)),
          ...(alsoPut?.(record) ?? []),
        ],
        draftOf(asked.caller, now(), {
          action: asked.auditAction,
          subject: { kind: 'action', id, name: `${asked.kind} of ${deployment.name}` },
          reason: asked.reason,
          details: {
            kind: asked.kind,
            deploymentId: deployment.id,
            connectionId: connection.id,
            targetVersionId: target?.id ?? null,
            alertId: asked.alertId,
            releaseId: asked.releaseId,
          },
        }),
      )
      start(record)
      return { revision, record }
    })

  function start(action: Action): void {
    const work = outsideOfCalls(() => carryOut(action))
      .catch((error) => log.error({ actionId: action.id, error }, 'An action could not be carried out'))
      .finally(() => underWay.delete(work))
    underWay.add(work)
  }

  async function carryOut(action: Action): Promise<void> {
    if (!(await write(action.id, { state: 'running' }, [], 'system.actions.start'))) return
    const ending = await endingOf(action).catch((error): Ending => {
      const look = `look for correlation id ${action.correlationId} there`
      if (closing.signal.aborted)
        return {
          changes: { state: 'unknown', problem: `The console was closed before it had ended; ${look}` },
          served: [],
        }
      log.error({ actionId: action.id, error }, 'An action ended with a bug')
      return {
        changes: { state: 'unknown', problem: `The console failed while it carried this out; ${look}` },
        served: [],
      }
    })
    await finish(action.id, ending)
  }

  /** The deployment as it runs now; nothing when it ran that already. */
  async function putServed(
    action: Action,
    { deploymentId, versionId }: Ending['served'][number],
    from: number,
  ): Promise<Put[]> {
    const item = await records.get('deployment', deploymentId)
    if (item === null || item.record.versionId === versionId) return []
    const { record, revision } = item
    const entry = { versionId, from, reason: action.reason, releaseId: action.releaseId }
    return [{ kind: 'deployment', record: { ...record, versionId, history: [...record.history, entry] }, revision }]
  }

  /** Writes changes on whatever the records have become meanwhile; null when the action is gone. */
  async function write(
    id: string,
    changes: Partial<Action>,
    served: Ending['served'],
    auditAction: string,
  ): Promise<Action | null> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const item = await records.get('action', id)
      if (item === null) return null
      const record: Action = { ...item.record, ...changes }
      const puts: Put[] = [{ kind: 'action', record, revision: item.revision }]
      for (const one of served) puts.push(...(await putServed(record, one, record.finishedAt ?? now())))
      const result = await records.commit(puts, draft(record, auditAction))
      if (result.status === 'committed') return record
      if (result.status === 'conflict') throw new Error(`An action could not be stored: ${result.message}`)
    }
    throw new Error(`Action ${id} changed too often to be stored`)
  }

  async function finish(id: string, { changes, served }: Ending): Promise<void> {
    const ended = await write(id, { ...changes, finishedAt: now() }, served, 'system.actions.end')
    logs.end(id)
    if (ended === null) return
    if (ended.problem !== null)
      log.warn({ actionId: id, kind: ended.kind, problem: ended.problem }, 'An action did not succeed')
    for (const listener of listeners)
      await listener(ended).catch((error) => log.error({ actionId: id, error }, 'What follows from an action failed'))
  }

  return {
    request,
    withLog: (action) => logs.over(action),

    async start() {
      const open = (await records.list('action'))
        .map(({ record }) => record)
        .filter(({ kind, state }) => kind !== 'notify' && (state === 'requested' || state === 'running'))
      for (const action of open) {
        if (action.state === 'requested' && now() - action.requestedAt <= staleMs) start(action)
        else if (action.state === 'requested')
          await finish(action.id, {
            changes: {
              state: 'failed',
              problem:
                'The console was closed before this was begun, for so long that it was not taken up: request it again',
            },
            served: [],
          })
        else
          await finish(action.id, {
            changes: {
              state: 'unknown',
              problem: `The console stopped while this was under way; look for correlation id ${action.correlationId} there`,
            },
            served: [],
          })
      }
    },

    onEnded(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    async close() {
      closing.abort(new Error('The console is closing'))
      await Promise.all(underWay)
      logs.close()
    },
  }
}
