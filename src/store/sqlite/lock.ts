import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Thrown when another service has the workspace open for writing; the message is meant for a person. */
export class WorkspaceLockedError extends Error {
  override readonly name = 'WorkspaceLockedError'
  readonly pid: number | null

  constructor(folder: string, pid: number | null) {
    super(
      `The workspace ${folder} is already open in ${pid === null ? 'another process' : `process ${pid}`}. Close that one first, or open another workspace.`,
    )
    this.pid = pid
  }
}

/**
 * Takes the one right to write to a workspace and gives the function that releases it. The lock is the operating
 * system's on a small database of its own, so that it ends with the process however that dies; the file beside it
 * only says who holds it. Throws a WorkspaceLockedError when it is taken.
 */
export function lockWorkspace(folder: string): () => void {
  const holder = join(folder, 'writer.pid')
  const lock = new Database(join(folder, 'writer.lock'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error
    throw new WorkspaceLockedError(folder, readHolder(holder))
  }
  try {
    writeFileSync(holder, `${process.pid}\n`)
  } catch (error) {
    lock.close()
    throw error
  }
  return () => lock.close()
}

function readHolder(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10)
    return Number.isSafeInteger(pid) ? pid : null
  } catch {
    return null
  }
}
