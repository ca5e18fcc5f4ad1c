import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A file as a look at the folder saw it. */
export interface SeenFile {
  readonly path: string
  readonly bytes: number
  readonly changedAt: number
}

const endings = /\.(csv|jsonl|ndjson|json|parquet|pq)$/i
const mostFiles = 100_000

/** Names under which programs write what is not yet whole. */
const isUnfinished = (name: string) => /^[.~]/.test(name) || /\.(tmp|part|partial|crdownload)$/i.test(name)

/**
 * Files of a folder and the folders in it that may hold predictions, by path. Links are not followed. Rejects when the folder cannot be
 * read; a file that vanishes meanwhile is left out.
 */
export async function listFiles(folder: string): Promise<SeenFile[]> {
  const found: SeenFile[] = []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile() || !endings.test(entry.name) || isUnfinished(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const facts = await stat(path).catch(() => null)
    if (facts !== null) found.push({ path, bytes: facts.size, changedAt: facts.mtimeMs })
    if (found.length >= mostFiles) break
  }
  return found.sort((left, right) => (left.path < right.path ? -1 : 1))
}

/** Tells which files of each look are whole: unchanged since the look before, and each only once for as long as it stays the same. */
export interface Settling {
  settle(files: readonly SeenFile[]): SeenFile[]
  /** Tells this one once more, though it stays the same. */
  tellAgain(path: string): void
}

export function createSettling(): Settling {
  let before = new Map<string, SeenFile>()
  let told = new Map<string, SeenFile>()
  const isSame = (left: SeenFile | undefined, right: SeenFile) =>
    left !== undefined && left.bytes === right.bytes && left.changedAt === right.changedAt
  function settle(files: readonly SeenFile[]): SeenFile[] {
    const settled = files.filter(
      (file) => file.bytes > 0 && isSame(before.get(file.path), file) && !isSame(told.get(file.path), file),
    )
    before = new Map(files.map((file) => [file.path, file]))
    const fresh = new Map(settled.map((file) => [file.path, file]))
    told = new Map(
      files.flatMap(({ path }) => {
        const file = fresh.get(path) ?? told.get(path)
        return file === undefined ? [] : [[path, file] as const]
      }),
    )
    return settled
  }
  return { settle, tellAgain: (path) => void told.delete(path) }
}
