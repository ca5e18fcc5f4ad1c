import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { OutputOf } from '../../src/contract/api.ts'
import { callerWith } from '../support/rpc.ts'
import { createCleanUp, faultsOf, openRoomConsole } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const day = 86_400_000
const everything = { from: 0, to: Date.now() + day }
const begin = Date.now() - 5 * day
const iso = (index: number) => new Date(begin + index * 60_000).toISOString()
const header = 'id,time,temperature,light,window,prediction,score_occupied,label'
const row = (index: number) =>
  `r${index},${iso(index)},${20 + index / 100},${index},${index % 2 ? 'open' : 'shut'},${index % 3 ? 'empty' : 'occupied'},${(index % 100) / 100},${index % 5 ? '' : 'empty'}`

type Console = Awaited<ReturnType<typeof openRoomConsole>>['console']
type Columns = OutputOf<'imports.preview'>['columns']

async function upload(console: Console, text: string, fileName: string, modelId: string) {
  const digest = await console.upload(Buffer.from(text))
  const preview = await console.call('imports.preview', { digest, fileName, modelId })
  return { digest, fileName, preview }
}

describe('files', () => {
  it('come in by chunks and go out under their digest', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const bytes = Buffer.alloc(2_500_000, 'abc')
    const digest = await console.upload(bytes)
    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'))
    const parts: Buffer[] = []
    for (let offset = 0; offset < bytes.length; ) {
      const part = await console.call('files.read', { digest, offset })
      expect(part).toMatchObject({ totalBytes: bytes.length, mediaType: 'text/plain' })
      parts.push(Buffer.from(part.base64, 'base64'))
      offset += parts[parts.length - 1].length
    }
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    const page = await console.upload(Buffer.from('<!doctype html><script>alert(1)</script>'))
    expect(await console.call('files.read', { digest: page })).toMatchObject({ mediaType: 'text/plain' })
    await expect(console.call('files.read', { digest: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'not-found' })

    const chunk = { uploadId: 'an-upload', base64: Buffer.from('abc').toString('base64'), isLast: false }
    await console.call('files.stage', { ...chunk, offset: 0 })
    await expect(console.call('files.stage', { ...chunk, offset: 7 })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/goes on at byte 3/),
    })
    // Somebody else's upload of the same name is another one.
    const other = { ...callerWith('operator'), userId: 'usr_other' }
    expect(await console.call('files.stage', { ...chunk, offset: 0 }, other)).toMatchObject({ receivedBytes: 3 })
    await expect(console.call('files.stage', { ...chunk, offset: 512 * 2 ** 20 })).rejects.toMatchObject({
      code: 'too-large',
    })
    expect(faultsOf(console)).toEqual([])
  })
})

describe('imports of predictions', () => {
  it('store what can be read, report the rest, and change nothing when repeated', async () => {
    const { console, model, deployment } = await openRoomConsole(cleanUp)
    const lines = Array.from({ length: 1200 }, (_, index) => row(index))
    lines[10] = 'r10,ragged'
    lines[20] = lines[20].replace(iso(20), 'yesterday')
    lines[30] = lines[30].replace('20.3', 'warm')
    lines[40] = lines[40].replace(/,(empty|occupied),/, ',cat,')
    lines[50] = lines[50].replace(iso(50), new Date(Date.now() + 9 * day).toISOString())
    const modelId = model.record.id
    const file = await upload(console, [header, ...lines].join('\n'), 'week.csv', modelId)
    const { preview } = file
    expect(preview).toMatchObject({ format: 'csv', rowCount: 1199, errorCount: 1 })
    expect(preview.errors).toEqual([{ row: 12, column: null, message: 'the row has 2 values, the header has 8' }])
    expect(Object.fromEntries(preview.columns.map(({ name, role, type }) => [name, `${role} ${type}`]))).toEqual({
      ...{ id: 'id categorical', time: 'time categorical', temperature: 'feature numeric', light: 'feature numeric' },
      ...{ window: 'group categorical', prediction: 'prediction categorical' },
      ...{ score_occupied: 'score numeric', label: 'label categorical' },
    })

    const deploymentId = deployment.record.id
    const { digest, fileName } = file
    const order = { digest, fileName, deploymentId, columns: preview.columns, what: 'samples' as const }
    const without = (role: string): Columns => preview.columns.filter((column) => column.role !== role)
    await expect(console.call('imports.samples', { ...order, columns: without('time') })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/holds the time/),
    })
    const first = await console.ended((await console.call('imports.samples', order)).jobId)
    expect(first).toMatchObject({ state: 'succeeded', result: deploymentId })
    expect(first.message).toBe(
      '1,196 samples stored, 4 rows refused, 1 value left out; the first: row 12: the row has 2 values, the header has 8',
    )
    expect((await console.call('samples.get', { deploymentId, id: 'r30' })).sample).toMatchObject({
      inputs: { temperature: null, light: 30, window: 'shut' },
    })
    expect((await console.call('samples.get', { deploymentId, id: 'r15' })).sample).toMatchObject({
      ...{ at: begin + 15 * 60_000, label: 'empty', labelSource: 'import', scores: { occupied: 0.15 } },
    })
    const letters = (await console.call('deadLetters.list', { connectionId: null })).items
    expect(letters.map(({ source, code }) => `${source} ${code}`).sort()).toEqual([
      ...['week.csv, row 12 wrong-shape', 'week.csv, row 22 wrong-shape', 'week.csv, row 42 schema-mismatch'],
      'week.csv, row 52 time-out-of-bounds',
    ])
    const ragged = letters.find(({ source }) => source.endsWith('row 12'))
    expect(Buffer.from(ragged?.payloadBase64 ?? '', 'base64').toString()).toBe('r10,ragged')

    const before = await console.call('samples.list', { deploymentId, window: everything, limit: 1000 })
    const second = await console.ended((await console.call('imports.samples', order)).jobId)
    expect(second.message).toMatch(/^0 samples stored, 1,196 repetitions? changed nothing, 4 rows refused/)
    expect(await console.call('samples.list', { deploymentId, window: everything, limit: 1000 })).toEqual(before)
    expect((await console.call('deadLetters.list', { connectionId: null })).items).toHaveLength(4)
    expect(faultsOf(console)).toEqual([])
  })

  it('make ids of their own where the file has none, the same each time', async () => {
    const { console, model, deployment } = await openRoomConsole(cleanUp)
    const text = ['time,temperature,light,prediction', `${iso(1)},20,1,empty`, `${iso(1)},20,1,empty`].join('\n')
    const file = await upload(console, text, 'plain.csv', model.record.id)
    const deploymentId = deployment.record.id
    const { digest, fileName } = file
    const order = { digest, fileName, deploymentId, columns: file.preview.columns, what: 'samples' as const }
    for (const message of [/^2 samples stored/, /^0 samples stored, 2 repetitions/])
      expect((await console.ended((await console.call('imports.samples', order)).jobId)).message).toMatch(message)
  })

  it('fail with a sentence when the file is not one, and nothing of it stays', async () => {
    const { console, model, deployment } = await openRoomConsole(cleanUp)
    const deploymentId = deployment.record.id
    const modelId = model.record.id
    const digest = await console.upload(Buffer.from('PAR1 and then nothing of the kind'))
    await expect(console.call('imports.preview', { digest, fileName: 'x.parquet', modelId })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/^x\.parquet: the file is no Parquet file/),
    })
    const columns: Columns = [
      { name: 'p', role: 'prediction', type: 'categorical' },
      { name: 't', role: 'time', type: 'categorical' },
    ]
    const { jobId } = await console.call('imports.samples', {
      ...{ digest, fileName: 'x.parquet', deploymentId, columns, what: 'samples' },
    })
    await expect(console.ended(jobId)).rejects.toThrow(/no Parquet file/)
    expect((await console.call('samples.list', { deploymentId, window: everything })).total).toBe(0)
  })
})

describe('imports of labels, and review', () => {
  it('label what was predicted, by file and by hand', async () => {
    const { console, model, deployment } = await openRoomConsole(cleanUp)
    const modelId = model.record.id
    const deploymentId = deployment.record.id
    const lines = Array.from({ length: 100 }, (_, index) => row(index).replace(/(,)[^,]*$/, '$1'))
    const file = await upload(console, [header, ...lines].join('\n'), 'day.csv', modelId)
    const { digest, fileName } = file
    const columns = file.preview.columns.map((column) =>
      column.name === 'label' ? { ...column, role: 'ignore' as const } : column,
    )
    const samples = { digest, fileName, deploymentId, columns, what: 'samples' as const }
    await console.ended((await console.call('imports.samples', samples)).jobId)

    const truth = ['id,label', 'r1,empty', 'r2,occupied', 'r3,cat', ',empty', 'later,empty'].join('\n')
    const labels = await upload(console, truth, 'truth.csv', modelId)
    const order = {
      ...{ digest: labels.digest, fileName: 'truth.csv', deploymentId, what: 'labels' as const },
      columns: [
        { name: 'id', role: 'id' as const, type: 'categorical' as const },
        { name: 'label', role: 'label' as const, type: 'categorical' as const },
      ],
    }
    await expect(console.call('imports.samples', { ...order, columns: order.columns.slice(1) })).rejects.toMatchObject({
      message: expect.stringMatching(/sample ids/),
    })
    const first = await console.ended((await console.call('imports.samples', order)).jobId)
    expect(first.message).toMatch(
      /^3 labels stored, 2 rows refused; the first: row 4, label: expected one of empty, occ/,
    )
    const labelled = await console.call('samples.get', { deploymentId, id: 'r2' })
    const again = await console.ended((await console.call('imports.samples', order)).jobId)
    expect(again.message).toMatch(/^0 labels stored, 3 repetitions changed nothing/)
    expect(await console.call('samples.get', { deploymentId, id: 'r2' })).toEqual(labelled)

    const queueOf = (strategy: 'uncertain' | 'unusual' | 'random' | 'newest') =>
      console.call('review.queue', { deploymentId, strategy, limit: 5 })
    const uncertain = await queueOf('uncertain')
    expect(uncertain.map(({ sample }) => sample.id)).toEqual(['r50', 'r49', 'r51', 'r48', 'r52'])
    expect(uncertain[0].reason).toBe('Undecided between occupied (0.50) and the others (0.50)')
    expect((await queueOf('newest')).map(({ sample }) => sample.id)).toEqual(['r99', 'r98', 'r97', 'r96', 'r95'])
    const random = await queueOf('random')
    expect(await queueOf('random')).toEqual(random)
    expect(random.every(({ sample }) => sample.label === null)).toBe(true)

    const [one, two] = random.map(({ sample }) => sample.id)
    const given = [
      { id: one, label: 'occupied' },
      { id: two, label: 'empty' },
    ]
    expect(await console.call('review.label', { deploymentId, labels: given })).toEqual({ applied: 2, unchanged: 0 })
    expect(await console.call('review.label', { deploymentId, labels: given })).toEqual({ applied: 0, unchanged: 2 })
    const { sample } = await console.call('samples.get', { deploymentId, id: one })
    expect(sample.label).toBe('occupied')
    expect(sample.labelSource).toMatch(/^review:usr_/)
    expect((await queueOf('random')).map(({ sample }) => sample.id)).not.toContain(one)
    // Any that the random queue did not happen to bring first.
    const other = ['r5', 'r7', 'r8'].find((id) => id !== one && id !== two) ?? ''
    await expect(
      console.call('review.label', {
        deploymentId,
        labels: [
          { id: other, label: 'empty' },
          { id: 'r6', label: 'cat' },
        ],
      }),
    ).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/expected one of empty, occupied/),
    })
    // Of a refused batch nothing was applied.
    expect((await console.call('samples.get', { deploymentId, id: other })).sample.label).toBeNull()
    expect(faultsOf(console)).toEqual([])
  })
})

describe('settings', () => {
  it('are changed by administrators alone, and stay sound', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const { settings, engine, databaseBytes, workspacePath } = await console.call('settings.get', {})
    expect(engine).toMatch(/^assay-analysis/)
    expect(databaseBytes).toBeGreaterThan(0)
    expect(workspacePath).toBe(console.workspacePath)
    const { revision } = settings
    const timeBounds = { maxFutureMs: 1000, maxPastMs: 30 * day }
    await expect(
      console.call('settings.update', { revision, changes: { timeBounds } }, callerWith('operator')),
    ).rejects.toMatchObject({ code: 'forbidden' })
    for (const changes of [
      { timeBounds: { maxFutureMs: -1, maxPastMs: day } },
      { timeBounds: { maxFutureMs: 0, maxPastMs: 0 } },
      { notifications: { desktop: true, webhookIds: ['con_none'] } },
    ])
      await expect(console.call('settings.update', { revision, changes })).rejects.toMatchObject({
        code: 'invalid-input',
      })
    const after = await console.call('settings.update', { revision, changes: { name: 'Lab', timeBounds } })
    expect(after).toMatchObject({ revision: revision + 1, record: { name: 'Lab', timeBounds } })
    expect(faultsOf(console)).toEqual([])
  })
})
