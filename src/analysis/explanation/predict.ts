import type { Column, SampleTable } from '../../contract/table.ts'
import type { ModelForm } from './model-form.ts'

/** Predictions for rows, in their order. Rejects when they cannot be had. */
export type Predict = (rows: SampleTable) => Promise<Column>

/** For each class its score a row, or under `value` the prediction of a regression. Rejects like Predict. */
export type PredictScores = (rows: SampleTable) => Promise<ReadonlyMap<string, Float64Array>>

/**
 * Holds rows ready and predicts them with one column's values in another order, the others unmoved: what a shuffle asks many times, without
 * writing the table each time.
 */
export type OpenShuffler = (rows: SampleTable) => (column: string, order: Uint32Array) => Promise<Column>

/** A model that answers about rows nobody has seen. */
export interface AskedModel {
  readonly source: 'endpoint' | 'onnx'
  readonly predict: Predict
  readonly scores: PredictScores
  readonly openShuffler: OpenShuffler | null
  /** What it computes, where that is known. */
  readonly form: ModelForm | null
}
