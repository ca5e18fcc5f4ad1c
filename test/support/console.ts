import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InputOf, MethodName, OutputOf } from '../../src/contract/api.ts'
import type { Caller, Role } from '../../src/contract/user.ts'
import type { Job } from '../../src/contract/workspace.ts'
import { openConsole } from '../../src/server/compose.ts'
import { dispatcherOf, type HeadlessConsole, startHeadless } from '../../src/server/headless-program.ts'
import { createRecordingLog } from './rpc.ts'

/** A real console on a workspace of its own, called as its pages call it but without a page. */
export interface TestConsole {
  readonly headless: HeadlessConsole
  readonly workspacePath: string
  readonly log: ReturnType<typeof createRecordingLog>
  /** Calls a method as a person with every role, or as the caller given. */
  call<M extends MethodName>(method: M, input: InputOf<M>, caller?: Caller): Promise<OutputOf<M>>
  /** Waits until a job has ended; rejects with its problem when it did not succeed. */
  ended(jobId: string): Promise<Job>
  /** Stages bytes as a page does, in chunks; returns their digest. */
  upload(bytes: Uint8Array): Promise<string>
  /** Closes the console and removes its workspace. */
  close(): Promise<void>
}

const everyRole: readonly Role[] = ['viewer', 'operator', 'product-owner', 'qa-expert', 'administrator']

/** Opens a console on a temporary workspace with one person who may do everything. */
export async function openTestConsole({
  staticRoot = '/nonexistent',
  port = 0,
  workspacePath: given,
  metricsPort = null,
}: {
  staticRoot?: string
  port?: number
  workspacePath?: string
  metricsPort?: number | null
} = {}): Promise<TestConsole> {
  const workspacePath = given ?? (await mkdtemp(join(tmpdir(), 'assay-console-')))
  const log = createRecordingLog()
  const headless = await startHeadless({
    workspacePath,
    isDemo: false,
    port,
    metricsPort,
    staticRoot,
    workerEntry: new URL('../../src/server/worker.ts', import.meta.url),
    log,
    openConsole,
  })
  const { service } = headless
  const dispatcher = dispatcherOf(service, log)
  const invoke = async <M extends MethodName>(method: M, input: InputOf<M>, caller: Caller): Promise<OutputOf<M>> => {
    const context = { caller, signal: new AbortController().signal, connectionId: 'test', sessionId: null }
    // The dispatcher has checked the output by the schema of this very method.
    return (await dispatcher.invoke(method, input, context)) as OutputOf<M>
  }

  const visitor: Caller = { userId: null, name: 'visitor', roles: ['visitor'] }
  const { needsSetUp } = await invoke('session.state', {}, visitor)
  if (needsSetUp)
    await invoke(
      'session.setUp',
      { workspaceName: 'Test', login: 'ada', name: 'Ada', password: 'correct horse battery' },
      visitor,
    )
  const [{ record: ada }] = await invoke('users.list', {}, { ...visitor, roles: ['administrator'] })
  const self: Caller = { userId: ada.id, name: ada.name, roles: everyRole }
  const call: TestConsole['call'] = (method, input, caller = self) => invoke(method, input, caller)

  return {
    headless,
    workspacePath,
    log,
    call,
    async ended(jobId) {
      for (;;) {
        const job = (await call('jobs.list', {})).find(({ id }) => id === jobId)
        if (job === undefined) throw new Error(`There is no job ${jobId}`)
        if (job.finishedAt !== null) {
          if (job.state !== 'succeeded') throw new Error(`${job.title} ${job.state}: ${job.problem}`)
          return job
        }
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async upload(bytes) {
      const uploadId = `upload-${crypto.randomUUID()}`
      const chunkBytes = 1_000_000
      for (let offset = 0; ; offset += chunkBytes) {
        const chunk = Buffer.from(bytes.subarray(offset, offset + chunkBytes))
        const isLast = offset + chunkBytes >= bytes.length
        const reply = await call('files.stage', { uploadId, offset, base64: chunk.toString('base64'), isLast })
        if (reply.digest !== null) return reply.digest
      }
    },
    async close() {
      await headless.close()
      if (given === undefined) await rm(workspacePath, { recursive: true, force: true })
    },
  }
}
