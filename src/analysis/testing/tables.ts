import type { CategoricalColumn, Column, NumericColumn, SampleTable } from '../../contract/table.ts'

/** A column from plain values: numbers (null is missing) or texts (null is missing), by the first value present. */
export function columnOf(values: readonly (number | string | null)[]): Column {
  const first = values.find((value) => value !== null)
  return typeof first === 'string' ? categories(values as (string | null)[]) : numbers(values as (number | null)[])
}

export function numbers(values: readonly (number | null)[] | Float64Array): NumericColumn {
  return { type: 'numeric', values: Float64Array.from(values, (value) => value ?? Number.NaN) }
}

export function categories(values: readonly (string | null)[]): CategoricalColumn {
  const names = [...new Set(values.filter((value) => value !== null))]
  const place = new Map(names.map((name, code) => [name, code]))
  return {
    type: 'categorical',
    codes: Int32Array.from(values, (value) => (value === null ? -1 : (place.get(value) ?? -1))),
    categories: names,
  }
}

/** A table of columns; what else a sample has may be given. */
export function tableOf(columns: Record<string, Column>, rest: Partial<SampleTable> = {}): SampleTable {
  const any = [...Object.values(columns), rest.prediction, rest.label].find((column) => column)
  const n = any ? (any.type === 'numeric' ? any.values.length : any.codes.length) : 0
  return {
    n,
    columns: new Map(Object.entries(columns)),
    ids: null,
    at: null,
    prediction: null,
    label: null,
    scores: new Map(),
    latencyMs: null,
    ...rest,
  }
}
