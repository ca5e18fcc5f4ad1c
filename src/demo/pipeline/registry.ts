import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The pipeline's own shelf of ONNX files, one for each version, named by it. */
export interface Registry {
  /** Keeps an artifact under a version name; returns its SHA-256. */
  add(version: string, bytes: Uint8Array): Promise<string>
  /** Takes the next free minor version, so that two runs never share one. */
  reserveNext(): Promise<string>
  /** Null when there is no such version, or it is not finished. */
  find(version: string): Promise<{ readonly path: string; readonly digest: string } | null>
}

const isTaken = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EEXIST'

export async function openRegistry(folder: string): Promise<Registry> {
  await mkdir(folder, { recursive: true })
  const pathOf = (version: string) => join(folder, `${version}.onnx`)
  return {
    async add(version, bytes) {
      const path = pathOf(version)
      await writeFile(`${path}.new`, bytes)
      await rename(`${path}.new`, path)
      return createHash('sha256').update(bytes).digest('hex')
    },
    async reserveNext() {
      for (let minor = 1; ; minor++) {
        const version = `1.${minor}.0`
        try {
          await writeFile(join(folder, `${version}.reserved`), '', { flag: 'wx' })
          return version
        } catch (error) {
          if (!isTaken(error)) throw error
        }
      }
    },
    async find(version) {
      // Names come from outside: only those that can be versions become part of a path.
      if (!/^\d{1,6}\.\d{1,6}\.\d{1,6}$/.test(version)) return null
      const path = pathOf(version)
      try {
        await access(path)
      } catch {
        return null
      }
      return {
        path,
        digest: createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      }
    },
  }
}
