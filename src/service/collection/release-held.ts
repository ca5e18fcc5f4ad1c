import type { DeadLetter } from '../../contract/sample.ts'
import type { WorkspaceSettings } from '../../contract/workspace.ts'
import type { IntakeStore } from '../../store/store.ts'
import type { Log } from '../rpc/log.ts'
import type { ReplayOutcome } from './replay-letters.ts'

/** What came at most so far ahead is released by itself, unless the settings say otherwise. */
export const usualReleaseWithinMs = 86_400_000
const releasedAtOnce = 200

export interface HeldRelease {
  start(): void
  stop(): void
  /** Gives the intake what is no longer too far ahead; returns how much of it was taken. */
  releaseDue(): Promise<number>
}

/**
 * Releases what was held apart because its event time lay in the future, once that has come: into the hour it belongs to, once, since
 * it leaves in the transaction that stores it. What came further ahead than a slightly wrong clock explains waits for a person.
 */
export function createHeldRelease(parts: {
  readonly intake: Pick<IntakeStore, 'heldCounts' | 'heldDue'>
  readonly replay: (letters: readonly DeadLetter[]) => Promise<ReplayOutcome[]>
  readonly timeBounds: () => WorkspaceSettings['timeBounds']
  readonly now: () => number
  readonly log: Log
  readonly everyMs?: number
}): HeldRelease {
  const { intake, replay, timeBounds, now, log, everyMs = 10_000 } = parts
  let timer: NodeJS.Timeout | null = null
  let isStopped = true

  async function releaseDue(): Promise<number> {
    let taken = 0
    let refused = 0
    if ((await intake.heldCounts()).length === 0) return 0
    const { maxFutureMs, releaseWithinMs: aheadMs = usualReleaseWithinMs } = timeBounds()
    for (let after = 0; ; ) {
      const due = await intake.heldDue({ upTo: now() + maxFutureMs, aheadMs, after, limit: releasedAtOnce })
      if (due.length === 0) break
      for (const { isTaken } of await replay(due)) isTaken ? taken++ : refused++
      after = due[due.length - 1].id
    }
    if (taken + refused > 0) log.info({ taken, refused }, 'What was held apart until its time was released')
    return taken
  }

  function plan(waitMs: number): void {
    timer = setTimeout(async () => {
      try {
        await releaseDue()
      } catch (error) {
        log.error({ error }, 'What is held apart could not be released and is tried again')
      }
      if (!isStopped) plan(everyMs)
    }, waitMs)
    timer.unref()
  }

  return {
    start() {
      if (!isStopped) return
      isStopped = false
      plan(Math.min(1000, everyMs))
    },
    stop() {
      isStopped = true
      if (timer !== null) clearTimeout(timer)
    },
    releaseDue,
  }
}
