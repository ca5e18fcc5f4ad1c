import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ProfileFold, Store } from '../store.ts'
import { addLabels, makeAppend } from './append.ts'
import { makeAudit, makeAuditWriter } from './audit.ts'
import { makeBinnings } from './binnings.ts'
import { makeBlobs } from './blobs.ts'
import { makeChunkRewrite } from './chunk-rewrite.ts'
import { makeChunks } from './chunks.ts'
import { type Connection, openDatabase } from './database.ts'
import { makeFindings } from './findings.ts'
import { makeRowCodec } from './hot-rows.ts'
import { makeIntake, makeIntakeWriter } from './intake.ts'
import { makeLabelReader, makeLabelWriter } from './labels.ts'
import { lockWorkspace } from './lock.ts'
import { migrate, newestVersion, readVersion, UnusableDatabaseError } from './migrations/migrate.ts'
import { makeProfileWriter } from './profile-writer.ts'
import { makeProfiles } from './profiles.ts'
import { makeRecords } from './records.ts'
import { makeRetention } from './retention.ts'
import { makeRetiredIds } from './retired-ids.ts'
import { makeSampleBlobWriter } from './sample-blob-rows.ts'
import { makeSampleGet } from './sample-get.ts'
import { makeSampleIndex, makeSearchingIndex } from './sample-index.ts'
import { makeSampleList } from './sample-list.ts'
import { makeSampleScan } from './sample-scan.ts'
import { makeSampleTable } from './sample-table.ts'
import { makeSeal } from './seal.ts'
import { makeSequenceGaps } from './sequence-gaps.ts'
import { makeLostMessages, makeSequenceWriter } from './sequence-ranges.ts'
import { makeSymbols } from './symbols.ts'
import { makeTelemetry } from './telemetry.ts'
import { makeTelemetryBlocks } from './telemetry-blocks.ts'
import { makeTelemetryWriter } from './telemetry-writer.ts'

export interface SqliteStoreOptions {
  /** Folder of the workspace; made if need be. */
  readonly path: string
  readonly fold: ProfileFold
}

const databaseFile = (folder: string) => join(folder, 'workspace.sqlite')

/**
 * Opens a workspace for writing, or makes an empty one. One process at a time: rejects with a WorkspaceLockedError that
 * names the other, or with an UnusableDatabaseError when the database is newer than this program.
 */
export async function openSqliteStore({ path, fold }: SqliteStoreOptions): Promise<Store> {
  // It will hold samples of people, hashes of passwords and sealed keys.
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const unlock = lockWorkspace(path)
  try {
    const connection = openDatabase(databaseFile(path), 'write', (db) => readVersion(db, path))
    try {
      migrate(connection.db, path)
      return compose({ path, fold, connection, mode: 'write', onClose: unlock })
    } catch (error) {
      connection.db.close()
      throw error
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/**
 * Opens a workspace for reading, beside the writer: for workers. Whatever writes rejects. Rejects with an
 * UnusableDatabaseError when the database has not the version of this program.
 */
export async function openSqliteReader({ path, fold }: SqliteStoreOptions): Promise<Store> {
  const connection = openDatabase(databaseFile(path), 'read', (db) => {
    const version = readVersion(db, path)
    if (version !== newestVersion)
      throw new UnusableDatabaseError(
        `The workspace ${path} must first be opened by the service, which brings it up to date.`,
      )
  })
  return compose({ path, fold, connection, mode: 'read', onClose: () => undefined })
}

interface Composition extends SqliteStoreOptions {
  readonly connection: Connection
  readonly mode: 'write' | 'read'
  readonly onClose: () => void
}

function compose({ path, fold, connection, mode, onClose }: Composition): Store {
  const { db } = connection
  const symbols = makeSymbols(connection, 'symbol', 'text')
  const codec = makeRowCodec(connection, symbols, makeSymbols(connection, 'layout', 'names'))
  const binnings = makeBinnings(connection, symbols)
  const labels = makeLabelReader(connection, symbols, codec)
  const chunks = makeChunks(connection, symbols, codec)
  const scan = makeSampleScan(connection, chunks, codec, labels)
  const blocks = makeTelemetryBlocks(connection)
  const tables = makeSampleTable(connection, symbols, codec, chunks, scan)
  const index = mode === 'write' ? makeSampleIndex(connection, chunks) : makeSearchingIndex(connection, chunks)
  const writers = mode === 'write' ? composeWriters() : null

  function composeWriters() {
    const profiles = makeProfileWriter(connection, symbols, binnings, fold)
    const blobs = makeSampleBlobWriter(connection)
    const labelWriter = makeLabelWriter(connection, symbols, codec, labels, index, profiles, blobs)
    const sequences = makeSequenceWriter(connection, symbols)
    const telemetry = makeTelemetryWriter(connection, symbols, blocks, sequences)
    const intake = makeIntakeWriter(connection)
    const rewrite = makeChunkRewrite(connection, chunks, labels, scan, blobs)
    const retired = makeRetiredIds(connection)
    const seal = makeSeal({ connection, codec, chunks, labels, rewrite, index })
    return {
      profiles,
      telemetry,
      blobs,
      append: makeAppend({
        ...{ connection, symbols, codec, index, retired, labels: labelWriter, blobs, profiles },
        ...{ telemetry, sequences, intake },
      }),
      seal: seal.seal,
      retain: makeRetention({ connection, symbols, chunks, index, retired, profiles, rewrite, blobs }),
      records: {
        audit: makeAuditWriter(connection),
        addLabels: (all: Parameters<typeof addLabels>[0]) => addLabels(all, labelWriter, profiles),
      },
    }
  }

  function requireWriters() {
    if (writers === null) throw new Error('The workspace is open for reading only')
    return writers
  }

  const sampleCount = db
    .prepare<[], number>('SELECT (SELECT count(*) FROM sample) + (SELECT coalesce(sum(rows), 0) FROM chunk)')
    .pluck()
  const pointCount = db.prepare<[], number>('SELECT coalesce(sum(points), 0) FROM series').pluck()
  let isClosed = false
  return {
    records: makeRecords(connection, writers?.records ?? null),
    audit: makeAudit(connection),
    samples: {
      append: async (batch) => requireWriters().append(batch),
      get: makeSampleGet(connection, symbols, index, labels),
      ...makeSampleList(connection, symbols, codec, chunks, labels, scan),
      table: async (query) => connection.read(() => tables.table(query)),
      seal: async (options) => requireWriters().seal(options),
      retain: async (options) => requireWriters().retain(options),
      sequenceGaps: makeSequenceGaps(connection, symbols, chunks),
    },
    telemetry: {
      ...makeTelemetry(connection, symbols, blocks),
      lostMessages: makeLostMessages(connection, symbols),
      retain: async ({ deviceId, before }) => requireWriters().telemetry.retain(deviceId, before),
    },
    profiles: makeProfiles(connection, symbols, binnings, fold, scan, writers?.profiles ?? null),
    findings: makeFindings(connection),
    intake: makeIntake(connection),
    blobs: makeBlobs(path, connection, writers?.blobs ?? null),
    facts: async () => ({
      path,
      databaseBytes: fileBytes(databaseFile(path)) + fileBytes(`${databaseFile(path)}-wal`),
      samples: sampleCount.get() ?? 0,
      telemetryPoints: pointCount.get() ?? 0,
    }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      db.close()
      onClose()
    },
  }
}

const fileBytes = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0
