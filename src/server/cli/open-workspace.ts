import { join } from 'node:path'
import { pino } from 'pino'
import type { InputOf, MethodName, OutputOf } from '../../contract/api.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import { role } from '../../contract/user.ts'
import type { Job } from '../../contract/workspace.ts'
import { openKeyFileVault } from '../../service/proof/secrets.ts'
import { openConsole } from '../compose.ts'
import { dispatcherOf } from '../headless-program.ts'
import { CliFault } from './fault.ts'
import type { Surroundings } from './surroundings.ts'

/** Whoever can run commands on a workspace's files can do anything with it: the log names the way, not a person. */
const caller: Caller = { userId: null, name: 'command line', roles: [...role.options] }

export interface OpenWorkspace {
  /** `by` names a person where somebody has to answer for it. */
  call<M extends MethodName>(method: M, input: InputOf<M>, by?: Caller): Promise<OutputOf<M>>
  /** Waits until a job has ended; one that failed is a CliFault. `onProgress` gets each new message. */
  finish(jobId: string, onProgress: (message: string) => void): Promise<Job>
}

const pollMs = 100

/**
 * Opens a workspace for one command, through the console's own methods and rules; nothing else is started. What the console
 * refuses, and a workspace that is open elsewhere, is a CliFault.
 */
export async function withWorkspace<T>(
  workspacePath: string,
  { workerEntry }: Surroundings,
  work: (workspace: OpenWorkspace) => Promise<T>,
): Promise<T> {
  const log = pino({ level: process.env.ASSAY_LOG_LEVEL ?? 'silent' }, pino.destination(2))
  const vault = await openKeyFileVault(join(workspacePath, 'secrets'))
  const service = await openConsole({ workspacePath, isDemo: false, log, vault, workerEntry, isPassive: true }).catch(
    (error: Error) => {
      throw new CliFault(error.message)
    },
  )
  const dispatcher = dispatcherOf(service, log)
  const { signal } = new AbortController()

  async function call<M extends MethodName>(method: M, input: InputOf<M>, by = caller): Promise<OutputOf<M>> {
    try {
      const output = await dispatcher.invoke(method, input, {
        caller: by,
        signal,
        connectionId: 'cli',
        sessionId: null,
      })
      // The dispatcher has parsed it by the method's own schema.
      return output as OutputOf<M>
    } catch (error) {
      throw error instanceof RpcError ? new CliFault(error.message) : error
    }
  }

  async function finish(jobId: string, onProgress: (message: string) => void): Promise<Job> {
    for (let said = ''; ; ) {
      const job = (await call('jobs.list', {})).find(({ id }) => id === jobId)
      if (job === undefined) throw new CliFault('the work has ended without a trace')
      if (job.message !== said && job.finishedAt === null) {
        said = job.message
        onProgress(said)
      }
      if (job.state === 'failed' || job.state === 'cancelled') throw new CliFault(job.problem ?? job.state)
      if (job.finishedAt !== null) return job
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }

  try {
    return await work({ call, finish })
  } finally {
    await service.close()
  }
}
