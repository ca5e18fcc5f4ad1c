import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, relative } from 'node:path'
import { createSettling, listFiles, type SeenFile } from '../../collect/settled-files.ts'
import type { FolderConfig } from '../../contract/connection.ts'
import type { ColumnMapping, Deployment, SchemaSpec } from '../../contract/model.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { ServiceContext } from '../context.ts'
import { importSamples } from '../imports/import-samples.ts'
import { sha256OfFile } from '../proof/digest.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

export interface WatchedFolderParts {
  readonly context: ServiceContext
  readonly connectionId: string
  readonly config: FolderConfig
  readonly deploymentId: (key: string) => string | null
  readonly onState: (state: { phase: 'connected' | 'degraded' | 'failed'; problem: string | null }) => void
}

const chunkBytes = 1024 * 1024
export const largestFileBytes = 1024 * 1024 * 1024
const auditPage = 200

/** A file that cannot be imported, with a sentence; it stays so until the file changes. */
class FileProblem extends Error {}

/** Waits before a file is tried again whose import failed for another reason: a full disk, a console that closed. */
const retryMs = { first: 60_000, longest: 3_600_000 }

/** What a file lacks to be imported without a person's hand; null when nothing. */
function lacking(columns: readonly ColumnMapping[], what: FolderConfig['what']): string | null {
  const needed = what === 'samples' ? (['prediction', 'time'] as const) : (['id', 'label'] as const)
  const missing = needed.filter((role) => !columns.some((column) => column.role === role))
  return missing.length === 0 ? null : `no column is called like the ${missing.join(' or the ')}`
}

/**
 * Imports every file of a folder once, by its content, when it has stopped growing. Columns are recognised by the names that the
 * model declares and by usual ones. Rows that cannot be read become dead letters of the connection; a file that cannot be read at
 * all is named as the connection's problem until it changes or goes.
 */
export function createWatchedFolder({ context, connectionId, config, deploymentId, onState }: WatchedFolderParts) {
  const { store, workers, jobs, now, log } = context
  const { settle, tellAgain } = createSettling()
  const problems = new Map<string, string>()
  const retries = new Map<string, { readonly at: number; readonly waitMs: number }>()
  const abort = new AbortController()
  let imported: Set<string> | null = null
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> = Promise.resolve()

  /** Digests of the files that were imported into the deployment in this way, from the audit log. */
  async function readImported(subjectId: string): Promise<Set<string>> {
    const digests = new Set<string>()
    for (let before: number | null = null; ; ) {
      const filter = { limit: auditPage, before, action: 'imports.folder', subjectId, actorId: null }
      const entries = await store.audit.list(filter)
      for (const { entry } of entries)
        if (entry.details.what === config.what && typeof entry.details.digest === 'string')
          digests.add(entry.details.digest)
      const last = entries.at(-1)
      if (last === undefined || entries.length < auditPage) return digests
      before = last.entry.index
    }
  }

  async function stage({ path, bytes }: SeenFile): Promise<string> {
    if (bytes > largestFileBytes) throw new FileProblem(`it is larger than ${largestFileBytes / 2 ** 30} GiB`)
    const uploadId = `folder-${connectionId}-${context.newId('upl')}`
    // Not followed if it has become a link since it was listed.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      for (let offset = 0; ; ) {
        abort.signal.throwIfAborted()
        const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, offset)
        const isLast = offset + bytesRead >= bytes || bytesRead === 0
        const { digest } = await store.blobs.stage(uploadId, offset, buffer.subarray(0, bytesRead), isLast)
        offset += bytesRead
        if (digest !== null) return digest
      }
    } finally {
      await file.close()
    }
  }

  async function importFile(file: SeenFile, deployment: Deployment, schema: SchemaSpec): Promise<void> {
    // After a restart every file is looked at anew: those that are known are read, and not stored again.
    if (imported?.has((await sha256OfFile(file.path, abort.signal)).sha256)) return
    const digest = await stage(file)
    if (imported?.has(digest)) return
    const fileName = basename(file.path)
    const preview = await workers.run('imports.preview', { digest, fileName, schema }, { signal: abort.signal })
    if (!preview.ok) throw new FileProblem(preview.message)
    const isClassification = schema.task !== 'regression'
    const columns = preview.value.columns.map((column) =>
      isClassification && (column.role === 'prediction' || column.role === 'label')
        ? { ...column, type: 'categorical' as const }
        : column,
    )
    const fault = lacking(columns, config.what)
    if (fault !== null) throw new FileProblem(fault)
    const order = { digest, fileName, columns, what: config.what, deployment, schema, connectionId }
    const job = await jobs.ended(jobs.start(importSamples(context, { ...order, firstAt: now(), isRepeated: false })).id)
    if (job.state !== 'succeeded') throw new Error(job.problem ?? `the import was ${job.state}`)
    await commitOrRefuse(
      store.records,
      [],
      draftOf(systemCaller, now(), {
        action: 'imports.folder',
        subject: { kind: 'deployment', id: deployment.id, name: deployment.name },
        details: { fileName, digest, what: config.what, connectionId },
      }),
    )
    imported?.add(digest)
  }

  async function look(): Promise<void> {
    const id = deploymentId(config.deploymentKey)
    const deployment = id === null ? null : await store.records.get('deployment', id)
    if (deployment === null)
      return onState({ phase: 'failed', problem: `no deployment has the key ${config.deploymentKey}` })
    const version = await store.records.get('version', deployment.record.versionId)
    if (version === null)
      return onState({ phase: 'failed', problem: 'the deployment is not recorded to run a version' })
    let files: SeenFile[]
    try {
      files = await listFiles(config.path)
    } catch (error) {
      return onState({ phase: 'failed', problem: explainFolder(error) })
    }
    imported ??= await readImported(deployment.record.id)
    const present = new Set(files.map(({ path }) => path))
    for (const path of problems.keys()) if (!present.has(path)) problems.delete(path)
    for (const [path, { at }] of retries)
      if (!present.has(path)) retries.delete(path)
      else if (now() >= at) tellAgain(path)
    for (const file of settle(files)) {
      abort.signal.throwIfAborted()
      const { path } = file
      problems.delete(path)
      try {
        await importFile(file, deployment.record, version.record.schema)
        retries.delete(path)
      } catch (error) {
        abort.signal.throwIfAborted()
        problems.set(path, error instanceof Error ? error.message.slice(0, 500) : String(error))
        if (error instanceof FileProblem) retries.delete(path)
        else {
          log.error({ connectionId, error }, 'A file of a folder was not imported and is tried again later')
          const waitMs = Math.min(2 * (retries.get(path)?.waitMs ?? retryMs.first / 2), retryMs.longest)
          retries.set(path, { at: now() + waitMs, waitMs })
        }
      }
    }
    const [first] = problems
    if (first === undefined) return onState({ phase: 'connected', problem: null })
    const others = problems.size > 1 ? ` (and ${problems.size - 1} more files)` : ''
    onState({ phase: 'degraded', problem: `${relative(config.path, first[0])}: ${first[1]}${others}` })
  }

  function round(): void {
    timer = null
    running = look()
      .catch((error) => {
        if (abort.signal.aborted) return
        log.error({ connectionId, error }, 'A folder could not be looked at')
        onState({ phase: 'failed', problem: 'the folder could not be looked at; the log of the console tells why' })
      })
      .then(() => {
        if (!abort.signal.aborted) timer = setTimeout(round, config.everyMs)
      })
  }

  return {
    start() {
      timer = setTimeout(round, 0)
    },
    async stop() {
      abort.abort()
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is no folder',
  EACCES: 'the console may not read the folder',
  EPERM: 'the console may not read the folder',
}

/** Why a folder cannot be read, in a sentence. */
export function explainFolder(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? `the folder cannot be read (${code || String(error)})`
}
