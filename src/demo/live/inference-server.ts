import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { MODEL_KEY } from '../park/names.ts'
import { endProgram, startProgram } from '../programs/programs.ts'

const READY_MS = 20_000
const RESTART_AFTER_MS = 1000
const announcement = z.object({ url: z.url() })

export interface InferenceServer {
  readonly url: string
  close(): Promise<void>
}

export interface InferenceServerParts {
  readonly program: URL
  readonly artifactFolder: string
  readonly token: string
  /** Port of the last run: kept if it is free, so that connections stay right. */
  readonly port: number
  /** What to serve: asked again when the program has to be started again. */
  readonly artifact: () => Promise<{ readonly version: string; readonly path: string }>
  readonly onProblem: (sentence: string) => void
}

/** Runs an inference server as a program of its own, and starts it again at the same address should it end. */
export async function runInferenceServer(parts: InferenceServerParts): Promise<InferenceServer> {
  const { onProblem } = parts
  let isClosing = false
  let current: ChildProcess

  async function start(port: number): Promise<string> {
    const { version, path } = await parts.artifact()
    const child = startProgram(
      parts.program,
      [
        ...['--model-name', MODEL_KEY, '--artifact', path, '--version', version],
        ...['--port', String(port), '--artifact-folder', parts.artifactFolder],
      ],
      { env: { OIP_ADMIN_TOKEN: parts.token } },
    )
    current = child
    if (child.stderr) createInterface({ input: child.stderr }).on('line', onProblem)
    return listening(child)
  }

  function watch(url: string): void {
    current.once('exit', () => void restart(url))
  }

  async function restart(url: string): Promise<void> {
    if (isClosing) return
    onProblem(`The inference server at ${url} has ended; it is started again`)
    await pause(RESTART_AFTER_MS)
    while (!isClosing) {
      try {
        await start(Number(new URL(url).port))
        if (isClosing) await endProgram(current)
        else watch(url)
        return
      } catch (error) {
        onProblem(error instanceof Error ? error.message : String(error))
        await pause(RESTART_AFTER_MS)
      }
    }
  }

  const url = await start(parts.port).catch(() => start(0))
  watch(url)
  return {
    url,
    async close() {
      isClosing = true
      await endProgram(current)
    },
  }
}

/** The address that the program prints once it listens; rejects when it ends before. */
async function listening(child: ChildProcess): Promise<string> {
  const { stdout } = child
  if (!stdout) throw new Error('the inference server has no output')
  try {
    return await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the inference server did not start in time')), READY_MS)
      createInterface({ input: stdout }).once('line', (line) => {
        clearTimeout(timer)
        resolve(announcement.parse(JSON.parse(line)).url)
      })
      child.once('exit', (code) => {
        clearTimeout(timer)
        reject(new Error(`the inference server ended with code ${code} before it listened`))
      })
    })
  } catch (error) {
    await endProgram(child)
    throw error
  }
}
