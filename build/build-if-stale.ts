import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const sources = ['src', 'resources', 'package-lock.json', 'electron.vite.config.ts']

/**
 * Builds when one of these built files is missing or older than the newest source; silent unless it fails. `onBuild` is told when
 * it begins. Returns what the build said when it failed, null when all is well.
 */
export function buildIfStale(built: readonly string[], onBuild: () => void = () => {}): string | null {
  const newestSource = Math.max(...sources.map((path) => newestIn(join(root, path))))
  const isFresh = (path: string) => existsSync(path) && statSync(path).mtimeMs >= newestSource
  if (built.every((path) => isFresh(join(root, path)))) return null
  onBuild()
  const program = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'electron-vite.cmd' : 'electron-vite')
  const { status, stdout, stderr, error } = spawnSync(program, ['build', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    shell: process.platform === 'win32',
  })
  return status === 0 ? null : `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim()
}

/** When the newest file under a path that goes into the build was changed; 0 when there is none. */
function newestIn(path: string): number {
  if (!existsSync(path)) return 0
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs
  let newest = 0
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs)
  return newest
}
