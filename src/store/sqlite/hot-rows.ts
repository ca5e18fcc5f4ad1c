import type { Outcome, Sample } from '../../contract/sample.ts'
import type { Connection } from './database.ts'
import type { Symbols } from './symbols.ts'

/** One hot row as SQLite gives it in raw mode, in the order of `hotColumns`. */
export type HotRow = [
  row: number,
  deployment: number,
  version: number,
  at: number,
  arrivedAt: number,
  id: string,
  device: number | null,
  seq: number | null,
  latencyMs: number | null,
  predictionClass: number | null,
  predictionValue: number | null,
  layout: number,
  data: string,
]
export const hotColumns =
  'row, deployment, version, at, arrived_at, id, device, seq, latency_ms, prediction_class, prediction_value, layout, data'

/** Which names a row's values belong to, in order; written once for all rows that agree. */
export interface Layout {
  readonly inputs: readonly string[]
  /** Null when the sample had no scores. */
  readonly scores: readonly string[] | null
}

/** A class name as a symbol or a number: exactly one of the two. */
export type OutcomePair = [classRef: number | null, value: number | null]

/** Whether the members of a record are these, in this order. */
function fits(names: readonly string[] | null, values: Readonly<Record<string, unknown>> | null): boolean {
  if (names === null || values === null) return names === values
  let index = 0
  for (const name in values) if (names[index++] !== name) return false
  return index === names.length
}

/** Samples and outcomes to rows and back. */
export function makeRowCodec(connection: Connection, symbols: Symbols, layoutNames: Symbols) {
  const layouts = new Map<number, Layout>()
  /** The layout of the sample before: the next one nearly always has the same. */
  let recent: { readonly layout: Layout; readonly ref: number } | null = null
  connection.onRollback(() => {
    layouts.clear()
    recent = null
  })

  function layout(ref: number): Layout {
    const known = layouts.get(ref)
    if (known !== undefined) return known
    const read = JSON.parse(layoutNames.text(ref)) as Layout
    layouts.set(ref, read)
    return read
  }

  const layoutRef = (names: Layout) => layoutNames.ref(JSON.stringify(names))

  function outcomePair(outcome: Outcome): OutcomePair {
    return typeof outcome === 'string' ? [symbols.ref(outcome), null] : [null, outcome]
  }

  function outcome(classRef: number | null, value: number | null): Outcome {
    return classRef === null ? (value as number) : symbols.text(classRef)
  }

  function layoutOf({ inputs, scores }: Sample): { readonly layout: Layout; readonly ref: number } {
    if (recent !== null && fits(recent.layout.inputs, inputs) && fits(recent.layout.scores, scores)) return recent
    const layout = { inputs: Object.keys(inputs), scores: scores === null ? null : Object.keys(scores) }
    recent = { layout, ref: layoutRef(layout) }
    return recent
  }

  function encode(row: number, sample: Sample): HotRow {
    const { layout, ref } = layoutOf(sample)
    const values: unknown[] = []
    for (const name of layout.inputs) values.push(sample.inputs[name])
    if (sample.scores !== null && layout.scores !== null)
      for (const name of layout.scores) values.push(sample.scores[name])
    const [predictionClass, predictionValue] = outcomePair(sample.prediction)
    return [
      row,
      symbols.ref(sample.deploymentId),
      symbols.ref(sample.versionId),
      sample.at,
      sample.arrivedAt,
      sample.id,
      sample.deviceId === null ? null : symbols.ref(sample.deviceId),
      sample.seq,
      sample.latencyMs,
      predictionClass,
      predictionValue,
      ref,
      JSON.stringify(values),
    ]
  }

  function decode(row: HotRow): Sample {
    const [, deployment, version, at, arrivedAt, id, device, seq, latencyMs, predictionClass, predictionValue] = row
    const { inputs, scores } = layout(row[11])
    const values = JSON.parse(row[12]) as Sample['inputs'][string][]
    return {
      id,
      deploymentId: symbols.text(deployment),
      versionId: symbols.text(version),
      at,
      arrivedAt,
      inputs: Object.fromEntries(inputs.map((name, index) => [name, values[index]])),
      prediction: outcome(predictionClass, predictionValue),
      scores:
        scores === null
          ? null
          : Object.fromEntries(scores.map((name, index) => [name, values[inputs.length + index] as number])),
      latencyMs,
      deviceId: device === null ? null : symbols.text(device),
      seq,
    }
  }

  return { layout, layoutRef, outcomePair, outcome, encode, decode }
}
export type RowCodec = ReturnType<typeof makeRowCodec>
