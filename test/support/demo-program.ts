import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readAddresses } from '../../src/demo/programs/addresses.ts'

export const root = resolve(import.meta.dirname, '../..')

/** The built console with the demo workspace, run as a person runs it. */
export interface DemoProgram {
  readonly workspacePath: string
  /** Opens the console in one browser. */
  readonly launchUrl: string
  readonly output: () => string
  /** Makes something happen in the park. */
  happens(event: 'night' | 'knock' | 'new-breed' | 'calm'): Promise<void>
  /** Ends it as Ctrl+C does and removes its workspace; resolves with the exit code. */
  close(): Promise<number | null>
}

/** Starts `out/main/headless.js --demo`; nothing happens in the park by itself. */
export async function startDemoProgram({ days }: { days: number }): Promise<DemoProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-story-'))
  const workspacePath = join(folder, 'workspace')
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'out/main/headless.js'), '--demo', '--workspace', workspacePath, '--port', '0'],
    {
      env: { ...process.env, ASSAY_DEMO_DAYS: String(days), ASSAY_DEMO_SCHEDULE: 'off' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  const launchUrl = await new Promise<string>((done, fail) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
      const found = /Open (http:\S+)/.exec(output)
      if (found !== null) done(found[1])
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => fail(new Error(`The demo ended with code ${code}:\n${output}`)))
  })
  return {
    workspacePath,
    launchUrl,
    output: () => output,
    async happens(event) {
      const { control } = await readAddresses(join(workspacePath, 'demo'))
      const response = await fetch(`${control.url}/story`, {
        method: 'POST',
        headers: { authorization: `Bearer ${control.token}` },
        body: JSON.stringify({ event }),
      })
      if (!response.ok) throw new Error(`The park answered ${response.status}: ${await response.text()}`)
    },
    async close() {
      const ended = new Promise<number | null>((done) => child.once('exit', done))
      child.kill('SIGINT')
      const code = child.exitCode ?? (await ended)
      rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
}
