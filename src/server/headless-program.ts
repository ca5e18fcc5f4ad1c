import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { ConsoleService, OpenConsole } from '../service/console-service.ts'
import { openKeyFileVault } from '../service/proof/secrets.ts'
import { createDispatcher, type Dispatcher } from '../service/rpc/dispatcher.ts'
import type { Log } from '../service/rpc/log.ts'
import { type ConsoleServer, startConsoleServer } from './http.ts'
import { type MetricsServer, startMetricsServer } from './metrics-server.ts'

export interface HeadlessOptions {
  readonly workspacePath: string
  readonly isDemo: boolean
  readonly port: number
  readonly staticRoot: string
  readonly workerEntry: URL
  readonly log: Log
  readonly openConsole: OpenConsole
  /** Port on which Prometheus may read counters; none unless somebody asks for one. */
  readonly metricsPort?: number | null
}

export interface HeadlessConsole {
  readonly server: ConsoleServer
  readonly service: ConsoleService
  readonly metricsPort: number | null
  close(): Promise<void>
}

/** The dispatcher over an open console; what leaves another number of audit entries than the contract says is logged. */
export function dispatcherOf({ handlers, events, audit }: ConsoleService, log: Log): Dispatcher {
  return createDispatcher({
    handlers,
    events,
    log,
    newLogId: () => randomBytes(6).toString('hex'),
    ...(audit && {
      audit: {
        watch: audit,
        onFault: (method, entries) => log.error({ method, entries }, 'A method left the wrong number of audit entries'),
      },
    }),
  })
}

async function openMetrics(port: number, service: ConsoleService, server: ConsoleServer): Promise<MetricsServer> {
  try {
    return await startMetricsServer(port, () => service.metrics())
  } catch (error) {
    await server.close()
    throw error
  }
}

/** Opens the workspace and serves it to browsers on this machine. */
export async function startHeadless(options: HeadlessOptions): Promise<HeadlessConsole> {
  const { workspacePath, isDemo, port, staticRoot, workerEntry, log, openConsole, metricsPort = null } = options
  const vault = await openKeyFileVault(join(workspacePath, 'secrets'))
  const service = await openConsole({ workspacePath, isDemo, log, vault, workerEntry })
  try {
    const server = await startConsoleServer({
      port,
      dispatcher: dispatcherOf(service, log),
      sessions: service.sessions,
      ingest: (request) => service.ingest(request),
      staticRoot,
      newSecret: () => randomBytes(32).toString('base64url'),
      log,
    })
    const metrics = metricsPort === null ? null : await openMetrics(metricsPort, service, server)
    return {
      server,
      service,
      metricsPort: metrics?.port ?? null,
      async close() {
        await metrics?.close()
        await server.close()
        await service.close()
      },
    }
  } catch (error) {
    await service.close()
    throw error
  }
}
