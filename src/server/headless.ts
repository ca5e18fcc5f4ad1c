// The console for browsers on this machine: `node src/server/headless.ts [--workspace PATH] [--port N] [--demo]`.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { openConsole } from './compose.ts'
import { startHeadless } from './headless-program.ts'

const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    port: { type: 'string', default: '4190' },
    demo: { type: 'boolean', default: false },
  },
})
const log = pino({ level: process.env.ASSAY_LOG_LEVEL ?? 'warn' }, pino.destination(2))
const isBuilt = import.meta.url.endsWith('.js')
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`${values.port} is not a port`)

const headless = await startHeadless({
  workspacePath: values.workspace ?? join(homedir(), values.demo ? '.assay/demo' : '.assay/workspace'),
  isDemo: values.demo,
  port,
  staticRoot: join(import.meta.dirname, isBuilt ? '../renderer' : '../../out/renderer'),
  workerEntry: new URL(isBuilt ? './worker.js' : './worker.ts', import.meta.url),
  log,
  openConsole,
}).catch((error: Error & { code?: string }) =>
  fail(error.code === 'EADDRINUSE' ? `Port ${port} is taken: choose another with --port` : error.message),
)

console.log(`Open ${headless.server.newLaunchUrl()}`)
console.log('The link works once, in one browser. Press Enter for another, Ctrl+C to stop.')
if (process.stdin.isTTY) {
  createInterface({ input: process.stdin }).on('line', () => console.log(`Open ${headless.server.newLaunchUrl()}`))
}

let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Asked twice, it does not wait.
    if (isStopping) process.exit(1)
    isStopping = true
    void headless.close().then(() => process.exit(0))
  })
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}
