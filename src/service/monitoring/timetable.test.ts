import { describe, expect, it } from 'vitest'
import type { Monitor } from '../../contract/finding.ts'
import { createTimetable } from './timetable.ts'

const hourMs = 3_600_000
const dawn = Date.UTC(2026, 0, 1)
const target = { type: 'deployment' as const, id: 'dep_1' }
const monitor = (changes: Partial<Monitor> = {}) => ({
  revision: 1,
  record: {
    ...{ id: 'mon_1', name: 'Drift', kind: 'drift' as const, target, schedule: '0 * * * *', everyNewItems: null },
    ...{ windowMs: hourMs, delayMs: 0, reference: { kind: 'default' as const }, parameters: {}, isEnabled: true },
    createdAt: dawn - hourMs,
    ...changes,
  },
})
const open = (changes: Partial<Monitor> = {}, now = dawn, lastRunAt: number | null = dawn) => {
  const timetable = createTimetable({ minimumIntervalMs: 10_000 })
  timetable.put(monitor(changes).record, now, lastRunAt)
  return timetable
}
const instants = (due: ReturnType<ReturnType<typeof createTimetable>['due']>) => due.map(({ at }) => at)

describe('the timetable', () => {
  it('asks as of the scheduled instant, however late it is looked at', () => {
    const timetable = open()
    expect(timetable.due(dawn + hourMs - 1)).toEqual([])
    expect(instants(timetable.due(dawn + hourMs + 700))).toEqual([dawn + hourMs])
    timetable.ended('mon_1')
    expect(timetable.due(dawn + hourMs + 800)).toEqual([])
    expect(instants(timetable.due(dawn + 5 * hourMs + 1))).toEqual([dawn + 5 * hourMs])
  })

  it('makes up for the last of what was missed, but not for what was before a monitor', () => {
    expect(instants(open({}, dawn + 90 * 60_000).due(dawn + 90 * 60_000))).toEqual([dawn + hourMs])
    expect(open({ createdAt: dawn + 61 * 60_000 }, dawn + 90 * 60_000, null).due(dawn + 90 * 60_000)).toEqual([])
    expect(open({}, dawn + 90 * 60_000, dawn + hourMs).due(dawn + 90 * 60_000)).toEqual([])
  })

  it('goes on when the clock is set back, and not only once the old time has come', () => {
    const year = 365 * 24 * hourMs
    const timetable = open({}, dawn + year, null)
    expect(timetable.due(dawn + year)).toHaveLength(1)
    timetable.ended('mon_1')
    expect(timetable.due(dawn + 700)).toEqual([])
    expect(timetable.nextAt('mon_1')).toBe(dawn + hourMs)
    expect(instants(timetable.due(dawn + hourMs))).toEqual([dawn + hourMs])

    const eager = open({ schedule: null, everyNewItems: 1 }, dawn + year)
    const bring = () => eager.note({ targets: [target], what: 'samples', count: 1 })
    bring()
    expect(eager.due(dawn + year)).toHaveLength(1)
    eager.ended('mon_1')
    bring()
    expect(eager.due(dawn)).toEqual([])
    expect(eager.due(dawn + hourMs)).toHaveLength(1)
  })

  it('runs once more when what was waited for has come, through runs by schedule, and then by schedule alone', () => {
    const timetable = open({ kind: 'explanation' })
    const bring = (count: number) => timetable.note({ targets: [target], what: 'samples', count })
    bring(500)
    expect(timetable.due(dawn + 1)).toEqual([])
    timetable.awaitItems('dep_1', 'drift', 1)
    timetable.awaitItems('dep_2', 'explanation', 1)
    timetable.awaitItems('dep_1', 'explanation', 300)
    bring(299)
    expect(timetable.due(dawn + 2)).toEqual([])
    expect(instants(timetable.due(dawn + hourMs))).toEqual([dawn + hourMs])
    timetable.ended('mon_1')
    bring(1)
    expect(instants(timetable.due(dawn + hourMs + 5))).toEqual([dawn + hourMs + 5])
    timetable.ended('mon_1')
    bring(900)
    expect(timetable.due(dawn + hourMs + 9)).toEqual([])
  })

  it('never has a monitor due that runs', () => {
    const timetable = open()
    expect(timetable.due(dawn + hourMs)).toHaveLength(1)
    expect(timetable.due(dawn + 2 * hourMs)).toEqual([])
    timetable.ended('mon_1')
    expect(instants(timetable.due(dawn + 2 * hourMs))).toEqual([dawn + 2 * hourMs])
  })

  it('counts what the question is about, and nothing else', () => {
    const timetable = open({ schedule: null, everyNewItems: 10 })
    const bring = (what: 'samples' | 'labels' | 'telemetry', id = 'dep_1') =>
      timetable.note({ targets: [{ type: 'deployment', id }], what, count: 10 })
    bring('labels')
    bring('telemetry')
    bring('samples', 'dep_2')
    expect(timetable.due(dawn)).toEqual([])
    bring('samples')
    expect(instants(timetable.due(dawn + 5))).toEqual([dawn + 5])
  })

  it('waits until a window has moved on, and at least the interval', () => {
    const pauses: [windowMs: number, pauseMs: number][] = [
      [60_000, 10_000],
      [24 * hourMs, 15 * 60_000],
    ]
    for (const [windowMs, pauseMs] of pauses) {
      const timetable = open({ schedule: null, everyNewItems: 1, windowMs })
      const bring = () => timetable.note({ targets: [target], what: 'samples', count: 1 })
      bring()
      expect(timetable.due(dawn)).toHaveLength(1)
      timetable.ended('mon_1')
      bring()
      expect(timetable.due(dawn + pauseMs - 1)).toEqual([])
      expect(timetable.due(dawn + pauseMs)).toHaveLength(1)
    }
  })

  it('keeps the place of a monitor that was renamed, and begins anew with another schedule', () => {
    const timetable = open({}, dawn + 90 * 60_000)
    timetable.put(monitor({ name: 'Other' }).record, dawn + 91 * 60_000, null)
    expect(timetable.nextAt('mon_1')).toBe(dawn + hourMs)
    timetable.put(monitor({ schedule: '30 * * * *' }).record, dawn + 91 * 60_000, null)
    expect(timetable.nextAt('mon_1')).toBe(dawn + 150 * 60_000)
    timetable.put(monitor({ isEnabled: false }).record, dawn, null)
    expect(timetable.nextAt('mon_1')).toBeNull()
    expect(timetable.due(dawn + 9 * hourMs)).toEqual([])
  })
})
