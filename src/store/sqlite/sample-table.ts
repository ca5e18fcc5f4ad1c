import type { SchemaSpec } from '../../contract/model.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import type { SampleStore } from '../store.ts'
import type { Chunk, Chunks } from './chunks.ts'
import { type ColumnBuilder, makeColumnBuilder, pick, reorder } from './column-builder.ts'
import { type DecodedColumn, type Value, valueAt } from './column-codec.ts'
import type { Connection } from './database.ts'
import { type HotRow, hotColumns, type RowCodec } from './hot-rows.ts'
import type { LabelRow } from './labels.ts'
import { timeOrder } from './row-order.ts'
import type { SampleScan } from './sample-scan.ts'
import type { Symbols } from './symbols.ts'

type TableQuery = Parameters<SampleStore['table']>[0]
type HotLabelled = [...HotRow, LabelRow[0], LabelRow[1]]

/** Rows of one chunk that the query takes. */
interface Piece {
  readonly chunk: Chunk
  /** Null: all rows. */
  readonly positions: Uint32Array | null
  readonly n: number
  /** Labels that came after sealing, by position. */
  readonly later: ReadonlyMap<number, Value>
}

/** Everything about a query's columns, before the rows are read. */
interface Shape {
  readonly n: number
  readonly typeOf: (column: string) => 'numeric' | 'categorical' | null
  readonly outcomeType: 'numeric' | 'categorical' | null
  readonly isWanted: (column: string) => boolean
}

/** Reads samples as columns: chunks by copying arrays, hot rows one by one. */
export function makeSampleTable(
  connection: Connection,
  symbols: Symbols,
  codec: RowCodec,
  chunks: Chunks,
  scan: SampleScan,
) {
  const { db } = connection
  const qualified = hotColumns
    .split(', ')
    .map((name) => `s.${name}`)
    .join(', ')
  const hotRows = db
    .prepare<[number, number, number], HotLabelled>(
      `SELECT ${qualified}, l.class, l.value FROM sample s LEFT JOIN label l ON l.row = s.row
       WHERE s.deployment = ? AND s.at >= ? AND s.at < ? ORDER BY s.at, s.row`,
    )
    .raw()
  const versionBody = db.prepare<[string], string>(`SELECT body FROM record WHERE kind = 'version' AND id = ?`).pluck()

  function schemaOf(version: number): SchemaSpec | null {
    const body = versionBody.get(symbols.text(version))
    return body === undefined ? null : (JSON.parse(body) as { schema: SchemaSpec }).schema
  }

  function pieceOf(head: Parameters<Chunks['open']>[0], { window, labelledOnly }: TableQuery): Piece {
    const chunk = chunks.open(head)
    const later = new Map<number, Value>()
    for (const [row, classRef, value] of scan.laterLabels.iterate(head.minRow, head.maxRow)) {
      const position = chunk.positionOfRow(row)
      if (position >= 0) later.set(position, codec.outcome(classRef, value))
    }
    const isInside = head.minAt >= window.from && head.maxAt < window.to
    if (isInside && (labelledOnly !== true || head.labelled === head.rows))
      return { chunk, positions: null, n: head.rows, later }
    const at = chunk.at()
    const label = labelledOnly === true ? chunk.column('$label') : null
    const kept = new Uint32Array(head.rows)
    let n = 0
    for (let position = 0; position < head.rows; position += 1) {
      if (at[position] < window.from || at[position] >= window.to) continue
      if (label !== null && valueAt(label, position) === null && !later.has(position)) continue
      kept[n] = position
      n += 1
    }
    return { chunk, positions: kept.slice(0, n), n, later }
  }

  /** Chunks oldest first; with a limit only as many of the newest as are needed. */
  function piecesOf(deployment: number, version: number | null, query: TableQuery): Piece[] {
    const pieces: Piece[] = []
    for (const head of chunks.list(deployment, query.window.from, query.window.to)) {
      if (version !== null && head.version !== version) continue
      if (query.limit !== undefined) {
        const newer = pieces.filter((piece) => piece.chunk.head.minAt > head.maxAt)
        if (newer.reduce((total, piece) => total + piece.n, 0) >= query.limit) break
      }
      const piece = pieceOf(head, query)
      if (piece.n > 0) pieces.push(piece)
    }
    return pieces.reverse()
  }

  function hotOf(deployment: number, version: number | null, { window, labelledOnly }: TableQuery): HotLabelled[] {
    const rows: HotLabelled[] = []
    for (const row of hotRows.iterate(deployment, window.from, window.to)) {
      if (version !== null && row[2] !== version) continue
      if (labelledOnly === true && row[13] === null && row[14] === null) continue
      rows.push(row)
    }
    return rows
  }

  /** What the versions that occur declare; a column that any of them calls categorical is. */
  function shapeOf(query: TableQuery, pieces: readonly Piece[], hot: readonly HotLabelled[]): Shape {
    const versions = new Set([...pieces.map(({ chunk }) => chunk.head.version), ...hot.map((row) => row[2])])
    const types = new Map<string, 'numeric' | 'categorical'>()
    let outcomeType: Shape['outcomeType'] = null
    for (const version of versions) {
      const schema = schemaOf(version)
      if (schema === null) continue
      outcomeType = schema.task === 'regression' ? (outcomeType ?? 'numeric') : 'categorical'
      for (const { name, type } of schema.columns)
        types.set(name, type === 'numeric' ? (types.get(name) ?? 'numeric') : 'categorical')
    }
    const wanted = query.columns == null ? null : new Set(query.columns)
    return {
      n: pieces.reduce((total, piece) => total + piece.n, hot.length),
      typeOf: (column) => types.get(column) ?? null,
      outcomeType,
      isWanted: (column) => wanted === null || wanted.has(column),
    }
  }

  function build(query: TableQuery, pieces: readonly Piece[], hot: readonly HotLabelled[]): SampleTable {
    const shape = shapeOf(query, pieces, hot)
    const { n } = shape
    const at = new Float64Array(n)
    const row = new Float64Array(n)
    const latency = makeColumnBuilder(n, 'numeric')
    const prediction = makeColumnBuilder(n, shape.outcomeType)
    const label = makeColumnBuilder(n, shape.outcomeType)
    const inputs = new Map<string, ColumnBuilder>()
    const scores = new Map<string, ColumnBuilder>()
    const ids = query.withIds === true ? new Array<string>(n) : null
    const input = (name: string) => builderOf(inputs, name, n, shape.typeOf(name))
    const score = (name: string) => builderOf(scores, name, n, 'numeric')

    let offset = 0
    for (const { chunk, positions, n: rows, later } of pieces) {
      const copy = (builder: ColumnBuilder, column: DecodedColumn) => builder.copy(offset, column, positions, rows)
      const [times, numbers] = [chunk.at(), chunk.row()]
      for (let index = 0; index < rows; index += 1) {
        const position = positions === null ? index : positions[index]
        at[offset + index] = times[position]
        row[offset + index] = numbers[position]
        if (ids !== null) ids[offset + index] = chunk.id(position)
      }
      copy(latency, chunk.read('$latency'))
      copy(prediction, chunk.read('$prediction'))
      copyLabels(label, chunk, positions, offset, rows, later)
      for (const name of chunks.names(chunk.head.ref)) {
        if (name.startsWith('s:')) copy(score(name.slice(2)), chunk.read(name))
        else if (name.startsWith('i:') && shape.isWanted(name.slice(2))) copy(input(name.slice(2)), chunk.read(name))
      }
      offset += rows
    }
    for (const [index, hotRow] of hot.entries()) {
      const to = offset + index
      at[to] = hotRow[3]
      row[to] = hotRow[0]
      if (ids !== null) ids[to] = hotRow[5]
      latency.set(to, hotRow[8])
      prediction.set(to, codec.outcome(hotRow[9], hotRow[10]))
      if (hotRow[13] !== null || hotRow[14] !== null) label.set(to, codec.outcome(hotRow[13], hotRow[14]))
      const layout = codec.layout(hotRow[11])
      const values = JSON.parse(hotRow[12]) as Value[]
      layout.inputs.forEach((name, place) => {
        if (shape.isWanted(name)) input(name).set(to, values[place])
      })
      layout.scores?.forEach((name, place) => {
        score(name).set(to, values[layout.inputs.length + place])
      })
    }
    return finish({ query, at, row, latency, prediction, label, inputs, scores, ids })
  }

  function table(query: TableQuery): SampleTable {
    const deployment = symbols.find(query.deploymentId)
    const version = query.versionId === undefined ? null : (symbols.find(query.versionId) ?? -1)
    if (deployment === null) return build(query, [], [])
    return build(query, piecesOf(deployment, version, query), hotOf(deployment, version, query))
  }

  return { table }
}

function builderOf(
  builders: Map<string, ColumnBuilder>,
  name: string,
  n: number,
  type: 'numeric' | 'categorical' | null,
): ColumnBuilder {
  let builder = builders.get(name)
  if (builder === undefined) {
    builder = makeColumnBuilder(n, type)
    builders.set(name, builder)
  }
  return builder
}

/** A label that came after sealing wins over the sealed one. */
function copyLabels(
  label: ColumnBuilder,
  chunk: Chunk,
  positions: Uint32Array | null,
  offset: number,
  rows: number,
  later: ReadonlyMap<number, Value>,
): void {
  label.copy(offset, chunk.column('$label'), positions, rows)
  if (later.size === 0) return
  for (let index = 0; index < rows; index += 1) {
    const known = later.get(positions === null ? index : positions[index])
    if (known !== undefined) label.set(offset + index, known)
  }
}

interface Parts {
  readonly query: TableQuery
  readonly at: Float64Array
  readonly row: Float64Array
  readonly latency: ColumnBuilder
  readonly prediction: ColumnBuilder
  readonly label: ColumnBuilder
  readonly inputs: ReadonlyMap<string, ColumnBuilder>
  readonly scores: ReadonlyMap<string, ColumnBuilder>
  readonly ids: string[] | null
}

function finish({ query, at, row, latency, prediction, label, inputs, scores, ids }: Parts): SampleTable {
  const full = timeOrder(at, row)
  const { limit } = query
  const isCut = limit !== undefined && at.length > limit
  const order = isCut ? (full ?? Uint32Array.from(at.keys())).slice(at.length - limit) : full
  const arrange = (column: Column): Column => (order === null ? column : reorder(column, order))
  const numbers = (builder: ColumnBuilder): Float64Array => {
    const column = arrange(builder.finish())
    return column.type === 'numeric' ? column.values : new Float64Array(0)
  }
  // Names in order, so that the table does not depend on how it is stored.
  const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    n: order?.length ?? at.length,
    columns: new Map(sorted(inputs).map(([name, builder]) => [name, arrange(builder.finish())])),
    ids: ids === null ? null : order === null ? ids : Array.from(order, (index) => ids[index]),
    at: order === null ? at : pick(at, order),
    prediction: arrange(prediction.finish()),
    label: arrange(label.finish()),
    scores: new Map(sorted(scores).map(([name, builder]) => [name, numbers(builder)])),
    latencyMs: numbers(latency),
  }
}
