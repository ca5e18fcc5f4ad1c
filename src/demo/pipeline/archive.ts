import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { SPECIES } from '../park/breeds.ts'
import { FRAME_VALUES } from '../park/frame.ts'

/*
 * One file of records of fixed size, used as a ring: frames as the pipeline heard them, and their labels once they come. One
 * program writes; a training run, another program, reads the whole file at any time. A record that was being written when it
 * was read fails its check sum and is passed over.
 *
 *   0 check sum of 8..end (uint32) | 4 label (1 + class, 0 none) | 8 instant (float64) | 16 length of the id | 17 id | 96 pixels
 */
const HEADER_BYTES = 96
const RECORD_BYTES = HEADER_BYTES + FRAME_VALUES
const ID_OFFSET = 17
const MAX_ID_BYTES = HEADER_BYTES - ID_OFFSET
const CLASSES: readonly string[] = SPECIES

/** Frames kept: the newest. */
export const ARCHIVE_CAPACITY = 6000

export interface ArchivedFrame {
  readonly id: string
  readonly at: number
  readonly pixels: Uint8Array
  /** Index of the class; null while nobody has said. */
  readonly label: number | null
}

export interface Archive {
  add(frame: { readonly id: string; readonly at: number; readonly pixels: Uint8Array }): void
  /** Sets the label of a frame; false when the frame is not there or the label is not a class. */
  label(id: string, species: string): boolean
  close(): void
}

/** Opens the archive for writing, making the file where there is none. */
export function openArchive(path: string, capacity = ARCHIVE_CAPACITY): Archive {
  const file = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600)
  const slots = new Map<string, number>()
  const ids: (string | undefined)[] = []
  const frames = readRecords(readWhole(file))
  frames.forEach((frame) => {
    slots.set(frame.id, frame.slot)
    ids[frame.slot] = frame.id
  })
  const newest = frames.toSorted((a, b) => a.at - b.at).at(-1)
  let next = newest === undefined ? 0 : (newest.slot + 1) % capacity
  const record = Buffer.alloc(RECORD_BYTES)
  return {
    add({ id, at, pixels }) {
      const idBytes = Buffer.from(id)
      if (idBytes.length > MAX_ID_BYTES || pixels.length !== FRAME_VALUES || slots.has(id)) return
      record.fill(0)
      record.writeDoubleLE(at, 8)
      record.writeUInt8(idBytes.length, 16)
      idBytes.copy(record, ID_OFFSET)
      record.set(pixels, HEADER_BYTES)
      record.writeUInt32LE(crc32(record.subarray(8)), 0)
      writeSync(file, record, 0, RECORD_BYTES, next * RECORD_BYTES)
      const replaced = ids[next]
      if (replaced !== undefined) slots.delete(replaced)
      ids[next] = id
      slots.set(id, next)
      next = (next + 1) % capacity
    },
    label(id, species) {
      const slot = slots.get(id)
      const index = CLASSES.indexOf(species)
      if (slot === undefined || index < 0) return false
      writeSync(file, Uint8Array.of(index + 1), 0, 1, slot * RECORD_BYTES + 4)
      return true
    },
    close: () => closeSync(file),
  }
}

/** Every whole record of an archive, oldest first; none where there is no file yet. */
export function readArchive(path: string): ArchivedFrame[] {
  return existsSync(path) ? readRecords(readFileSync(path)).sort((a, b) => a.at - b.at) : []
}

function readWhole(file: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(file).size)
  readSync(file, bytes, 0, bytes.length, 0)
  return bytes
}

function readRecords(bytes: Buffer): (ArchivedFrame & { slot: number })[] {
  const records: (ArchivedFrame & { slot: number })[] = []
  for (let slot = 0; (slot + 1) * RECORD_BYTES <= bytes.length; slot++) {
    const record = bytes.subarray(slot * RECORD_BYTES, (slot + 1) * RECORD_BYTES)
    const idLength = record.readUInt8(16)
    if (idLength === 0 || idLength > MAX_ID_BYTES || crc32(record.subarray(8)) !== record.readUInt32LE(0)) continue
    const label = record.readUInt8(4)
    records.push({
      slot,
      id: record.toString('utf8', ID_OFFSET, ID_OFFSET + idLength),
      at: record.readDoubleLE(8),
      pixels: Uint8Array.from(record.subarray(HEADER_BYTES)),
      label: label >= 1 && label <= SPECIES.length ? label - 1 : null,
    })
  }
  return records
}
