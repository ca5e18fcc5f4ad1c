import { arch, cpus, platform, release } from 'node:os'
import { engine } from '../../analysis/answer.ts'
import { describeQualification, type Qualification, qualification } from '../../contract/qualification.ts'
import { RpcError } from '../../contract/rpc.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { ServiceContext } from '../context.ts'
import type { JobContext } from '../jobs/jobs.ts'
import type { RunOptions } from '../jobs/worker-pool.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

const id = 'set_workspace'
/** Times that the result is written anew because somebody changed the settings meanwhile. */
const attempts = 5

/** The machine as the stamp names it. */
export const describeMachine = (): string =>
  `${cpus()[0]?.model.trim() || 'unknown processor'}, ${platform()} ${release()} ${arch()}, Node ${process.versions.node}`

/** Examining the engine, and what came of it. */
export function createQualificationHandlers(
  { store, jobs, workers, now }: Pick<ServiceContext, 'store' | 'jobs' | 'workers' | 'now'>,
  askEngine: (options: RunOptions) => Promise<Omit<Qualification, 'at' | 'machine'>> = (options) =>
    workers.run('qualification.run', null, options),
): HandlersOf<'qualification'> {
  const { records, blobs } = store

  async function requireSettings() {
    const settings = await records.get('settings', id)
    if (settings === null) throw new RpcError('not-found', 'The workspace has not been set up')
    return settings
  }

  async function newest(): Promise<Qualification | null> {
    const { record } = await requireSettings()
    const bytes = record.qualification && (await blobs.get(record.qualification.digest))
    return bytes ? qualification.parse(JSON.parse(new TextDecoder().decode(bytes))) : null
  }

  /** Keeps the result as a file and its stamp in the settings, which reports and exports take it from. */
  async function keep(result: Qualification): Promise<string> {
    const { digest } = await blobs.put(new TextEncoder().encode(JSON.stringify(result)))
    const { cases, ...stamp } = result
    const failed = cases.filter(({ isPassed }) => !isPassed).map(({ subject, name }) => `${subject}: ${name}`)
    for (let attempt = 1; ; attempt += 1) {
      const { record, revision } = await requireSettings()
      const written = { ...record, qualification: { ...stamp, digest } }
      const committed = await records.commit(
        [{ kind: 'settings', record: written, revision }],
        draftOf(systemCaller, now(), {
          action: 'system.qualified',
          subject: { kind: 'settings', id, name: record.name },
          details: { ...stamp, digest, failed: failed.slice(0, 50) },
        }),
      )
      if (committed.status === 'committed') return digest
      if (attempt === attempts) throw new Error('The settings changed again and again while the result was written')
    }
  }

  async function examine({ signal, progress }: JobContext): Promise<string> {
    progress(0, 'Asking what is known')
    const result = await askEngine({
      signal,
      onProgress: (fraction) => progress(fraction, 'Answering known questions, simulating tests and intervals'),
    })
    signal.throwIfAborted()
    return await keep({ ...result, at: now(), machine: describeMachine() })
  }

  return {
    'qualification.get': async () => {
      const result = await newest()
      const isOfEngine = result !== null && result.engine === engine
      const status = !isOfEngine ? 'warning' : result.isQualified ? 'ok' : 'breach'
      return { engine, headline: { status, text: capitalise(describeQualification(engine, result)) }, result }
    },

    'qualification.run': async (_, { caller }) => {
      const { record } = await requireSettings()
      await commitOrRefuse(
        records,
        [],
        draftOf(caller, now(), {
          action: 'qualification.run',
          subject: { kind: 'settings', id, name: record.name },
          details: { engine },
        }),
      )
      return { jobId: jobs.start({ kind: 'qualification', title: 'Qualification of the engine', run: examine }).id }
    },
  }
}

const capitalise = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
