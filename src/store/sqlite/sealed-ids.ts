import type { ChunkHead } from './chunks.ts'
import type { Connection } from './database.ts'
import { mayContain } from './id-filter.ts'

type IdRange = Pick<ChunkHead, 'ref' | 'firstId' | 'lastId'>

/** Whether an id lies among those of a chunk; a chunk sealed before ranges were noted may hold any. */
export const mayHold = ({ firstId, lastId }: IdRange, id: string): boolean =>
  firstId === null || lastId === null || (firstId <= id && id <= lastId)

interface Member extends IdRange {
  filter: Uint8Array | null
  isUsed: boolean
}

/**
 * Which chunks may hold an id: by the range of their ids, then by their Bloom filters. Ids that rise with time lie beyond every
 * range, so a filter is read when it is first asked for and let go when it was not asked for between two changes of the chunks:
 * memory stays flat however much is stored. Ids in no order keep all filters in memory: 4 bytes a sample.
 */
export function makeSealedIds(connection: Connection) {
  const { db } = connection
  const everyRange = db.prepare<[], IdRange & { deployment: number }>(
    'SELECT ref, deployment, first_id AS firstId, last_id AS lastId FROM chunk',
  )
  const filterOf = db.prepare<[number], Uint8Array>('SELECT filter FROM chunk WHERE ref = ?').pluck()
  const members = new Map<number, Member[]>()

  function add(deployment: number, { ref, firstId, lastId }: IdRange): void {
    const known = members.get(deployment)
    const member = { ref, firstId, lastId, filter: null, isUsed: false }
    if (known === undefined) members.set(deployment, [member])
    else known.push(member)
  }

  function read(member: Member): Uint8Array {
    member.isUsed = true
    member.filter ??= filterOf.get(member.ref) ?? new Uint8Array(8)
    return member.filter
  }

  return {
    /** References of the chunks of a deployment that may hold an id; nearly always none. */
    candidates(deployment: number, id: string, hash: number): number[] {
      const found: number[] = []
      for (const member of members.get(deployment) ?? [])
        if (mayHold(member, id) && mayContain(read(member), hash)) found.push(member.ref)
      return found
    },
    changed(deployment: number, removed: readonly number[], added: IdRange | null): void {
      const kept = (members.get(deployment) ?? []).filter(({ ref }) => !removed.includes(ref))
      for (const member of kept) {
        if (!member.isUsed) member.filter = null
        member.isUsed = false
      }
      members.set(deployment, kept)
      if (added !== null) add(deployment, added)
    },
    reload(): void {
      members.clear()
      for (const { deployment, ...range } of everyRange.iterate()) add(deployment, range)
    },
  }
}
export type SealedIds = ReturnType<typeof makeSealedIds>
