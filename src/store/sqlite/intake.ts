import type { HalfChange } from '../../contract/exchange.ts'
import type { DeadLetter, DeadLetterFilter, DeadLetterReplay } from '../../contract/sample.ts'
import type { IntakeStore } from '../store.ts'
import type { Connection } from './database.ts'
import { makeHalfReader, makeHalfWriter } from './halves.ts'

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
  noteReplays(replays: readonly (DeadLetterReplay & { readonly id: number })[]): void
  changeHalves(changes: readonly HalfChange[]): void
  count(counter: Counter): void
}

export function makeIntakeWriter(connection: Connection): IntakeWriter {
  const { db } = connection
  const insert = db.prepare(
    `INSERT INTO dead_letter (at, connection_id, source, code, reason, payload, payload_bytes, route) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const countCode = db.prepare(
    `INSERT INTO dead_letter_count VALUES (?, ?, 1) ON CONFLICT (connection_id, code) DO UPDATE SET count = count + 1`,
  )
  const noteReplay = db.prepare(
    'UPDATE dead_letter SET replayed_at = ?, replay_status = ?, replay_reason = ? WHERE id = ?',
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
      for (const { at, connectionId, source, code, reason, payloadBase64, payloadBytes, route } of letters) {
        const payload = Buffer.from(payloadBase64, 'base64')
        const row = [at, connectionId, source, code, reason, payload, payloadBytes, route ?? null]
        newest = Number(insert.run(row).lastInsertRowid)
        countCode.run(connectionId ?? '', code)
      }
      if (newest > keptDeadLetters) prune.run(newest - keptDeadLetters)
    },
    noteReplays: (replays) => {
      for (const { id, at, status, reason } of replays) noteReplay.run(at, status, reason, id)
    },
    changeHalves: makeHalfWriter(connection),
    count: ({ connectionId, received, stored, repeated, refused, lastAt, lagMs }) => {
      countUp.run(connectionId, received, stored, repeated, refused, lastAt, lagMs)
    },
  }
}

interface DeadLetterRow extends Omit<DeadLetter, 'payloadBase64' | 'replay' | 'route'> {
  readonly payload: Buffer
  readonly route: string | null
  readonly replayedAt: number | null
  readonly replayStatus: DeadLetterReplay['status'] | null
  readonly replayReason: string | null
}

/** Conditions of a search and their values, for whichever of them are asked. */
function conditionsOf(connectionId: string | null, { text, code, window, state }: DeadLetterFilter) {
  const conditions: string[] = []
  const values: (string | number | Buffer)[] = []
  const add = (condition: string, ...given: (string | number | Buffer)[]) => {
    conditions.push(condition)
    values.push(...given)
  }
  if (connectionId !== null) add('connection_id = ?', connectionId)
  if (code !== undefined) add('code = ?', code)
  if (window !== undefined) add('at >= ? AND at < ?', window.from, window.to)
  if (state === 'open') add(`replay_status IS NOT 'taken'`)
  if (state === 'taken') add(`replay_status = 'taken'`)
  if (text !== undefined && text !== '')
    add(
      '(instr(lower(reason), lower(?)) > 0 OR instr(lower(source), lower(?)) > 0 OR instr(payload, ?) > 0)',
      ...[text, text, Buffer.from(text)],
    )
  return { conditions, values }
}

/** What came in and what was refused. */
export function makeIntake(connection: Connection): IntakeStore {
  const { db } = connection
  const columns = `id, at, connection_id AS connectionId, source, code, reason, payload, payload_bytes AS payloadBytes, route,
    replayed_at AS replayedAt, replay_status AS replayStatus, replay_reason AS replayReason`
  const counts = db.prepare<[], { connectionId: string | null; code: string; count: number }>(
    `SELECT nullif(connection_id, '') AS connectionId, code, count FROM dead_letter_count ORDER BY connection_id, code`,
  )
  const counters = db.prepare<[], Awaited<ReturnType<IntakeStore['counters']>>[number]>(
    `SELECT connection_id AS connectionId, received, stored, repeated, refused, last_at AS lastAt, lag_ms AS lagMs
     FROM intake_counter ORDER BY connection_id`,
  )
  return {
    counters: async () => counters.all(),
    halves: makeHalfReader(connection),
    deadLetterCounts: async () => counts.all(),
    deadLetters: async ({ connectionId, limit, before, filter = {}, ids }) => {
      const { conditions, values } = conditionsOf(connectionId, filter)
      if (ids !== undefined) {
        conditions.push('id IN (SELECT value FROM json_each(?))')
        values.push(JSON.stringify(ids))
      }
      const where = ['id < ?', ...conditions].join(' AND ')
      const rows = db
        .prepare<(string | number | Buffer)[], DeadLetterRow>(
          `SELECT ${columns} FROM dead_letter WHERE ${where} ORDER BY id DESC LIMIT ?`,
        )
        .all(before ?? Number.MAX_SAFE_INTEGER, ...values, limit)
      return rows.map(({ payload, route, replayedAt, replayStatus, replayReason, ...letter }) => ({
        ...letter,
        payloadBase64: payload.toString('base64'),
        ...(route !== null && { route }),
        ...(replayedAt !== null &&
          replayStatus !== null && { replay: { at: replayedAt, status: replayStatus, reason: replayReason ?? '' } }),
      }))
    },
    countDeadLetters: async ({ connectionId, filter }) => {
      const { conditions, values } = conditionsOf(connectionId, filter)
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
      return (
        db
          .prepare<(string | number | Buffer)[], number>(`SELECT count(*) FROM dead_letter ${where}`)
          .pluck()
          .get(...values) ?? 0
      )
    },
  }
}
