import type { BlobFacts, BlobMeasure } from '../../contract/blob.ts'
import type { ColumnSpec } from '../../contract/model.ts'

/** A blob of a sample, and the inputs of that sample that its measures are to fill. */
export interface MeasureOrder {
  /** The column that holds the blob. */
  readonly spec: ColumnSpec
  readonly bytes: Uint8Array
  readonly wanted: readonly { readonly name: string; readonly measure: BlobMeasure }[]
  readonly into: Record<string, number | string | null>
}

/** Measures blobs; one answer an order, null for a blob that cannot be decoded. At once where that is cheap. */
export type MeasureBlobs = (
  orders: readonly Pick<MeasureOrder, 'spec' | 'bytes'>[],
) => readonly (BlobFacts | null)[] | Promise<readonly (BlobFacts | null)[]>

function fill(orders: readonly MeasureOrder[], answers: readonly (BlobFacts | null)[]): void {
  for (const [index, { wanted, into }] of orders.entries())
    for (const { name, measure } of wanted) {
      const value = answers[index]?.[measure] ?? null
      // Endless numbers are no measures.
      into[name] = typeof value === 'number' && !Number.isFinite(value) ? null : value
    }
}

/**
 * Fills derived columns. A blob that cannot be decoded leaves them empty and its sample stands: the prediction was made on it, and
 * a camera that begins to fail is what a monitor is for. Empty columns count as missing in the integrity report.
 */
export function fillMeasures(orders: readonly MeasureOrder[], measure: MeasureBlobs): void | Promise<void> {
  const answers = measure(orders)
  if (!(answers instanceof Promise)) return fill(orders, answers)
  return answers.then((late) => fill(orders, late))
}
