import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, relative } from 'node:path'
import { UnusableActionError } from '../../act/deps.ts'
import { authenticate } from '../../act/endpoint-auth.ts'
import { exchange } from '../../act/http-exchange.ts'
import { deliverWebhook } from '../../act/webhook.ts'
import { createEndpointClient, saysVersions } from '../../collect/endpoint.ts'
import { faultOfTemplate } from '../../collect/endpoints/json-template.ts'
import { testMqtt } from '../../collect/mqtt.ts'
import { filtersOf } from '../../collect/mqtt-topics.ts'
import { readChannels } from '../../collect/prometheus/read-channels.ts'
import { createScrape } from '../../collect/prometheus/scrape.ts'
import { faultOfScrape } from '../../collect/prometheus/scraper.ts'
import { listFiles } from '../../collect/settled-files.ts'
import type { OutputOf } from '../../contract/api.ts'
import type { ConnectionConfig } from '../../contract/connection.ts'
import type { ServiceContext } from '../context.ts'
import { explainFolder } from './watched-folder.ts'

export type ConnectionTest = OutputOf<'connections.test'>
type ConfigOf<K extends ConnectionConfig['kind']> = Extract<ConnectionConfig, { kind: K }>

export interface ConnectionTestParts {
  readonly context: Pick<ServiceContext, 'fetch' | 'now' | 'random' | 'newId' | 'settings' | 'store'>
  /** A secret by its name in the configuration. */
  readonly secret: (name: string) => Promise<string | undefined>
  readonly signal: AbortSignal
}

/** Somebody waits for the answer. */
const patienceMs = 15_000

const failed = (message: string, facts: ConnectionTest['facts'] = {}): ConnectionTest => ({
  isOk: false,
  message,
  facts,
})
const passed = (message: string, facts: ConnectionTest['facts'] = {}): ConnectionTest => ({
  isOk: true,
  message,
  facts,
})

/** Facts that are there, as text. */
const factsOf = (facts: Record<string, string | number | boolean | null>): ConnectionTest['facts'] =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === null ? [] : [[name, typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)]],
    ),
  )

async function testBroker(config: ConfigOf<'mqtt'>, { secret }: ConnectionTestParts): Promise<ConnectionTest> {
  const password = config.passwordSecret === null ? null : ((await secret(config.passwordSecret)) ?? null)
  const tlsKey = config.identity ? ((await secret(config.identity.keySecret)) ?? null) : null
  const test = await testMqtt(config, password, patienceMs, tlsKey)
  if (!test.ok) return failed(test.problem)
  const { latencyMs, ...facts } = test.facts
  return passed(
    `The broker answers and lets this user read ${filtersOf(config).join(' and ')}`,
    factsOf({ ...facts, latencyMs: Math.round(latencyMs) }),
  )
}

async function testEndpoint(
  config: ConfigOf<'endpoint'>,
  { context, secret, signal }: ConnectionTestParts,
): Promise<ConnectionTest> {
  const fault = config.protocol === 'json' ? faultOfTemplate(config.template) : null
  if (fault !== null) return failed(fault)
  const key = config.auth.kind === 'none' ? null : ((await secret(config.auth.secret)) ?? null)
  const timeoutMs = Math.min(config.timeoutMs, patienceMs)
  const tlsKey = config.tls?.keySecret ? ((await secret(config.tls.keySecret)) ?? null) : null
  const client = createEndpointClient({ config: { ...config, timeoutMs }, secret: key, tlsKey, fetch: context.fetch })
  const ready = await client.ready(signal)
  if (!ready.ok) return failed(`${config.modelName}: ${ready.problem.message}`)
  const server = await client.server(signal)
  const latencyMs = Math.round(ready.latencyMs)
  const known = { server: server.ok ? `${server.value.name} ${server.value.version}`.trim() : null, latencyMs }
  if (!ready.value) return failed(`The server answers, but the model ${config.modelName} is not ready`, factsOf(known))
  const metadata = await client.metadata(signal)
  if (!metadata.ok) return failed(`${config.modelName}: ${metadata.problem.message}`, factsOf(known))
  const tensors = (list: typeof metadata.value.inputs) =>
    list
      .map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(', ')}]`)
      .join('; ')
      .slice(0, 2000)
  const { inputs, outputs, platform = null, versions = null } = metadata.value
  if (!saysVersions(config.protocol))
    return passed(
      'The server answers; which model and version it serves, and what they take, it cannot be asked',
      factsOf({ ...known, version: config.modelVersion === null ? null : `${config.modelVersion}, by your word` }),
    )
  const served = versions && versions.length > 0 ? versions.join(', ').slice(0, 500) : null
  return passed(
    `The model ${config.modelName} is ready`,
    factsOf({ ...known, platform, versions: served, inputs: tensors(inputs), outputs: tensors(outputs) }),
  )
}

async function testScrape(
  config: ConfigOf<'prometheus'>,
  { context, secret, signal }: ConnectionTestParts,
): Promise<ConnectionTest> {
  const auth = config.auth.kind === 'none' ? null : ((await secret(config.auth.secret)) ?? null)
  const tlsKey = config.tls?.keySecret ? ((await secret(config.tls.keySecret)) ?? null) : null
  const timeoutMs = Math.min(config.timeoutMs, patienceMs)
  const reply = await createScrape({ ...config, timeoutMs }, { auth, tlsKey }, context.fetch)(signal)
  if (!reply.ok) return failed(reply.problem.message)
  const { series, count, names } = reply.value
  const { values, matches } = readChannels(config.picks, series, context.now(), null)
  const channels = config.picks.map(({ channel }, i) => {
    const value = values[channel] === null ? 'from the second scrape on' : values[channel]
    return `${channel}: ${matches[i] === 0 ? 'nothing' : value} (${matches[i]} series)`
  })
  const facts = factsOf({
    ...{ latencyMs: Math.round(reply.latencyMs), series: count, channels: channels.join('; ').slice(0, 2000) },
    metrics: [...names].sort().join(', ').slice(0, 4000),
  })
  const fault = faultOfScrape(config.picks, matches, reply.value)
  return fault === null
    ? passed('The exporter answers, and every channel finds its series', facts)
    : failed(fault, facts)
}

async function testWebhook(
  config: ConfigOf<'webhook'>,
  { context, secret, signal }: ConnectionTestParts,
): Promise<ConnectionTest> {
  const { fetch, now, random } = context
  const { name } = await context.settings()
  const delivery = await deliverWebhook({
    ...{ config, fetch, now, random, signal, secrets: secret, workspace: name },
    deliveryId: context.newId('dlv'),
    maxAttempts: 1,
    timeoutMs: patienceMs,
    notification: {
      event: 'test',
      title: 'Test of this webhook',
      body: 'Sent from the connections page; nothing has happened.',
      path: '/connections',
      at: now(),
      alert: null,
    },
  })
  const facts = factsOf({ status: delivery.status })
  return delivery.isDelivered
    ? passed('A test notification was delivered', facts)
    : failed(delivery.problem ?? 'The test notification was not delivered', facts)
}

/** The work must not begin, so all that can be tried is whether somebody answers, and whether the secrets are usable. */
async function testHttpAction(
  config: ConfigOf<'http-action'>,
  { context, secret, signal }: ConnectionTestParts,
): Promise<ConnectionTest> {
  if (!URL.canParse(config.url))
    return failed('The address has variables in its host, so it is known only when the work is started')
  const { origin, protocol, host } = new URL(config.url)
  if (!/^https?:$/.test(protocol)) return failed('The address must begin with http:// or https://')
  try {
    await authenticate(config.auth, secret)
  } catch (error) {
    if (error instanceof UnusableActionError) return failed(error.message)
    throw error
  }
  const result = await exchange({
    ...{ fetch: context.fetch, method: 'HEAD', url: `${origin}/`, headers: {}, body: null, signal },
    timeoutMs: patienceMs,
  })
  if (result.type !== 'reply') return failed(`${host}: ${result.message}`)
  return passed(`${host} answers. The work itself was not started, so its address and access are not tried`, {
    status: String(result.reply.status),
  })
}

async function findProgram(program: string, folder: string | null): Promise<string | null> {
  const isPath = /[\\/]/.test(program)
  const folders = isPath
    ? [isAbsolute(program) ? '' : (folder ?? process.cwd())]
    : (process.env.PATH ?? '').split(delimiter)
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : ['']
  for (const place of folders)
    for (const ending of endings) {
      const path = join(place, program + ending)
      const isRunnable = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (isRunnable && (await stat(path)).isFile()) return path
    }
  return null
}

async function testFolder(config: ConfigOf<'folder'>, { context }: ConnectionTestParts): Promise<ConnectionTest> {
  const deployments = await context.store.records.list('deployment')
  if (!deployments.some(({ record }) => record.key === config.deploymentKey))
    return failed(`No deployment has the key ${config.deploymentKey}`)
  try {
    const files = await listFiles(config.path)
    const example = files.at(-1)
    const facts = factsOf({
      files: files.length,
      last: example === undefined ? null : relative(config.path, example.path),
    })
    return passed('The folder can be read; its files are imported once the connection is saved', facts)
  } catch (error) {
    return failed(`${config.path}: ${explainFolder(error)}`)
  }
}

async function testCommand({ program, workingDirectory }: ConfigOf<'command-action'>): Promise<ConnectionTest> {
  if (workingDirectory !== null) {
    const folder = await stat(workingDirectory).catch(() => null)
    if (!folder?.isDirectory()) return failed(`The working directory ${workingDirectory} is no folder`)
  }
  const path = await findProgram(program, workingDirectory)
  if (path === null) return failed(`No program called ${program} can be run on this machine`)
  return passed('The program is there; it was not run', { program: path })
}

/** Tries a configuration as far as that does no harm, and says in a sentence what came of it. Never rejects for what the outside does. */
export async function testConnection(config: ConnectionConfig, parts: ConnectionTestParts): Promise<ConnectionTest> {
  switch (config.kind) {
    case 'mqtt':
      return await testBroker(config, parts)
    case 'endpoint':
      return await testEndpoint(config, parts)
    case 'prometheus':
      return await testScrape(config, parts)
    case 'folder':
      return await testFolder(config, parts)
    case 'webhook':
      return await testWebhook(config, parts)
    case 'http-action':
      return await testHttpAction(config, parts)
    case 'command-action':
      return await testCommand(config)
    case 'ingest':
      return passed('Pushes with the token are taken whenever the console runs')
  }
}
