import type { StoryEvent } from './time-lapse.ts'

/** What happens by itself, and how long after the park opened. */
export const AUTOMATIC_SCHEDULE: readonly { readonly afterMs: number; readonly event: StoryEvent }[] = [
  { afterMs: 120_000, event: 'night' },
  { afterMs: 150_000, event: 'knock' },
  { afterMs: 180_000, event: 'new-breed' },
]

export interface Schedule {
  /** Events due at `at` that have not been told yet, in order. */
  due(at: number): StoryEvent[]
  /** Nothing more happens by itself: a person has taken the story over. */
  stop(): void
}

/** The automatic story; events before `resumeAt` are taken as told. */
export function createSchedule(openedAt: number, resumeAt: number): Schedule {
  let waiting = AUTOMATIC_SCHEDULE.filter(({ afterMs }) => openedAt + afterMs > resumeAt)
  return {
    due(at) {
      const events = waiting.filter(({ afterMs }) => openedAt + afterMs <= at).map(({ event }) => event)
      waiting = waiting.filter(({ afterMs }) => openedAt + afterMs > at)
      return events
    },
    stop() {
      waiting = []
    },
  }
}
