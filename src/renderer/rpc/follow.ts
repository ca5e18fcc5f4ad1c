import type { QueryClient } from '@tanstack/react-query'
import type { PayloadOf } from '../../contract/api.ts'
import type { RpcClient } from './client.ts'
import type { Follows } from './hooks.ts'
import type { ReconnectingClient } from './reconnecting-client.ts'

type Invalidate = Pick<QueryClient, 'invalidateQueries'>

/** Whether an answer that follows this may be out of date. */
export function concerns(follows: Follows, event: Change): boolean {
  if (event.type === 'records') {
    if (typeof follows.records === 'object')
      return event.kinds.some((kind) => (follows.records as string[]).includes(kind))
    return follows.records === true
  }
  if (follows.target !== undefined && !event.targets.includes(follows.target)) return false
  if (typeof follows.data === 'object') return event.what.some((what) => (follows.data as string[]).includes(what))
  return follows.data === true
}
export type Change =
  | ({ type: 'records' } & PayloadOf<'records.changed'>)
  | ({ type: 'data' } & PayloadOf<'data.changed'>)

/** Data flows all the time: a page asks again at most this often because of it. */
const dataEveryMs = 2_000

/**
 * Makes the queries of a page ask again after the events that concern them, and all of them after the connection was lost,
 * since events were missed. The result stops it.
 */
export function followChanges(client: ReconnectingClient, queries: Invalidate): () => void {
  let dataTimer: ReturnType<typeof setTimeout> | null = null
  let waiting: PayloadOf<'data.changed'>[] = []
  let opened = client.opened()

  const invalidate = (changes: Change[]) =>
    void queries.invalidateQueries(
      {
        predicate: ({ meta }) =>
          changes.some((change) => concerns((meta?.follows as Follows | undefined) ?? {}, change)),
      },
      { cancelRefetch: false },
    )
  const flushData = () => {
    dataTimer = null
    if (waiting.length === 0) return
    invalidate(waiting.splice(0).map((payload) => ({ type: 'data', ...payload })))
    dataTimer = setTimeout(flushData, dataEveryMs)
  }

  const stops = [
    client.subscribe('records.changed', (payload) => invalidate([{ type: 'records', ...payload }]), ignoreRefusal),
    client.subscribe(
      'data.changed',
      (payload) => {
        waiting.push(payload)
        if (dataTimer === null) flushData()
      },
      ignoreRefusal,
    ),
    client.onState(() => {
      if (client.opened() === opened) return
      const isFirst = opened === 0
      opened = client.opened()
      if (!isFirst) void queries.invalidateQueries()
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    if (dataTimer !== null) clearTimeout(dataTimer)
    waiting = []
  }
}

/** A visitor may not hear of changes; after signing in the subscription is made again. */
const ignoreRefusal: Parameters<RpcClient['subscribe']>[2] = () => {}
