import { readArchive } from './archive.ts'
import type { parkFolders } from './folders.ts'
import type { KnownFrame } from './training-run.ts'

/** Share of a training that is new at most; the rest is remembered, so that what is learned does not push out what was known. */
const NEW_SHARE = 2 / 3

/** Labelled frames for a training, oldest first: the newest that were heard, and as many remembered ones as make up `count`. */
export function chooseFrames(folders: ReturnType<typeof parkFolders>, count: number): KnownFrame[] {
  const labelledIn = (path: string): KnownFrame[] =>
    readArchive(path).flatMap(({ id, pixels, label }) => (label === null ? [] : [{ id, pixels, label }]))
  const heard = labelledIn(folders.archive).slice(-Math.round(count * NEW_SHARE))
  return [...labelledIn(folders.memory).slice(-(count - heard.length)), ...heard]
}
