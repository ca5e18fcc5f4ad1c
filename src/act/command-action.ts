import { type ChildProcess, spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import type { z } from 'zod'
import type { commandActionConfig } from '../contract/connection.ts'
import type { Json } from '../contract/primitives.ts'
import { commandEnvironment } from './command-environment.ts'
import { type ActionOutcome, UnusableActionError } from './deps.ts'
import { isDeeperThan } from './dot-path.ts'
import { OutputTail } from './output-tail.ts'

export interface CommandAction {
  readonly config: z.infer<typeof commandActionConfig>
  readonly variables: Readonly<Record<string, string>>
  /** Arrives as `ASSAY_CORRELATION_ID`. */
  readonly correlationId: string
  /** The console's environment, of which only what programs need is passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Output as it comes. */
  readonly onLog?: (text: string) => void
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs?: number
}

const maxResultDepth = 60
/** How long output is awaited after the program has ended, in case a child of it still holds the pipes. */
const drainMs = 1000

/**
 * Runs a program without a shell, in a process group of its own, with the variables in its environment. Output of both streams is
 * captured in the order it arrives, the last 64 KiB of it. Exit code 0 is success; the last line on standard output, where it
 * is a JSON object, is the result. When time is up or the signal fires, the whole group gets SIGTERM, after `graceMs` SIGKILL,
 * so nothing it started goes on. Never rejects for what the program does. On Windows the tree is ended by `taskkill`.
 */
export async function runCommandAction(action: CommandAction): Promise<ActionOutcome> {
  const { config, signal } = action
  const refuse = (problem: string): ActionOutcome => ({ state: 'failed', result: null, problem, log: `${problem}\n` })
  if (signal.aborted) return refuse('It was cancelled before it was started')
  if ([config.program, ...config.args, config.workingDirectory ?? ''].some((text) => text.includes('\0')))
    return refuse('The command holds a NUL character')
  let environment: Record<string, string>
  try {
    environment = commandEnvironment(action.environment, { ...action.variables, correlationId: action.correlationId })
  } catch (error) {
    if (error instanceof UnusableActionError) return refuse(error.message)
    throw error
  }
  // A missing folder and a missing program give the same error when started, so the folder is looked at first.
  if (config.workingDirectory !== null) {
    const folder = await stat(config.workingDirectory).catch(() => null)
    if (!folder?.isDirectory()) return refuse(`The working directory ${config.workingDirectory} is no folder`)
  }
  const child = spawn(config.program, config.args, {
    shell: false,
    detached: process.platform !== 'win32',
    windowsHide: true,
    cwd: config.workingDirectory ?? undefined,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return watch(child, action)
}

async function watch(child: ChildProcess, action: CommandAction): Promise<ActionOutcome> {
  const output = new OutputTail()
  const standard = new OutputTail()
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => {
      output.push(chunk)
      if (name === 'stdout') standard.push(chunk)
      action.onLog?.(decoders[name].decode(chunk, { stream: true }))
    })

  let stopped: string | null = null
  let killTimer: NodeJS.Timeout | undefined
  const stop = (why: string) => {
    if (stopped !== null) return
    stopped = why
    endGroup(child, 'SIGTERM')
    killTimer = setTimeout(() => endGroup(child, 'SIGKILL'), action.graceMs ?? 5000)
  }
  const timer = setTimeout(
    () => stop(`It had not ended after ${action.config.timeoutMs / 1000} s and was stopped`),
    action.config.timeoutMs,
  )
  const onAbort = () => stop('It was cancelled and stopped')
  action.signal.addEventListener('abort', onAbort, { once: true })
  if (action.signal.aborted) onAbort()

  try {
    const end = await ending(child)
    // What a stopped program leaves behind may ignore SIGTERM; nothing of the group survives.
    if (stopped !== null) endGroup(child, 'SIGKILL')
    const problem = stopped ?? problemOf(end, action)
    const log = output.text() + (problem === null ? '' : `\n${problem}\n`)
    if (problem !== null) return { state: 'failed', result: null, problem, log: keepEnd(log) }
    return { state: 'succeeded', result: resultOf(standard.text()), problem: null, log: keepEnd(log) }
  } finally {
    clearTimeout(timer)
    clearTimeout(killTimer)
    action.signal.removeEventListener('abort', onAbort)
  }
}

interface Ending {
  readonly error: NodeJS.ErrnoException | null
  readonly code: number | null
  readonly signal: string | null
}

/** Resolves when the program has ended and its output is read, or is still held open a while after by something it left running. */
function ending(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    let exited: Ending | null = null
    let drain: NodeJS.Timeout | undefined
    const finish = (end: Ending) => {
      clearTimeout(drain)
      child.stdout?.destroy()
      child.stderr?.destroy()
      resolve(end)
    }
    child.on('error', (error) => {
      if (child.pid === undefined) finish({ error, code: null, signal: null })
    })
    child.on('exit', (code, signal) => {
      exited = { error: null, code, signal }
      drain = setTimeout(finish, drainMs, exited)
    })
    child.on('close', (code, signal) => finish(exited ?? { error: null, code, signal }))
  })
}

function endGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () =>
      child.kill(signal),
    )
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // The group is gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function problemOf(end: Ending, action: CommandAction): string | null {
  const { program } = action.config
  if (end.error !== null) {
    if (end.error.code === 'ENOENT') return `The program ${program} was not found`
    if (end.error.code === 'EACCES') return `The program ${program} may not be run`
    return `The program ${program} could not be started: ${end.error.message}`
  }
  if (end.signal !== null) return `The program was ended by ${end.signal}`
  return end.code === 0 ? null : `The program ended with code ${end.code}`
}

const keepEnd = (log: string) => {
  const tail = new OutputTail()
  tail.push(Buffer.from(log))
  return tail.text()
}

/** The last line that is not empty, where it is a JSON object. */
function resultOf(text: string): Json | null {
  const line = text.trimEnd().split('\n').at(-1)?.trim() ?? ''
  if (!line.startsWith('{')) return null
  try {
    const value: Json = JSON.parse(line)
    return isDeeperThan(value, maxResultDepth) ? null : value
  } catch {
    return null
  }
}
