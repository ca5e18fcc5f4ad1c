// The console for browsers on this machine: `node src/server/headless.ts [--workspace PATH] [--port N] [--metrics-port N] [--demo]`.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serveHeadless } from './serve-headless.ts'

const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    port: { type: 'string', default: '4190' },
    'metrics-port': { type: 'string' },
    demo: { type: 'boolean', default: false },
  },
})
const isBuilt = import.meta.url.endsWith('.js')
const port = portOf(values.port)
const metricsPort = values['metrics-port'] === undefined ? null : portOf(values['metrics-port'])

await serveHeadless({
  workspacePath: values.workspace ?? join(homedir(), values.demo ? '.assay/demo' : '.assay/workspace'),
  isDemo: values.demo,
  port,
  metricsPort,
  staticRoot: join(import.meta.dirname, isBuilt ? '../renderer' : '../../out/renderer'),
  workerEntry: new URL(isBuilt ? './worker.js' : './worker.ts', import.meta.url),
}).catch((error: Error) => fail(error.message))

function portOf(text: string): number {
  const number = Number(text)
  return Number.isInteger(number) && number >= 0 && number <= 65_535 ? number : fail(`${text} is not a port`)
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}
