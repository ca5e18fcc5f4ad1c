// `npm run -s assay -- <command> …`: builds the command line when it is out of date, in silence, and runs it in this process.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildIfStale } from './build-if-stale.ts'

const entry = 'out/main/cli.js'
const program = resolve(import.meta.dirname, '..', entry)
const problem = buildIfStale([entry])
if (problem !== null) {
  const first = problem.replace(/\s+/g, ' ').slice(0, 300)
  console.error(`error: the command line could not be built (npm run build tells more): ${first}`)
  process.exit(2)
}
if (!existsSync(program)) {
  console.error(`error: the build did not write ${entry}`)
  process.exit(2)
}
// npm runs scripts in the package's folder; the paths that were typed are meant from where they were typed.
const { INIT_CWD, npm_lifecycle_event: script } = process.env
if (script === 'assay' && INIT_CWD && existsSync(INIT_CWD)) process.chdir(INIT_CWD)
await import(pathToFileURL(program).href)
