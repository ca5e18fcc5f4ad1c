import { type Field, readFields, WireFault } from './read-wire.ts'

/** One metric of a Sparkplug B payload. `name` or `alias` is null where it was not sent. */
export interface Metric {
  readonly name: string | null
  readonly alias: string | null
  readonly at: number | null
  readonly datatype: number | null
  readonly isNull: boolean
  /** The number that was sent, still to be read by its type; null for text, bytes and structures. */
  readonly raw: RawValue | null
}

/** A value as the wire has it: which of the value fields, and its bits. */
export type RawValue =
  | { readonly kind: 'int' | 'long'; readonly bits: bigint }
  | { readonly kind: 'number'; readonly value: number }

export interface Payload {
  readonly at: number | null
  readonly seq: number | null
  readonly metrics: Metric[]
}

const maxMetrics = 20_000
const maxNameBytes = 1000
const utf8 = new TextDecoder('utf-8', { fatal: true })

function textOf({ bytes, number }: Field): string {
  if (bytes.length > maxNameBytes)
    throw new WireFault(`a name has ${bytes.length} bytes; at most ${maxNameBytes} are taken`)
  try {
    return utf8.decode(bytes)
  } catch {
    throw new WireFault(`field ${number} is not UTF-8 text`)
  }
}

/** Instants are milliseconds; what lies beyond any calendar is left for the time bounds to refuse. */
const toInstant = (bits: bigint) => Number(bits)

const viewOf = (bytes: Uint8Array, size: number) => {
  if (bytes.length !== size) throw new WireFault('a fractional number has the wrong length')
  return new DataView(bytes.buffer, bytes.byteOffset, size)
}

function rawOf(field: Field): RawValue | null {
  switch (field.number) {
    case 10:
      return { kind: 'int', bits: field.bits }
    case 11:
      return { kind: 'long', bits: field.bits }
    case 12:
      return { kind: 'number', value: viewOf(field.bytes, 4).getFloat32(0, true) }
    case 13:
      return { kind: 'number', value: viewOf(field.bytes, 8).getFloat64(0, true) }
    case 14:
      return { kind: 'number', value: field.bits === 0n ? 0 : 1 }
    default:
      return null
  }
}

function readMetric(bytes: Uint8Array): Metric {
  let name: string | null = null
  let alias: string | null = null
  let at: number | null = null
  let datatype: number | null = null
  let isNull = false
  let raw: RawValue | null = null
  for (const field of readFields(bytes)) {
    if (field.number === 1) name = textOf(field)
    else if (field.number === 2) alias = field.bits.toString()
    else if (field.number === 3) at = toInstant(field.bits)
    else if (field.number === 4) datatype = Number(field.bits)
    else if (field.number === 7) isNull = field.bits !== 0n
    else if (field.number >= 10 && field.number <= 18) raw = rawOf(field)
  }
  return { name, alias, at, datatype, isNull, raw }
}

/** Decodes a Sparkplug B payload. Throws WireFault with a sentence; unknown fields are passed over. */
export function decodePayload(bytes: Uint8Array): Payload {
  let at: number | null = null
  let seq: number | null = null
  const metrics: Metric[] = []
  for (const field of readFields(bytes)) {
    if (field.number === 1) at = toInstant(field.bits)
    else if (field.number === 2) {
      if (metrics.length >= maxMetrics) throw new WireFault(`more than ${maxMetrics} metrics in one payload`)
      metrics.push(readMetric(field.bytes))
    } else if (field.number === 3) seq = Number(field.bits)
  }
  return { at, seq, metrics }
}

/** Bits of the signed integer types; others are unsigned. */
const signedBits: Record<number, number> = { 1: 8, 2: 16, 3: 32, 4: 64 }
/** Int8 to Boolean. */
const isNumeric = (datatype: number) => datatype >= 1 && datatype <= 11

/** The number that a metric holds by its type (signed integers come in unsigned fields); null where it holds none. */
export function numberOf({ raw, isNull }: Pick<Metric, 'raw' | 'isNull'>, datatype: number | null): number | null {
  if (isNull || raw === null || (datatype !== null && !isNumeric(datatype))) return null
  if (raw.kind === 'number') return Number.isFinite(raw.value) ? raw.value : null
  const bits = datatype === null ? undefined : signedBits[datatype]
  return Number(bits === undefined ? raw.bits : BigInt.asIntN(bits, raw.bits))
}
