import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { CliFault } from './fault.ts'
import { portNumber } from './options.ts'
import type { Surroundings } from './surroundings.ts'
import { defaultWorkspace } from './workspace.ts'

interface ServeOptions {
  readonly workspace?: string
  readonly port: number
  readonly metricsPort?: number
}

/** `serve` and `demo`: the console for browsers on this machine. */
export function createServeCommand(surroundings: Surroundings, isDemo: boolean): Command {
  const name = isDemo ? 'demo' : 'serve'
  return new Command(name)
    .description(
      isDemo
        ? 'serve the console on the pet park: a demo with a model, a camera box and a month of history'
        : 'serve the console to browsers on this machine',
    )
    .option('--workspace <folder>', `folder of the workspace, made if need be (default: ${defaultWorkspace(isDemo)})`)
    .option('--port <number>', 'port on 127.0.0.1; 0 takes any', portNumber, 4190)
    .option(
      '--metrics-port <number>',
      'serve counters for Prometheus on this port of 127.0.0.1 (default: not)',
      portNumber,
    )
    .addHelpText(
      'after',
      `\nExample:\n  $ assay ${name} --port 0\n\nPrints a link that works once. Ctrl+C stops it.${isDemo ? ' The first start takes a minute: it makes the history.' : ''}`,
    )
    .action(async ({ workspace, port, metricsPort }: ServeOptions) => {
      const { staticRoot, workerEntry } = surroundings
      if (!existsSync(join(staticRoot, 'index.html')))
        throw new CliFault(`the page is not built (${staticRoot} is missing): npm run build makes it`)
      const { serveHeadless } = await import('../serve-headless.ts')
      const workspacePath = resolve(workspace ?? defaultWorkspace(isDemo))
      try {
        await serveHeadless({ workspacePath, isDemo, port, metricsPort: metricsPort ?? null, staticRoot, workerEntry })
      } catch (error) {
        throw new CliFault(error instanceof Error ? error.message : String(error))
      }
    })
}
