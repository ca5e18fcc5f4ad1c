import type { DeviceNumber } from '../../contract/intake.ts'
import type { TelemetryStore } from '../store.ts'
import type { Connection } from './database.ts'
import type { Symbols } from './symbols.ts'

/** Ranges that are kept of a device: the newest. */
const keptRanges = 1000
/** A fall by more than this and to under half is a source that began to count anew, not a late message. */
const restartFall = 100

interface Range {
  readonly run: number
  readonly first: number
  readonly last: number
  readonly fromAt: number
  readonly toAt: number
}

/** The part of sequences that `append` uses inside its transaction. */
export interface SequenceWriter {
  /** Notes numbers of messages: the same again changes nothing, a late one fills its hole. O(log ranges) each. */
  add(numbers: readonly DeviceNumber[]): void
  /** Forgets what lies before an instant, inside the caller's transaction. */
  retain(device: number, before: number): void
}

const columns = 'run, first, last, from_at AS fromAt, to_at AS toAt'

export function makeSequenceWriter({ db }: Connection, symbols: Symbols): SequenceWriter {
  const newest = db.prepare<[number], Range>(
    `SELECT ${columns} FROM sequence_range WHERE device = ? ORDER BY run DESC, first DESC LIMIT 1`,
  )
  const below = db.prepare<[number, number, number], Range>(
    `SELECT ${columns} FROM sequence_range WHERE device = ? AND run = ? AND first <= ? ORDER BY first DESC LIMIT 1`,
  )
  const startingAt = db.prepare<[number, number, number], Range>(
    `SELECT ${columns} FROM sequence_range WHERE device = ? AND run = ? AND first = ?`,
  )
  const put = db.prepare('INSERT OR REPLACE INTO sequence_range VALUES (?, ?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM sequence_range WHERE device = ? AND run = ? AND first = ?')
  const count = db.prepare<[number], number>('SELECT count(*) FROM sequence_range WHERE device = ?').pluck()
  const prune = db.prepare(
    `DELETE FROM sequence_range WHERE device = ?1 AND (run, first) IN
       (SELECT run, first FROM sequence_range WHERE device = ?1 ORDER BY run, first LIMIT ?2)`,
  )
  const lose = db.prepare(
    'INSERT INTO sequence_loss VALUES (?, ?, ?) ON CONFLICT (device, at) DO UPDATE SET missing = max(missing, excluded.missing)',
  )
  const forget = db.prepare('DELETE FROM sequence_range WHERE device = ? AND to_at < ?')
  const forgetLoss = db.prepare('DELETE FROM sequence_loss WHERE device = ? AND at < ?')

  function insert(device: number, run: number, seq: number, at: number): void {
    put.run(device, run, seq, seq, at, at)
    const n = count.get(device) ?? 0
    if (n > keptRanges) prune.run(device, n - keptRanges)
  }

  function addOne(device: number, seq: number, at: number): void {
    const last = newest.get(device)
    if (last === undefined) {
      insert(device, 1, seq, at)
      return
    }
    const { run } = last
    if (seq < last.last / 2 && last.last - seq > restartFall && at > last.toAt) {
      insert(device, run + 1, seq, at)
      return
    }
    const before = below.get(device, run, seq)
    if (before !== undefined && seq <= before.last) return
    const after = startingAt.get(device, run, seq + 1)
    if (after !== undefined) remove.run(device, run, after.first)
    const joins = before !== undefined && before.last === seq - 1 ? before : null
    if (joins === null && after === undefined) insert(device, run, seq, at)
    else
      put.run(
        ...[device, run, joins?.first ?? seq, after?.last ?? seq],
        ...[Math.min(at, joins?.fromAt ?? at), Math.max(at, joins?.toAt ?? at, after?.toAt ?? at)],
      )
  }

  return {
    add(numbers) {
      for (const { deviceId, at, seq, lost } of numbers) {
        const device = symbols.ref(deviceId)
        if (seq !== null) addOne(device, seq, at)
        if (lost > 0) lose.run(device, at, lost)
      }
    },
    retain(device, before) {
      forget.run(device, before)
      forgetLoss.run(device, before)
    },
  }
}

/** Reads what is missing of a device's numbered messages; see `TelemetryStore`. O(ranges). */
export function makeLostMessages({ db }: Connection, symbols: Symbols): TelemetryStore['lostMessages'] {
  const all = db.prepare<[number], Range>(`SELECT ${columns} FROM sequence_range WHERE device = ? ORDER BY run, first`)
  const losses = db
    .prepare<[number, number, number], number>(
      'SELECT coalesce(sum(missing), 0) FROM sequence_loss WHERE device = ? AND at >= ? AND at < ?',
    )
    .pluck()
  return async ({ deviceId, window: { from, to } }) => {
    const device = symbols.find(deviceId)
    if (device === null) return { numbered: 0, missing: 0, gaps: [] }
    const ranges = all.all(device)
    const gaps: Awaited<ReturnType<TelemetryStore['lostMessages']>>['gaps'] = []
    let numbered = 0
    ranges.forEach((range, i) => {
      const { first, last, fromAt, toAt } = range
      const inside = Math.min(toAt, to - 1) - Math.max(fromAt, from)
      if (inside >= 0) numbered += Math.round((last - first + 1) * (toAt > fromAt ? inside / (toAt - fromAt) : 1))
      const before = ranges[i - 1]
      if (before?.run === range.run && fromAt >= from && fromAt < to)
        gaps.push({ at: fromAt, after: before.last, before: first, missing: first - before.last - 1 })
    })
    const missing = gaps.reduce((sum, gap) => sum + gap.missing, losses.get(device, from, to) ?? 0)
    return { numbered, missing, gaps }
  }
}
