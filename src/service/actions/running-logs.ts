import type { Action } from '../../contract/alert.ts'
import type { EventHub } from '../rpc/event-hub.ts'

const keptCharacters = 65_536
const tellEveryMs = 1000

/**
 * What actions under way have written so far. It is stored when they end; until then pages see it laid over the stored record, and are
 * told at most once a second that there is more. (Storing every line would put as many entries into the audit log.)
 */
export function createRunningLogs({
  events,
  now,
  schedule,
}: {
  readonly events: Pick<EventHub, 'publish'>
  readonly now: () => number
  readonly schedule: (callback: () => void, delayMs: number) => () => void
}) {
  const texts = new Map<string, string>()
  let toldAt = Number.NEGATIVE_INFINITY
  let cancelTell: (() => void) | null = null

  function tell(): void {
    cancelTell = null
    toldAt = now()
    events.publish('records.changed', { kinds: ['action'] })
  }

  return {
    add(actionId: string, text: string): void {
      texts.set(actionId, ((texts.get(actionId) ?? '') + text).slice(-keptCharacters))
      cancelTell ??= schedule(tell, Math.max(0, toldAt + tellEveryMs - now()))
    },
    /** The action as it is now, with what it has written. */
    over: (action: Action): Action => ({ ...action, log: texts.get(action.id) ?? action.log }),
    end(actionId: string): void {
      texts.delete(actionId)
    },
    close(): void {
      cancelTell?.()
    },
  }
}
export type RunningLogs = ReturnType<typeof createRunningLogs>
