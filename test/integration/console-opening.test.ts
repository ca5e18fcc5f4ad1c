import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { openTestConsole } from '../support/console.ts'

describe('a console that cannot open its workspace', () => {
  let workspacePath: string
  beforeEach(async () => {
    workspacePath = await mkdtemp(join(tmpdir(), 'assay-opening-'))
  })
  afterEach(() => rm(workspacePath, { recursive: true, force: true }))

  it('says why, and lets go of it', async () => {
    const console = await openTestConsole({ workspacePath })
    // Closed as a program is, so that the workspace stays.
    await console.headless.close()
    const vault = join(workspacePath, 'secrets/secrets.json')
    const kept = await readFile(vault, 'utf8')
    await writeFile(
      vault,
      kept.replace(/"tag": "(.)/, (_, first) => `"tag": "${first === 'A' ? 'B' : 'A'}`),
    )
    await expect(openTestConsole({ workspacePath })).rejects.toThrow('cannot be decrypted')
    const store = await openSqliteStore({ path: workspacePath, fold: makeProfileFold() })
    await store.close()
  })
})
