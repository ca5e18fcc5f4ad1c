import type { Deployment } from '../../contract/model.ts'
import type { SampleStore } from '../store.ts'
import type { ChunkRewrite, RowFacts } from './chunk-rewrite.ts'
import type { Chunks } from './chunks.ts'
import type { Connection } from './database.ts'
import { hashId } from './id-filter.ts'
import type { ProfileWriter } from './profile-writer.ts'
import { missingFrom, type RetiredIds } from './retired-ids.ts'
import type { SampleBlobWriter } from './sample-blob-rows.ts'
import type { SampleIndex } from './sample-index.ts'
import { always } from './sample-scan.ts'
import type { Symbols } from './symbols.ts'

const dayMs = 86_400_000
/** Labelled samples are kept so many times as long, and as many times more of them. */
const labelledFactor = 3

type Removed = Awaited<ReturnType<SampleStore['retain']>>[number]

/** Unlabelled samples before `plain` and labelled ones before `labelled` go. */
interface Limits {
  readonly plain: number
  readonly labelled: number
}

export interface RetentionParts {
  readonly connection: Connection
  readonly symbols: Symbols
  readonly chunks: Chunks
  readonly index: SampleIndex
  readonly retired: RetiredIds
  readonly profiles: Pick<ProfileWriter, 'forget'>
  readonly rewrite: ChunkRewrite
  readonly blobs: Pick<SampleBlobWriter, 'release'>
}

/** Removes what the retention of each deployment no longer keeps, one deployment after the other. */
export function makeRetention({
  connection,
  symbols,
  chunks,
  index,
  retired,
  profiles,
  rewrite,
  blobs,
}: RetentionParts) {
  const { db } = connection
  const deploymentBodies = db.prepare<[], string>(`SELECT body FROM record WHERE kind = 'deployment'`).pluck()
  const hotTimes = db.prepare<[number], number>('SELECT at FROM sample WHERE deployment = ?').pluck()
  const expiredHot = db.prepare<[number, number, number], { row: number; at: number; id: string }>(
    `SELECT s.row, s.at, s.id FROM sample s LEFT JOIN label l ON l.row = s.row
     WHERE s.deployment = ? AND (s.at < ? OR (s.at < ? AND l.row IS NULL))`,
  )
  const removeRow = db.prepare<[number]>('DELETE FROM sample WHERE row = ?')
  const removeLabel = db.prepare<[number]>('DELETE FROM label WHERE row = ?')
  const removeWaiting = db.prepare<[number, number]>('DELETE FROM waiting_label WHERE deployment = ? AND at < ?')
  const removeProfiles = db.prepare<[number, number]>('DELETE FROM profile WHERE deployment = ? AND hour < ?')
  const raiseFloor = db.prepare<[number, number]>(
    'INSERT INTO retention_floor VALUES (?, ?) ON CONFLICT (deployment) DO UPDATE SET at = max(at, excluded.at)',
  )

  function limitsOf(deployment: number, { retention }: Deployment, now: number): Limits {
    const byAge = {
      plain: now - retention.rawDays * dayMs,
      labelled: now - labelledFactor * retention.rawDays * dayMs,
    }
    if (retention.maxSamples === null) return byAge
    const times = [...hotTimes.all(deployment)]
    for (const head of chunks.list(deployment, always.from, always.to)) {
      const at = chunks.open(head).at()
      for (let position = 0; position < at.length; position += 1) times.push(at[position])
    }
    const sorted = Float64Array.from(times).sort()
    const oldestKept = (count: number) => (sorted.length > count ? sorted[sorted.length - count] : 0)
    return {
      plain: Math.max(byAge.plain, oldestKept(retention.maxSamples)),
      labelled: Math.max(byAge.labelled, oldestKept(labelledFactor * retention.maxSamples)),
    }
  }

  function retainDeployment(deployment: number, body: Deployment, now: number): Removed | null {
    const limits = limitsOf(deployment, body, now)
    const removed = { deploymentId: body.id, samples: 0, from: Number.POSITIVE_INFINITY, to: 0 }
    const note = (at: number) => {
      removed.samples += 1
      removed.from = Math.min(removed.from, at)
      removed.to = Math.max(removed.to, at)
    }
    const hot = expiredHot.all(deployment, limits.labelled, limits.plain)
    connection.write(() => {
      // First of all: from now on a recount does not expect these samples.
      const expiresSealed = chunks.list(deployment, always.from, limits.plain).length > 0
      if (hot.length > 0 || expiresSealed) raiseFloor.run(deployment, Math.max(0, limits.plain))
      for (const { row } of hot) {
        removeLabel.run(row)
        removeRow.run(row)
        blobs.release(row)
      }
      const hashes = Float64Array.from(hot, ({ id }) => hashId(id))
      retired.add(
        deployment,
        hot.map(({ at }) => at),
        hashes,
      )
      removeWaiting.run(deployment, limits.labelled)
      const profilesFrom = now - body.retention.profileDays * dayMs
      // Those kept in memory would come back whole with the next late sample.
      if (removeProfiles.run(deployment, profilesFrom).changes > 0) profiles.forget()
      retired.forget(deployment, profilesFrom)
    })
    for (const { at } of hot) note(at)
    index.moved({ deployment, rows: hot, removedChunks: [], addedChunk: null })
    for (const head of chunks.list(deployment, always.from, limits.plain)) {
      if (head.labelled === head.rows && head.minAt >= limits.labelled) continue
      const isKept = ({ at, isLabelled }: RowFacts) => at >= (isLabelled ? limits.labelled : limits.plain)
      const { addedChunk, removedAt } = connection.write(() => {
        const before = chunks.hashes(head.ref)
        const rewritten = rewrite.rewrite([head.ref], isKept)
        if (rewritten.removedAt.length > 0) {
          const after = rewritten.addedChunk === null ? new Float64Array(0) : chunks.hashes(rewritten.addedChunk.ref)
          retired.add(deployment, rewritten.removedAt, missingFrom(before, after))
        }
        return rewritten
      })
      if (removedAt.length === 0) continue
      for (const at of removedAt) note(at)
      index.moved({ deployment, rows: [], removedChunks: [head.ref], addedChunk })
    }
    return removed.samples === 0 ? null : removed
  }

  return ({ now }: { now: number }): Removed[] => {
    const all: Removed[] = []
    for (const text of deploymentBodies.all()) {
      const body = JSON.parse(text) as Deployment
      const deployment = symbols.find(body.id)
      const removed = deployment === null ? null : retainDeployment(deployment, body, now)
      if (removed !== null) all.push(removed)
    }
    return all
  }
}
