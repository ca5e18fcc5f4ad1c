import type { LabelledSample } from '../../contract/sample.ts'
import type { SampleFilter, SampleStore } from '../store.ts'
import type { Chunk, ChunkHead, Chunks } from './chunks.ts'
import { inputColumn } from './chunks.ts'
import { type Value, valueAt } from './column-codec.ts'
import type { Connection } from './database.ts'
import { type HotRow, hotColumns, type RowCodec } from './hot-rows.ts'
import type { LabelReader, LabelRow } from './labels.ts'
import type { SampleScan } from './sample-scan.ts'
import type { Symbols } from './symbols.ts'

type HotLabelled = [...HotRow, ...LabelRow]

/** A row found, not yet read. */
interface Found {
  readonly at: number
  readonly row: number
  readonly read: () => LabelledSample
}

interface Cursor {
  readonly at: number
  readonly row: number
}

const newestFirst = (a: Cursor, b: Cursor) => b.at - a.at || b.row - a.row

/** Lists and counts samples over hot rows and chunks. */
export function makeSampleList(
  connection: Connection,
  symbols: Symbols,
  codec: RowCodec,
  chunks: Chunks,
  labels: LabelReader,
  scan: SampleScan,
): Pick<SampleStore, 'list' | 'count'> {
  const { db } = connection
  const qualified = hotColumns
    .split(', ')
    .map((name) => `s.${name}`)
    .join(', ')
  const hotRows = db
    .prepare<[number, number, number], HotLabelled>(
      `SELECT ${qualified}, l.class, l.value, l.at, l.source FROM sample s LEFT JOIN label l ON l.row = s.row
       WHERE s.deployment = ? AND s.at >= ? AND s.at <= ? ORDER BY s.at DESC, s.row DESC`,
    )
    .raw()
  const countHot = db.prepare<[number, number, number], { samples: number; labelled: number }>(
    `SELECT count(*) AS samples, count(l.row) AS labelled FROM sample s LEFT JOIN label l ON l.row = s.row
     WHERE s.deployment = ? AND s.at >= ? AND s.at < ?`,
  )

  function hotSample(row: HotLabelled): LabelledSample {
    const label = row.slice(13) as unknown as LabelRow
    const none = { label: null, labelledAt: null, labelSource: null }
    return { ...codec.decode(row as unknown as HotRow), ...(label[2] === null ? none : labels.labelOf(label)) }
  }

  function findHot(deployment: number, filter: SampleFilter, after: Cursor | null, limit: number): Found[] {
    const found: Found[] = []
    const newest = Math.min(filter.window.to - 1, after?.at ?? Number.MAX_SAFE_INTEGER)
    for (const row of hotRows.iterate(deployment, filter.window.from, newest)) {
      if (found.length >= limit) break
      if (after !== null && row[3] === after.at && row[0] >= after.row) continue
      const sample = hotSample(row)
      if (passes(filter, sample.prediction, sample.label, (name) => own(sample.inputs, name)))
        found.push({ at: row[3], row: row[0], read: () => sample })
    }
    return found
  }

  function laterLabels(chunk: Chunk): Map<number, LabelRow> {
    const later = new Map<number, LabelRow>()
    for (const [row, ...label] of scan.laterLabels.iterate(chunk.head.minRow, chunk.head.maxRow)) {
      const position = chunk.positionOfRow(row)
      if (position >= 0) later.set(position, label)
    }
    return later
  }

  function findSealed(head: ChunkHead, filter: SampleFilter, after: Cursor | null): Found[] {
    const chunk = chunks.open(head)
    const later = laterLabels(chunk)
    const [times, rows] = [chunk.at(), chunk.row()]
    const [prediction, label] = [chunk.column('$prediction'), chunk.column('$label')]
    const found: Found[] = []
    for (let position = 0; position < head.rows; position += 1) {
      const [at, row] = [times[position], rows[position]]
      if (at < filter.window.from || at >= filter.window.to) continue
      if (after !== null && newestFirst({ at, row }, after) <= 0) continue
      const late = later.get(position)
      const current = late === undefined ? valueAt(label, position) : codec.outcome(late[0], late[1])
      const input = (name: string) => valueAt(chunk.column(inputColumn(name)), position)
      if (!passes(filter, valueAt(prediction, position), current, input)) continue
      const read = () => ({ ...chunk.sample(position), ...(late === undefined ? {} : labels.labelOf(late)) })
      found.push({ at, row, read })
    }
    return found
  }

  function list(filter: SampleFilter, limit: number, after: Cursor | null) {
    const deployment = symbols.find(filter.deploymentId)
    if (deployment === null) return { items: [], nextCursor: null }
    let found = findHot(deployment, filter, after, limit + 1)
    for (const head of chunks.list(deployment, filter.window.from, filter.window.to)) {
      if (after !== null && head.minAt > after.at) continue
      // Chunks come newest first: once a full page is newer than all of a chunk, the rest is of later pages.
      if (found.length > limit && found[limit].at > head.maxAt) break
      found = [...found, ...findSealed(head, filter, after)].sort(newestFirst).slice(0, limit + 1)
    }
    const items = found.slice(0, limit)
    const last = items[items.length - 1]
    return {
      items: items.map(({ read }) => read()),
      nextCursor: found.length > limit && last !== undefined ? `${last.at}.${last.row}` : null,
    }
  }

  function countSealed(head: ChunkHead, window: SampleFilter['window']): { samples: number; labelled: number } {
    if (head.minAt >= window.from && head.maxAt < window.to) return { samples: head.rows, labelled: head.labelled }
    const chunk = chunks.open(head)
    const later = laterLabels(chunk)
    const [times, label] = [chunk.at(), chunk.column('$label')]
    const counts = { samples: 0, labelled: 0 }
    for (let position = 0; position < head.rows; position += 1) {
      if (times[position] < window.from || times[position] >= window.to) continue
      counts.samples += 1
      if (valueAt(label, position) !== null || later.has(position)) counts.labelled += 1
    }
    return counts
  }

  return {
    list: async (filter, { limit, cursor }) => connection.read(() => list(filter, limit, parseCursor(cursor))),
    count: async ({ deploymentId, window }) =>
      connection.read(() => {
        const deployment = symbols.find(deploymentId)
        if (deployment === null) return { samples: 0, labelled: 0 }
        const total = countHot.get(deployment, window.from, window.to) ?? { samples: 0, labelled: 0 }
        for (const head of chunks.list(deployment, window.from, window.to)) {
          const { samples, labelled } = countSealed(head, window)
          total.samples += samples
          total.labelled += labelled
        }
        return total
      }),
  }
}

const own = (inputs: Record<string, Value>, name: string): Value => (Object.hasOwn(inputs, name) ? inputs[name] : null)

function passes(filter: SampleFilter, prediction: Value, label: Value, input: (name: string) => Value): boolean {
  if (filter.prediction !== undefined && String(prediction) !== filter.prediction) return false
  if (filter.label !== undefined && (label === null || String(label) !== filter.label)) return false
  if (filter.isLabelled !== undefined && (label !== null) !== filter.isLabelled) return false
  if (filter.isError !== undefined && (label !== null && label !== prediction) !== filter.isError) return false
  if (filter.column !== undefined) {
    const value = input(filter.column.name)
    if (value === null || String(value) !== filter.column.value) return false
  }
  return true
}

/** Throws a RangeError when the cursor is none of ours. */
function parseCursor(cursor: string | null): Cursor | null {
  if (cursor === null) return null
  const match = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor)
  if (match === null) throw new RangeError('The cursor does not come from a list of samples')
  return { at: Number(match[1]), row: Number(match[2]) }
}
