/*
 * The few messages of the public ONNX schema that say what a small model computes. The reader is its own because the service otherwise
 * needs no protobuf, and because repeated numbers of large tree ensembles are read straight from the bytes; what it does
 * not understand it skips, as the wire format intends.
 */

export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: Float64Array
}
export interface OnnxAttribute {
  readonly f: number
  readonly i: number
  readonly s: string
  readonly floats: Float64Array
  readonly ints: Float64Array
  readonly strings: readonly string[]
  readonly tensor: OnnxTensor | null
}
export interface OnnxNode {
  readonly op: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, OnnxAttribute>
}
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: ReadonlyMap<string, OnnxTensor>
  /** The inputs that are fed. */
  readonly inputs: readonly OnnxDeclared[]
  readonly outputs: readonly OnnxDeclared[]
  /** What whoever wrote the file noted in it. */
  readonly metadata: ReadonlyMap<string, string>
}

/** A declared input or output. */
export interface OnnxDeclared {
  readonly name: string
  /** As ONNX numbers them; 0 for what is no tensor. */
  readonly elementType: number
  /** −1 for a length that is left open. */
  readonly shape: readonly number[]
}

/** Thrown for bytes that are no ONNX file, or hold what is not read here (external data, odd element types). */
export class OnnxReadFault extends Error {}

interface Field {
  readonly number: number
  readonly type: number
  /** Wire types 0, 1 and 5. */
  readonly scalar: bigint
  readonly bytes: Uint8Array
}

const none = new Uint8Array()
const text = new TextDecoder()

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new OnnxReadFault('the file ends in the middle')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asIntN(64, value)
    }
    throw new OnnxReadFault('a number is too long')
  }
  const take = (length: number): Uint8Array => {
    if (!(length >= 0 && at + length <= bytes.length)) throw new OnnxReadFault('the file ends in the middle')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const number = tag >>> 3
    const type = tag & 7
    if (type === 0) yield { number, type, scalar: varint(), bytes: none }
    else if (type === 2) yield { number, type, scalar: 0n, bytes: take(Number(varint())) }
    else if (type === 1) yield { number, type, scalar: 0n, bytes: take(8) }
    else if (type === 5) yield { number, type, scalar: 0n, bytes: take(4) }
    else throw new OnnxReadFault('a field is of an unknown kind')
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function floatsOf(bytes: Uint8Array, width: 4 | 8): Float64Array {
  const view = viewOf(bytes)
  return Float64Array.from({ length: Math.floor(bytes.length / width) }, (_, i) =>
    width === 4 ? view.getFloat32(i * 4, true) : view.getFloat64(i * 8, true),
  )
}

/** Packed or single whole numbers, appended. */
function addWhole(field: Field, into: number[]): void {
  if (field.type === 0) {
    into.push(Number(field.scalar))
    return
  }
  let at = 0
  const { bytes } = field
  while (at < bytes.length) {
    let value = 0n
    let shift = 0n
    let byte: number
    do {
      byte = bytes[at++] ?? 0
      value |= BigInt(byte & 127) << shift
      shift += 7n
    } while (byte >= 128 && shift < 70n)
    into.push(Number(BigInt.asIntN(64, value)))
  }
}

function addFloats(field: Field, width: 4 | 8, into: number[]): void {
  for (const value of floatsOf(field.bytes, width)) into.push(value)
}

const readers: Readonly<Record<number, (bytes: Uint8Array) => Float64Array>> = {
  1: (bytes) => floatsOf(bytes, 4),
  11: (bytes) => floatsOf(bytes, 8),
  6: (bytes) => Float64Array.from({ length: bytes.length >> 2 }, (_, i) => viewOf(bytes).getInt32(i * 4, true)),
  7: (bytes) =>
    Float64Array.from({ length: bytes.length >> 3 }, (_, i) => Number(viewOf(bytes).getBigInt64(i * 8, true))),
}

function tensorOf(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = []
  const listed: number[] = []
  let name = ''
  let type = 0
  let raw: Uint8Array | null = null
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) addWhole(field, dims)
    else if (field.number === 2) type = Number(field.scalar)
    else if (field.number === 4) addFloats(field, 4, listed)
    else if (field.number === 5 || field.number === 7) addWhole(field, listed)
    else if (field.number === 8) name = text.decode(field.bytes)
    else if (field.number === 9) raw = field.bytes
    else if (field.number === 10) addFloats(field, 8, listed)
    else if (field.number === 13) throw new OnnxReadFault('numbers stand in another file')
  }
  const values = raw === null ? Float64Array.from(listed) : (readers[type]?.(raw) ?? new Float64Array())
  return { name, dims, values }
}

function attributeOf(bytes: Uint8Array): [string, OnnxAttribute] {
  let name = ''
  let f = 0
  let i = 0
  let s = ''
  let tensor: OnnxTensor | null = null
  const floats: number[] = []
  const ints: number[] = []
  const strings: string[] = []
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = text.decode(field.bytes)
    else if (field.number === 2) f = floatsOf(field.bytes, 4)[0]
    else if (field.number === 3) i = Number(field.scalar)
    else if (field.number === 4) s = text.decode(field.bytes)
    else if (field.number === 5) tensor = tensorOf(field.bytes)
    else if (field.number === 7) addFloats(field, 4, floats)
    else if (field.number === 8) addWhole(field, ints)
    else if (field.number === 9) strings.push(text.decode(field.bytes))
  }
  return [name, { f, i, s, tensor, strings, floats: Float64Array.from(floats), ints: Float64Array.from(ints) }]
}

function nodeOf(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes = new Map<string, OnnxAttribute>()
  let op = ''
  let domain = ''
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(text.decode(field.bytes))
    else if (field.number === 2) outputs.push(text.decode(field.bytes))
    else if (field.number === 4) op = text.decode(field.bytes)
    else if (field.number === 5) attributes.set(...attributeOf(field.bytes))
    else if (field.number === 7) domain = text.decode(field.bytes)
  }
  return { op, domain, inputs, outputs, attributes }
}

function declaredOf(bytes: Uint8Array): OnnxDeclared {
  let name = ''
  let elementType = 0
  const shape: number[] = []
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = text.decode(field.bytes)
    if (field.number !== 2) continue
    for (const type of fieldsOf(field.bytes)) {
      if (type.number !== 1) continue
      for (const part of fieldsOf(type.bytes))
        if (part.number === 1) elementType = Number(part.scalar)
        else if (part.number === 2)
          for (const dimension of fieldsOf(part.bytes))
            if (dimension.number === 1) shape.push(lengthOf(dimension.bytes))
    }
  }
  return { name, elementType, shape }
}

function lengthOf(dimension: Uint8Array): number {
  for (const field of fieldsOf(dimension)) if (field.number === 1) return Number(field.scalar)
  return -1
}

/** Key and value of a note. */
function noteOf(bytes: Uint8Array): [string, string] {
  let key = ''
  let value = ''
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) key = text.decode(field.bytes)
    else if (field.number === 2) value = text.decode(field.bytes)
  }
  return [key, value]
}

/** The graph of an ONNX file. Throws OnnxReadFault. O(bytes). */
export function readOnnxGraph(bytes: Uint8Array): OnnxGraph {
  const nodes: OnnxNode[] = []
  const initializers = new Map<string, OnnxTensor>()
  const inputs: OnnxDeclared[] = []
  const outputs: OnnxDeclared[] = []
  const metadata = new Map<string, string>()
  for (const model of fieldsOf(bytes)) {
    if (model.number === 14 && model.type === 2) metadata.set(...noteOf(model.bytes))
    if (model.number !== 7 || model.type !== 2) continue
    for (const field of fieldsOf(model.bytes)) {
      if (field.number === 1) nodes.push(nodeOf(field.bytes))
      else if (field.number === 5) {
        const tensor = tensorOf(field.bytes)
        initializers.set(tensor.name, tensor)
      } else if (field.number === 11) inputs.push(declaredOf(field.bytes))
      else if (field.number === 12) outputs.push(declaredOf(field.bytes))
    }
  }
  if (nodes.length === 0) throw new OnnxReadFault('there is no graph')
  return { nodes, initializers, inputs: inputs.filter(({ name }) => !initializers.has(name)), outputs, metadata }
}
