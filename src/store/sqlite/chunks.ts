import type { LabelledSample, Outcome, Sample } from '../../contract/sample.ts'
import {
  type DecodedColumn,
  decodeColumn,
  type EncodedColumn,
  encodeCounts,
  encodeNumbers,
  encodeTexts,
  encodeValues,
  float64Of,
  textReader,
  uint32Of,
  type Value,
  valueAt,
} from './column-codec.ts'
import type { Connection } from './database.ts'
import type { RowCodec } from './hot-rows.ts'
import { hashId, makeFilter, positionsOf } from './id-filter.ts'
import type { Symbols } from './symbols.ts'

/** A chunk without its columns. */
export interface ChunkHead {
  readonly ref: number
  readonly deployment: number
  readonly version: number
  readonly rows: number
  readonly labelled: number
  readonly minAt: number
  readonly maxAt: number
  readonly minRow: number
  readonly maxRow: number
  /** By code unit; null where the chunk was written before they were noted. */
  readonly firstId: string | null
  readonly lastId: string | null
}

/** A chunk just written, as the index of ids notes it. */
export type AddedChunk = Pick<ChunkHead, 'ref' | 'firstId' | 'lastId'>

/** A row on its way into a chunk. */
export interface ChunkRow {
  readonly row: number
  readonly sample: Sample
  readonly label: { readonly label: Outcome; readonly at: number; readonly source: string } | null
}

/** A chunk whose columns are read as they are asked for. */
export interface Chunk {
  readonly head: ChunkHead
  /** Kept in memory as long as the chunk is. */
  readonly column: (name: string) => DecodedColumn
  /** For one use. */
  readonly read: (name: string) => DecodedColumn
  readonly at: () => Float64Array
  readonly row: () => Float64Array
  readonly id: (position: number) => string
  /** Hashes of the ids by position. */
  readonly hashes: () => Float64Array
  /** Position of a sample id, -1 when it is not here. */
  readonly find: (id: string, hash: number) => number
  readonly positionOfRow: (row: number) => number
  /** With the label that was sealed with it. */
  readonly sample: (position: number) => LabelledSample
}

export const inputColumn = (name: string) => `i:${name}`
export const scoreColumn = (className: string) => `s:${className}`

export const headColumns = `ref, deployment, version, rows, labelled, min_at AS minAt, max_at AS maxAt, min_row AS minRow,
  max_row AS maxRow, first_id AS firstId, last_id AS lastId`

/** The first and last of ids by code unit. */
export function idRangeOf(ids: readonly string[]): { readonly firstId: string; readonly lastId: string } {
  let [firstId, lastId] = [ids[0], ids[0]]
  for (const id of ids) {
    if (id < firstId) firstId = id
    if (id > lastId) lastId = id
  }
  return { firstId, lastId }
}

/** Reads and writes chunks: up to 65,536 samples of one deployment and version as columns, in order of row. */
export function makeChunks(connection: Connection, symbols: Symbols, codec: RowCodec) {
  const { db } = connection
  const overlapping = db.prepare<[number, number, number], ChunkHead>(
    `SELECT ${headColumns} FROM chunk WHERE deployment = ? AND max_at >= ? AND min_at < ? ORDER BY max_at DESC, ref DESC`,
  )
  const columnRow = db.prepare<[number, string], EncodedColumn>(
    'SELECT encoding, dictionary, data FROM chunk_column WHERE chunk = ? AND name = ?',
  )
  const columnNames = db.prepare<[number], string>('SELECT name FROM chunk_column WHERE chunk = ?').pluck()
  const headRow = db.prepare<[number], ChunkHead>(`SELECT ${headColumns} FROM chunk WHERE ref = ?`)

  /** Chunks of a deployment with a sample in `[from, to)`, newest first. */
  function list(deployment: number, from: number, to: number): ChunkHead[] {
    return overlapping.all(deployment, from, to)
  }

  function open(head: ChunkHead): Chunk {
    const decoded = new Map<string, DecodedColumn>()
    const raw = (name: string) => columnRow.get(head.ref, name)

    function read(name: string): DecodedColumn {
      const stored = raw(name)
      return stored === undefined ? { kind: 'none' } : decodeColumn(stored)
    }

    function column(name: string): DecodedColumn {
      const known = decoded.get(name)
      if (known !== undefined) return known
      const fresh = read(name)
      decoded.set(name, fresh)
      return fresh
    }

    function numbers(name: string): Float64Array {
      const found = column(name)
      if (found.kind !== 'numbers') throw new Error(`Chunk ${head.ref} lacks its column ${name}`)
      return found.values
    }

    let readId: ((position: number) => string) | null = null
    function id(position: number): string {
      readId ??= textReader(raw('$id')?.data ?? new Uint8Array(0), head.rows)
      return readId(position)
    }

    let positions: Uint32Array | null = null
    function find(sampleId: string, hash: number): number {
      const { from, to } = positionsOf(numbers('$hash'), hash)
      if (from === to) return -1
      positions ??= uint32Of(raw('$position')?.data ?? new Uint8Array(0))
      for (let at = from; at < to; at += 1) if (id(positions[at]) === sampleId) return positions[at]
      return -1
    }

    function hashes(): Float64Array {
      const sorted = numbers('$hash')
      const order = uint32Of(raw('$position')?.data ?? new Uint8Array(0))
      const byPosition = new Float64Array(head.rows)
      for (let at = 0; at < order.length; at += 1) byPosition[order[at]] = sorted[at]
      return byPosition
    }

    function positionOfRow(row: number): number {
      const { from, to } = positionsOf(numbers('$row'), row)
      return from === to ? -1 : from
    }

    function sample(position: number): LabelledSample {
      const text = (name: string) => valueAt(column(name), position) as string | null
      const number = (name: string) => valueAt(column(name), position) as number | null
      const layout = codec.layout(number('$layout') as number)
      return {
        id: id(position),
        deploymentId: symbols.text(head.deployment),
        versionId: symbols.text(head.version),
        at: numbers('$at')[position],
        arrivedAt: numbers('$arrived')[position],
        inputs: Object.fromEntries(layout.inputs.map((name) => [name, valueAt(column(inputColumn(name)), position)])),
        prediction: valueAt(column('$prediction'), position) as Outcome,
        scores:
          layout.scores === null
            ? null
            : Object.fromEntries(layout.scores.map((name) => [name, number(scoreColumn(name)) as number])),
        latencyMs: number('$latency'),
        deviceId: text('$device'),
        seq: number('$seq'),
        label: valueAt(column('$label'), position) as Outcome | null,
        labelledAt: number('$labelledAt'),
        labelSource: text('$labelSource'),
      }
    }

    return {
      head,
      column,
      read,
      at: () => numbers('$at'),
      row: () => numbers('$row'),
      id,
      hashes,
      find,
      positionOfRow,
      sample,
    }
  }

  const insertChunk = db.readonly
    ? null
    : db.prepare(
        `INSERT INTO chunk (deployment, version, rows, labelled, min_at, max_at, min_row, max_row, first_id, last_id, filter)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
  const insertColumn = db.readonly
    ? null
    : db.prepare('INSERT OR REPLACE INTO chunk_column (chunk, name, encoding, dictionary, data) VALUES (?, ?, ?, ?, ?)')

  function putColumn(chunk: number, name: string, { encoding, dictionary, data }: EncodedColumn): void {
    insertColumn?.run(chunk, name, encoding, dictionary, data)
  }

  /** The three columns of labels, by position. */
  function putLabels(chunk: number, labels: readonly (ChunkRow['label'] | null)[]): void {
    putColumn(chunk, '$label', encodeValues(labels.map((label) => label?.label ?? null)))
    putColumn(chunk, '$labelledAt', encodeValues(labels.map((label) => label?.at ?? null)))
    putColumn(chunk, '$labelSource', encodeValues(labels.map((label) => label?.source ?? null)))
  }

  /** Writes a chunk without its columns but those by which ids are found. */
  function begin(head: Omit<ChunkHead, 'ref'>, hashes: Float64Array): AddedChunk {
    const { deployment, version, rows, labelled, minAt, maxAt, minRow, maxRow, firstId, lastId } = head
    const span = [minAt, maxAt, minRow, maxRow, firstId, lastId]
    const inserted = insertChunk?.run(deployment, version, rows, labelled, ...span, makeFilter(hashes))
    const ref = Number(inserted?.lastInsertRowid)
    const order = Uint32Array.from(hashes.keys()).sort((a, b) => hashes[a] - hashes[b])
    putColumn(ref, '$hash', encodeNumbers(Float64Array.from(order, (index) => hashes[index])))
    putColumn(ref, '$position', encodeCounts(order))
    return { ref, firstId, lastId }
  }

  /** Writes a chunk of rows in ascending order of `row`, all of one deployment and version. */
  function write(rows: readonly ChunkRow[]): AddedChunk {
    const first = rows[0].sample
    const at = Float64Array.from(rows, ({ sample }) => sample.at)
    const ids = rows.map(({ sample }) => sample.id)
    const added = begin(
      {
        deployment: symbols.ref(first.deploymentId),
        version: symbols.ref(first.versionId),
        rows: rows.length,
        labelled: rows.reduce((count, { label }) => count + (label === null ? 0 : 1), 0),
        minAt: at.reduce((least, value) => Math.min(least, value)),
        maxAt: at.reduce((most, value) => Math.max(most, value)),
        minRow: rows[0].row,
        maxRow: rows[rows.length - 1].row,
        ...idRangeOf(ids),
      },
      Float64Array.from(ids, hashId),
    )
    const { ref } = added
    const values = (pick: (row: ChunkRow) => Value) => encodeValues(rows.map(pick))
    putColumn(ref, '$at', encodeNumbers(at))
    putColumn(ref, '$row', encodeNumbers(Float64Array.from(rows, ({ row }) => row)))
    putColumn(ref, '$arrived', encodeNumbers(Float64Array.from(rows, ({ sample }) => sample.arrivedAt)))
    putColumn(ref, '$id', encodeTexts(ids))
    putColumn(
      ref,
      '$device',
      values(({ sample }) => sample.deviceId),
    )
    putColumn(
      ref,
      '$seq',
      values(({ sample }) => sample.seq),
    )
    putColumn(
      ref,
      '$latency',
      values(({ sample }) => sample.latencyMs),
    )
    putColumn(
      ref,
      '$prediction',
      values(({ sample }) => sample.prediction),
    )
    putLabels(
      ref,
      rows.map(({ label }) => label),
    )
    const inputs = new Set<string>()
    const scores = new Set<string>()
    const layouts = rows.map(({ sample }) => {
      const names = {
        inputs: Object.keys(sample.inputs),
        scores: sample.scores === null ? null : Object.keys(sample.scores),
      }
      for (const name of names.inputs) inputs.add(name)
      for (const name of names.scores ?? []) scores.add(name)
      return codec.layoutRef(names)
    })
    putColumn(ref, '$layout', encodeValues(layouts))
    for (const name of inputs)
      putColumn(
        ref,
        inputColumn(name),
        values(({ sample }) => (Object.hasOwn(sample.inputs, name) ? sample.inputs[name] : null)),
      )
    for (const name of scores)
      putColumn(
        ref,
        scoreColumn(name),
        values(({ sample: { scores: all } }) => (all !== null && Object.hasOwn(all, name) ? all[name] : null)),
      )
    return added
  }

  return {
    list,
    open,
    write,
    begin,
    putColumn,
    putLabels,
    /** The column of ids as it is stored. */
    rawIds: (ref: number) => columnRow.get(ref, '$id')?.data ?? new Uint8Array(0),
    head: (ref: number) => headRow.get(ref) ?? null,
    names: (ref: number) => columnNames.all(ref),
    hashes: (ref: number) => float64Of(columnRow.get(ref, '$hash')?.data ?? new Uint8Array(0)),
  }
}
export type Chunks = ReturnType<typeof makeChunks>
