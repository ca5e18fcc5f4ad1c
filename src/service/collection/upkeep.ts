import { systemCaller } from '../../rules/audit-entry.ts'
import type { Store } from '../../store/store.ts'
import type { Log } from '../rpc/log.ts'
import { draftOf } from '../session/commit.ts'

export interface Upkeep {
  start(): void
  stop(): void
}

export interface UpkeepParts {
  readonly store: Pick<Store, 'samples' | 'records'>
  readonly now: () => number
  readonly log: Log
  readonly intervals?: Partial<UpkeepIntervals>
}

export interface UpkeepIntervals {
  /** Between looks for rows to seal when there were few, … */
  readonly sealMs: number
  /** … and while there are many. */
  readonly busySealMs: number
  readonly retainMs: number
}

/** Rows sealed in one go: enough for a chunk that reads well, few enough that nothing waits long for it. */
const sealRows = 8192
/** Younger samples stay hot: their labels and repetitions are about to come. */
const hotMs = 60_000

/**
 * Keeps the workspace tidy: hot samples are sealed into chunks every few seconds, and each hour what retention no longer
 * keeps is removed, with an audit entry that says what. Failures are logged and tried again next time.
 */
export function createUpkeep({ store, now, log, intervals }: UpkeepParts): Upkeep {
  const { sealMs, busySealMs, retainMs } = { sealMs: 5_000, busySealMs: 500, retainMs: 3_600_000, ...intervals }
  const timers = new Set<NodeJS.Timeout>()
  let isStopped = true

  function later(work: () => Promise<number>, firstMs: number): void {
    const run = async () => {
      timers.delete(timer)
      let nextMs: number
      try {
        nextMs = await work()
      } catch (error) {
        log.error({ error }, 'Upkeep of the workspace failed and is tried again')
        nextMs = 60_000
      }
      if (!isStopped) later(work, nextMs)
    }
    const timer = setTimeout(run, firstMs)
    timer.unref()
    timers.add(timer)
  }

  async function seal(): Promise<number> {
    const moved = await store.samples.seal({ olderThan: now() - hotMs, maxRows: sealRows })
    return moved >= sealRows / 2 ? busySealMs : sealMs
  }

  async function retain(): Promise<number> {
    const removed = await store.samples.retain({ now: now() })
    if (removed.length > 0) {
      const details = {
        removed: removed.map(({ deploymentId, samples, from, to }) => ({ deploymentId, samples, from, to })),
      }
      await store.records.commit([], draftOf(systemCaller, now(), { action: 'system.retention', details }))
    }
    return retainMs
  }

  return {
    start() {
      if (!isStopped) return
      isStopped = false
      later(seal, 0)
      // Not at once: opening the console should be quick.
      later(retain, Math.min(retainMs, 120_000))
    },
    stop() {
      isStopped = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
