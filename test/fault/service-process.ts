// A console as a process of its own that may be killed: `node service-process.ts WORKSPACE [PORT]`. Says `ready` when it serves.
import { openConsole } from '../../src/server/compose.ts'
import { startHeadless } from '../../src/server/headless-program.ts'

const say = (details: object, message: string) => console.error(message, details)

await startHeadless({
  workspacePath: process.argv[2],
  isDemo: false,
  port: Number(process.argv[3] ?? 0),
  staticRoot: '/nonexistent',
  workerEntry: new URL('../../src/server/worker.ts', import.meta.url),
  log: { info: () => {}, warn: () => {}, error: say },
  openConsole,
})
console.log('ready')
