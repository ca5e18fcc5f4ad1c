import { LABELS_TOPIC } from '../park/names.ts'
import { idOfVisit } from '../park/visitor.ts'
import type { Visit } from '../park/visits.ts'
import { uniformOf } from '../random.ts'
import type { Publisher } from './publisher.ts'

/** The keeper looks at a picture after 12 to 24 seconds, and at nineteen of twenty. */
const SOONEST_MS = 12_000
const LATEST_MS = 24_000
const LABELLED_SHARE = 0.95
const EVERY_MS = 1000

export interface Keeper {
  /** A visit that waits to be looked at. */
  take(visit: Visit): void
  /** Labels what waits, at once, and stops. */
  stop(): void
}

/** The keeper who says, a while later, what each visitor really was. */
export function startKeeper(publisher: Publisher, now: () => number): Keeper {
  let waiting: { id: string; label: string; dueAt: number }[] = []
  const tell = (until: number) => {
    const due = waiting.filter(({ dueAt }) => dueAt <= until)
    if (due.length === 0) return
    waiting = waiting.filter(({ dueAt }) => dueAt > until)
    const at = now()
    publisher.publish(
      LABELS_TOPIC,
      due.map(({ id, label }) => ({ id, label, at })),
    )
  }
  const timer = setInterval(() => tell(now()), EVERY_MS)
  return {
    take(visit) {
      if (uniformOf(visit.seed, 42) >= LABELLED_SHARE) return
      const dueAt = now() + SOONEST_MS + (LATEST_MS - SOONEST_MS) * uniformOf(visit.seed, 43)
      waiting.push({ id: idOfVisit(visit), label: visit.species, dueAt })
    },
    stop() {
      clearInterval(timer)
      tell(Infinity)
    },
  }
}
