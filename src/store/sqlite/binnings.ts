import type { Binning } from '../../contract/profile.ts'
import type { Connection } from './database.ts'
import type { Symbols } from './symbols.ts'

/** How versions bin their values, kept in memory: each sample asks. */
export interface Binnings {
  get(versionId: string): Binning | null
  set(binning: Binning): void
}

export function makeBinnings(connection: Connection, symbols: Symbols): Binnings {
  const { db } = connection
  const bodyOf = db.prepare<[number], string>('SELECT body FROM binning WHERE version = ?').pluck()
  const put = db.readonly ? null : db.prepare<[number, string]>('INSERT OR REPLACE INTO binning VALUES (?, ?)')
  const known = new Map<string, Binning | null>()
  connection.onRollback(() => known.clear())
  return {
    get: (versionId) => {
      const cached = known.get(versionId)
      // Another process may have set it meanwhile, so a reader never trusts its memory.
      if (cached !== undefined && !db.readonly) return cached
      const version = symbols.find(versionId)
      const body = version === null ? undefined : bodyOf.get(version)
      const binning = body === undefined ? null : (JSON.parse(body) as Binning)
      known.set(versionId, binning)
      return binning
    },
    set: (binning) => {
      put?.run(symbols.ref(binning.versionId), JSON.stringify(binning))
      known.set(binning.versionId, binning)
    },
  }
}
