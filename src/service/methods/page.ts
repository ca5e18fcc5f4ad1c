import { RpcError } from '../../contract/rpc.ts'

/** The place in a list where a page begins. Throws for a cursor of no list. */
export function placeOf(cursor: string | null): number {
  if (cursor !== null && !/^\d{1,9}$/.test(cursor))
    throw new RpcError('invalid-input', 'cursor: it is none of this list')
  return cursor === null ? 0 : Number(cursor)
}

/** One page of a list that is in memory; the cursor is the place where the next one begins. Throws for a cursor of no list. */
export function pageOfList<T>(
  list: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
): { items: T[]; nextCursor: string | null; total: number } {
  const from = placeOf(cursor)
  const end = from + limit
  return { items: list.slice(from, end), nextCursor: end < list.length ? String(end) : null, total: list.length }
}
