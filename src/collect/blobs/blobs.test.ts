import { deflateSync } from 'node:zlib'
import { encode as encodePng } from 'fast-png'
import { encode as encodeJpeg } from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { decodeImage } from './decode-image.ts'
import { decodeWav } from './decode-wav.ts'
import { declaredSize, findHeaderFault } from './header.ts'
import { readEmbedding, takeBlob, takeEmbedding, takeText } from './take-blob.ts'

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})
function chunk(name: string, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(body.length + 12)
  bytes.writeUInt32BE(body.length, 0)
  bytes.write(name, 4, 'latin1')
  Buffer.from(body).copy(bytes, 8)
  let crc = 0xffffffff
  for (const byte of bytes.subarray(4, body.length + 8)) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8)
  bytes.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 8)
  return bytes
}
/** A PNG from its parts, whatever they say. */
function png(width: number, height: number, depth: number, colour: number, raw: Uint8Array, more: Buffer[] = []) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  header[9] = colour
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = chunk('IDAT', deflateSync(raw))
  return Buffer.concat([signature, chunk('IHDR', header), ...more, data, chunk('IEND', Buffer.alloc(0))])
}

describe('PNG', () => {
  it.each([1, 2, 3, 4] as const)('decodes %i channels of 8 bits', (channels) => {
    const data = Uint8Array.from({ length: 6 * channels }, (_, i) => (i * 37) % 256)
    const image = decodeImage(encodePng({ width: 3, height: 2, data, channels, depth: 8 }))
    expect(image).toEqual({ width: 3, height: 2, channels, data })
  })
  it('decodes 16 bits', () => {
    const data = Uint16Array.of(0x1234, 0xff00)
    const image = decodeImage(encodePng({ width: 2, height: 1, data, channels: 1, depth: 16 }))
    expect(image).toEqual({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0x12, 0xff) })
  })
  it('decodes grey of 1, 2 and 4 bits, rows from whole bytes', () => {
    expect(decodeImage(png(3, 2, 1, 0, Buffer.from([0, 0b10100000, 0, 0b01000000])))).toMatchObject({
      data: Uint8Array.of(255, 0, 255, 0, 255, 0),
    })
    expect(decodeImage(png(3, 1, 2, 0, Buffer.from([0, 0b00011100])))).toMatchObject({
      data: Uint8Array.of(0, 85, 255),
    })
    expect(decodeImage(png(3, 1, 4, 0, Buffer.from([0, 0x0f, 0x50])))).toMatchObject({
      data: Uint8Array.of(0, 255, 85),
    })
  })
  it('decodes palettes', () => {
    const palette = chunk('PLTE', Buffer.from([10, 20, 30, 40, 50, 60]))
    expect(decodeImage(png(2, 1, 8, 3, Buffer.from([0, 1, 0]), [palette]))).toMatchObject({
      data: Uint8Array.of(40, 50, 60, 10, 20, 30),
    })
    expect(decodeImage(png(3, 1, 1, 3, Buffer.from([0, 0b01000000]), [palette]))).toMatchObject({
      data: Uint8Array.of(10, 20, 30, 40, 50, 60, 10, 20, 30),
    })
    expect(decodeImage(png(1, 1, 8, 3, Buffer.from([0, 7]), [palette]))).toMatch(/palette/)
  })
  it('stops inflating where the declared size ends', () => {
    const bomb = png(2, 2, 8, 0, Buffer.alloc(50_000_000))
    expect(bomb.length).toBeLessThan(100_000)
    expect(decodeImage(bomb)).toMatch(/damaged.*larger/)
  })
  it('does not read what is not the picture', () => {
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), deflateSync(Buffer.alloc(50_000_000))]))
    expect(decodeImage(png(1, 1, 8, 0, Buffer.from([0, 9]), [profile]))).toMatchObject({ data: Uint8Array.of(9) })
  })
  it('says what is wrong with a damaged one', () => {
    const whole = png(8, 8, 8, 2, Buffer.alloc(8 * 25))
    expect(decodeImage(whole.subarray(0, whole.length - 20))).toMatch(/damaged/)
    expect(decodeImage(whole.subarray(0, 20))).toMatch(/neither/)
    expect(decodeImage(png(8, 8, 8, 2, Buffer.alloc(50)))).toMatch(/./)
    expect(decodeImage(png(0, 8, 8, 2, Buffer.alloc(50)))).toMatch(/0 x 8/)
    expect(decodeImage(png(1, 1, 8, 5, Buffer.alloc(2)))).toMatch(/colour type 5/)
  })
})

describe('JPEG', () => {
  const flat = (width: number, height: number, red: number, green: number, blue: number) => {
    const data = Buffer.alloc(width * height * 4, 255)
    for (let i = 0; i < width * height; i++) data.set([red, green, blue], i * 4)
    return encodeJpeg({ width, height, data }, 95).data
  }
  it('decodes colours', () => {
    const bytes = flat(17, 9, 200, 40, 90)
    expect(declaredSize(bytes)).toEqual({ width: 17, height: 9 })
    const image = decodeImage(bytes)
    if (typeof image === 'string') throw new Error(image)
    expect([image.width, image.height, image.channels, image.data.length]).toEqual([17, 9, 3, 17 * 9 * 3])
    for (const [at, value] of [200, 40, 90].entries()) expect(Math.abs(image.data[at] - value)).toBeLessThan(6)
  })
  it('says what is wrong with one that is cut off', () => {
    const bytes = flat(64, 64, 1, 2, 3)
    expect(decodeImage(bytes.subarray(0, 100))).toEqual(expect.any(String))
  })
  it('refuses by the declared size before decoding', () => {
    const bytes = Buffer.from(flat(16, 16, 1, 2, 3))
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]))
    bytes.writeUInt16BE(19_000, frame + 5)
    bytes.writeUInt16BE(19_000, frame + 7)
    expect(findHeaderFault(bytes, 'image')).toMatch(/19000 x 19000/)
    expect(decodeImage(bytes)).toMatch(/19000 x 19000/)
  })
})

describe('hostile bytes', () => {
  it('never throw, whatever is changed in them', () => {
    const seeds = [
      png(4, 4, 8, 2, Buffer.alloc(4 * 13, 3)),
      Buffer.from(encodeJpeg({ width: 8, height: 8, data: Buffer.alloc(256, 77) }, 80).data),
      wav(1, 16, 2, [Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])]),
    ]
    let state = 7
    const next = (below: number) => {
      state = (state * 1103515245 + 12345) % 2147483648
      return state % below
    }
    for (let turn = 0; turn < 1500; turn++) {
      const bytes = Buffer.from(seeds[turn % seeds.length])
      for (let changes = 1 + next(6); changes > 0; changes--) bytes[next(bytes.length)] = next(256)
      const cut = bytes.subarray(0, next(4) === 0 ? next(bytes.length) : bytes.length)
      expect(() => [decodeImage(cut), decodeWav(cut), findHeaderFault(cut, 'image')]).not.toThrow()
    }
  })
})

function wav(tag: number, bits: number, channels: number, data: Buffer[], rate = 8000): Buffer {
  const body = Buffer.concat(data)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + body.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(tag, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE((rate * channels * bits) / 8, 28)
  head.writeUInt16LE((channels * bits) / 8, 32)
  head.writeUInt16LE(bits, 34)
  head.write('data', 36)
  head.writeUInt32LE(body.length, 40)
  return Buffer.concat([head, body])
}

describe('WAV', () => {
  const samplesOf = (bytes: Buffer) => {
    const decoded = decodeWav(bytes)
    if (typeof decoded === 'string') throw new Error(decoded)
    return decoded.channels.map((samples) => [...samples])
  }
  it('reads PCM of every width', () => {
    expect(samplesOf(wav(1, 8, 1, [Buffer.from([0, 128, 192])]))).toEqual([[-1, 0, 0.5]])
    expect(samplesOf(wav(1, 16, 1, [Buffer.from(Int16Array.of(-32768, 0, 16384).buffer)]))).toEqual([[-1, 0, 0.5]])
    expect(samplesOf(wav(1, 24, 1, [Buffer.from([0, 0, 0x80, 0, 0, 0x40])]))).toEqual([[-1, 0.5]])
    expect(samplesOf(wav(1, 32, 1, [Buffer.from(Int32Array.of(-2147483648, 1073741824).buffer)]))).toEqual([[-1, 0.5]])
  })
  it('reads floats, and parts channels', () => {
    const data = Buffer.from(Float32Array.of(0.5, -1, Number.NaN, 2).buffer)
    expect(samplesOf(wav(3, 32, 2, [data]))).toEqual([
      [0.5, 0],
      [-1, 2],
    ])
    expect(samplesOf(wav(3, 64, 1, [Buffer.from(Float64Array.of(0.25).buffer)]))).toEqual([[0.25]])
  })
  it('knows the largest value of its encoding', () => {
    const decoded = decodeWav(wav(1, 16, 1, [Buffer.from(Int16Array.of(32767, -32768, 32766).buffer)]))
    if (typeof decoded === 'string') throw new Error(decoded)
    const [samples] = decoded.channels
    expect([...samples].map((value) => Math.abs(value) >= decoded.fullScale)).toEqual([true, true, false])
  })
  it('reads what is there of a stream that never said its length', () => {
    const bytes = wav(1, 8, 1, [Buffer.from([128, 0])])
    bytes.writeUInt32LE(0xffffffff, 40)
    expect(samplesOf(bytes)).toEqual([[0, -1]])
  })
  it.each([
    ['another format', wav(7, 8, 1, []), /format 7/],
    ['no channels', wav(1, 8, 0, []), /0 channels/],
    ['no samples', wav(1, 8, 1, []).subarray(0, 36), /no samples/],
    ['no WAV', Buffer.from('RIFFxxxxAVI '), /no WAV/],
  ])('says what is wrong: %s', (_, bytes, reason) => expect(decodeWav(bytes)).toMatch(reason))
})

describe('blobs in messages', () => {
  const picture = Buffer.from(encodePng({ width: 1, height: 1, data: Uint8Array.of(1), channels: 1, depth: 8 }))
  it('come as base64 or as data URIs', () => {
    const base64 = picture.toString('base64')
    const plain = takeBlob(base64, 'image', 1000)
    expect(plain).toMatchObject({ bytes: picture })
    expect(takeBlob(`data:image/png;base64,${base64}`, 'image', 1000)).toEqual(plain)
  })
  it.each([
    ['no base64', 'a picture!', /not base64/],
    ['too much', 'A'.repeat(2000), /2000 characters/],
    ['something else', Buffer.from('hello').toString('base64'), /neither PNG nor JPEG/],
  ])('are refused: %s', (_, text, reason) => expect(takeBlob(text, 'image', 1000)).toMatch(reason))
  it('hold texts and embeddings', () => {
    expect(takeText('né')).toMatchObject({ bytes: Buffer.from('né') })
    expect(takeText('x'.repeat(300_000))).toMatch(/300000 bytes/)
    const taken = takeEmbedding([0.5, -2], 2)
    if (typeof taken === 'string') throw new Error(taken)
    expect([...readEmbedding(taken.bytes)]).toEqual([0.5, -2])
    expect(takeEmbedding([1], 2)).toMatch(/declares 2/)
    expect(takeEmbedding([1e300], 1)).toMatch(/32 bits/)
  })
})
