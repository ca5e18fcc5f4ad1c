import type { LabelledSample } from '../../contract/sample.ts'
import type { Chunks } from './chunks.ts'
import type { Connection } from './database.ts'
import { type HotRow, hotColumns, type RowCodec } from './hot-rows.ts'
import type { LabelReader, LabelRow } from './labels.ts'

export const always = { from: 0, to: Number.MAX_SAFE_INTEGER } as const

/** Walks over whole stored samples: for recounts and moves, not for analyses. */
export function makeSampleScan(connection: Connection, chunks: Chunks, codec: RowCodec, labels: LabelReader) {
  const { db } = connection
  const hotRows = db
    .prepare<[number, number, number], [...HotRow, ...LabelRow]>(
      `SELECT ${hotColumns
        .split(', ')
        .map((name) => `s.${name}`)
        .join(', ')}, l.class, l.value, l.at, l.source
       FROM sample s LEFT JOIN label l ON l.row = s.row WHERE s.deployment = ? AND s.at >= ? AND s.at < ?`,
    )
    .raw()
  const laterLabels = db
    .prepare<[number, number], [number, ...LabelRow]>(
      'SELECT row, class, value, at, source FROM label WHERE row BETWEEN ? AND ?',
    )
    .raw()

  /** Visits every sample of a deployment in a window, in no particular order. */
  function each(
    deployment: number,
    window: { from: number; to: number },
    visit: (row: number, sample: LabelledSample) => void,
  ): void {
    for (const row of hotRows.iterate(deployment, window.from, window.to)) {
      const label = row.slice(13) as unknown as LabelRow
      const sample = codec.decode(row as unknown as HotRow)
      visit(row[0], {
        ...sample,
        ...(label[2] === null ? { label: null, labelledAt: null, labelSource: null } : labels.labelOf(label)),
      })
    }
    for (const head of chunks.list(deployment, window.from, window.to)) {
      const chunk = chunks.open(head)
      const [at, rows] = [chunk.at(), chunk.row()]
      const later = new Map<number, LabelRow>()
      for (const [row, ...label] of laterLabels.iterate(head.minRow, head.maxRow)) later.set(row, label)
      for (let position = 0; position < head.rows; position += 1) {
        if (at[position] < window.from || at[position] >= window.to) continue
        const sample = chunk.sample(position)
        const label = later.get(rows[position])
        visit(rows[position], label === undefined ? sample : { ...sample, ...labels.labelOf(label) })
      }
    }
  }

  return { each, laterLabels }
}
export type SampleScan = ReturnType<typeof makeSampleScan>
