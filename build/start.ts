// `npm start [-- --demo] [-- --headless] [-- --workspace PATH] [-- --port N] [-- --metrics-port N]`: builds what is out of date and opens the console.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildIfStale } from './build-if-stale.ts'
import { serviceEnvironment, serviceFlags } from './service-process.ts'

const root = resolve(import.meta.dirname, '..')

const { values } = readArguments()
const problem = buildIfStale(
  ['out/main/headless.js', 'out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'],
  () => console.log('Building the console …'),
)
if (problem !== null) fail(`The build failed:\n${problem}`)
const obstacle = values.headless ? null : obstacleToDesktop()
if (obstacle !== null) console.log(`${obstacle}, so the console opens in your browser instead.`)

const passedOn = [
  ...(values.demo ? ['--demo'] : []),
  ...(values.workspace === undefined ? [] : ['--workspace', resolve(values.workspace)]),
]
const child =
  values.headless || obstacle !== null
    ? spawn(
        process.execPath,
        [
          ...serviceFlags,
          join(root, 'out/main/headless.js'),
          ...passedOn,
          ...(values.port === undefined ? [] : ['--port', values.port]),
          ...(values['metrics-port'] === undefined ? [] : ['--metrics-port', values['metrics-port']]),
        ],
        { stdio: 'inherit', env: { ...process.env, ...serviceEnvironment } },
      )
    : spawn(electronBinary(), [root, ...passedOn], { stdio: 'inherit' })

// A terminal's Ctrl+C reaches the child by itself; it ends in its own time.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('error', (error) => fail(`The console could not be started: ${error.message}`))
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))

function readArguments() {
  try {
    return parseArgs({
      options: {
        demo: { type: 'boolean', default: false },
        headless: { type: 'boolean', default: false },
        workspace: { type: 'string' },
        port: { type: 'string' },
        'metrics-port': { type: 'string' },
      },
    })
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** Why no window can be opened here; null when one can. */
function obstacleToDesktop(): string | null {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'There is no display for a window'
  if (process.platform === 'linux' && process.getuid?.() === 0) return 'Electron does not run as root'
  if (existsSync(electronBinary())) return null
  // Fetches the binary once; it is no part of the package.
  console.log('Fetching Electron …')
  spawnSync(process.execPath, [join(root, 'node_modules/electron/install.js')], { stdio: 'ignore', timeout: 300_000 })
  return existsSync(electronBinary()) ? null : "Electron's binary cannot be fetched here"
}

/** Where the package keeps the binary, read from the file it writes when it is fetched. */
function electronBinary(): string {
  const folder = join(root, 'node_modules/electron')
  const pathFile = join(folder, 'path.txt')
  return join(folder, 'dist', existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron')
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}
