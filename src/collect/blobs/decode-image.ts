import { inflateSync } from 'node:zlib'
import { decode as decodeWholePng } from 'fast-png'
import { decode as decodeJpeg } from 'jpeg-js'
import { declaredSize, mediaTypeOf, mostPixels } from './header.ts'

/** Pixels of 8 bits a value, row by row. */
export interface DecodedImage {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 2 | 3 | 4
  readonly data: Uint8Array
}

/** Memory that the decoder of JPEG may take besides the file. */
const jpegMegabytes = 256
const valuesPerPixel: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/**
 * Decodes a PNG or JPEG, or says in a sentence why it cannot. Size is checked before anything is inflated, and inflating stops
 * at what the size needs; only the chunks that make the picture are read.
 */
export function decodeImage(bytes: Uint8Array): DecodedImage | string {
  const type = mediaTypeOf(bytes)
  const size = declaredSize(bytes)
  if ((type !== 'image/png' && type !== 'image/jpeg') || size === null) return 'it is neither a whole PNG nor JPEG'
  const { width, height } = size
  if (width === 0 || height === 0) return `it has ${width} x ${height} pixels`
  if (width * height > mostPixels) return `it has ${width} x ${height} pixels, more than ${mostPixels}`
  try {
    return type === 'image/png' ? decodePng(bytes, width, height) : decodeAsRgb(bytes, width, height)
  } catch (error) {
    return `it is damaged (${error instanceof Error ? error.message : String(error)})`.slice(0, 300)
  }
}

function decodeAsRgb(bytes: Uint8Array, width: number, height: number): DecodedImage | string {
  const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false } as const
  const limits = { maxResolutionInMP: mostPixels / 1e6, maxMemoryUsageInMB: jpegMegabytes }
  const { data } = decodeJpeg(bytes, { ...options, ...limits })
  if (data.length !== width * height * 3) return 'it has fewer pixels than it declares'
  return { width, height, channels: 3, data }
}

/** The chunks that make the picture: profiles, texts and other frames are inflated without bound by decoders. */
const neededChunks = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

function decodePng(bytes: Uint8Array, width: number, height: number): DecodedImage | string {
  const [depth, colour, , , interlace] = bytes.subarray(24, 29)
  const perPixel = valuesPerPixel[colour]
  if (perPixel === undefined) return `it has no colour type ${colour}`
  const { needed, compressed } = pickChunks(bytes)
  // One byte a row says how it is filtered; of interlaced pictures each of seven passes has rows of its own.
  const rowBytes = Math.ceil((width * perPixel * depth) / 8) + 1
  const mostBytes = rowBytes * height + (interlace === 0 ? 0 : 16 * (width + height) + 64)
  inflateSync(compressed, { maxOutputLength: mostBytes + 1024 })
  const decoded = decodeWholePng(needed)
  if (decoded.width !== width || decoded.height !== height) return 'its size changes on the way'
  if (decoded.palette) {
    const { palette } = decoded
    const indices = unpack(decoded.data, decoded.depth, width, height)
    const data = new Uint8Array(width * height * 3)
    for (let pixel = 0; pixel < indices.length; pixel++) {
      const entry = palette[indices[pixel]]
      if (entry === undefined) return 'it uses a colour that its palette does not have'
      for (let channel = 0; channel < 3; channel++) data[pixel * 3 + channel] = entry[channel]
    }
    return { width, height, channels: 3, data }
  }
  const { channels } = decoded
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4) return `it has ${channels} channels`
  if (decoded.depth < 8) {
    const most = 2 ** decoded.depth - 1
    const grey = unpack(decoded.data, decoded.depth, width, height).map((value) => Math.round((value * 255) / most))
    return { width, height, channels: 1, data: grey }
  }
  const data =
    decoded.depth === 16 ? Uint8Array.from(decoded.data, (value) => value >> 8) : Uint8Array.from(decoded.data)
  return data.length === width * height * channels ? { width, height, channels, data } : 'it has too few pixels'
}

/** Values of fewer than eight bits, each in a byte of its own; rows begin at whole bytes. */
function unpack(data: ArrayLike<number>, depth: number, width: number, height: number): Uint8Array {
  if (depth === 8) return Uint8Array.from(data)
  const rowBytes = Math.ceil((width * depth) / 8)
  const mask = 2 ** depth - 1
  const values = new Uint8Array(width * height)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const bit = column * depth
      const byte = data[row * rowBytes + (bit >> 3)]
      values[row * width + column] = (byte >> (8 - depth - (bit & 7))) & mask
    }
  return values
}

function pickChunks(bytes: Uint8Array): { needed: Uint8Array; compressed: Buffer } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Uint8Array[] = [bytes.subarray(0, 8)]
  const compressed: Uint8Array[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at)
    if (end > bytes.length) throw new Error('a chunk is cut off')
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (neededChunks.has(name)) chunks.push(bytes.subarray(at, end))
    if (name === 'IDAT') compressed.push(bytes.subarray(at + 8, end - 4))
    if (name === 'IEND') return { needed: Buffer.concat(chunks), compressed: Buffer.concat(compressed) }
    at = end
  }
  throw new Error('its end is missing')
}
