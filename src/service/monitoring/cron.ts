import { Cron } from 'croner'
import type { Window } from '../../contract/primitives.ts'

const open = (pattern: string) => new Cron(pattern, { timezone: 'UTC', mode: '5-part', paused: true })

/** What is wrong with a schedule, in a sentence; null when it can be used. Five fields, UTC. */
export function scheduleFault(pattern: string): string | null {
  if (pattern.trim().split(/\s+/).length !== 5)
    return 'a schedule has five fields: minute, hour, day of the month, month, day of the week'
  try {
    return open(pattern).nextRun(new Date(0)) === null ? 'this schedule never comes' : null
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^CronPattern: /, '')
  }
}

/** The first instant of a sound schedule that is later than `at`; null when it never comes again. */
export const nextInstant = (pattern: string, at: number): number | null =>
  open(pattern).nextRun(new Date(at))?.getTime() ?? null

/** The last instant of a sound schedule that is not later than `at`; null when there was none. */
export const latestInstant = (pattern: string, at: number): number | null =>
  open(pattern)
    .previousRuns(2, new Date(at + 1000))
    .map((run) => run.getTime())
    .find((run) => run <= at) ?? null

/** Every instant of a sound schedule in `[from, to)`, oldest first. */
export function instantsIn(pattern: string, { from, to }: Window): number[] {
  const cron = open(pattern)
  const instants: number[] = []
  let next = cron.nextRun(new Date(from - 1000))
  while (next !== null && next.getTime() < to) {
    if (next.getTime() >= from) instants.push(next.getTime())
    next = cron.nextRun(next)
  }
  return instants
}
