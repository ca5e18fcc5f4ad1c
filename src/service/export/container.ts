import { crc32 } from 'node:zlib'

/*
 * The one form in which an export is a ZIP archive. Entries are stored, not compressed, one after the other from the first byte on;
 * no extra fields, comments, flags or times (1 January 1980); then the central directory and its end record, and nothing else. So
 * names and contents decide every single byte of the file, and reading can demand every single one.
 */

export interface ContainedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Where an entry stands. */
export interface Placed {
  readonly name: string
  readonly crc: number
  readonly size: number
  /** Of its header, from the beginning of the archive. */
  readonly offset: number
}

/** Larger archives are neither written nor read. */
export const maxContainerBytes = 1024 * 1024 * 1024
export const maxEntries = 10_000
const maxNameLength = 200

export const localSignature = 0x04034b50
export const centralSignature = 0x02014b50
const endSignature = 0x06054b50
export const localHeaderBytes = 30
export const centralHeaderBytes = 46
export const endBytes = 22

const versionNeeded = 20
/** Made on Unix, by version 2.0: so that unpacking gives plain files that can be read. */
const versionMadeBy = (3 << 8) | 20
const fileMode = 0o100644
const firstDay = 0x0021

/** Plain relative names: nothing hidden, nothing that climbs, nothing that another system reads differently. */
export const isContainedName = (name: string): boolean =>
  name.length <= maxNameLength && /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(name)

export function encodeLocalHeader({ name, crc, size }: Pick<Placed, 'name' | 'crc' | 'size'>): Buffer {
  const header = Buffer.alloc(localHeaderBytes + name.length)
  header.writeUInt32LE(localSignature, 0)
  header.writeUInt16LE(versionNeeded, 4)
  header.writeUInt16LE(firstDay, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(size, 18)
  header.writeUInt32LE(size, 22)
  header.writeUInt16LE(name.length, 26)
  header.write(name, localHeaderBytes, 'latin1')
  return header
}

export function encodeCentralHeader({ name, crc, size, offset }: Placed): Buffer {
  const header = Buffer.alloc(centralHeaderBytes + name.length)
  header.writeUInt32LE(centralSignature, 0)
  header.writeUInt16LE(versionMadeBy, 4)
  header.writeUInt16LE(versionNeeded, 6)
  header.writeUInt16LE(firstDay, 14)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(size, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt32LE((fileMode << 16) >>> 0, 38)
  header.writeUInt32LE(offset, 42)
  header.write(name, centralHeaderBytes, 'latin1')
  return header
}

export function encodeEnd(entries: number, centralBytes: number, centralOffset: number): Buffer {
  const end = Buffer.alloc(endBytes)
  end.writeUInt32LE(endSignature, 0)
  end.writeUInt16LE(entries, 8)
  end.writeUInt16LE(entries, 10)
  end.writeUInt32LE(centralBytes, 12)
  end.writeUInt32LE(centralOffset, 16)
  return end
}

/** Throws on names that are not plain or come twice, and on more than an archive holds. */
export function writeContainer(files: readonly ContainedFile[]): Buffer {
  const parts: Uint8Array[] = []
  const placed: Placed[] = []
  const names = new Set<string>()
  let offset = 0
  for (const { name, bytes } of files) {
    if (!isContainedName(name)) throw new RangeError(`${JSON.stringify(name)} cannot name a file of an export`)
    if (names.has(name)) throw new RangeError(`The export would have two files called ${name}`)
    names.add(name)
    const entry = { name, crc: crc32(bytes), size: bytes.length, offset }
    const header = encodeLocalHeader(entry)
    parts.push(header, bytes)
    placed.push(entry)
    offset += header.length + bytes.length
  }
  const central = placed.map(encodeCentralHeader)
  const centralBytes = central.reduce((sum, header) => sum + header.length, 0)
  if (placed.length > maxEntries || offset + centralBytes + endBytes > maxContainerBytes)
    throw new RangeError('The export is too large')
  return Buffer.concat([...parts, ...central, encodeEnd(placed.length, centralBytes, offset)])
}
