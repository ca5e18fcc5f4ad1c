import type { Json } from '../../contract/primitives.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { DeadLetter, DeadLetterFilter } from '../../contract/sample.ts'
import type { Caller } from '../../contract/user.ts'
import type { ServiceContext } from '../context.ts'
import type { Collection } from '../rooms.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** Letters that are given again together. */
const replayedAtOnce = 200
const mostReasons = 100

interface Meant {
  readonly ids: readonly number[] | null
  readonly connectionId: string | null
  readonly filter: DeadLetterFilter
}

const detailsOf = ({ ids, connectionId, filter }: Meant): Record<string, Json> => ({
  letters: ids?.length ?? 'all that match',
  ...{ connectionId, filter: { ...filter } },
})

/** What the intake refused: found, and given to it again. */
export function createDeadLetterHandlers(
  { store, now }: Pick<ServiceContext, 'store' | 'now'>,
  { replay }: Pick<Collection, 'replay'>,
): HandlersOf<'deadLetters'> {
  return {
    'deadLetters.list': async ({ connectionId, filter, limit, cursor }) => {
      const before = cursor === null ? null : Number(cursor)
      if (before !== null && !Number.isSafeInteger(before))
        throw new RpcError('invalid-input', 'Not a cursor of this list')
      const items = await store.intake.deadLetters({ connectionId, limit, before, filter })
      const last = items.at(-1)
      return {
        items,
        nextCursor: items.length === limit && last !== undefined ? String(last.id) : null,
        total: await totalOf(connectionId, filter),
      }
    },

    'deadLetters.replay': async ({ ids, connectionId, filter, shiftMs, reason }, { caller, signal }) => {
      const reasons: { id: number; reason: string }[] = []
      let taken = 0
      let refused = 0
      for await (const letters of pagesOf({ ids, connectionId, filter })) {
        if (signal.aborted) break
        for (const outcome of await replay(letters, { shiftMs })) {
          if (outcome.isTaken) taken++
          else {
            refused++
            if (reasons.length < mostReasons) reasons.push({ id: outcome.id, reason: outcome.reason })
          }
        }
      }
      await record(caller, 'replay', reason, {
        ...detailsOf({ ids, connectionId, filter }),
        ...(shiftMs !== undefined && { shiftMs }),
        ...{ taken, refused },
      })
      return { taken, refused, reasons }
    },

    'deadLetters.discard': async ({ ids, connectionId, filter, reason }, { caller }) => {
      const found: number[] = []
      for await (const letters of pagesOf({ ids, connectionId, filter }))
        for (const { id, replay: before, discardedAt } of letters)
          if (before?.status !== 'taken' && discardedAt === undefined) found.push(id)
      // Recorded first: nothing is set aside that nobody answers for.
      await record(caller, 'discard', reason, {
        ...detailsOf({ ids, connectionId, filter }),
        discarded: found.length,
      })
      const at = now()
      for (let from = 0; from < found.length; from += 1000) {
        const discards = found.slice(from, from + 1000).map((id) => ({ id, at }))
        await store.samples.append({ samples: [], labels: [], telemetry: [], deadLetters: [], counters: [], discards })
      }
      return { discarded: found.length }
    },
  }

  /** The letters that are meant, newest first; the open ones unless another state is asked for. */
  async function* pagesOf({ ids, connectionId, filter }: Meant): AsyncGenerator<DeadLetter[]> {
    for (let before: number | null = null; ; ) {
      const letters: DeadLetter[] = await store.intake.deadLetters({
        ...{ connectionId, filter: { state: 'open', ...filter }, limit: replayedAtOnce, before },
        ...(ids !== null && { ids }),
      })
      if (letters.length === 0) return
      before = letters[letters.length - 1].id
      yield letters
    }
  }

  async function record(caller: Caller, what: 'replay' | 'discard', reason: string, details: Record<string, Json>) {
    await commitOrRefuse(store.records, [], draftOf(caller, now(), { action: `deadLetters.${what}`, reason, details }))
  }

  /** Everything that was ever refused where nothing is searched for (the oldest letters are no longer kept), else what is found. */
  async function totalOf(connectionId: string | null, filter: object): Promise<number> {
    if (Object.keys(filter).length > 0) return store.intake.countDeadLetters({ connectionId, filter })
    const counts = await store.intake.deadLetterCounts()
    return counts
      .filter((count) => connectionId === null || count.connectionId === connectionId)
      .reduce((sum, { count }) => sum + count, 0)
  }
}
