import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import type { InputOf } from '../../contract/api.ts'
import type { Connection, ConnectionConfig } from '../../contract/connection.ts'
import type { DemoHost } from '../host.ts'
import { MODEL_KEY, TOPIC_PREFIX } from '../park/names.ts'
import { BROKER_USER, type ParkSecrets, type ParkUrls } from '../programs/messages.ts'
import { PEOPLE } from './people.ts'

const operator = PEOPLE.operator.login
const BROKER_KEY = 'park-broker'
const LISTENING_WITHIN_MS = 30_000

/** A connection of the park with the secrets that it is saved with. */
interface Planned {
  readonly key: string
  readonly name: string
  readonly config: ConnectionConfig
  readonly secrets: Readonly<Record<string, string>>
}

/** Ids of the park's connections. */
export interface ParkConnections {
  readonly production: string
  readonly test: string
  readonly pipeline: string
  readonly deploy: string
  readonly pager: string
}

const auth = { kind: 'bearer', secret: 'auth' } as const
const poll = { statePath: 'state', succeeded: ['succeeded'], failed: ['failed'], everyMs: 500 }

function endpoint(key: string, name: string, url: string): Planned {
  return {
    key,
    name,
    secrets: {},
    config: {
      kind: 'endpoint',
      url,
      protocol: 'oip-v2',
      modelName: MODEL_KEY,
      modelVersion: null,
      auth: { kind: 'none' },
      timeoutMs: 10_000,
      probeEveryMs: 10_000,
    },
  }
}

function plan(host: DemoHost, urls: ParkUrls, secrets: ParkSecrets): Planned[] {
  const command = retrainingCommand(host)
  return [
    {
      key: BROKER_KEY,
      name: "The park's broker",
      secrets: { password: secrets.brokerPassword },
      config: {
        kind: 'mqtt',
        url: urls.broker,
        clientId: 'assay-console',
        username: BROKER_USER,
        passwordSecret: 'password',
        caPem: null,
        protocolVersion: 4,
        topicPrefix: TOPIC_PREFIX,
        receiveMaximum: 2000,
        sessionExpirySeconds: 604_800,
        acceptsNewDevices: false,
      },
    },
    endpoint('production-server', 'Production server', urls.production),
    endpoint('test-server', 'Test server', urls.test),
    {
      key: 'retraining-pipeline',
      name: 'Retraining pipeline',
      secrets: { auth: secrets.pipelineToken, hmac: secrets.pipelineKey },
      config: {
        kind: 'http-action',
        method: 'POST',
        url: `${urls.systems}/pipeline/runs`,
        headers: {},
        bodyTemplate: '{"deployment": {{deploymentKey}}, "reason": {{reason}}, "correlationId": {{correlationId}}}',
        auth,
        hmacSecret: 'hmac',
        poll: { ...poll, url: `${urls.systems}/pipeline/runs/{{response.id}}`, resultPath: 'result' },
        timeoutMs: 300_000,
      },
    },
    {
      key: 'deploy-step',
      name: 'Deploy step',
      secrets: { auth: secrets.deployToken, hmac: secrets.deployKey },
      config: {
        kind: 'http-action',
        method: 'POST',
        url: `${urls.systems}/deploy/rollouts`,
        headers: {},
        bodyTemplate:
          '{"deployment": {{deploymentKey}}, "version": {{targetVersionName}}, "digest": {{targetArtifactDigest}}, ' +
          '"reason": {{reason}}, "correlationId": {{correlationId}}}',
        auth,
        hmacSecret: 'hmac',
        poll: { ...poll, url: `${urls.systems}/deploy/rollouts/{{response.id}}`, resultPath: null },
        timeoutMs: 60_000,
      },
    },
    {
      key: 'keepers-pager',
      name: "The keeper's pager",
      secrets: { hmac: secrets.webhookKey },
      config: { kind: 'webhook', url: `${urls.systems}/webhook`, hmacSecret: 'hmac' },
    },
    ...(command === null
      ? []
      : [{ key: 'retraining-command', name: 'Retraining on this machine', secrets: {}, config: command }]),
  ]
}

/**
 * The pipeline's training run as a local command. Inside Electron the binary must be told to be Node, for which commands give
 * no variable: `env` does where there is one; null elsewhere.
 */
function retrainingCommand(host: DemoHost): ConnectionConfig | null {
  const rest = [fileURLToPath(host.programs.retrain), '--folder', host.folder]
  const isElectron = process.versions.electron !== undefined
  if (isElectron && process.platform === 'win32') return null
  const node = process.execPath
  return {
    kind: 'command-action',
    program: isElectron ? '/usr/bin/env' : node,
    args: isElectron ? ['ELECTRON_RUN_AS_NODE=1', node, ...rest] : rest,
    workingDirectory: null,
    timeoutMs: 600_000,
  }
}

/** Makes the park's connections, or brings those that are there up to date where an address has changed. */
export async function connectPark(host: DemoHost, urls: ParkUrls, secrets: ParkSecrets): Promise<ParkConnections> {
  const known = new Map((await host.call(operator, 'connections.list', {})).map((one) => [one.record.key, one]))
  const ids = new Map<string, string>()
  for (const { key, name, config, secrets: entered } of plan(host, urls, secrets)) {
    const before = known.get(key)
    if (before && isSame(before.record, config)) {
      ids.set(key, before.record.id)
      continue
    }
    const input: InputOf<'connections.save'> = {
      id: before?.record.id ?? null,
      revision: before?.revision ?? null,
      connection: { key, name: before?.record.name ?? name, isEnabled: before?.record.isEnabled ?? true, config },
      secrets: { ...entered },
    }
    ids.set(key, (await host.call(operator, 'connections.save', input)).record.id)
  }
  const idOf = (key: string): string => {
    const id = ids.get(key)
    if (id === undefined) throw new Error(`there is no connection ${key}`)
    return id
  }
  return {
    production: idOf('production-server'),
    test: idOf('test-server'),
    pipeline: idOf('retraining-pipeline'),
    deploy: idOf('deploy-step'),
    pager: idOf('keepers-pager'),
  }
}

/** Waits until the console listens to the broker: what the camera says before would be heard by nobody. */
export async function waitForBroker(host: DemoHost): Promise<void> {
  const deadline = host.now() + LISTENING_WITHIN_MS
  for (;;) {
    const all = await host.call(operator, 'connections.list', {})
    const broker = all.find(({ record }) => record.key === BROKER_KEY)
    // Who has switched it off knows why.
    if (broker === undefined || !broker.record.isEnabled || broker.state.phase === 'connected') return
    if (host.now() > deadline) {
      host.problem(
        `The camera starts although the console does not listen: ${broker.state.problem ?? broker.state.phase}`,
      )
      return
    }
    await pause(100)
  }
}

/** Whether a stored connection leads to the same places; what else people have changed in it stays theirs. */
function isSame({ config: stored }: Connection, wanted: ConnectionConfig): boolean {
  return isDeepStrictEqual(placesOf(stored), placesOf(wanted))
}

function placesOf(config: ConnectionConfig): unknown {
  if (config.kind === 'command-action') return [config.program, config.args]
  if (config.kind === 'http-action') return [config.url, config.poll?.url]
  return 'url' in config ? config.url : null
}
