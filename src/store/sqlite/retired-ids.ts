import { float64Of } from './column-codec.ts'
import type { Connection } from './database.ts'
import { hashId, positionsOf } from './id-filter.ts'

/** What is remembered of samples that retention removed: eight bytes each, until their profiles go too. */
export interface RetiredIds {
  /** Notes samples that are removed, by the hashes of their ids, in the transaction that removes them. */
  add(deployment: number, at: readonly number[], hashes: Float64Array): void
  /**
   * Whether a sample of this id and event time was removed. It is still counted in its profile, so it is a repetition. Different ids
   * share a hash of 53 bits once in 10¹⁵.
   */
  has(deployment: number, id: string, at: number): boolean
  /** Forgets those before an instant, whose profiles are gone. */
  forget(deployment: number, before: number): void
}

export function makeRetiredIds(connection: Connection): RetiredIds {
  const { db } = connection
  const insert = db.prepare('INSERT INTO retired_ids (deployment, min_at, max_at, hashes) VALUES (?, ?, ?, ?)')
  const remove = db.prepare<[number, number]>('DELETE FROM retired_ids WHERE deployment = ? AND max_at < ?')
  const newestAt = db
    .prepare<[number], number | null>('SELECT max(max_at) FROM retired_ids WHERE deployment = ?')
    .pluck()
  const around = db
    .prepare<[number, number, number], Uint8Array>(
      'SELECT hashes FROM retired_ids WHERE deployment = ? AND max_at >= ? AND min_at <= ?',
    )
    .pluck()
  /** Nearly every sample is newer than all of these: that costs one look into this map. */
  const newest = new Map<number, number>()
  connection.onRollback(() => newest.clear())

  function newestOf(deployment: number): number {
    const known = newest.get(deployment)
    if (known !== undefined) return known
    const read = newestAt.get(deployment) ?? -1
    newest.set(deployment, read)
    return read
  }

  return {
    add: (deployment, at, hashes) => {
      if (at.length === 0) return
      const [from, to] = at.reduce(([least, most], one) => [Math.min(least, one), Math.max(most, one)], [at[0], at[0]])
      const sorted = Float64Array.from(hashes).sort()
      insert.run(deployment, from, to, new Uint8Array(sorted.buffer))
      newest.delete(deployment)
    },
    has: (deployment, id, at) => {
      if (at > newestOf(deployment)) return false
      const hash = hashId(id)
      return around.all(deployment, at, at).some((bytes) => {
        const { from, to } = positionsOf(float64Of(bytes), hash)
        return from < to
      })
    },
    forget: (deployment, before) => {
      if (remove.run(deployment, before).changes > 0) newest.delete(deployment)
    },
  }
}

/** Members of ascending `before` that ascending `after` lacks; members of `after` are all in `before`. O(n). */
export function missingFrom(before: Float64Array, after: Float64Array): Float64Array {
  const missing = new Float64Array(before.length - after.length)
  let found = 0
  let next = 0
  for (const value of before) {
    if (next < after.length && after[next] === value) next += 1
    else missing[found++] = value
  }
  return missing
}
