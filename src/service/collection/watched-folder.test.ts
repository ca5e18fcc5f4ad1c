import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../../test/support/eventually.ts'
import { createRecordingLog } from '../../../test/support/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { createWatchedFolder } from './watched-folder.ts'

const schema = { task: 'binary', classes: [], positiveClass: null, columns: [] }
const columns = [
  { name: 'at', role: 'time', type: 'categorical' },
  { name: 'prediction', role: 'prediction', type: 'categorical' },
]

describe('a watched folder', () => {
  let folder: string
  let stop = async () => {}
  let clock = 0
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watched-unit-'))
  })
  afterEach(async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** `endings`: how each import ends; the last one stays. `known`: digests that the log names. */
  function watch(endings: readonly string[], known: readonly string[] = []) {
    const staged: Buffer[] = []
    const problems: (string | null)[] = []
    let imports = 0
    const context = {
      now: () => clock,
      newId: (prefix: string) => `${prefix}_1`,
      log: createRecordingLog(),
      store: {
        audit: {
          list: async () =>
            known.map((digest, index) => ({ entry: { index, details: { what: 'samples', digest } }, leafHash: '' })),
        },
        records: {
          get: async (kind: string) => ({
            revision: 1,
            record: kind === 'version' ? { schema } : { id: 'dep_1', name: 'Room', versionId: 'ver_1' },
          }),
          commit: async () => ({ status: 'committed', revisions: [] }),
        },
        blobs: {
          stage: async (_id: string, _offset: number, chunk: Uint8Array) => {
            staged.push(Buffer.from(chunk))
            return { receivedBytes: chunk.length, digest: 'd'.repeat(64) }
          },
        },
      },
      workers: { run: async () => ({ ok: true, value: { columns } }) },
      jobs: {
        start: () => ({ id: 'job_1' }),
        ended: async () => {
          const problem = endings[Math.min(imports++, endings.length - 1)]
          return { state: problem === '' ? 'succeeded' : 'failed', problem }
        },
      },
    } as unknown as ServiceContext
    const watched = createWatchedFolder({
      context,
      connectionId: 'con_1',
      config: { kind: 'folder', path: folder, deploymentKey: 'room', what: 'samples', everyMs: 2 },
      deploymentId: () => 'dep_1',
      onState: ({ problem }) => problems.push(problem),
    })
    watched.start()
    stop = () => watched.stop()
    return { staged, problems, imports: () => imports }
  }

  it('tries a file again whose import failed for a passing reason, later and later, until it is in', async () => {
    await writeFile(join(folder, 'a.csv'), 'at,prediction\n1,x\n')
    const { imports, problems } = watch(['the disk is full', 'the disk is full', ''])
    await eventually(() => expect(problems.at(-1)).toContain('the disk is full'))
    clock += 59_000
    const looks = problems.length
    await eventually(() => expect(problems.length).toBeGreaterThan(looks + 2))
    expect(imports()).toBe(1)
    clock += 2_000
    await eventually(() => expect(imports()).toBe(2))
    clock += 61_000
    const before = problems.length
    await eventually(() => expect(problems.length).toBeGreaterThan(before + 2))
    expect(imports()).toBe(2)
    clock += 60_000
    await eventually(() => expect(problems.at(-1)).toBeNull())
    expect(imports()).toBe(3)
  })

  it('reads a file that it imported before, and does not store it again', async () => {
    const text = 'at,prediction\n1,x\n'
    await writeFile(join(folder, 'a.csv'), text)
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex')
    const { staged, problems, imports } = watch([''], [digest])
    await eventually(() => expect(problems.length).toBeGreaterThan(4))
    expect(staged).toEqual([])
    expect(imports()).toBe(0)
  })

  it('takes nothing that a link leads to', async () => {
    await writeFile(join(folder, 'secret.txt'), 'at,prediction\n1,x\n')
    await symlink(join(folder, 'secret.txt'), join(folder, 'a.csv'))
    const { staged, problems } = watch([''])
    await eventually(() => expect(problems.length).toBeGreaterThan(4))
    expect(staged).toEqual([])
  })
})
