import Database from 'better-sqlite3'

/** A connection with what all nouns share: whole transactions, and a way to forget what a rollback undid. */
export interface Connection {
  readonly db: Database.Database
  /** Runs in one write transaction; when it throws, nothing is written and every cache forgets. */
  write<T>(work: () => T): T
  /** Runs on one snapshot of the database. */
  read<T>(work: () => T): T
  /** Called after a transaction was rolled back, before the error goes on. */
  onRollback(forget: () => void): void
  /** Called when a write transaction begins. */
  onBegin(prepare: () => void): void
}

/** The workspace could not be written: full or read-only disk, or damage. Nothing of the batch was stored. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: string

  constructor(cause: InstanceType<typeof Database.SqliteError>) {
    super(
      `${sentences.get(cause.code.split('_').slice(0, 2).join('_')) ?? 'The workspace could not be written'} (${cause.code}: ${cause.message}). Nothing of this change was stored.`,
      { cause },
    )
    this.code = cause.code
  }
}

const sentences = new Map([
  ['SQLITE_FULL', 'The disk that holds the workspace is full'],
  ['SQLITE_READONLY', 'The workspace is read-only'],
  ['SQLITE_IOERR', 'The disk that holds the workspace reported an error'],
  ['SQLITE_CORRUPT', 'The database of the workspace is damaged'],
])

/**
 * Opens the database file. FULL is set by hand: in WAL mode this build of SQLite would not sync each commit. The page
 * cache is 32 MB for the writer, 8 MB for each reader: what they need again soon is there, and the system caches the rest.
 * `inspect` sees the database before anything is changed and may throw.
 */
export function openDatabase(
  file: string,
  mode: 'write' | 'read',
  inspect: (db: Database.Database) => void,
): Connection {
  const db = new Database(file, mode === 'read' ? { readonly: true, fileMustExist: true } : {})
  try {
    inspect(db)
    db.pragma('busy_timeout = 5000')
    db.pragma('foreign_keys = ON')
    db.pragma('temp_store = MEMORY')
    db.pragma(`cache_size = ${mode === 'write' ? -32_768 : -8_192}`)
    if (mode === 'write') {
      db.pragma('journal_mode = WAL')
      db.pragma('synchronous = FULL')
      // A larger log before each checkpoint: hot pages are then written to the database once, not at every batch.
      db.pragma('wal_autocheckpoint = 4000')
      db.pragma('journal_size_limit = 67108864')
    }
  } catch (error) {
    db.close()
    throw error
  }
  const forgetters: (() => void)[] = []
  const beginners: (() => void)[] = []
  return {
    db,
    onRollback: (forget) => forgetters.push(forget),
    onBegin: (prepare) => beginners.push(prepare),
    write: (work) => {
      try {
        for (const prepare of beginners) prepare()
        return db.transaction(work).immediate()
      } catch (error) {
        for (const forget of forgetters) forget()
        if (error instanceof Database.SqliteError && !error.code.startsWith('SQLITE_CONSTRAINT'))
          throw new StorageError(error)
        throw error
      }
    },
    read: (work) => (db.inTransaction ? work() : db.transaction(work).deferred()),
  }
}
