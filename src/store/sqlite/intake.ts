import { hash } from 'node:crypto'
import type { HalfChange } from '../../contract/exchange.ts'
import type { NewLetter } from '../../contract/intake.ts'
import type { DeadLetter, DeadLetterFilter, DeadLetterReplay } from '../../contract/sample.ts'
import type { IntakeStore } from '../store.ts'
import type { Connection } from './database.ts'
import { makeHalfReader, makeHalfWriter } from './halves.ts'

/** The newest refused messages are kept; all of them are counted. */
const keptDeadLetters = 50_000
/** Of a payload so much is kept with its letter; the whole of a longer one stands apart, … */
const beginningBytes = 16 * 1024
/** … and all of these together have so much room: the oldest go first. What is held apart is not counted and never goes. */
const bodiesBytes = 256 * 1024 * 1024

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
  addDeadLetters(letters: readonly NewLetter[]): void
  discard(letters: readonly { readonly id: number; readonly at: number }[]): void
  noteReplays(replays: readonly (DeadLetterReplay & { readonly id: number })[]): void
  changeHalves(changes: readonly HalfChange[]): void
  count(counter: Counter): void
}

export function makeIntakeWriter(connection: Connection, roomForBodies = bodiesBytes): IntakeWriter {
  const { db } = connection
  const insert = db.prepare(
    `INSERT INTO dead_letter (at, connection_id, source, code, reason, payload, payload_bytes, route, ahead_at, held_digest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const countCode = db.prepare(
    `INSERT INTO dead_letter_count VALUES (?, ?, 1) ON CONFLICT (connection_id, code) DO UPDATE SET count = count + 1`,
  )
  const noteReplay = db.prepare(
    `UPDATE dead_letter SET replayed_at = ?, replay_status = ?, replay_reason = ?, ahead_at = NULL, held_digest = NULL
     WHERE id = ?`,
  )
  const discard = db.prepare(
    'UPDATE dead_letter SET discarded_at = ?, ahead_at = NULL, held_digest = NULL WHERE id = ?',
  )
  // The same message again, which nobody knew to be stored, is held apart once.
  const findHeld = db.prepare<[Buffer], number>('SELECT id FROM dead_letter WHERE held_digest = ?').pluck()
  // By the index, so that what is held apart is not looked at however much it is.
  const prune = db.prepare<[number]>(
    'DELETE FROM dead_letter INDEXED BY dead_letter_ahead WHERE ahead_at IS NULL AND id <= ?',
  )
  const addBody = db.prepare<[number, number, Buffer]>('INSERT INTO dead_letter_body VALUES (?, ?, ?)')
  const sizeOfBodies = db.prepare<[], number>('SELECT coalesce(sum(bytes), 0) FROM dead_letter_body').pluck()
  const oldBodies = db.prepare<[], { letter: number; bytes: number }>(
    `SELECT letter, bytes FROM dead_letter_body JOIN dead_letter ON dead_letter.id = letter
     WHERE ahead_at IS NULL ORDER BY letter LIMIT 100`,
  )
  const removeBody = db.prepare<[number]>('DELETE FROM dead_letter_body WHERE letter = ?')
  const countUp = db.prepare(
    `INSERT INTO intake_counter VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (connection_id) DO UPDATE SET
       received = received + excluded.received, stored = stored + excluded.stored,
       repeated = repeated + excluded.repeated, refused = refused + excluded.refused,
       last_at = max(coalesce(last_at, 0), excluded.last_at), lag_ms = coalesce(excluded.lag_ms, lag_ms)`,
  )

  /** Gives the room of the oldest bodies to the newest. */
  function makeRoom(): void {
    let over = sizeOfBodies.get() ?? 0
    while (over > roomForBodies) {
      const oldest = oldBodies.all()
      if (oldest.length === 0) return
      for (const { letter, bytes } of oldest) {
        if (over <= roomForBodies) return
        removeBody.run(letter)
        over -= bytes
      }
    }
  }

  return {
    addDeadLetters: (letters) => {
      let newest = 0
      let hasBodies = false
      for (const letter of letters) {
        const { at, connectionId, source, code, reason, payloadBytes, route, aheadAt = null } = letter
        const whole = Buffer.from(letter.payloadBase64, 'base64')
        const payload = whole.subarray(0, beginningBytes)
        const digest =
          aheadAt === null ? null : hash('sha256', `${connectionId} ${source} ${letter.payloadBase64}`, 'buffer')
        if (digest !== null && findHeld.get(digest) !== undefined) continue
        const row = [at, connectionId, source, code, reason, payload, payloadBytes, route ?? null, aheadAt, digest]
        newest = Number(insert.run(row).lastInsertRowid)
        if (aheadAt === null) countCode.run(connectionId ?? '', code)
        if (whole.length > beginningBytes && whole.length === payloadBytes) {
          addBody.run(newest, whole.length, whole)
          hasBodies = true
        }
      }
      if (newest > keptDeadLetters) prune.run(newest - keptDeadLetters)
      if (hasBodies) makeRoom()
    },
    discard: (letters) => {
      for (const { id, at } of letters) discard.run(at, id)
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

interface DeadLetterRow
  extends Omit<DeadLetter, 'payloadBase64' | 'replay' | 'route' | 'aheadAt' | 'discardedAt' | 'isKeptWhole'> {
  readonly payload: Buffer
  readonly route: string | null
  readonly aheadAt: number | null
  readonly discardedAt: number | null
  readonly hasBody: number
  readonly replayedAt: number | null
  readonly replayStatus: DeadLetterReplay['status'] | null
  readonly replayReason: string | null
}

function letterOf(row: DeadLetterRow): DeadLetter {
  const { payload, route, replayedAt, replayStatus, replayReason, aheadAt, discardedAt, hasBody, ...letter } = row
  return {
    ...letter,
    payloadBase64: payload.toString('base64'),
    ...(route !== null && { route }),
    ...(hasBody === 1 && { isKeptWhole: true }),
    ...(aheadAt !== null && { aheadAt }),
    ...(discardedAt !== null && { discardedAt }),
    ...(replayedAt !== null &&
      replayStatus !== null && { replay: { at: replayedAt, status: replayStatus, reason: replayReason ?? '' } }),
  }
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
  if (state === 'open') add(`replay_status IS NOT 'taken' AND ahead_at IS NULL AND discarded_at IS NULL`)
  if (state === 'held') add('ahead_at IS NOT NULL')
  if (state === 'discarded') add('discarded_at IS NOT NULL')
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
    ahead_at AS aheadAt, discarded_at AS discardedAt, replayed_at AS replayedAt, replay_status AS replayStatus,
    replay_reason AS replayReason, EXISTS (SELECT 1 FROM dead_letter_body WHERE letter = id) AS hasBody`
  const body = db.prepare<[number], Buffer>('SELECT body FROM dead_letter_body WHERE letter = ?').pluck()
  const held = db.prepare<[], { connectionId: string | null; count: number }>(
    `SELECT nullif(connection_id, '') AS connectionId, count FROM held_count WHERE count > 0 ORDER BY connection_id`,
  )
  const due = db.prepare<[number, number, number, number], DeadLetterRow>(
    `SELECT ${columns} FROM dead_letter WHERE ahead_at <= ? AND ahead_at - at <= ? AND id > ? ORDER BY id LIMIT ?`,
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
      return rows.map(letterOf)
    },
    deadLetterBody: async (id) => body.get(id) ?? null,
    heldCounts: async () => held.all(),
    heldDue: async ({ upTo, aheadMs, after, limit }) => due.all(upTo, aheadMs, after, limit).map(letterOf),
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
