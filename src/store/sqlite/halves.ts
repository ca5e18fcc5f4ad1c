import type { HalfChange, KeptHalf, KeptHalves } from '../../contract/exchange.ts'
import type { Connection } from './database.ts'

/** Of the newest rows, those of joined exchanges are remembered. */
const rememberedRows = 20_000

/** Makes changes to what waits for its other half, inside the transaction of `append`. */
export function makeHalfWriter({ db }: Connection): (changes: readonly HalfChange[]) => void {
  // One that is known stays as it is: what was joined never waits again.
  const wait = db.prepare(
    'INSERT OR IGNORE INTO exchange_half (key, arrived_at, connection_id, deployment_key, event) VALUES (?, ?, ?, ?, ?)',
  )
  // Replaced, so that its place among the newest is that of the joining.
  const join = db.prepare('INSERT OR REPLACE INTO exchange_half (key) VALUES (?)')
  const giveUp = db.prepare('DELETE FROM exchange_half WHERE key = ?')
  const forget = db.prepare<[number]>('DELETE FROM exchange_half WHERE ordinal <= ? AND event IS NULL')
  return (changes) => {
    let newest = 0
    for (const change of changes) {
      if (change.status === 'joined') newest = Number(join.run(change.key).lastInsertRowid)
      else if (change.status === 'given-up') giveUp.run(change.key)
      else {
        const { key, arrivedAt, connectionId, deploymentKey, event } = change.half
        wait.run(key, arrivedAt, connectionId, deploymentKey, event)
      }
    }
    if (newest > rememberedRows) forget.run(newest - rememberedRows)
  }
}

/** Reads all that waits, and what was joined lately. */
export function makeHalfReader({ db }: Connection): () => Promise<KeptHalves> {
  const waiting = db.prepare<[], KeptHalf>(
    `SELECT key, arrived_at AS arrivedAt, connection_id AS connectionId, deployment_key AS deploymentKey, event
     FROM exchange_half WHERE event IS NOT NULL ORDER BY ordinal`,
  )
  const joined = db.prepare<[], string>('SELECT key FROM exchange_half WHERE event IS NULL ORDER BY ordinal').pluck()
  return async () => ({ waiting: waiting.all(), joined: joined.all() })
}
