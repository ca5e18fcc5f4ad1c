import type { Finding, Subject, Target } from '../../contract/finding.ts'
import type { StoredReport } from '../../contract/report.ts'
import type { FindingStore } from '../store.ts'
import { canonicalText } from './canonical.ts'
import type { Connection } from './database.ts'
import { makeFindingsRetention } from './findings-retention.ts'

const targetKey = ({ type, id }: Target) => `${type}:${id}`
const subjectKey = (subject: Subject) => canonicalText(subject)

/** Reports and findings. A finding belongs to the instant at which its window ends. */
export function makeFindings(connection: Connection): FindingStore {
  const { db } = connection
  const byId = db.prepare<[string], string>('SELECT body FROM finding WHERE id = ?').pluck()
  const reportById = db.prepare<[string], string>(`SELECT body FROM report WHERE id = ? AND body <> ''`).pluck()
  const latestReport = db
    .prepare<[string, string], string>(
      `SELECT body FROM report WHERE target = ? AND kind = ? AND body <> '' ORDER BY window_to DESC, ordinal DESC LIMIT 1`,
    )
    .pluck()
  const series = db
    .prepare<[string, string, string, number, number], string>(
      `SELECT body FROM finding WHERE target = ? AND kind = ? AND subject = ? AND window_to > ? AND window_to <= ?
       ORDER BY window_to, ordinal`,
    )
    .pluck()
  const latest = db
    .prepare<[string], string>(
      `SELECT f.body FROM latest_finding l JOIN finding f ON f.ordinal = l.finding WHERE l.target = ? ORDER BY l.kind, l.subject`,
    )
    .pluck()
  const add = db.readonly ? null : makeAdd(connection)
  const retain = db.readonly ? null : makeFindingsRetention(connection)

  function list({ target, kind, window, limit, cursor }: Parameters<FindingStore['list']>[0]) {
    const conditions = ['window_to > ?', 'window_to <= ?']
    const values: (string | number)[] = [window.from, window.to]
    if (target !== null) {
      conditions.push('target = ?')
      values.push(targetKey(target))
    }
    if (kind !== null) {
      conditions.push('kind = ?')
      values.push(kind)
    }
    if (cursor !== null) {
      conditions.push('(window_to, ordinal) < (?, ?)')
      values.push(...parseCursor(cursor))
    }
    const rows = db
      .prepare<(string | number)[], { ordinal: number; windowTo: number; body: string }>(
        `SELECT ordinal, window_to AS windowTo, body FROM finding WHERE ${conditions.join(' AND ')}
         ORDER BY window_to DESC, ordinal DESC LIMIT ?`,
      )
      .all(...values, limit + 1)
    const page = rows.slice(0, limit)
    const last = page[page.length - 1]
    return {
      items: page.map(({ body }) => JSON.parse(body) as Finding),
      nextCursor: rows.length > limit && last !== undefined ? `${last.windowTo}.${last.ordinal}` : null,
    }
  }

  const parsed = <T>(body: string | undefined): T | null => (body === undefined ? null : (JSON.parse(body) as T))
  return {
    add: async (report, findings) => {
      if (add === null) throw new Error('The workspace is open for reading only')
      add(report, findings)
    },
    get: async (id) => parsed<Finding>(byId.get(id)),
    report: async (id) => parsed<StoredReport>(reportById.get(id)),
    latestReport: async (kind, target) => parsed<StoredReport>(latestReport.get(targetKey(target), kind)),
    list: async (filter) => list(filter),
    series: async ({ target, kind, subject, window }) =>
      series
        .all(targetKey(target), kind, subjectKey(subject), window.from, window.to)
        .map((body) => JSON.parse(body) as Finding),
    retain: async (options) => {
      if (retain === null) throw new Error('The workspace is open for reading only')
      return retain(options)
    },
    latest: async (target) => latest.all(targetKey(target)).map((body) => JSON.parse(body) as Finding),
  }
}

function makeAdd(connection: Connection) {
  const { db } = connection
  const insertReport = db.prepare('INSERT INTO report (id, kind, target, window_to, body) VALUES (?, ?, ?, ?, ?)')
  const insertFinding = db.prepare(
    'INSERT INTO finding (id, report, target, kind, subject, window_to, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const setLatest = db.prepare(
    `INSERT INTO latest_finding VALUES (?, ?, ?, ?, ?) ON CONFLICT (target, kind, subject)
     DO UPDATE SET window_to = excluded.window_to, finding = excluded.finding WHERE excluded.window_to >= window_to`,
  )
  return (stored: StoredReport, findings: readonly Finding[]): void =>
    connection.write(() => {
      const { report } = stored
      const inserted = insertReport.run(
        stored.id,
        report.kind,
        targetKey(report.target),
        report.window.to,
        JSON.stringify(stored),
      )
      for (const finding of findings) {
        const key = [targetKey(finding.target), finding.kind, subjectKey(finding.subject)] as const
        const { lastInsertRowid } = insertFinding.run(
          finding.id,
          inserted.lastInsertRowid,
          ...key,
          finding.window.to,
          JSON.stringify(finding),
        )
        setLatest.run(...key, finding.window.to, lastInsertRowid)
      }
    })
}

/** Throws a RangeError when the cursor is none of ours. */
function parseCursor(cursor: string): [number, number] {
  const match = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor)
  if (match === null) throw new RangeError('The cursor does not come from a list of findings')
  return [Number(match[1]), Number(match[2])]
}
