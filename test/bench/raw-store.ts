import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/**
 * What the machine can do at most: the same number of rows as JSON text in one table, in durable transactions of the same size,
 * and read back without being understood. Nothing is checked, indexed, summarised or turned into columns.
 */
export function benchRawStore(options: {
  readonly samples: number
  readonly features: number
  readonly batch: number
}): { insertsPerSecond: number; readSeconds: number; parseSeconds: number } {
  const { samples, features, batch } = options
  const folder = mkdtempSync(join(tmpdir(), 'assay-raw-'))
  const db = new Database(join(folder, 'raw.sqlite'))
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.exec('CREATE TABLE sample (at INTEGER NOT NULL, body TEXT NOT NULL) STRICT')
    const insert = db.prepare('INSERT INTO sample (at, body) VALUES (?, ?)')
    const insertBatch = db.transaction((rows: readonly (readonly [number, string])[]) => {
      for (const row of rows) insert.run(row)
    })
    let spentMs = 0
    for (let from = 0; from < samples; from += batch) {
      const rows = Array.from({ length: Math.min(batch, samples - from) }, (_, offset) => {
        const index = from + offset
        const inputs = Object.fromEntries(
          Array.from({ length: features }, (_, k) => [`x${k}`, ((index * 7919 + k) % 1009) / 1009]),
        )
        return [index, JSON.stringify({ id: index, inputs, prediction: 'no', latencyMs: 3 })] as const
      })
      const startedAt = performance.now()
      insertBatch(rows)
      spentMs += performance.now() - startedAt
    }
    const readAt = performance.now()
    const bodies = db.prepare<[], string>('SELECT body FROM sample ORDER BY at').pluck().all()
    const parseAt = performance.now()
    for (const body of bodies) JSON.parse(body)
    return {
      insertsPerSecond: samples / (spentMs / 1000),
      readSeconds: (parseAt - readAt) / 1000,
      parseSeconds: (performance.now() - parseAt) / 1000,
    }
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
