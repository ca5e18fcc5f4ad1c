import { runCommandAction } from '../../act/command-action.ts'
import type { ActionOutcome } from '../../act/deps.ts'
import { startHttpAction } from '../../act/http-action.ts'
import type { Action } from '../../contract/alert.ts'
import type { Connection } from '../../contract/connection.ts'
import type { Deployment } from '../../contract/model.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { Collection } from '../rooms.ts'
import { takeRetraining } from './retraining.ts'
import type { RunningLogs } from './running-logs.ts'
import { movesVersion } from './scene.ts'
import { checkServed } from './served-version.ts'

/** What an action came to, with what else changes because of it. */
export interface Ending {
  readonly changes: Partial<Action>
  /** Deployments that run another version now. */
  readonly served: readonly { readonly deploymentId: string; readonly versionId: string }[]
}

/**
 * Makes the function that carries an action out: it calls out, and where that went well sees to what follows. A retraining's version
 * is fetched and registered; a switch is held against what the endpoint says of itself, and a contradiction makes it failed.
 * What the outside does is in the ending; only bugs reject.
 */
export function createEndings(
  context: ServiceContext,
  collection: Pick<Collection, 'endpointClient'>,
  given: {
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly logs: RunningLogs
    readonly signal: AbortSignal
  },
): (action: Action) => Promise<Ending> {
  const { store, vault, now, random, fetch } = context
  const { records } = store
  const { environment, logs, signal } = given

  async function callOut(action: Action, connection: Connection): Promise<ActionOutcome> {
    const { variables, correlationId } = action
    const shared = { variables, correlationId, signal }
    const { config } = connection
    if (config.kind === 'command-action') {
      const onLog = (text: string) => logs.add(action.id, text)
      return await runCommandAction({ ...shared, config, environment, onLog })
    }
    if (config.kind !== 'http-action') throw new Error(`${connection.name} cannot carry out actions`)
    const onLog = (line: string) => logs.add(action.id, `${line}\n`)
    return await startHttpAction({
      ...shared,
      config,
      onLog,
      secrets: (name) => vault.get(name),
      fetch,
      now,
      random,
    })
  }

  /** Calls out, and where that went well, sees to what follows from it. */
  async function endingOf(action: Action): Promise<Ending> {
    const connection = action.connectionId === null ? null : await records.get('connection', action.connectionId)
    const deployment = action.deploymentId === null ? null : await records.get('deployment', action.deploymentId)
    if (connection === null || deployment === null)
      return { changes: { state: 'failed', problem: 'The connection or deployment is not there any more' }, served: [] }
    const outcome = await callOut(action, connection.record)
    const { state, result, problem } = outcome
    const lines: string[] = []
    const say = (line: string) => {
      lines.push(`${new Date(now()).toISOString()} ${line}\n`)
      logs.add(action.id, lines[lines.length - 1])
    }
    if (state !== 'succeeded') return { changes: { state, result, problem, log: outcome.log }, served: [] }
    const follow =
      action.kind === 'retrain'
        ? await followRetraining({ ...action, result }, connection.record, deployment.record, say)
        : movesVersion(action.kind)
          ? await followSwitch(action, deployment.record, say)
          : { changes: {}, served: [] }
    return {
      changes: { state, result, problem, ...follow.changes, log: (outcome.log + lines.join('')).slice(-65_536) },
      served: follow.served,
    }
  }

  async function followRetraining(
    action: Action,
    connection: Connection,
    deployment: Deployment,
    say: (line: string) => void,
  ): Promise<Ending> {
    const failed = (problem: string): Ending => ({ changes: { state: 'failed', problem }, served: [] })
    const parent = await records.get('version', action.variables.versionId)
    if (parent === null) return failed('The version that it began from is not there any more')
    const given = { action, connection, parent: parent.record, signal }
    const taken = await takeRetraining(context, given, say)
    if ('problem' in taken) {
      say(taken.problem)
      return failed(taken.problem)
    }
    const { version, servedBy, result } = taken
    const served: { deploymentId: string; versionId: string }[] = []
    for (const key of servedBy) {
      const found = (await records.find('deployment', key))?.record
      if (found?.modelId !== deployment.modelId) say(`The pipeline names ${key}, which is no deployment of this model`)
      else if (found.environment !== 'test') say(`${key} is in production: only a release puts a version there`)
      else {
        served.push({ deploymentId: found.id, versionId: version.id })
        say(`${key} serves ${version.name}`)
      }
    }
    return { changes: { result: { ...result, versionId: version.id } }, served }
  }

  async function followSwitch(action: Action, deployment: Deployment, say: (line: string) => void): Promise<Ending> {
    const target = await records.get('version', action.variables.targetVersionId)
    const ended = (state: Action['state'], problem: string): Ending => ({ changes: { state, problem }, served: [] })
    if (target === null) return ended('failed', 'The version to switch to is not there any more')
    const done: Ending = { changes: {}, served: [{ deploymentId: deployment.id, versionId: target.record.id }] }
    const endpoint = deployment.endpointId === null ? null : await records.get('connection', deployment.endpointId)
    if (endpoint === null) {
      say('The deployment has no endpoint that could confirm it')
      return done
    }
    const versions = await records.list('version', { link: 'modelId', id: deployment.modelId })
    const all = versions.map(({ record }) => record)
    const client = await collection.endpointClient(endpoint.record).catch((error) => {
      if (error instanceof RpcError) return error
      throw error
    })
    if (client instanceof RpcError)
      return ended('unknown', `It was reported done, but could not be confirmed: ${client.message}`)
    const { outcome, sentence } = await checkServed(client, target.record, all, signal)
    say(sentence)
    if (outcome === 'mismatch') return ended('failed', `It was reported done, but ${lowered(sentence)}`)
    if (outcome === 'unreachable') return ended('unknown', `It was reported done, but ${lowered(sentence)}`)
    return done
  }

  return endingOf
}

const lowered = (sentence: string) => sentence.charAt(0).toLowerCase() + sentence.slice(1)
