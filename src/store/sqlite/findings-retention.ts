import type { FindingStore } from '../store.ts'
import type { Connection } from './database.ts'

type Options = Parameters<FindingStore['retain']>[0]
type Removed = Awaited<ReturnType<FindingStore['retain']>>

/** Where a run stands: first findings by the end of their window, then reports in order of storing. */
type Place =
  | { readonly of: 'findings'; readonly to: number; readonly ordinal: number }
  | { readonly of: 'reports'; readonly ordinal: number }

const start: Place = { of: 'findings', to: -1, ordinal: 0 }

function placeOf(cursor: string | null): Place {
  if (cursor === null) return start
  const findings = /^f(-?\d{1,16})\.(\d{1,16})$/.exec(cursor)
  if (findings !== null) return { of: 'findings', to: Number(findings[1]), ordinal: Number(findings[2]) }
  const reports = /^r(\d{1,16})$/.exec(cursor)
  if (reports !== null) return { of: 'reports', ordinal: Number(reports[1]) }
  throw new RangeError('The cursor does not come from a run of retention')
}

/**
 * Removes old findings and reports, a few at a time, each time in one transaction. The newest finding of every number stays, the
 * newest report of every question, whatever a record or an entry of the audit log names by its id, and the reports of findings
 * that stay. Of a report that is old but still has findings the detail goes, and with it the right to be shown: it is null.
 */
export function makeFindingsRetention(connection: Connection): (options: Options) => Removed {
  const { db } = connection
  const candidates = db.prepare<
    [number, number, number, number, number],
    { ordinal: number; id: string; windowTo: number; report: number }
  >(
    `SELECT f.ordinal, f.id, f.window_to AS windowTo, f.report FROM finding f
     WHERE (f.window_to, f.ordinal) > (?, ?) AND f.window_to < ? AND f.body ->> '$.at' < ? AND NOT EXISTS (
       SELECT 1 FROM latest_finding l
       WHERE l.target = f.target AND l.kind = f.kind AND l.subject = f.subject AND l.finding = f.ordinal)
     ORDER BY f.window_to, f.ordinal LIMIT ?`,
  )
  const oldReports = db.prepare<
    [number, number, number, number],
    { ordinal: number; id: string; hasDetail: number; hasFindings: number; at: number | null; windowTo: number }
  >(
    `SELECT r.ordinal, r.id, r.body <> '' AS hasDetail, iif(r.body = '', NULL, r.body ->> '$.at') AS at,
       r.window_to AS windowTo, EXISTS (SELECT 1 FROM finding f WHERE f.report = r.ordinal) AS hasFindings
     FROM report r WHERE r.ordinal > ? AND r.window_to < ? AND (r.body = '' OR r.body ->> '$.at' < ?) AND EXISTS (
       SELECT 1 FROM report n WHERE n.target = r.target AND n.kind = r.kind
         AND (n.window_to, n.ordinal) > (r.window_to, r.ordinal))
     ORDER BY r.ordinal LIMIT ?`,
  )
  const removeFinding = db.prepare<[number]>('DELETE FROM finding WHERE ordinal = ?')
  const removeReport = db.prepare<[number]>('DELETE FROM report WHERE ordinal = ?')
  const removeDetail = db.prepare<[number]>(`UPDATE report SET body = '' WHERE ordinal = ?`)
  const naming = db
    .prepare<[], string>(
      `SELECT body FROM record WHERE body LIKE '%fnd\\_%' ESCAPE '\\' OR body LIKE '%rep\\_%' ESCAPE '\\'
       UNION ALL
       SELECT canonical FROM audit_entry WHERE canonical LIKE '%fnd\\_%' ESCAPE '\\' OR canonical LIKE '%rep\\_%' ESCAPE '\\'`,
    )
    .pluck()
  const auditSize = db.prepare<[], number>('SELECT coalesce(max(idx) + 1, 0) FROM audit_entry').pluck()
  const reportOfFinding = db
    .prepare<[string], string>('SELECT r.id FROM finding f JOIN report r ON r.ordinal = f.report WHERE f.id = ?')
    .pluck()

  /** What is named, as of a size of the log: no record changes without an entry. */
  let known: { readonly size: number; readonly ids: ReadonlySet<string> } | null = null
  function namedIds(): ReadonlySet<string> {
    const size = auditSize.get() ?? 0
    if (known?.size === size) return known.ids
    const ids = new Set<string>()
    for (const text of naming.iterate()) for (const [id] of text.matchAll(/\b(?:fnd|rep)_[A-Za-z0-9]+/g)) ids.add(id)
    // A finding that is named is nothing without the report that it stands in.
    for (const id of [...ids]) {
      const report = id.startsWith('fnd_') ? reportOfFinding.get(id) : undefined
      if (report !== undefined) ids.add(report)
    }
    known = { size, ids }
    return ids
  }

  function retainFindings(place: Place & { of: 'findings' }, { findingsBefore: before, limit }: Options): Removed {
    const rows = candidates.all(place.to, place.ordinal, before, before, limit)
    const named = rows.length === 0 ? new Set<string>() : namedIds()
    let findings = 0
    for (const { ordinal, id } of rows) if (!named.has(id)) findings += removeFinding.run(ordinal).changes
    const last = rows.at(-1)
    const isMore = rows.length === limit && last !== undefined
    return { findings, reports: 0, details: 0, nextCursor: isMore ? `f${last.windowTo}.${last.ordinal}` : 'r0' }
  }

  function retainReports(place: Place & { of: 'reports' }, { findingsBefore, reportsBefore, limit }: Options): Removed {
    const before = Math.max(findingsBefore, reportsBefore)
    const rows = oldReports.all(place.ordinal, before, before, limit)
    const named = rows.length === 0 ? new Set<string>() : namedIds()
    const removed = { findings: 0, reports: 0, details: 0 }
    for (const { ordinal, id, hasDetail, hasFindings, at, windowTo } of rows) {
      if (named.has(id)) continue
      const isOlderThan = (bound: number) => windowTo < bound && (at === null || at < bound)
      if (hasFindings === 0 && isOlderThan(findingsBefore)) removed.reports += removeReport.run(ordinal).changes
      else if (hasDetail === 1 && isOlderThan(reportsBefore)) removed.details += removeDetail.run(ordinal).changes
    }
    const last = rows.at(-1)
    return { ...removed, nextCursor: rows.length === limit && last !== undefined ? `r${last.ordinal}` : null }
  }

  return (options) =>
    connection.write(() => {
      const place = placeOf(options.cursor)
      return place.of === 'findings' ? retainFindings(place, options) : retainReports(place, options)
    })
}
