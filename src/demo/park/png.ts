import { decode, encode, hasPngSignature } from 'fast-png'
import { FRAME_SIZE, FRAME_VALUES, type Frame } from './frame.ts'

/** A 32 x 32 frame stored without any compression stays below this; more is not a frame. */
const MAX_PNG_BYTES = 16 * 1024

/** Encodes a frame as an 8-bit RGB PNG. */
export function encodePng(frame: Frame): Uint8Array {
  return encode({ width: frame.width, height: frame.height, data: frame.pixels, channels: 3, depth: 8 })
}

/** What became of bytes that claim to be a frame. */
export type DecodedFrame = { ok: true; frame: Frame } | { ok: false; reason: string }

/**
 * Decodes the PNG of a frame. Size and dimensions are checked before anything is inflated; greyscale, palette and
 * transparency are refused, because the camera sends none.
 */
export function decodePng(bytes: Uint8Array): DecodedFrame {
  const refuse = (reason: string): DecodedFrame => ({ ok: false, reason })
  if (bytes.length > MAX_PNG_BYTES) return refuse(`the PNG is larger than ${MAX_PNG_BYTES} bytes`)
  if (bytes.length < 33 || !hasPngSignature(bytes)) return refuse('it is not a PNG')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  if (width !== FRAME_SIZE || height !== FRAME_SIZE) {
    return refuse(`the picture is ${width} x ${height}, expected ${FRAME_SIZE} x ${FRAME_SIZE}`)
  }
  try {
    const png = decode(bytes, { checkCrc: true })
    if (png.channels !== 3 || png.depth !== 8 || png.palette) return refuse('the PNG is not 8-bit RGB')
    if (png.data.length !== FRAME_VALUES) return refuse('the PNG has too few pixels')
    return { ok: true, frame: { width, height, pixels: Uint8Array.from(png.data) } }
  } catch (error) {
    return refuse(`the PNG is damaged (${error instanceof Error ? error.message : String(error)})`)
  }
}
