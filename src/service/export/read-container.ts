import { crc32 } from 'node:zlib'
import {
  type ContainedFile,
  centralHeaderBytes,
  centralSignature,
  encodeCentralHeader,
  encodeEnd,
  encodeLocalHeader,
  endBytes,
  isContainedName,
  localHeaderBytes,
  localSignature,
  maxEntries,
  type Placed,
} from './container.ts'

/** Something in the archive that no export writes. `file` is the entry it belongs to; null for what belongs to none. */
export interface ContainerFault {
  readonly file: string | null
  readonly message: string
}

export interface ReadContainer {
  /** In their order; empty when nothing could be made of the bytes. */
  readonly files: readonly ContainedFile[]
  readonly faults: readonly ContainerFault[]
}

const isSame = (bytes: Buffer, offset: number, expected: Buffer) =>
  offset + expected.length <= bytes.length && bytes.subarray(offset, offset + expected.length).equals(expected)

const hasPlainNames = (placed: readonly Placed[]) =>
  placed.every(({ name }) => isContainedName(name)) && new Set(placed.map(({ name }) => name)).size === placed.length

/** Entries as the central directory tells them; null unless it, and the end record, are whole and fit each other. */
function readCentral(bytes: Buffer): Placed[] | null {
  const endAt = bytes.length - endBytes
  if (endAt < 0) return null
  const [count, size, start] = [
    bytes.readUInt16LE(endAt + 8),
    bytes.readUInt32LE(endAt + 12),
    bytes.readUInt32LE(endAt + 16),
  ]
  if (!isSame(bytes, endAt, encodeEnd(count, size, start)) || start + size !== endAt || count > maxEntries) return null
  const placed: Placed[] = []
  let at = start
  let offset = 0
  for (let place = 0; place < count; place++) {
    if (at + centralHeaderBytes > endAt) return null
    const nameLength = bytes.readUInt16LE(at + 28)
    if (at + centralHeaderBytes + nameLength > endAt) return null
    const entry = {
      name: bytes.toString('latin1', at + centralHeaderBytes, at + centralHeaderBytes + nameLength),
      crc: bytes.readUInt32LE(at + 16),
      size: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    }
    if (!isSame(bytes, at, encodeCentralHeader(entry)) || entry.offset !== offset) return null
    placed.push(entry)
    at += centralHeaderBytes + nameLength
    offset += localHeaderBytes + nameLength + entry.size
  }
  return at === endAt && offset === start && hasPlainNames(placed) ? placed : null
}

/** Entries as their own headers tell them, one after the other; null unless they lead to the central directory. */
function readLocals(bytes: Buffer): Placed[] | null {
  const placed: Placed[] = []
  let at = 0
  while (at + localHeaderBytes <= bytes.length && bytes.readUInt32LE(at) === localSignature) {
    const nameLength = bytes.readUInt16LE(at + 26)
    if (at + localHeaderBytes + nameLength > bytes.length || placed.length >= maxEntries) return null
    const entry = {
      name: bytes.toString('latin1', at + localHeaderBytes, at + localHeaderBytes + nameLength),
      crc: bytes.readUInt32LE(at + 14),
      size: bytes.readUInt32LE(at + 18),
      offset: at,
    }
    if (!isSame(bytes, at, encodeLocalHeader(entry))) return null
    placed.push(entry)
    at += localHeaderBytes + nameLength + entry.size
  }
  // The directory begins here by its own mark, or by what the end record says: one damaged byte cannot hide both.
  const endAt = bytes.length - endBytes
  const isMarked = at + 4 <= bytes.length && bytes.readUInt32LE(at) === centralSignature
  const isNamed = endAt >= at && bytes.readUInt32LE(endAt + 16) === at
  return (isMarked || isNamed) && placed.length > 0 && hasPlainNames(placed) ? placed : null
}

/** The name that stands at a place, as far as it can be read, to be shown beside the one that should. */
function nameAt(bytes: Buffer, offset: number, headerBytes: number, length: number): string {
  const name = bytes.toString('latin1', offset + headerBytes, offset + headerBytes + length)
  return isContainedName(name) ? name : JSON.stringify(name.replace(/[^\x20-\x7e]/g, '?'))
}

/**
 * Reads an archive and compares every byte that is not content with what `writeContainer` would have written, and every content with
 * its checksum. Never throws: what is wrong is a fault that names the entry. Nothing is inflated and nothing is written, so a hostile
 * file can cost no more memory than it has bytes.
 */
export function readContainer(given: Uint8Array): ReadContainer {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  // One damaged byte can make either list unreadable, not both.
  const placed = readCentral(bytes) ?? readLocals(bytes)
  if (placed === null)
    return {
      files: [],
      faults: [{ file: null, message: 'This is not an export: it is damaged beyond its entries, or no such archive' }],
    }
  const faults: ContainerFault[] = []
  const files = placed.map(({ name, crc, size, offset }): ContainedFile => {
    const header = encodeLocalHeader({ name, crc, size })
    if (!isSame(bytes, offset, header)) {
      const found = nameAt(bytes, offset, localHeaderBytes, name.length)
      faults.push({
        file: name,
        message: `The header of ${name} was changed${found === name ? '' : ` (it names ${found})`}`,
      })
    }
    const content = bytes.subarray(offset + header.length, offset + header.length + size)
    if (content.length !== size || crc32(content) !== crc)
      faults.push({ file: name, message: `${name} does not have the checksum that the archive gives it` })
    return { name, bytes: content }
  })
  const last = placed[placed.length - 1]
  let at = last === undefined ? 0 : last.offset + localHeaderBytes + last.name.length + last.size
  const centralOffset = at
  for (const entry of placed) {
    const expected = encodeCentralHeader(entry)
    if (!isSame(bytes, at, expected)) {
      const found = nameAt(bytes, at, centralHeaderBytes, entry.name.length)
      const names = found === entry.name ? '' : ` (it names ${found})`
      faults.push({ file: entry.name, message: `The directory entry of ${entry.name} was changed${names}` })
    }
    at += expected.length
  }
  const end = encodeEnd(placed.length, at - centralOffset, centralOffset)
  if (!isSame(bytes, at, end)) faults.push({ file: null, message: 'The end record of the archive was changed' })
  if (bytes.length > at + end.length)
    faults.push({ file: null, message: `${bytes.length - at - end.length} bytes follow the end of the archive` })
  return { files, faults }
}
