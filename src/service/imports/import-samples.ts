import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { type ImportTarget, type RowError, toIncomingSamples, toLabels } from '../../collect/files.ts'
import type { IntakeBatch, SampleBlob } from '../../contract/intake.ts'
import type { ColumnMapping, Deployment, SchemaSpec } from '../../contract/model.ts'
import { defaultBlobQuota, type WorkspaceSettings } from '../../contract/workspace.ts'
import type { ServiceContext } from '../context.ts'
import type { JobContext, JobWork } from '../jobs/jobs.ts'
import { createImportLetters } from './import-letters.ts'
import { countOf, sayRowError } from './import-text.ts'
import type { ReadRows } from './read-file.ts'

export interface SamplesImport {
  readonly digest: string
  readonly fileName: string
  readonly deployment: Deployment
  readonly schema: SchemaSpec
  readonly columns: readonly ColumnMapping[]
  readonly what: 'samples' | 'labels'
  /** Instant of the first import of this file: what the file does not say is derived from it, so that a repetition is one. */
  readonly firstAt: number
  /** The same file was imported before: its refused rows are in the dead letters already. */
  readonly isRepeated: boolean
  /** Connection through which the file came, which is counted; none when a person gave it. */
  readonly connectionId?: string
}

/** Rows stored in one transaction; others get their turn in between. */
const batchRows = 500
const dayMs = 86_400_000
const listedErrors = 100

interface Part {
  readonly samples: IntakeBatch['samples']
  readonly labels: IntakeBatch['labels']
  readonly errors: readonly RowError[]
  readonly errorCount: number
}

function* sampleParts({ result }: ReadRows, target: ImportTarget, latest: number): Generator<Part> {
  for (const { samples, errors, errorCount } of toIncomingSamples(result, target, batchRows))
    yield { samples: samples.filter(({ sample }) => sample.at <= latest), labels: [], errors, errorCount }
}

function* labelParts({ result }: ReadRows, target: ImportTarget, latest: number): Generator<Part> {
  const { labels, errors, errorCount } = toLabels(result, target)
  yield { samples: [], labels: [], errors, errorCount }
  for (let from = 0; from < labels.length; from += batchRows) {
    const part = labels.slice(from, from + batchRows).filter(({ at }) => at <= latest)
    yield { samples: [], labels: part, errors: [], errorCount: 0 }
  }
}

function withFiles(item: IntakeBatch['samples'][number], kept: ReadonlyMap<string, SampleBlob>) {
  if (kept.size === 0) return item
  const blobs = Object.values(item.sample.inputs).flatMap((value) => kept.get(String(value)) ?? [])
  return blobs.length === 0 ? item : { ...item, blobs }
}

/** Rows whose time has not come yet. */
function findFuture({ result }: ReadRows, latest: number): { errors: RowError[]; count: number } {
  const errors: RowError[] = []
  let count = 0
  const { at } = result.table
  for (let row = 0; at !== null && row < at.length; row++) {
    if (at[row] <= latest) continue
    count++
    const message = `${new Date(at[row]).toISOString()} lies in the future; the row is left out`
    if (errors.length < listedErrors) errors.push({ row: result.rowNumbers[row], column: 'time', message })
  }
  return { errors, count }
}

/** The job that stores a file's predictions or labels, the same way as everything else that comes in. */
export function importSamples(context: ServiceContext, order: SamplesImport): JobWork {
  const { store, workers, now } = context
  const { digest, fileName, deployment, schema, columns, what, firstAt, isRepeated, connectionId } = order

  async function readRows(signal: AbortSignal): Promise<ReadRows> {
    const read = await workers.run('imports.readRows', { digest, fileName, columns, schema }, { signal })
    if (!read.ok) throw new Error(`${fileName}: ${read.message}`)
    return read.value
  }

  function tellExpiring({ result }: ReadRows): string {
    const { rawDays } = deployment.retention
    const oldest = now() - rawDays * dayMs
    const expiring = what === 'samples' ? (result.table.at?.filter((at) => at < oldest).length ?? 0) : 0
    if (expiring === 0) return ''
    return `. Of the rows, ${expiring} lie before the ${rawDays} days for which the deployment keeps raw samples: they will be removed, their profiles stay`
  }

  /** Stores what stood in the file, under the quota; by digest. */
  async function keepFiles({ files }: ReadRows, { blobs }: WorkspaceSettings, signal: AbortSignal) {
    const kept = new Map<string, SampleBlob>()
    const quotaBytes = blobs?.quotaBytes ?? defaultBlobQuota
    for (const { bytes } of files.blobs) {
      signal.throwIfAborted()
      const { digest, state } = await store.blobs.putSample(bytes, { quotaBytes, now: now() })
      if (state !== 'held') kept.set(digest, { digest, bytes: bytes.length, isKept: state === 'kept' })
    }
    // Somebody brought these himself.
    for (const named of files.named) await store.blobs.hold(named)
    return kept
  }

  async function run({ signal, progress }: JobContext): Promise<string> {
    progress(null, 'Reading the file')
    const rows = await readRows(signal)
    const { result, unreadable, lines } = rows
    const settings = await context.settings()
    const latest = now() + settings.timeBounds.maxFutureMs
    const kept = await keepFiles(rows, settings, signal)
    const future = findFuture(rows, latest)
    // A value that cannot be read is missing in its row; a row without a readable time is not there at all.
    const present = new Set(result.rowNumbers)
    const untimed = result.errors.filter(({ row }) => !present.has(row))
    const letters = createImportLetters({ fileName, at: now(), result, lines, connectionId })
    let pending = [
      ...letters.of([...unreadable, ...untimed], 'wrong-shape'),
      ...letters.of(future.errors, 'time-out-of-bounds'),
    ]
    let example: RowError | undefined = [...unreadable, ...result.errors, ...future.errors][0]
    const total = { stored: 0, repeated: 0, refused: rows.unreadableCount + rows.untimedCount + future.count }
    let countedRefused = 0
    const unreadValues = result.errorCount - rows.untimedCount

    function tell(): string {
      const repeated = total.repeated === 0 ? '' : `, ${countOf(total.repeated, 'repetition')} changed nothing`
      const refused = total.refused === 0 ? '' : `, ${countOf(total.refused, 'row')} refused`
      const values = unreadValues === 0 ? '' : `, ${countOf(unreadValues, 'value')} left out`
      const first = example === undefined ? '' : `; the first: ${sayRowError(example)}`
      return `${countOf(total.stored, what.slice(0, -1))} stored${repeated}${refused}${values}${first}`
    }

    async function append({ samples, labels }: Pick<Part, 'samples' | 'labels'>): Promise<void> {
      const deadLetters = isRepeated ? [] : pending
      pending = []
      const refused = total.refused - countedRefused
      countedRefused = total.refused
      const received = samples.length + samples.filter(({ label }) => label !== null).length + labels.length + refused
      const counters =
        connectionId === undefined ? [] : [{ connectionId, received, refused, lastAt: now(), lagMs: null }]
      const stored = await store.samples.append({ samples, labels, telemetry: [], deadLetters, counters })
      const counts = what === 'samples' ? stored.samples : stored.labels
      total.stored += counts.stored + (what === 'labels' ? stored.labels.waiting : 0)
      total.repeated += counts.repeated
    }

    const { id: deploymentId, versionId } = deployment
    const target: ImportTarget = { deploymentId, versionId, schema, now: firstAt, idPrefix: digest.slice(0, 32) }
    let done = 0
    for (const part of (what === 'samples' ? sampleParts : labelParts)(rows, target, latest)) {
      signal.throwIfAborted()
      pending.push(...letters.of(part.errors, 'schema-mismatch'))
      example ??= part.errors[0]
      total.refused += part.errorCount
      done += batchRows
      await append({ ...part, samples: part.samples.map((item) => withFiles(item, kept)) })
      progress(Math.min(0.99, done / Math.max(1, result.table.n)), tell())
      await yieldToOthers()
    }
    pending.push(...letters.rest(total.refused))
    if (pending.length > 0) await append({ samples: [], labels: [] })
    progress(1, tell() + tellExpiring(rows))
    return deploymentId
  }

  return { kind: 'imports.samples', title: `Import ${what} from ${fileName} for ${deployment.name}`, run }
}
