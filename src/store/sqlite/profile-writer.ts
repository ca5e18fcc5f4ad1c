import type { Profile } from '../../contract/profile.ts'
import type { Label, Sample } from '../../contract/sample.ts'
import type { ProfileFold } from '../store.ts'
import type { Binnings } from './binnings.ts'
import type { Connection } from './database.ts'
import type { Symbols } from './symbols.ts'

export const hourMs = 3_600_000
export const hourOf = (at: number) => Math.floor(at / hourMs) * hourMs
export const labelledOf = (profile: Profile) => profile.outcomes['']?.labelled ?? 0
/** Profiles kept in memory between batches. */
const maxCached = 500

/** Folds samples and labels into the profile of their hour, inside the transaction that stores them. */
export interface ProfileWriter {
  addSample(sample: Sample): void
  addLabel(sample: Sample, label: Label['label'], previous: Label['label'] | null): void
  /** Writes what changed: the last act of a transaction that folded something. */
  flush(): void
  put(profile: Profile): void
  /** Needed after profiles were changed by other means. */
  forget(): void
}

interface Cached {
  readonly profile: Profile
  isChanged: boolean
}

export function makeProfileWriter(
  connection: Connection,
  symbols: Symbols,
  binnings: Binnings,
  fold: ProfileFold,
): ProfileWriter {
  const { db } = connection
  const cache = new Map<string, Cached>()
  /** That of the sample before, found without making its key. */
  let recent: Cached | null = null
  const forget = () => {
    cache.clear()
    recent = null
  }
  connection.onRollback(forget)
  const bodyOf = db
    .prepare<[number, number, number], string>(
      'SELECT body FROM profile WHERE deployment = ? AND hour = ? AND version = ?',
    )
    .pluck()
  const upsert = db.prepare(
    `INSERT INTO profile (deployment, version, hour, n, labelled, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (deployment, hour, version)
     DO UPDATE SET n = excluded.n, labelled = excluded.labelled, body = excluded.body`,
  )

  function load({ deploymentId, versionId, at }: Sample, isMade: boolean): Cached | null {
    const hour = hourOf(at)
    if (recent !== null) {
      const { profile } = recent
      const isSame = profile.hour === hour && profile.versionId === versionId && profile.deploymentId === deploymentId
      if (isSame) return recent
    }
    const key = `${deploymentId} ${versionId} ${hour}`
    const known = cache.get(key)
    if (known !== undefined) {
      recent = known
      return known
    }
    const body = bodyOf.get(symbols.ref(deploymentId), hour, symbols.ref(versionId))
    if (body === undefined && !isMade) return null
    const profile: Profile =
      body === undefined ? fold.empty({ deploymentId, versionId, hour }, binnings.get(versionId)) : JSON.parse(body)
    const cached = { profile, isChanged: false }
    cache.set(key, cached)
    recent = cached
    return cached
  }

  function put(profile: Profile): void {
    upsert.run(
      symbols.ref(profile.deploymentId),
      symbols.ref(profile.versionId),
      profile.hour,
      profile.n,
      labelledOf(profile),
      JSON.stringify(profile),
    )
  }

  return {
    put,
    forget,
    addSample: (sample) => {
      const cached = load(sample, true)
      if (cached === null) return
      fold.addSample(cached.profile, sample, binnings.get(sample.versionId))
      cached.isChanged = true
    },
    addLabel: (sample, label, previous) => {
      // Retention may have removed the hour's profile: a late label must not bring back an empty one.
      const cached = load(sample, false)
      if (cached === null) return
      fold.addLabel(cached.profile, sample, label, previous, binnings.get(sample.versionId))
      cached.isChanged = true
    },
    flush: () => {
      for (const [key, cached] of cache) {
        if (cached.isChanged) put(cached.profile)
        cached.isChanged = false
        if (cache.size > maxCached) {
          cache.delete(key)
          if (recent === cached) recent = null
        }
      }
    },
  }
}
