import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Puts a whole file in place, readable by its owner alone: a reader finds the old content or the new, never a part, and
 * what this promised is on the disk. `mode` 'create' rejects with EEXIST when the file is already there.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array,
  { mode, temporarySuffix }: { mode: 'create' | 'replace'; temporarySuffix: string },
): Promise<void> {
  const temporary = `${path}.${temporarySuffix}.tmp`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // A rename replaces silently; a link fails when the name is taken.
    if (mode === 'replace') await rename(temporary, path)
    else await link(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(dirname(path))
}

async function syncFolder(folder: string): Promise<void> {
  // Windows neither opens folders nor needs this.
  if (process.platform === 'win32') return
  const handle: FileHandle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
