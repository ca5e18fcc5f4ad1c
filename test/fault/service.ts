import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The console as a process that is killed and started again. */
export interface Service {
  readonly pid: () => number | null
  /** Starts it; resolves when it serves, with false when it ended before (a full disk, or a kill while it started). */
  start(): Promise<boolean>
  kill(): Promise<void>
  /** Times it said that nothing can be stored. */
  readonly storageProblems: () => number
  /** What it complained of otherwise. */
  readonly complaints: () => readonly string[]
}

export function makeService(workspacePath: string, port = 0): Service {
  let child: ChildProcess | null = null
  let storageProblems = 0
  const complaints: string[] = []
  const program = join(import.meta.dirname, 'service-process.ts')

  function listen(line: string) {
    if (line.includes('Nothing that arrives can be stored')) storageProblems++
    else if (complaints.length < 1000) complaints.push(line)
  }

  return {
    pid: () => child?.pid ?? null,
    async start() {
      const started = spawn(process.execPath, [program, workspacePath, String(port)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      createInterface({ input: started.stderr }).on('line', listen)
      return await Promise.race([
        once(started.stdout, 'data').then(() => true),
        once(started, 'exit').then(() => false),
      ])
    },
    async kill() {
      const running = child
      child = null
      if (running === null || running.exitCode !== null || running.signalCode !== null) return
      const ended = once(running, 'exit')
      running.kill('SIGKILL')
      await ended
    },
    storageProblems: () => storageProblems,
    complaints: () => complaints,
  }
}
