import type { DeadLetter } from '../../contract/sample.ts'
import type { IntakeStore } from '../store.ts'
import type { Connection } from './database.ts'

/** The newest refused messages are kept; all of them are counted. */
const keptDeadLetters = 50_000

interface Counter {
  readonly connectionId: string
  readonly received: number
  readonly stored: number
  readonly repeated: number
  readonly refused: number
  readonly lastAt: number
  readonly lagMs: number | null
}

/** The part of intake that `append` uses inside its transaction. */
export interface IntakeWriter {
  addDeadLetters(letters: readonly Omit<DeadLetter, 'id'>[]): void
  count(counter: Counter): void
}

export function makeIntakeWriter({ db }: Connection): IntakeWriter {
  const insert = db.prepare(
    `INSERT INTO dead_letter (at, connection_id, source, code, reason, payload, payload_bytes) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const countCode = db.prepare(
    `INSERT INTO dead_letter_count VALUES (?, ?, 1) ON CONFLICT (connection_id, code) DO UPDATE SET count = count + 1`,
  )
  const prune = db.prepare<[number]>('DELETE FROM dead_letter WHERE id <= ?')
  const countUp = db.prepare(
    `INSERT INTO intake_counter VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (connection_id) DO UPDATE SET
       received = received + excluded.received, stored = stored + excluded.stored,
       repeated = repeated + excluded.repeated, refused = refused + excluded.refused,
       last_at = max(coalesce(last_at, 0), excluded.last_at), lag_ms = coalesce(excluded.lag_ms, lag_ms)`,
  )
  return {
    addDeadLetters: (letters) => {
      let newest = 0
      for (const { at, connectionId, source, code, reason, payloadBase64, payloadBytes } of letters) {
        const payload = Buffer.from(payloadBase64, 'base64')
        newest = Number(insert.run(at, connectionId, source, code, reason, payload, payloadBytes).lastInsertRowid)
        countCode.run(connectionId ?? '', code)
      }
      if (newest > keptDeadLetters) prune.run(newest - keptDeadLetters)
    },
    count: ({ connectionId, received, stored, repeated, refused, lastAt, lagMs }) => {
      countUp.run(connectionId, received, stored, repeated, refused, lastAt, lagMs)
    },
  }
}

interface DeadLetterRow extends Omit<DeadLetter, 'payloadBase64'> {
  readonly payload: Buffer
}

/** What came in and what was refused. */
export function makeIntake({ db }: Connection): IntakeStore {
  const columns = `id, at, connection_id AS connectionId, source, code, reason, payload, payload_bytes AS payloadBytes`
  const all = db.prepare<[number, number], DeadLetterRow>(
    `SELECT ${columns} FROM dead_letter WHERE id < ? ORDER BY id DESC LIMIT ?`,
  )
  const ofConnection = db.prepare<[string, number, number], DeadLetterRow>(
    `SELECT ${columns} FROM dead_letter WHERE connection_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  )
  const counts = db.prepare<[], { connectionId: string | null; code: string; count: number }>(
    `SELECT nullif(connection_id, '') AS connectionId, code, count FROM dead_letter_count ORDER BY connection_id, code`,
  )
  const counters = db.prepare<[], Awaited<ReturnType<IntakeStore['counters']>>[number]>(
    `SELECT connection_id AS connectionId, received, stored, repeated, refused, last_at AS lastAt, lag_ms AS lagMs
     FROM intake_counter ORDER BY connection_id`,
  )
  return {
    counters: async () => counters.all(),
    deadLetterCounts: async () => counts.all(),
    deadLetters: async ({ connectionId, limit, before }) => {
      const below = before ?? Number.MAX_SAFE_INTEGER
      const rows = connectionId === null ? all.all(below, limit) : ofConnection.all(connectionId, below, limit)
      return rows.map(({ payload, ...letter }) => ({ ...letter, payloadBase64: payload.toString('base64') }))
    },
  }
}
