import type { SampleBlob } from '../../contract/intake.ts'
import type { BlobUsage } from '../store.ts'
import type { Connection } from './database.ts'

interface BlobRow {
  readonly ref: number
  readonly digest: string
  readonly bytes: number
}

/** What the database knows of the files that came with samples. */
export function makeSampleBlobReader({ db, read }: Pick<Connection, 'db' | 'read'>) {
  const usage = db.prepare<[], BlobUsage>(
    `SELECT count(*) FILTER (WHERE removed_at IS NULL) AS files,
      coalesce(sum(bytes) FILTER (WHERE removed_at IS NULL), 0) AS bytes,
      coalesce(sum(bytes) FILTER (WHERE removed_at IS NULL AND is_reviewed = 1), 0) AS reviewedBytes,
      count(*) FILTER (WHERE removed_at IS NOT NULL) AS removed FROM sample_blob`,
  )
  const removedAt = db
    .prepare<[string], number>('SELECT removed_at FROM sample_blob WHERE digest = ? AND removed_at IS NOT NULL')
    .pluck()
  const anyRemoved = db
    .prepare<[], number>('SELECT EXISTS (SELECT 1 FROM sample_blob WHERE removed_at IS NOT NULL)')
    .pluck()
  return {
    usage: () => usage.get() ?? { files: 0, bytes: 0, reviewedBytes: 0, removed: 0 },
    removedAt: (digest: string) => removedAt.get(digest) ?? null,
    removedAmong: (digests: readonly string[]): string[] =>
      read(() => (anyRemoved.get() === 1 ? digests.filter((digest) => removedAt.get(digest) !== undefined) : [])),
  }
}

/** Keeps the rows of files that come with samples; each method but the last is part of a transaction of its caller. */
export function makeSampleBlobWriter({ db, write }: Pick<Connection, 'db' | 'write'>) {
  const put = db
    .prepare<[string, number, number | null], number>(
      `INSERT INTO sample_blob (digest, bytes, removed_at) VALUES (?, ?, ?)
       ON CONFLICT (digest) DO UPDATE SET removed_at = min(removed_at, excluded.removed_at) RETURNING ref`,
    )
    .pluck()
  const use = db.prepare<[number, number]>('INSERT OR IGNORE INTO sample_blob_use (row, blob) VALUES (?, ?)')
  const unuse = db.prepare<[number]>('DELETE FROM sample_blob_use WHERE row = ?')
  const review = db.prepare<[number]>(
    'UPDATE sample_blob SET is_reviewed = 1 WHERE ref IN (SELECT blob FROM sample_blob_use WHERE row = ?)',
  )
  const find = db.prepare<[string], { ref: number; bytes: number; removed: number }>(
    'SELECT ref, bytes, removed_at IS NOT NULL AS removed FROM sample_blob WHERE digest = ?',
  )
  const unused = db.prepare<[number, number], BlobRow & { removed: number }>(
    `SELECT ref, digest, bytes, removed_at IS NOT NULL AS removed FROM sample_blob b
     WHERE ref > ? AND NOT EXISTS (SELECT 1 FROM sample_blob_use u WHERE u.blob = b.ref) ORDER BY ref LIMIT ?`,
  )
  const oldest = db.prepare<[number, number], BlobRow>(
    `SELECT ref, digest, bytes FROM sample_blob
     WHERE removed_at IS NULL AND is_reviewed = 0 AND ref > ? ORDER BY ref LIMIT ?`,
  )
  const markRemoved = db.prepare<[number, number]>(
    'UPDATE sample_blob SET removed_at = ? WHERE ref = ? AND removed_at IS NULL AND is_reviewed = 0',
  )
  const forget = db.prepare<[number]>(
    'DELETE FROM sample_blob WHERE ref = ? AND NOT EXISTS (SELECT 1 FROM sample_blob_use WHERE blob = sample_blob.ref)',
  )
  const dropUses = db.prepare<[number]>('DELETE FROM sample_blob_use WHERE blob = ?')

  return {
    /** Notes that the sample of this row names these files. */
    note(row: number, blobs: readonly SampleBlob[], at: number): void {
      for (const { digest, bytes, isKept } of blobs) {
        const ref = put.get(digest, bytes, isKept ? null : at)
        if (ref !== undefined) use.run(row, ref)
      }
    },
    /** The sample of this row is gone. */
    release: (row: number): void => void unuse.run(row),
    /** A person has said something of the sample of this row. */
    review: (row: number): void => void review.run(row),
    unused: (after: number, limit: number) => unused.all(after, limit),
    oldestUnreviewed: (after: number, limit: number) => oldest.all(after, limit),
    find: (digest: string) => find.get(digest) ?? null,
    /** Whether the file may be removed: nothing has begun to use it since it was found unused. */
    forget: (ref: number): boolean => write(() => forget.run(ref).changes > 0),
    markRemoved: (ref: number, at: number): boolean => write(() => markRemoved.run(at, ref).changes > 0),
    /** The file has another use from now on, which has no quota. */
    hand: (ref: number): void =>
      write(() => {
        dropUses.run(ref)
        forget.run(ref)
      }),
  }
}
export type SampleBlobWriter = ReturnType<typeof makeSampleBlobWriter>
