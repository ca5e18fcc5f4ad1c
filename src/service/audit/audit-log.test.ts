import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRecordingLog } from '../../../test/support/rpc.ts'
import { makeProfileFold } from '../../analysis/profile/fold.ts'
import type { WorkspaceSettings } from '../../contract/workspace.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import type { Store } from '../../store/store.ts'
import { createFeed } from '../feed.ts'
import { openKeyFileVault } from '../proof/secrets.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { type Commit, tellCommits } from '../store-feeds.ts'
import { createAuditLog } from './audit-log.ts'
import { verifyLog } from './verify-log.ts'

const settings: WorkspaceSettings = {
  id: 'set_workspace',
  name: 'Park',
  isDemo: false,
  logOrigin: 'assay.local/test',
  defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
  notifications: { desktop: true, webhookIds: [] },
  timeBounds: { maxFutureMs: 1, maxPastMs: 1 },
  createdAt: 1,
}

describe('the signed log', () => {
  let folder: string
  let store: Store
  let clock: number
  let due: { callback: () => void; at: number }[]
  let auditLog: ReturnType<typeof createAuditLog>
  let log: ReturnType<typeof createRecordingLog>

  const databasePath = () => join(folder, 'workspace.sqlite')

  async function open() {
    log = createRecordingLog()
    const commits = createFeed<Commit>(log)
    const opened = await openSqliteStore({ path: folder, fold: makeProfileFold() })
    store = { ...opened, records: tellCommits(opened.records, commits) }
    due = []
    auditLog = createAuditLog(
      {
        store,
        commits,
        log,
        vault: await openKeyFileVault(folder),
        now: () => clock,
        settings: async () => (await store.records.get('settings', 'set_workspace'))?.record ?? settings,
      },
      (callback, delayMs) => {
        const planned = { callback, at: clock + delayMs }
        due.push(planned)
        return () => {
          due = due.filter((other) => other !== planned)
        }
      },
    )
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-audit-'))
    clock = 1_000_000
    await open()
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  const setUp = () =>
    commitOrRefuse(
      store.records,
      [{ kind: 'settings', record: settings, revision: null }],
      draftOf(systemCaller, clock, { action: 'session.setUp' }),
    )
  const note = (text: string) =>
    commitOrRefuse(store.records, [], draftOf(systemCaller, clock, { action: 'test.note', reason: text }))
  const status = async () => (await auditLog.signNow())?.status
  it('signs nothing before set-up, then everything, its own key included', async () => {
    await auditLog.start()
    expect(await status()).toBeUndefined()
    expect(auditLog.keyId()).toBeNull()
    await setUp()
    expect(await status()).toBe('signed')
    expect(await status()).toBe('unchanged')
    const newest = await store.audit.newestCheckpoint()
    expect(newest?.size).toBe(await store.audit.size())
    expect(newest?.note).toContain('assay.local/test\n')
    expect(await verifyLog(store, auditLog.keyId())).toMatchObject({ isIntact: true, size: 2, problem: null })
  })

  it('waits for a burst to end, but not for ever', async () => {
    await setUp()
    await auditLog.start()
    const signed = async () => (await store.audit.newestCheckpoint())?.size
    const before = await signed()
    await note('one')
    expect(due.some(({ at }) => at === clock + 3000)).toBe(true)
    // A command a second: no quiet of three seconds ever, signed after thirty all the same.
    for (let second = 0; second < 31; second++) {
      clock += 1000
      const ready = due.filter(({ at }) => at <= clock)
      due = due.filter(({ at }) => at > clock)
      for (const { callback } of ready) callback()
      await note(`second ${second}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await signed()) ?? 0).toBeGreaterThan((before ?? 0) + 20)
  })

  it('proves any entry against the newest checkpoint, over sizes that are no powers of two', async () => {
    await setUp()
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 7; n++) await note(`${round}.${n}`)
      await auditLog.signNow()
    }
    const size = await store.audit.size()
    for (let index = 0; index < size; index++) expect(await auditLog.prove(index)).toMatchObject({ isIncluded: true })
    await note('not signed yet')
    await expect(auditLog.prove(size)).rejects.toThrow('not covered')
    await expect(auditLog.prove(size + 5)).rejects.toThrow('no such entry')
  })

  /** What somebody with the database file could do; the triggers are taken away first. */
  function tamper(...statements: string[]) {
    const db = new Database(databasePath())
    db.pragma('foreign_keys = OFF')
    const triggers = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all()
    for (const name of triggers) db.exec(`DROP TRIGGER "${name}"`)
    for (const statement of statements) db.exec(statement)
    db.close()
  }
  const verdictAfter = async (...statements: string[]) => {
    await setUp()
    for (let n = 0; n < 10; n++) await note(`entry ${n}`)
    await auditLog.signNow()
    tamper(...statements)
    return verifyLog(store, auditLog.keyId())
  }

  it.each([
    ['an entry', `UPDATE audit_entry SET canonical = replace(canonical, 'entry 4', 'entry X')`, 'has been changed'],
    ['the end cut off', 'DELETE FROM audit_entry WHERE idx >= 8', 'missing'],
    ['a record', `UPDATE record SET body = replace(body, 'Park', 'Dark') WHERE kind = 'settings'`, 'not as the log'],
    ['a checkpoint', `UPDATE checkpoint SET note = replace(note, 'assay.local', 'assay.focal')`, 'not signed by a key'],
    ['a size', 'UPDATE checkpoint SET size = size - 1', 'not the one that was signed'],
  ])('finds a change of %s', async (_, statement, words) => {
    const verdict = await verdictAfter(statement)
    expect(verdict.isIntact).toBe(false)
    expect(verdict.problem).toContain(words)
  })

  it('does not sign a log that was rewritten with matching hashes', async () => {
    await setUp()
    for (let n = 0; n < 5; n++) await note(`entry ${n}`)
    expect(await status()).toBe('signed')
    await store.close()
    // A log that is sound in itself, but another one: only the signed checkpoint tells.
    const other = await mkdtemp(join(tmpdir(), 'assay-audit-other-'))
    try {
      const forged = await openSqliteStore({ path: other, fold: makeProfileFold() })
      await commitOrRefuse(
        forged.records,
        [{ kind: 'settings', record: settings, revision: null }],
        draftOf(systemCaller, clock, { action: 'session.setUp' }),
      )
      for (let n = 0; n < 9; n++)
        await commitOrRefuse(
          forged.records,
          [],
          draftOf(systemCaller, clock, { action: 'test.note', reason: `lie ${n}` }),
        )
      await forged.close()
      tamper(
        `ATTACH '${join(other, 'workspace.sqlite')}' AS forged`,
        'DELETE FROM audit_entry',
        'INSERT INTO audit_entry SELECT * FROM forged.audit_entry',
        'UPDATE audit_frontier SET size = (SELECT size FROM forged.audit_frontier), peaks = (SELECT peaks FROM forged.audit_frontier)',
      )
    } finally {
      await rm(other, { recursive: true })
    }
    await open()
    // The key is not named in the forged log, so it is recorded again; the old checkpoint gives the forgery away.
    expect(await status()).toBe('refused')
    expect(log.lines.some(({ level }) => level === 'error')).toBe(true)
    expect((await verifyLog(store, auditLog.keyId())).problem).toContain('not the one that was signed')
  })

  it('goes on with its key after a restart, and names a new one when the vault has lost it', async () => {
    await setUp()
    await auditLog.signNow()
    const first = auditLog.keyId()
    await store.close()
    await open()
    await auditLog.signNow()
    expect(auditLog.keyId()).toBe(first)
    await store.close()
    await rm(join(folder, 'secrets.json'))
    await rm(join(folder, 'secrets.key'))
    await open()
    await auditLog.signNow()
    expect(auditLog.keyId()).not.toBe(first)
    expect(await verifyLog(store, auditLog.keyId())).toMatchObject({ isIntact: true })
    expect((await verifyLog(store, randomBytes(32).toString('hex'))).problem).toContain('another signing key')
  })
})
