import type { OutputOf } from '../../contract/api.ts'
import type { Target } from '../../contract/finding.ts'
import type { Window } from '../../contract/primitives.ts'
import type { DetailOf } from '../../contract/report.ts'
import type { Store } from '../../store/store.ts'
import { reportIdOf } from './report-ids.ts'

type Timeline = OutputOf<'timeline.get'>

/** Numbers of a device that happen at an instant or over a time. */
const eventful = new Set(['gaps', 'stuck', 'shifts', 'saturated', 'replayed', 'physics', 'clock', 'jointAnomalies'])
const pageSize = 1000
/** Windows of device monitors overlap, so that few reports cover a long time. */
const mostReports = 60

/** Reports that found something, newest first, so few that together they cover the window. */
async function reportsOn(store: Pick<Store, 'findings'>, target: Target, window: Window): Promise<string[]> {
  const ids: string[] = []
  let coveredFrom = Number.POSITIVE_INFINITY
  let cursor: string | null = null
  do {
    const page = await store.findings.list({
      target,
      kind: 'device',
      // A report on the time after the window's end may tell of its last hours.
      window: { from: window.from, to: window.to + 86_400_000 },
      limit: pageSize,
      cursor,
    })
    for (const { id, subject, value, window: seen } of page.items) {
      if (!eventful.has(subject.metric) || !value || seen.to > coveredFrom) continue
      const reportId = reportIdOf(id)
      if (reportId === null || ids.includes(reportId)) continue
      ids.push(reportId)
      coveredFrom = Math.min(coveredFrom, seen.from + 1)
    }
    cursor = page.nextCursor
  } while (cursor !== null && ids.length < mostReports)
  return ids
}

/** What a device did, from the reports on its health: shifts and what did not fit together as marks; gaps, stuck channels and other sensor faults as spans. */
export async function deviceEvents(
  store: Pick<Store, 'findings' | 'records'>,
  deviceId: string,
  window: Window,
): Promise<Pick<Timeline, 'marks' | 'spans'>> {
  const target: Target = { type: 'device', id: deviceId }
  const device = await store.records.get('device', deviceId)
  const name = device?.record.name ?? deviceId
  const path = `/devices/${deviceId}`
  const marks = new Map<string, Timeline['marks'][number]>()
  const spans = new Map<string, Timeline['spans'][number]>()
  for (const id of await reportsOn(store, target, window)) {
    const stored = await store.findings.report(id)
    if (stored?.report.detail.kind !== 'device') continue
    const { channels, joint, faults = [] }: DetailOf<'device'> = stored.report.detail
    for (const { from, reason } of joint?.anomalies ?? [])
      marks.set(`together ${from}`, { at: from, kind: 'device', title: `${name}: ${reason}`, path })
    for (const { kind, channels: affected, from, to, sentence } of faults)
      if (kind !== 'stuck' && kind !== 'out-of-range')
        spans.set(`${affected.join()} ${kind} ${from}`, { from, to, kind: 'fault', title: `${name}: ${sentence}` })
    for (const { channel, shifts, stuck, gaps } of channels) {
      // The same event stands in several reports.
      for (const { at } of shifts)
        marks.set(`${channel} ${at}`, { at, kind: 'device', title: `${channel} of ${name} shifted`, path })
      for (const { from, to } of stuck)
        spans.set(`${channel} stuck ${from}`, { from, to, kind: 'stuck', title: `${channel} of ${name} stuck` })
      for (const { from, to } of gaps)
        spans.set(`${channel} gap ${from}`, { from, to, kind: 'gap', title: `${channel} of ${name} silent` })
    }
  }
  return { marks: [...marks.values()], spans: [...spans.values()] }
}
