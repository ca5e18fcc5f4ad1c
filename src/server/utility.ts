// The service inside Electron's utility process: everything but the window.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { openConsole } from './compose.ts'
import { dispatcherOf } from './headless-program.ts'
import { createRemoteSafeStorage, type ParentPort, serveShell } from './utility-program.ts'
import { openSafeStorageVault } from './utility-vault.ts'

// Electron adds it to the process; its types are not loaded here.
const parent = (process as unknown as { parentPort: ParentPort }).parentPort
const log = pino({ level: process.env.ASSAY_LOG_LEVEL ?? 'warn' }, pino.destination(2))
// The shell passes absolute paths.
const { values } = parseArgs({
  options: { workspace: { type: 'string', default: '' }, demo: { type: 'boolean', default: false } },
})

try {
  const vault = await openSafeStorageVault(join(values.workspace, 'secrets'), createRemoteSafeStorage(parent))
  const isBuilt = import.meta.url.endsWith('.js')
  const service = await openConsole({
    workspacePath: values.workspace,
    isDemo: values.demo,
    log,
    vault,
    workerEntry: new URL(isBuilt ? './worker.js' : './worker.ts', import.meta.url),
  })
  await serveShell({
    parent,
    service,
    dispatcher: dispatcherOf(service, log),
    newConnectionId: () => randomBytes(12).toString('hex'),
  })
  await service.close()
  process.exit(0)
} catch (error) {
  log.fatal({ error }, 'The service could not start')
  parent.postMessage({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  process.exit(1)
}
