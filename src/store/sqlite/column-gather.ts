import {
  type DecodedColumn,
  type EncodedColumn,
  encodeCodes,
  encodeNumbers,
  encodeValues,
  type Value,
  valueAt,
} from './column-codec.ts'

/** Rows picked from several chunks laid end to end: which chunk and which position in it, in the order wanted. */
export interface Selection {
  readonly chunk: Uint16Array
  readonly position: Uint32Array
}

const isNumbers = (part: DecodedColumn) => part.kind !== 'dictionary'
const isCodes = (part: DecodedColumn) => part.kind !== 'numbers'

function gatherNumbers(parts: readonly DecodedColumn[], { chunk, position }: Selection): EncodedColumn {
  const values = new Float64Array(position.length)
  for (let row = 0; row < values.length; row += 1) {
    const part = parts[chunk[row]]
    values[row] = part.kind === 'numbers' ? part.values[position[row]] : Number.NaN
  }
  return encodeNumbers(values)
}

function gatherCodes(parts: readonly DecodedColumn[], { chunk, position }: Selection): EncodedColumn {
  const codeOf = new Map<Value, number>()
  // What each part's codes are called now; a code gets its number when it is first met, so that unused ones go.
  const renamed = parts.map((part) =>
    part.kind === 'dictionary' ? new Uint32Array(part.dictionary.length + 1) : new Uint32Array(0),
  )
  const codes = new Uint32Array(position.length)
  for (let row = 0; row < codes.length; row += 1) {
    const part = parts[chunk[row]]
    if (part.kind !== 'dictionary') continue
    const code = part.codes[position[row]]
    if (code === 0) continue
    const names = renamed[chunk[row]]
    if (names[code] === 0) {
      const value = part.dictionary[code - 1]
      names[code] = codeOf.get(value) ?? codeOf.size + 1
      codeOf.set(value, names[code])
    }
    codes[row] = names[code]
  }
  return encodeCodes(codes, [...codeOf.keys()])
}

/** One column of the selected rows, without making a value of each where the parts agree in kind. */
export function gatherColumn(parts: readonly DecodedColumn[], selection: Selection): EncodedColumn {
  if (parts.every(({ kind }) => kind === 'none')) return { encoding: 'none', dictionary: null, data: new Uint8Array(0) }
  if (parts.every(isNumbers)) return gatherNumbers(parts, selection)
  if (parts.every(isCodes)) return gatherCodes(parts, selection)
  const { chunk, position } = selection
  return encodeValues(Array.from(position, (at, row) => valueAt(parts[chunk[row]], at)))
}
