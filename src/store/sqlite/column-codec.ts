/**
 * One column of a chunk as bytes, in this machine's (little-endian) order: numbers as Float64 with NaN for nothing, other
 * values as codes into a JSON dictionary with 0 for nothing, ids as offsets and UTF-8.
 */
export type Value = number | string | boolean | null
export type Encoding = 'none' | 'f64' | 'u32' | 'd8' | 'd16' | 'd32' | 'text'
export interface EncodedColumn {
  readonly encoding: Encoding
  readonly dictionary: string | null
  readonly data: Uint8Array
}

type Codes = Uint8Array | Uint16Array | Uint32Array
/** `dictionary[codes[i] - 1]`, code 0 is null. */
export interface DictionaryColumn {
  readonly kind: 'dictionary'
  readonly codes: Codes
  readonly dictionary: readonly Value[]
}
export interface NumberColumn {
  readonly kind: 'numbers'
  readonly values: Float64Array
}
export type DecodedColumn = NumberColumn | DictionaryColumn | { readonly kind: 'none' }

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

export const encodeNumbers = (values: Float64Array): EncodedColumn => ({
  encoding: 'f64',
  dictionary: null,
  data: bytesOf(values),
})

export const encodeCounts = (values: Uint32Array): EncodedColumn => ({
  encoding: 'u32',
  dictionary: null,
  data: bytesOf(values),
})

/** Encodes values of any kind exactly: each comes back as it was. Numbers must not be NaN. */
export function encodeValues(values: readonly Value[]): EncodedColumn {
  if (values.every((value) => value === null)) return { encoding: 'none', dictionary: null, data: new Uint8Array(0) }
  if (values.every((value) => value === null || typeof value === 'number'))
    return encodeNumbers(Float64Array.from(values, (value) => (value === null ? Number.NaN : (value as number))))
  const codeOf = new Map<Value, number>()
  const codes = new Uint32Array(values.length)
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]
    if (value === null) continue
    let code = codeOf.get(value)
    if (code === undefined) {
      code = codeOf.size + 1
      codeOf.set(value, code)
    }
    codes[row] = code
  }
  return encodeCodes(codes, [...codeOf.keys()])
}

/** Encodes codes into a dictionary of distinct values, 0 for nothing. */
export function encodeCodes(codes: Uint32Array, values: readonly Value[]): EncodedColumn {
  if (values.length === 0) return { encoding: 'none', dictionary: null, data: new Uint8Array(0) }
  const dictionary = JSON.stringify(values)
  if (values.length < 256) return { encoding: 'd8', dictionary, data: Uint8Array.from(codes) }
  if (values.length < 65_536) return { encoding: 'd16', dictionary, data: bytesOf(Uint16Array.from(codes)) }
  return { encoding: 'd32', dictionary, data: bytesOf(codes) }
}

/** A copy only where the bytes do not begin on a multiple of their size. */
function aligned(data: Uint8Array, size: number): [ArrayBufferLike, number, number] {
  const bytes = data.byteOffset % size === 0 ? data : data.slice()
  return [bytes.buffer, bytes.byteOffset, bytes.byteLength / size]
}

export const float64Of = (data: Uint8Array) => new Float64Array(...aligned(data, 8))
export const uint32Of = (data: Uint8Array) => new Uint32Array(...aligned(data, 4))

/** Reads a column that `encodeValues` or `encodeNumbers` made. */
export function decodeColumn({ encoding, dictionary, data }: EncodedColumn): DecodedColumn {
  switch (encoding) {
    case 'none':
      return { kind: 'none' }
    case 'f64':
      return { kind: 'numbers', values: float64Of(data) }
    case 'd8':
      return { kind: 'dictionary', codes: data, dictionary: JSON.parse(dictionary ?? '[]') }
    case 'd16':
      return {
        kind: 'dictionary',
        codes: new Uint16Array(...aligned(data, 2)),
        dictionary: JSON.parse(dictionary ?? '[]'),
      }
    case 'd32':
      return { kind: 'dictionary', codes: uint32Of(data), dictionary: JSON.parse(dictionary ?? '[]') }
    default:
      throw new Error(`A column of values cannot be encoded as ${encoding}`)
  }
}

/** Value of one row. */
export function valueAt(column: DecodedColumn, row: number): Value {
  if (column.kind === 'none') return null
  if (column.kind === 'dictionary') {
    const code = column.codes[row]
    return code === 0 ? null : column.dictionary[code - 1]
  }
  const value = column.values[row]
  return Number.isNaN(value) ? null : value
}

/** Texts, mostly distinct: n + 1 offsets, then UTF-8. */
export function encodeTexts(texts: readonly string[]): EncodedColumn {
  const bytes = texts.map((text) => Buffer.from(text, 'utf8'))
  const offsets = new Uint32Array(texts.length + 1)
  bytes.forEach((part, index) => {
    offsets[index + 1] = offsets[index] + part.length
  })
  return { encoding: 'text', dictionary: null, data: Buffer.concat([bytesOf(offsets), ...bytes]) }
}

/** Columns of texts one after the other as one, without decoding them. */
export function joinTexts(parts: readonly { readonly data: Uint8Array; readonly rows: number }[]): EncodedColumn {
  const offsets = new Uint32Array(parts.reduce((total, { rows }) => total + rows, 0) + 1)
  const bodies: Uint8Array[] = []
  let row = 0
  for (const { data, rows } of parts) {
    const head = (rows + 1) * 4
    const own = uint32Of(data.subarray(0, head))
    const begin = offsets[row]
    for (let at = 1; at <= rows; at += 1) offsets[row + at] = begin + own[at]
    bodies.push(data.subarray(head))
    row += rows
  }
  return { encoding: 'text', dictionary: null, data: Buffer.concat([bytesOf(offsets), ...bodies]) }
}

/** Reads single texts without decoding the others. */
export function textReader(data: Uint8Array, rows: number): (row: number) => string {
  const head = (rows + 1) * 4
  const offsets = uint32Of(data.subarray(0, head))
  const body = Buffer.from(data.buffer, data.byteOffset + head, data.byteLength - head)
  return (row) => body.toString('utf8', offsets[row], offsets[row + 1])
}
