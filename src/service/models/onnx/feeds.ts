import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Column, SampleTable } from '../../../contract/table.ts'

/** Loaded where it is needed: most workers never open a model. */
export type Runtime = typeof import('onnxruntime-node')
type Input = InferenceSession.TensorValueMetadata

/** Raised where rows cannot be written as the model takes them. */
export class FeedFault extends Error {}

/** One input of the model: the columns it holds, in order, and its element type. */
export interface FeedInput {
  readonly name: string
  readonly type: string
  readonly columns: readonly string[]
  /** Dimensions after the first. */
  readonly rest: readonly number[]
}

/** Which columns go where: one packed matrix, or one tensor a column by name. Null where the model takes something else. */
export function planFeeds(inputs: readonly Input[], columns: readonly string[]): FeedInput[] | null {
  const [only] = inputs
  if (inputs.length === 1 && only.shape.length === 2 && (columns.length > 1 || columns[0] !== only.name)) {
    const width = only.shape[1]
    if (typeof width === 'number' && width > 0 && width !== columns.length) return null
    return [{ name: only.name, type: only.type, columns, rest: [columns.length] }]
  }
  const declared = new Map(inputs.map((input) => [input.name, input]))
  if (columns.some((name) => !declared.has(name))) return null
  return columns.map((name) => {
    const { type, shape } = declared.get(name) as Input
    return { name, type, columns: [name], rest: shape.slice(1).map(() => 1) }
  })
}

export type FeedArray = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[]

export function allocate(type: string, size: number): FeedArray {
  if (type === 'float32') return new Float32Array(size)
  if (type === 'float64') return new Float64Array(size)
  if (type === 'int64') return new BigInt64Array(size)
  if (type === 'int32') return new Int32Array(size)
  if (type === 'bool') return new Uint8Array(size)
  if (type === 'string') return new Array<string>(size).fill('')
  throw new FeedFault(`the model takes ${type}, which is not supported here`)
}

/** Writes rows [from, to) of a column into every `stride`-th place from `offset`; `order` names the row to take instead. */
export function writeColumn(
  column: Column | undefined,
  into: FeedArray,
  {
    offset,
    stride,
    from,
    to,
    order,
  }: { offset: number; stride: number; from: number; to: number; order?: Uint32Array },
): void {
  if (into instanceof Float32Array || into instanceof Float64Array) {
    if (column !== undefined && column.type === 'categorical')
      throw new FeedFault('the model takes numbers, not categories')
    const values = column?.values
    for (let row = from, place = offset; row < to; row++, place += stride)
      into[place] = values === undefined ? Number.NaN : values[order === undefined ? row : order[row]]
    return
  }
  const write = writerOf(into)
  for (let row = from, place = offset; row < to; row++, place += stride)
    write(place, valueAt(column, order === undefined ? row : order[row]))
}

function valueAt(column: Column | undefined, row: number): number | string | null {
  if (column === undefined) return null
  if (column.type === 'numeric') return Number.isNaN(column.values[row]) ? null : column.values[row]
  return column.codes[row] < 0 ? null : column.categories[column.codes[row]]
}

function writerOf(
  into: Exclude<FeedArray, Float32Array | Float64Array>,
): (place: number, value: number | string | null) => void {
  const whole = (value: number | string | null) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      throw new FeedFault(`${JSON.stringify(value)} is not whole, and the model takes whole numbers`)
    return value
  }
  if (into instanceof BigInt64Array)
    return (place, value) => {
      into[place] = BigInt(whole(value))
    }
  if (into instanceof Int32Array)
    return (place, value) => {
      into[place] = whole(value)
    }
  if (into instanceof Uint8Array)
    return (place, value) => {
      if (![true, false, 'true', 'false', 1, 0].includes(value as never))
        throw new FeedFault(`${JSON.stringify(value)} is neither true nor false`)
      into[place] = value === 'true' || value === 1 ? 1 : 0
    }
  return (place, value) => {
    into[place] = value === null ? '' : String(value)
  }
}

/** Rows [from, to) as tensors. */
export function feedsOf(
  { Tensor }: Runtime,
  plan: readonly FeedInput[],
  table: SampleTable,
  from: number,
  to: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    plan.map(({ name, type, columns, rest }) => {
      const stride = columns.length
      const data = allocate(type, (to - from) * stride)
      columns.forEach((column, offset) => {
        writeColumn(table.columns.get(column), data, { offset, stride, from, to })
      })
      return [name, tensorOf({ Tensor }, type, data, [to - from, ...rest])]
    }),
  )
}

export const tensorOf = (
  { Tensor }: Pick<Runtime, 'Tensor'>,
  type: string,
  data: FeedArray,
  shape: readonly number[],
): Tensor => new Tensor(type as 'float32', data as Float32Array, shape)
