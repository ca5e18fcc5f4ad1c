/**
 * Columnar data in memory: what analyses take and the store gives. Plain types, because these never cross a
 * border as JSON; files and messages are parsed into them.
 */

/** Missing is NaN. Infinite values are kept and counted as out of range. */
export interface NumericColumn {
  readonly type: 'numeric'
  readonly values: Float64Array
}

/** Missing is code -1; other codes index `categories`. Images appear as categories of digests and are not analysed. */
export interface CategoricalColumn {
  readonly type: 'categorical'
  readonly codes: Int32Array
  readonly categories: readonly string[]
}

export type Column = NumericColumn | CategoricalColumn

/** Named columns of equal length. */
export interface Table {
  readonly n: number
  readonly columns: ReadonlyMap<string, Column>
}

/** Samples (or rows of a dataset) as columns: inputs apart from prediction, label and scores. */
export interface SampleTable extends Table {
  readonly ids: readonly string[] | null
  /** Event times in epoch ms, null for datasets without time. */
  readonly at: Float64Array | null
  readonly prediction: Column | null
  readonly label: Column | null
  /** Score per class (classification) or under the class name `value` (regression); NaN where missing. */
  readonly scores: ReadonlyMap<string, Float64Array>
  readonly latencyMs: Float64Array | null
}
