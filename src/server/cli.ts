// The command line: `npm run -s assay -- <command>`. Composes; what commands do is in cli/.
import { join } from 'node:path'
import { runCommandLine } from './cli/program.ts'

// Whoever reads the output may leave early (`| head`); that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const isBuilt = import.meta.url.endsWith('.js')
process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (line) => process.stderr.write(`${line}\n`),
  workerEntry: new URL(isBuilt ? './worker.js' : './worker.ts', import.meta.url),
  staticRoot: join(import.meta.dirname, isBuilt ? '../renderer' : '../../out/renderer'),
})
