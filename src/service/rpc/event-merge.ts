import type { EventName, PayloadOf } from '../../contract/api.ts'

/**
 * How payloads that wait for a page become fewer. `null` means never: each is sent at once. An event without a line here
 * does not compile.
 */
type Mergers = { readonly [E in EventName]: ((waiting: PayloadOf<E>[], next: PayloadOf<E>) => PayloadOf<E>[]) | null }

const union = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])]

export const mergers: Mergers = {
  'records.changed': ([waiting], next) => [waiting ? { kinds: union(waiting.kinds, next.kinds) } : next],
  'data.changed': ([waiting], next) => [
    waiting ? { targets: union(waiting.targets, next.targets), what: union(waiting.what, next.what) } : next,
  ],
  'job.updated': (waiting, next) => [...waiting.filter((job) => job.id !== next.id), next],
  'notification.raised': null,
}
