import { createEndpointClient, type EndpointClient } from '../../collect/endpoint.ts'
import type { Intake } from '../../collect/intake.ts'
import { compileTopicPattern } from '../../collect/mapping/topic-pattern.ts'
import type { Translator } from '../../collect/mapping/translator.ts'
import { createMqttSource } from '../../collect/mqtt.ts'
import { filtersOf } from '../../collect/mqtt-topics.ts'
import { createProbe } from '../../collect/probe.ts'
import { createScrape } from '../../collect/prometheus/scrape.ts'
import { createScraper } from '../../collect/prometheus/scraper.ts'
import type { Connection } from '../../contract/connection.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { createTurns } from '../session/in-turn.ts'
import { readSecrets } from './connection-secrets.ts'
import { type ConnectionStates, isLive } from './connection-states.ts'
import type { LiveDirectory } from './live-directory.ts'
import type { createProbeHistory } from './probe-history.ts'
import { createWatchedFolder } from './watched-folder.ts'

export interface RunningConnectionsParts {
  readonly context: ServiceContext
  readonly directory: Pick<LiveDirectory, 'connection' | 'deploymentId' | 'disabledMappings'>
  readonly states: ConnectionStates
  readonly probes: ReturnType<typeof createProbeHistory>
  readonly intake: Intake
  readonly translator: Pick<Translator, 'filters'>
  /** A broker forgot the session although messages had come through it before. */
  readonly onPossibleLoss: (connectionId: string, text: string) => void
}

/** A closed connection is given up after so long. */
const stopMs = 3_000

/** What runs for enabled connections: a source for each broker, a probe for each endpoint. */
export function createRunningConnections(parts: RunningConnectionsParts) {
  const { context, directory, states, probes, intake, translator } = parts
  const { vault, now, random, log } = context
  const running = new Map<string, () => Promise<void>>()
  /** What each broker was last asked for. */
  const lastFilters = new Map<string, readonly string[]>()
  const inTurn = createTurns()
  let isClosed = false

  async function endpointClient(
    { config }: Connection,
    onClockSkew?: (skewMs: number) => void,
  ): Promise<EndpointClient> {
    if (config.kind !== 'endpoint') throw new RpcError('refused', 'This connection is no inference endpoint')
    const { auth = null, tlsKey = null } = await readSecrets(vault, config)
    return createEndpointClient({ config, secret: auth, tlsKey, fetch: context.fetch, onClockSkew, now })
  }

  /** What mappings that are switched off asked for. The broker's session remembers it until it is given up. */
  const formerFilters = (connectionId: string) =>
    directory.disabledMappings(connectionId).flatMap(({ spec }) => {
      try {
        return [compileTopicPattern(spec.topic).filter]
      } catch {
        return []
      }
    })

  async function startBroker({ id, config }: Connection): Promise<(() => Promise<void>) | null> {
    if (config.kind !== 'mqtt') return null
    const { password = null, tlsKey = null } = await readSecrets(vault, config)
    const filters = translator.filters(id)
    const wanted = [...filtersOf(config), ...filters]
    // Of a prefix that is shared now, the session may still hold the subscription of before.
    const former = new Set([...formerFilters(id), ...(lastFilters.get(id) ?? []), `${config.topicPrefix}/#`])
    lastFilters.set(id, wanted)
    const source = createMqttSource({
      connectionId: id,
      config,
      password,
      tlsKey,
      intake,
      filters,
      formerFilters: [...former].filter((filter) => !wanted.includes(filter)),
      onState: ({ phase, problem, since }) => states.report(id, { phase, problem, since }),
      onEvent: ({ text }) => parts.onPossibleLoss(id, text),
      now,
      random,
      expectsSession: states.hasReceived(id),
    })
    source.start()
    return () => source.stop()
  }

  async function startProbe(connection: Connection): Promise<(() => Promise<void>) | null> {
    const { id, config } = connection
    if (config.kind !== 'endpoint') return null
    // By the last reply to the probe under way.
    let clockSkewMs: number | null = null
    const probe = createProbe({
      client: await endpointClient(connection, (skewMs) => {
        clockSkewMs = skewMs
      }),
      everyMs: config.probeEveryMs,
      now,
      onProbe: (facts, { phase, problem }) => {
        const skew = clockSkewMs === null ? {} : { clockSkewMs }
        clockSkewMs = null
        void probes.add(id, { at: facts.at, isReady: facts.isReady, latencyMs: facts.latencyMs, ...skew })
        states.report(id, { phase, problem, probe: facts })
      },
    })
    probe.start()
    return async () => probe.stop()
  }

  async function startScraper({ id, config }: Connection): Promise<(() => Promise<void>) | null> {
    if (config.kind !== 'prometheus') return null
    const { auth = null, tlsKey = null } = await readSecrets(vault, config)
    const scraper = createScraper({
      ...{ connectionId: id, config, intake, now },
      scrape: createScrape(config, { auth, tlsKey }, context.fetch),
      onState: ({ phase, problem }) => states.report(id, { phase, problem }),
    })
    scraper.start()
    return () => scraper.stop()
  }

  async function startFolder({ id, config }: Connection): Promise<(() => Promise<void>) | null> {
    if (config.kind !== 'folder') return null
    const folder = createWatchedFolder({
      ...{ context, connectionId: id, config, deploymentId: directory.deploymentId },
      onState: ({ phase, problem }) => states.report(id, { phase, problem }),
    })
    folder.start()
    return () => folder.stop()
  }

  async function startAny(connection: Connection): Promise<(() => Promise<void>) | null> {
    switch (connection.config.kind) {
      case 'mqtt':
        return await startBroker(connection)
      case 'endpoint':
        return await startProbe(connection)
      case 'prometheus':
        return await startScraper(connection)
      case 'folder':
        return await startFolder(connection)
      default:
        return null
    }
  }

  async function stop(id: string): Promise<void> {
    const end = running.get(id)
    running.delete(id)
    if (end === undefined) return
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopMs)
    })
    await Promise.race([
      end().catch((error) => log.warn({ connectionId: id, error }, 'A connection ended badly')),
      patience,
    ])
    clearTimeout(timer)
  }

  async function restart(id: string): Promise<void> {
    await stop(id)
    const connection = directory.connection(id)
    if (connection === null || isClosed) return
    if (!connection.isEnabled) return states.report(id, { phase: 'disabled', problem: null })
    try {
      states.report(id, { phase: isLive(connection.config) ? 'connecting' : 'connected', problem: null })
      const end = await startAny(connection)
      if (end !== null) running.set(id, end)
    } catch (error) {
      const isExpected = error instanceof RpcError
      if (!isExpected) log.error({ connectionId: id, error }, 'A connection could not be started')
      const problem = isExpected ? error.message : 'it could not be started; the log of the console tells why'
      states.report(id, { phase: 'failed', problem })
    }
  }

  return {
    endpointClient,
    /** Starts, restarts or stops a connection as its record says now; one change of a connection follows the other. */
    reload: (id: string) => inTurn(id, () => restart(id)),
    async close() {
      isClosed = true
      await Promise.all([...running.keys()].map((id) => inTurn(id, () => stop(id))))
    },
  }
}
