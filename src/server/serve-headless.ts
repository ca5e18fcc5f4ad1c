import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { openConsole } from './compose.ts'
import { startHeadless } from './headless-program.ts'

export interface ServeOptions {
  readonly workspacePath: string
  readonly isDemo: boolean
  readonly port: number
  /** Folder of the built page. */
  readonly staticRoot: string
  readonly workerEntry: URL
  /** Port of the counters for Prometheus; null opens none. */
  readonly metricsPort: number | null
}

/**
 * Serves the console until the process is told to stop, and prints the links that open it. Rejects with a sentence for a person
 * when it cannot start.
 */
export async function serveHeadless({ port, ...options }: ServeOptions): Promise<void> {
  const log = pino({ level: process.env.ASSAY_LOG_LEVEL ?? 'warn' }, pino.destination(2))
  const headless = await startHeadless({ ...options, port, log, openConsole }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? new Error(
          `Port ${port}${options.metricsPort === null ? ' is' : ` or ${options.metricsPort} is`} taken: choose another with --port or --metrics-port`,
        )
      : error
  })
  const printLink = () => console.log(`Open ${headless.server.newLaunchUrl()}`)
  printLink()
  if (headless.metricsPort !== null) console.log(`Metrics at http://127.0.0.1:${headless.metricsPort}/metrics`)
  console.log('The link works once, in one browser. Press Enter for another, Ctrl+C to stop.')
  if (process.stdin.isTTY) createInterface({ input: process.stdin }).on('line', printLink)

  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Asked twice, it does not wait.
      if (isStopping) process.exit(1)
      isStopping = true
      headless.close().then(
        () => process.exit(0),
        (error) => {
          log.error({ error }, 'The console did not close in good order')
          process.exit(1)
        },
      )
    })
  }
}
