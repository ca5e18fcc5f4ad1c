/** Samples of a recording, one array a channel, full scale at 1. */
export interface DecodedAudio {
  readonly sampleRate: number
  readonly channels: readonly Float32Array[]
  /** The largest value that the encoding holds. */
  readonly fullScale: number
}

const mostChannels = 16
const [pcm, float, extensible] = [1, 3, 0xfffe]

/**
 * Decodes a WAV file (RIFF, little end first): PCM of 8, 16, 24 or 32 bits, floats of 32 or 64 bits, plain or extensible. A sentence
 * when it is none. A `data` chunk that claims more than there is, as recorders write that stream, is read as far as it goes;
 * memory is bounded by the file, for nothing is compressed.
 */
export function decodeWav(bytes: Uint8Array): DecodedAudio | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const nameAt = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12 || nameAt(0) !== 'RIFF' || nameAt(8) !== 'WAVE') return 'it is no WAV file'
  let format: { tag: number; channels: number; sampleRate: number; bits: number } | null = null
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = nameAt(at)
    const size = view.getUint32(at + 4, true)
    const from = at + 8
    if (name === 'fmt ') {
      if (size < 16 || from + size > bytes.length) return 'its format chunk is cut off'
      let tag = view.getUint16(from, true)
      if (tag === extensible && size >= 26) tag = view.getUint16(from + 24, true)
      const channels = view.getUint16(from + 2, true)
      format = { tag, channels, sampleRate: view.getUint32(from + 4, true), bits: view.getUint16(from + 14, true) }
    } else if (name === 'data') {
      if (format === null) return 'its samples come before their format'
      return readSamples(view, from, Math.min(bytes.length, from + size), format)
    }
    // Chunks begin at even places.
    at = from + size + (size & 1)
  }
  return 'it has no samples'
}

function readSamples(
  view: DataView,
  from: number,
  to: number,
  { tag, channels, sampleRate, bits }: { tag: number; channels: number; sampleRate: number; bits: number },
): DecodedAudio | string {
  if (channels < 1 || channels > mostChannels) return `it has ${channels} channels`
  if (sampleRate < 1 || sampleRate > 768_000) return `it has a sample rate of ${sampleRate} Hz`
  const read = readerOf(view, tag, bits)
  if (read === null) return `samples of format ${tag} with ${bits} bits are not read`
  const width = bits / 8
  const length = Math.floor((to - from) / (width * channels))
  const samples = Array.from({ length: channels }, () => new Float32Array(length))
  for (let i = 0, at = from; i < length; i++)
    for (let channel = 0; channel < channels; channel++, at += width) {
      const value = read(at)
      samples[channel][i] = Number.isFinite(value) ? value : 0
    }
  // Rounded to what the arrays hold, so that the largest sample reaches it.
  const fullScale = tag === float ? 1 : Math.fround(1 - 2 ** (1 - bits))
  return { sampleRate, channels: samples, fullScale }
}

function readerOf(view: DataView, tag: number, bits: number): ((at: number) => number) | null {
  if (tag === float && bits === 32) return (at) => view.getFloat32(at, true)
  if (tag === float && bits === 64) return (at) => view.getFloat64(at, true)
  if (tag !== pcm) return null
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128
  if (bits === 16) return (at) => view.getInt16(at, true) / 32_768
  if (bits === 24)
    return (at) => ((view.getInt8(at + 2) << 16) | (view.getUint8(at + 1) << 8) | view.getUint8(at)) / 8_388_608
  return bits === 32 ? (at) => view.getInt32(at, true) / 2_147_483_648 : null
}
