import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

/** What the intake refused, newest first. */
export function createDeadLetterHandlers({ store }: Pick<ServiceContext, 'store'>): HandlersOf<'deadLetters'> {
  return {
    'deadLetters.list': async ({ connectionId, limit, cursor }) => {
      const before = cursor === null ? null : Number(cursor)
      if (before !== null && !Number.isSafeInteger(before))
        throw new RpcError('invalid-input', 'Not a cursor of this list')
      const items = await store.intake.deadLetters({ connectionId, limit, before })
      const counts = await store.intake.deadLetterCounts()
      const own = counts.filter((count) => connectionId === null || count.connectionId === connectionId)
      const last = items.at(-1)
      return {
        items,
        nextCursor: items.length === limit && last !== undefined ? String(last.id) : null,
        // Everything that was ever refused; the oldest letters are no longer kept.
        total: own.reduce((sum, { count }) => sum + count, 0),
      }
    },
  }
}
