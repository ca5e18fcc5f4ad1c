import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Files of the programs that the park consists of. */
export interface ProgramFiles {
  readonly park: URL
  readonly inference: URL
  readonly retrain: URL
  readonly prepare: URL
}

/**
 * The programs beside a file of this project that runs: built (`out/main/*.js`) or as sources. `builtFile` is any built entry,
 * `demoFolder` the folder `src/demo/` where sources run.
 */
export function programFiles(place: { readonly builtEntry: URL } | { readonly demoFolder: URL }): ProgramFiles {
  if ('builtEntry' in place) {
    const beside = (name: string) => new URL(`./${name}.js`, place.builtEntry)
    return {
      park: beside('demo-park'),
      inference: beside('demo-inference'),
      retrain: beside('demo-retrain'),
      prepare: beside('demo-prepare'),
    }
  }
  const under = (path: string) => new URL(path, place.demoFolder)
  return {
    park: under('programs/park.ts'),
    inference: under('server/main.ts'),
    retrain: under('programs/retrain.ts'),
    prepare: under('programs/prepare.ts'),
  }
}

/**
 * Starts a program of this project as a child with a pipe for messages. The child ends when the pipe closes, so that it never
 * outlives its parent, however that ends. Inside Electron the same binary runs as Node.
 */
export function startProgram(
  file: URL,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly output?: 'pipe' | 'inherit' } = {},
): ChildProcess {
  const { env = {}, output = 'pipe' } = options
  return fork(fileURLToPath(file), args, {
    stdio: ['ignore', output, output === 'pipe' ? 'pipe' : 'inherit', 'ipc'],
    env: { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1' },
    execArgv: [],
  })
}

/** Waits until a child has ended; kills it after `graceMs`. */
export async function endProgram(child: ChildProcess, graceMs = 3000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (child.connected) child.disconnect()
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await ended
  clearTimeout(force)
}
