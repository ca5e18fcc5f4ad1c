// The console for browsers on this machine: `node src/server/headless.ts [--workspace PATH] [--port N] [--demo]`.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serveHeadless } from './serve-headless.ts'

const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    port: { type: 'string', default: '4190' },
    demo: { type: 'boolean', default: false },
  },
})
const isBuilt = import.meta.url.endsWith('.js')
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`${values.port} is not a port`)

await serveHeadless({
  workspacePath: values.workspace ?? join(homedir(), values.demo ? '.assay/demo' : '.assay/workspace'),
  isDemo: values.demo,
  port,
  staticRoot: join(import.meta.dirname, isBuilt ? '../renderer' : '../../out/renderer'),
  workerEntry: new URL(isBuilt ? './worker.js' : './worker.ts', import.meta.url),
}).catch((error: Error) => fail(error.message))

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}
