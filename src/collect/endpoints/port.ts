import type { EndpointConfig } from '../../contract/connection.ts'
import type { ColumnSpec, SchemaSpec } from '../../contract/model.ts'
import type { EndpointResult, HttpCaller } from '../http-call.ts'
import type { InferOutput, InferRow, ModelMetadata } from '../inference-tensors.ts'

/** One served model, whatever its server speaks. */
export interface EndpointClient {
  /** Name and version of the server. */
  server(signal?: AbortSignal): Promise<EndpointResult<{ name: string; version: string }>>
  /** What the server says of the model; tensors and versions are empty where its protocol has no words for them. */
  metadata(signal?: AbortSignal): Promise<EndpointResult<ModelMetadata>>
  ready(signal?: AbortSignal): Promise<EndpointResult<boolean>>
  /** Predictions for rows, in their order. `columns` are the inputs in the order the model takes them; pictures are bytes. */
  infer(
    rows: readonly InferRow[],
    columns: readonly ColumnSpec[],
    schema: SchemaSpec,
    signal?: AbortSignal,
  ): Promise<EndpointResult<InferOutput[]>>
}

/** What an adapter is made of. */
export interface AdapterParts {
  readonly config: EndpointConfig
  readonly http: HttpCaller
}

/** A model of which the server says nothing but that it is there. */
export const unsaidMetadata = (name: string): ModelMetadata => ({ name, inputs: [], outputs: [] })
