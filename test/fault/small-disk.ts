import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, unlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A place for a workspace that can be made full and free again, whatever else is on the machine. */
export interface SmallDisk {
  /** How it is full: a file system of its own without a block left, or (where nothing may be mounted) a limit on the size of files. */
  readonly kind: 'ext4 image' | 'file size limit'
  readonly path: string
  /** Nothing can be written from here on; `pids` are the processes concerned. */
  fill(pids: readonly number[]): Promise<void>
  free(pids: readonly number[]): void
  dispose(): void
}

const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' })

/** A file system in a file, mounted: writes fail with ENOSPC when it is full. Null where this may not be done (not root, no loop device). */
function mountImage(folder: string, megabytes: number): SmallDisk | null {
  const image = join(folder, 'disk.img')
  const path = join(folder, 'disk')
  try {
    run('truncate', '-s', `${megabytes}M`, image)
    run('mkfs.ext4', '-q', '-F', '-m', '0', image)
    run('mkdir', path)
    run('mount', '-o', 'loop', image, path)
  } catch {
    rmSync(folder, { recursive: true, force: true })
    return null
  }
  const ballast = join(path, 'ballast')
  return {
    kind: 'ext4 image',
    path,
    async fill() {
      const file = await open(ballast, 'w')
      const block = Buffer.alloc(1024 * 1024, 1)
      try {
        // Ever smaller pieces, until not even one byte more can be had.
        for (let bytes = block.length; bytes >= 1; bytes = Math.floor(bytes / 16))
          for (;;) {
            const { bytesWritten } = await file.write(block.subarray(0, bytes)).catch((error) => {
              if (error.code === 'ENOSPC') return { bytesWritten: 0 }
              throw error
            })
            if (bytesWritten === 0) break
          }
        await file.sync()
      } finally {
        await file.close()
      }
      if (statfsSync(path).bavail > 0) throw new Error('the disk could not be filled')
    },
    free: () => unlinkSync(ballast),
    dispose() {
      run('umount', '--lazy', path)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A folder whose processes may write no file beyond its first page: writes fail with EFBIG. */
function limitFiles(folder: string): SmallDisk {
  const limit = (pids: readonly number[], bytes: string) => {
    for (const pid of pids) run('prlimit', '--pid', String(pid), `--fsize=${bytes}:unlimited`)
  }
  return {
    kind: 'file size limit',
    path: folder,
    fill: async (pids) => limit(pids, '4096'),
    free: (pids) => limit(pids, 'unlimited'),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Makes the best disk that this machine allows. */
export function makeSmallDisk(megabytes: number): SmallDisk {
  const folder = () => mkdtempSync(join(tmpdir(), 'assay-disk-'))
  return mountImage(folder(), megabytes) ?? limitFiles(folder())
}
