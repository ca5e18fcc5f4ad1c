import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '../..')
const entry = join(repository, 'src/server/cli.ts')

export interface Ran {
  readonly code: number
  readonly out: string
  /** Lines on standard error. */
  readonly err: readonly string[]
}

/** Runs the command line from its source as a process of its own. */
export function assay(
  words: readonly string[],
  options: { cwd?: string; nodeArguments?: string[] } = {},
): Promise<Ran> {
  return run(process.execPath, [...(options.nodeArguments ?? []), entry, ...words], options.cwd)
}

export function run(program: string, words: readonly string[], cwd?: string): Promise<Ran> {
  return new Promise((done) => {
    execFile(program, [...words], { cwd, maxBuffer: 256 * 2 ** 20 }, (error, out, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      const err = stderr.split('\n').filter((line) => line !== '')
      done({ code, out, err })
    })
  })
}

/** A folder for one file of tests, with what it takes to fill and empty it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'assay-cli-'))
  return {
    folder,
    write(name: string, content: string | Uint8Array): string {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
