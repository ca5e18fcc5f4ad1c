import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeProfileFold } from '../../../src/analysis/profile/fold.ts'
import { openSqliteReader, openSqliteStore } from '../../../src/store/sqlite/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { batch, draft, everything, incoming, model, sample, start } from './store-data.ts'

const program = join(import.meta.dirname, 'write-until-killed.ts')
const query = { deploymentId: 'dep_1', window: everything }

/** Runs the writing program; `onLine` may end it. Resolves with the lines that it had written out. */
function write(args: string[], prefix: string[], onLine: (line: string, kill: () => void) => void): Promise<string[]> {
  const [command, ...rest] = [...prefix, process.execPath, program, ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  let pending = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (pending + text).split('\n')
    pending = parts.pop() ?? ''
    for (const line of parts) {
      lines.push(line)
      onLine(line, () => child.kill('SIGKILL'))
    }
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve(lines))
  })
}

const acknowledged = (lines: readonly string[]) =>
  Math.max(0, ...lines.map(Number).filter((count) => Number.isFinite(count)))

describe('a workspace in SQLite', () => {
  let path: string
  const opened: Store[] = []
  const open = async () => {
    const store = await openSqliteStore({ path, fold: makeProfileFold() })
    opened.push(store)
    return store
  }
  const raw = () => new Database(join(path, 'workspace.sqlite'))
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'assay-store-'))
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    rmSync(path, { recursive: true, force: true })
  })

  /** Every sample below `count` is there once, and profiles agree. */
  async function expectWhole(count: number): Promise<void> {
    const store = await open()
    const { samples, telemetryPoints } = await store.facts()
    expect(samples).toBeGreaterThanOrEqual(count)
    const { ids } = await store.samples.table({ ...query, withIds: true })
    expect(new Set(ids).size).toBe(samples)
    expect(ids).toEqual(expect.arrayContaining(count === 0 ? [] : [sample(0).id, sample(count - 1).id]))
    expect(new Set(ids).has(sample(samples - 1).id)).toBe(samples > 0)
    expect(telemetryPoints).toBe(samples)
    expect(await store.profiles.check('dep_1')).toEqual([])
    await store.close()
  }

  it.skipIf(process.platform === 'win32')('lies in a folder that nobody else can look into', async () => {
    path = join(path, 'made/for/it')
    await open()
    expect(statSync(path).mode & 0o077).toBe(0)
  })

  it('loses nothing acknowledged to kill -9, at many instants', async () => {
    let next = 0
    for (let round = 0; round < 5; round += 1) {
      const lines = await write([path, String(next), '100000'], [], (line, kill) => {
        if (Number(line) >= next + 400 + round * 1700) kill()
      })
      const count = acknowledged(lines)
      expect(count).toBeGreaterThan(next)
      await expectWhole(count)
      // One batch may have been stored and not said so; it is sent again.
      next = count
    }
  })

  it('says that the disk is full, stores all or nothing of a batch, and goes on when there is room', async () => {
    const limited = ['/bin/sh', '-c', 'ulimit -f 1500; exec "$@"', 'sh']
    const lines = await write([path, '0', '100000'], limited, () => undefined)
    expect(lines.at(-1)).toMatch(/^failed: The (disk that holds the )?workspace .*Nothing of this change was stored/)
    const count = acknowledged(lines)
    expect(count).toBeGreaterThan(0)
    await expectWhole(count)
    const more = await write([path, String(count), '3'], [], () => undefined)
    expect(more.at(-1)).toBe('done')
    await expectWhole(count + 600)
  })

  it('opens for one writer and any number of readers', async () => {
    const store = await open()
    await expect(openSqliteStore({ path, fold: makeProfileFold() })).rejects.toThrow(`process ${process.pid}`)
    const lines = await write([path, '0', '1'], [], () => undefined)
    expect(lines).toEqual([
      expect.stringMatching(`^failed: The workspace .* is already open in process ${process.pid}\\.`),
    ])
    const reader = await openSqliteReader({ path, fold: makeProfileFold() })
    await store.samples.append(batch({ samples: incoming(0, 1500) }))
    await store.samples.seal({ olderThan: start + 1_200_000, maxRows: 5000 })
    const table = await store.samples.table(query)
    expect(await reader.samples.table(query)).toEqual(table)
    for (const index of [3, 1400])
      expect(await reader.samples.get('dep_1', sample(index).id)).toEqual(
        await store.samples.get('dep_1', sample(index).id),
      )
    expect(await reader.profiles.read(query)).toEqual(await store.profiles.read(query))
    await expect(reader.samples.append(batch({}))).rejects.toThrow('reading only')
    await expect(reader.records.commit([], draft())).rejects.toThrow('reading only')
    await expect(reader.blobs.put(Buffer.of(1))).rejects.toThrow('reading only')
    await reader.close()
    await store.close()
    await (await open()).close()
  })

  it('refuses a newer database and another program’s, and changes neither', async () => {
    await (await open()).close()
    const db = raw()
    db.pragma('user_version = 990')
    db.close()
    await expect(open()).rejects.toThrow(/newer version of Assay.*990/)
    await expect(openSqliteReader({ path, fold: makeProfileFold() })).rejects.toThrow('newer')
    const again = raw()
    expect(again.pragma('user_version', { simple: true })).toBe(990)
    again.pragma('application_id = 7')
    again.close()
    await expect(open()).rejects.toThrow('another program')
  })

  it('keeps the log append-only', async () => {
    const store = await open()
    await store.records.commit([{ ...model('mdl_1'), revision: null }], draft())
    await store.audit.addCheckpoint({ size: 1, rootHash: 'a'.repeat(64), at: start, note: '' })
    const db = raw()
    for (const sql of [
      `UPDATE audit_entry SET action = 'other'`,
      'DELETE FROM audit_entry',
      `INSERT OR REPLACE INTO audit_entry SELECT idx, at, 'other', actor_id, subject_id, canonical, leaf_hash FROM audit_entry`,
      'INSERT INTO audit_entry SELECT idx + 5, at, action, actor_id, subject_id, canonical, leaf_hash FROM audit_entry',
      `UPDATE record_revision SET body = '{}'`,
      'DELETE FROM record_revision',
      `INSERT OR REPLACE INTO record_revision SELECT kind, id, revision, '{}', at, audit_index FROM record_revision`,
      'DELETE FROM checkpoint',
      `INSERT OR REPLACE INTO checkpoint SELECT ordinal, size, root_hash, at, 'other' FROM checkpoint`,
    ])
      expect(() => db.exec(sql), sql).toThrow(/append-only|no gaps/)
    db.close()
  })

  it('notices profiles that do not agree with their samples', async () => {
    const store = await open()
    await store.samples.append(batch({ samples: incoming(0, 5) }))
    await store.close()
    const db = raw()
    db.exec(`UPDATE profile SET body = json_set(body, '$.n', 6)`)
    db.close()
    expect(await (await open()).profiles.check('dep_1')).toEqual([
      `ver_1 at 2026-01-01T00:00:00.000Z: n is 6, recounted 5`,
    ])
  })

  it('notices a damaged blob', async () => {
    const store = await open()
    const { digest } = await store.blobs.put(Buffer.from('evidence'))
    writeFileSync(join(path, 'blobs', digest.slice(0, 2), digest), 'evidencE')
    await expect(store.blobs.get(digest)).rejects.toThrow('damaged')
    await expect(store.blobs.path(digest)).rejects.toThrow('damaged')
    await store.blobs.put(Buffer.from('evidence'))
    expect(
      createHash('sha256')
        .update((await store.blobs.get(digest)) ?? '')
        .digest('hex'),
    ).toBe(digest)
  })

  it('finds by an index what points to records, entries, reports and findings, so that writing them reads nothing else', async () => {
    await (await open()).close()
    const db = raw()
    const list = (sql: string) => db.prepare<[], Record<string, string | number>>(sql).all()
    const unindexed: string[] = []
    for (const { name: table } of list(`SELECT name FROM sqlite_master WHERE type = 'table'`))
      for (const key of list(`SELECT * FROM pragma_foreign_key_list('${table}') WHERE seq = 0`)) {
        if (!['record', 'audit_entry', 'report', 'finding'].includes(String(key.table))) continue
        const leading = list(
          `SELECT i.name FROM pragma_index_list('${table}') l, pragma_index_info(l.name) i WHERE i.seqno = 0`,
        ).map(({ name }) => name)
        if (!leading.includes(key.from)) unindexed.push(`${table}.${key.from}`)
      }
    expect(unindexed).toEqual([])
  })

  it('answers hot questions from an index', async () => {
    await (await open()).close()
    const db = raw()
    const plan = (sql: string) =>
      db
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replaceAll('?', '1')}`)
        .all()
        .map(({ detail }) => detail)
        .join('; ')
    const questions = {
      window: 'SELECT * FROM sample WHERE deployment = ? AND at >= ? AND at < ? ORDER BY at, row',
      newest: 'SELECT * FROM sample WHERE deployment = ? AND at >= ? AND at <= ? ORDER BY at DESC, row DESC',
      chunks:
        'SELECT ref FROM chunk WHERE deployment = ? AND max_at >= ? AND min_at < ? ORDER BY max_at DESC, ref DESC',
      labels: 'SELECT * FROM label WHERE row BETWEEN ? AND ?',
      waiting: 'SELECT * FROM waiting_label WHERE deployment = ? AND sample_id = ?',
      profiles: 'SELECT body FROM profile WHERE deployment = ? AND hour >= ? AND hour < ? ORDER BY hour, version',
      activity:
        'SELECT hour, sum(n), sum(labelled) FROM profile INDEXED BY profile_activity WHERE deployment = ? AND hour >= ? AND hour < ? GROUP BY hour ORDER BY hour',
      telemetry: 'SELECT at, value FROM telemetry_point WHERE series = ? AND at >= ? AND at < ? ORDER BY at',
      blocks: 'SELECT at FROM telemetry_block WHERE series = ? AND last_at >= ? AND first_at <= ? ORDER BY last_at',
      series:
        'SELECT body FROM finding WHERE target = ? AND kind = ? AND subject = ? AND window_to > ? ORDER BY window_to, ordinal',
      findings: 'SELECT body FROM finding WHERE target = ? AND window_to > ? ORDER BY window_to DESC, ordinal DESC',
      report: 'SELECT body FROM report WHERE target = ? AND kind = ? ORDER BY window_to DESC, ordinal DESC LIMIT 1',
      record: 'SELECT body FROM record WHERE kind = ? AND id = ?',
      byKey: 'SELECT body FROM record WHERE kind = ? AND unique_key = ?',
      byLink: 'SELECT id FROM record_link WHERE to_kind = ? AND to_id = ? AND kind = ? AND link = ?',
      audit: 'SELECT canonical FROM audit_entry WHERE subject_id = ? AND idx < ? ORDER BY idx DESC',
    }
    for (const [name, sql] of Object.entries(questions)) {
      expect(plan(sql), name).toMatch(/SEARCH/)
      expect(plan(sql), name).not.toMatch(/SCAN|TEMP B-TREE/)
    }
    db.close()
  })
})
