/** A payload that is not what it should be; says what is wrong. Thrown within this folder only. */
export class WireFault extends Error {}

/** One field of a message: its number, and its value as the wire has it. */
export interface Field {
  readonly number: number
  /** Varint or fixed 64 bits. */
  readonly bits: bigint
  /** Bytes of a length-delimited or fixed field, empty for a varint. */
  readonly bytes: Uint8Array
}

function readVarint(bytes: Uint8Array, from: number): { value: bigint; next: number } {
  let low = 0
  let at = from
  // Nearly every tag, length and value has less than 29 bits: those are read without big integers.
  for (let shift = 0; shift < 28; shift += 7) {
    if (at >= bytes.length) throw new WireFault('the payload ends within a number')
    const byte = bytes[at++]
    low |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value: BigInt(low), next: at }
  }
  let value = BigInt(low)
  for (let shift = 28n; shift < 70n; shift += 7n) {
    if (at >= bytes.length) throw new WireFault('the payload ends within a number')
    const byte = bytes[at++]
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: at }
  }
  throw new WireFault('a number has more than ten bytes')
}

/**
 * Walks through the fields of one Protocol Buffers message. Written by hand because it is this little: the library at hand builds its
 * decoders from source text at run time, and a decoder for hostile bytes should be readable. Linear; nothing is copied.
 */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  const none = new Uint8Array()
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at)
    at = tag.next
    const number = Number(tag.value >> 3n)
    const kind = Number(tag.value & 7n)
    if (number < 1 || number > 536_870_911) throw new WireFault(`field ${number} cannot be`)
    if (kind === 0) {
      const { value, next } = readVarint(bytes, at)
      at = next
      yield { number, bits: value, bytes: none }
      continue
    }
    let length = kind === 1 ? 8 : kind === 5 ? 4 : 0
    if (kind === 2) {
      const { value, next } = readVarint(bytes, at)
      at = next
      if (value > BigInt(bytes.length - at)) throw new WireFault(`field ${number} is longer than the payload`)
      length = Number(value)
    } else if (length === 0) throw new WireFault(`field ${number} has the unknown wire type ${kind}`)
    if (at + length > bytes.length) throw new WireFault(`the payload ends within field ${number}`)
    yield { number, bits: 0n, bytes: bytes.subarray(at, at + length) }
    at += length
  }
}
