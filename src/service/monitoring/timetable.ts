import type { Monitor } from '../../contract/finding.ts'
import type { Arrival } from '../rooms.ts'
import { latestInstant, nextInstant } from './cron.ts'

/** What new data a question is about: labels for those that compare with the truth. */
const feeding: Readonly<Record<Monitor['kind'], Arrival['what'] | null>> = {
  integrity: 'samples',
  drift: 'samples',
  bias: 'samples',
  explanation: 'samples',
  performance: 'labels',
  fairness: 'labels',
  errors: 'labels',
  device: 'telemetry',
  endpoint: null,
}

/** One monitor's place in time. */
interface Entry {
  monitor: Monitor
  /** Scheduled instant that is due next; in the past when it was missed. */
  nextAt: number | null
  lastStartedAt: number | null
  newItems: number
  /** New items after which it runs once more, whatever its schedule; null: none are waited for. */
  awaited: number | null
  isRunning: boolean
}

/** A monitor that should run now, as of an instant. */
export interface Due {
  readonly monitor: Monitor
  readonly at: number
}

/** A window that has moved on by less than this part of it holds nearly what it held. */
const partOfWindow = 1 / 96

/** A clock that is corrected by less is not set back. */
const steadyMs = 60_000

/**
 * Says which monitors are due. Scheduled ones run as of the scheduled instant, so that windows lie side by side; of several missed
 * instants only the last is made up for. Data-driven ones run as of now, at most once in `minimumIntervalMs` and not before
 * their window has moved on by a hundredth or so (a quarter of an hour for a day): asking a busy deployment again and again
 * about the same samples costs much and says nothing. A monitor that runs is never due. Keeps no clock of its own; when the clock
 * is set back nothing waits for an instant that was due by the old one.
 */
export function createTimetable({ minimumIntervalMs }: { readonly minimumIntervalMs: number }) {
  const entries = new Map<string, Entry>()
  let latestNow = Number.NEGATIVE_INFINITY

  function followClock(now: number): void {
    if (now >= latestNow - steadyMs) {
      latestNow = Math.max(latestNow, now)
      return
    }
    latestNow = now
    for (const entry of entries.values()) {
      const { schedule } = entry.monitor
      if (entry.nextAt !== null && entry.nextAt > now && schedule !== null) entry.nextAt = nextInstant(schedule, now)
      if (entry.lastStartedAt !== null) entry.lastStartedAt = Math.min(entry.lastStartedAt, now)
    }
  }

  return {
    /** Takes a monitor as it is now; monitors are never removed. `lastRunAt` counts where it was not known before; null: never. */
    put(monitor: Monitor, now: number, lastRunAt: number | null): void {
      const known = entries.get(monitor.id)
      const isSame =
        known !== undefined &&
        known.monitor.schedule === monitor.schedule &&
        known.monitor.isEnabled === monitor.isEnabled
      entries.set(monitor.id, {
        lastStartedAt: null,
        newItems: 0,
        awaited: null,
        isRunning: false,
        ...known,
        monitor,
        nextAt: isSame ? known.nextAt : firstInstant(monitor, now, known === undefined ? lastRunAt : now),
      })
    },

    /** Counts what came in for whoever waits for it. */
    note({ targets, what, count }: Arrival): void {
      const ids = new Set(targets.map(({ id }) => id))
      for (const entry of entries.values())
        if (ids.has(entry.monitor.target.id) && feeding[entry.monitor.kind] === what) entry.newItems += count
    },

    /** Lets the monitors of a kind run once `items` more have come, such as the first answers of a new version. */
    awaitItems(targetId: string, kind: Monitor['kind'], items: number): void {
      for (const entry of entries.values())
        if (entry.monitor.target.id === targetId && entry.monitor.kind === kind) {
          entry.newItems = 0
          entry.awaited = items
        }
    },

    /** Monitors to run now; each is taken as running until `ended` is called. */
    due(now: number): Due[] {
      const found: Due[] = []
      followClock(now)
      for (const entry of entries.values()) {
        const { monitor, nextAt, newItems, lastStartedAt, isRunning } = entry
        if (!monitor.isEnabled || isRunning) continue
        let at: number | null = null
        if (monitor.schedule !== null && nextAt !== null && nextAt <= now) {
          at = latestInstant(monitor.schedule, now) ?? nextAt
          entry.nextAt = nextInstant(monitor.schedule, now)
        } else if (monitor.everyNewItems !== null && newItems >= monitor.everyNewItems) {
          const pauseMs = Math.max(minimumIntervalMs, monitor.windowMs * partOfWindow)
          if (lastStartedAt === null || now - lastStartedAt >= pauseMs) at = now
        }
        const hasCome = entry.awaited !== null && newItems >= entry.awaited
        if (at === null && hasCome) at = now
        if (at === null) continue
        entry.isRunning = true
        if (hasCome) entry.awaited = null
        // What is waited for is counted on through a run by schedule.
        if (entry.awaited === null) entry.newItems = 0
        entry.lastStartedAt = now
        found.push({ monitor, at })
      }
      return found
    },

    ended(monitorId: string): void {
      const entry = entries.get(monitorId)
      if (entry !== undefined) entry.isRunning = false
    },

    nextAt(monitorId: string): number | null {
      const entry = entries.get(monitorId)
      return entry?.monitor.isEnabled ? entry.nextAt : null
    },
  }
}
export type Timetable = ReturnType<typeof createTimetable>

/** The last instant that has passed, where the monitor was there and did not run since; else the next one. */
function firstInstant({ schedule, createdAt }: Monitor, now: number, lastRunAt: number | null): number | null {
  if (schedule === null) return null
  const latest = latestInstant(schedule, now)
  const isMissed = latest !== null && latest >= createdAt && (lastRunAt === null || lastRunAt < latest)
  return isMissed ? latest : nextInstant(schedule, now)
}
