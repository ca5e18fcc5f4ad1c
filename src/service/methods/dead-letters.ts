import { RpcError } from '../../contract/rpc.ts'
import type { DeadLetter } from '../../contract/sample.ts'
import type { ServiceContext } from '../context.ts'
import type { Collection } from '../rooms.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** Letters that are given again together. */
const replayedAtOnce = 200
const mostReasons = 100

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

    'deadLetters.replay': async ({ ids, connectionId, filter, reason }, { caller, signal }) => {
      const reasons: { id: number; reason: string }[] = []
      let taken = 0
      let refused = 0
      let before: number | null = null
      for (;;) {
        const letters: DeadLetter[] = await store.intake.deadLetters({
          ...{ connectionId, filter: { state: 'open', ...filter }, limit: replayedAtOnce, before },
          ...(ids !== null && { ids }),
        })
        if (letters.length === 0 || signal.aborted) break
        for (const outcome of await replay(letters)) {
          if (outcome.isTaken) taken++
          else {
            refused++
            if (reasons.length < mostReasons) reasons.push({ id: outcome.id, reason: outcome.reason })
          }
        }
        before = letters[letters.length - 1].id
      }
      await commitOrRefuse(
        store.records,
        [],
        draftOf(caller, now(), {
          action: 'deadLetters.replay',
          reason,
          details: { letters: ids?.length ?? 'all that match', connectionId, filter: { ...filter }, taken, refused },
        }),
      )
      return { taken, refused, reasons }
    },
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
