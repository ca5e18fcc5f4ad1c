import { encode } from 'fast-png'
import { describe, expect, it, vi } from 'vitest'
import { makeDirectory, makeSink, timeBounds } from '../../test/support/intake-double.ts'
import { withDerivedColumns } from '../contract/blob-columns.ts'
import { schemaSpec } from '../contract/model.ts'
import type { MeasureBlobs } from './blobs/measure.ts'
import { createIntake } from './intake.ts'
import { parseTopic } from './route.ts'

const now = Date.UTC(2026, 5, 1)
const schema = withDerivedColumns(
  schemaSpec.parse({
    ...{ task: 'binary', classes: ['empty', 'occupied'], positiveClass: 'occupied' },
    columns: [
      { name: 'frame', type: 'image', role: 'input', blob: { descriptors: ['brightness', 'hue'] } },
      { name: 'note', type: 'text', role: 'input', isRequired: false, blob: { descriptors: ['words', 'script'] } },
      { name: 'clip', type: 'audio', role: 'input', isRequired: false, blob: { descriptors: ['level'] } },
      {
        name: 'vector',
        type: 'embedding',
        role: 'input',
        isRequired: false,
        blob: { length: 2, descriptors: ['norm'] },
      },
    ],
  }),
)
const picture = (value: number) =>
  Buffer.from(encode({ width: 1, height: 1, channels: 1, depth: 8, data: Uint8Array.of(value) })).toString('base64')
const sampleOf = (id: string, more: object = {}) => ({ id, at: now - 1000, inputs: {}, prediction: 'empty', ...more })

function setUp(measure?: MeasureBlobs) {
  const sink = makeSink()
  const directory = { ...makeDirectory(), version: () => ({ versionId: 'ver_1', schema }) }
  const intake = createIntake({
    ...{ append: sink.append, putBlob: sink.putBlob, resolve: directory, now: () => now, timeBounds },
    ...(measure && { measure }),
  })
  const send = (body: unknown, connectionId = 'con_1') =>
    intake.offer({
      ...{ connectionId, via: 'mqtt', source: 'samples', payload: Buffer.from(JSON.stringify(body)) },
      route: parseTopic('park', 'park/deployments/room/samples'),
    })
  return { sink, intake, send }
}

/** Answers when told to. */
function makeMeasure() {
  const open: (() => void)[] = []
  const measure: MeasureBlobs = (orders) =>
    new Promise((resolve) => open.push(() => resolve(orders.map(() => ({ brightness: 7, hue: 120 })))))
  const release = () => {
    for (const answer of open.splice(0)) answer()
  }
  return { measure, release, open }
}

describe('blobs of samples', () => {
  it('are stored by digest, and fill the columns derived from them', async () => {
    const { sink, send } = setUp((orders) =>
      orders.map(({ spec: { type } }) =>
        type === 'text' ? { words: 2, script: 'Latin' } : type === 'image' ? { brightness: 9, hue: null } : { norm: 5 },
      ),
    )
    const outcome = await send(
      sampleOf('a', { images: { frame: picture(9) }, texts: { note: 'good dog' }, embeddings: { vector: [3, 4] } }),
    )
    expect(outcome.refused).toEqual([])
    const inputs = sink.samples.get('a')?.inputs ?? {}
    expect(inputs).toMatchObject({ 'frame.brightness': 9, 'frame.hue': null, 'note.words': 2, 'note.script': 'Latin' })
    expect(inputs).toMatchObject({ 'vector.norm': 5, clip: null, 'clip.level': null })
    expect(Buffer.from(sink.blobs.get(String(inputs.note)) ?? []).toString()).toBe('good dog')
    expect(sink.blobs.get(String(inputs.frame))).toEqual(Buffer.from(picture(9), 'base64'))
  })

  it('leave alone what the sample measured itself', async () => {
    const { sink, send } = setUp((orders) => orders.map(() => ({ brightness: 9, hue: 5 })))
    await send(sampleOf('a', { images: { frame: picture(9) }, inputs: { 'frame.brightness': 100 } }))
    expect(sink.samples.get('a')?.inputs).toMatchObject({ 'frame.brightness': 100, 'frame.hue': 5 })
  })

  it('that cannot be decoded leave their sample without measures', async () => {
    const { sink, send } = setUp((orders) => orders.map(() => null))
    const damaged = Buffer.from(picture(9), 'base64').subarray(0, 40).toString('base64')
    expect((await send(sampleOf('a', { images: { frame: damaged } }))).accepted).toBe(1)
    expect(sink.samples.get('a')?.inputs).toMatchObject({ frame: expect.any(String), 'frame.brightness': null })
    expect(sink.blobs.size).toBe(1)
  })

  it('may be references, which are kept as text', async () => {
    const { sink, send } = setUp()
    await send(sampleOf('a', { references: { frame: 's3://bucket/7.jpg' } }))
    expect(sink.samples.get('a')?.inputs.frame).toBe('s3://bucket/7.jpg')
    expect(sink.blobs.size).toBe(0)
  })

  it('may be short texts among the inputs', async () => {
    const { sink, send } = setUp()
    expect(await send(sampleOf('a', { inputs: { note: 'bad dog' } }))).toMatchObject({ accepted: 1, ignored: [] })
    expect(sink.samples.get('a')?.inputs.note).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    ['of no declared column', { images: { face: picture(1) } }, 'schema-mismatch', /images\.face/],
    ['of another kind', { audio: { frame: 'UklGRg==' } }, 'schema-mismatch', /audio\.frame/],
    [
      'both sent and referred to',
      { images: { frame: picture(1) }, references: { frame: 'x:y' } },
      'schema-mismatch',
      /itself/,
    ],
    ['that are no recordings', { audio: { clip: picture(1) } }, 'blob-refused', /audio\.clip: no WAV/],
    ['of another length', { embeddings: { vector: [1] } }, 'blob-refused', /declares 2/],
    ['at no address', { references: { frame: 'C:\\a b' } }, 'wrong-shape', /scheme/],
  ])('are refused with their sample: %s', async (_, more, code, reason) => {
    const { sink, send } = setUp()
    const { refused } = await send(sampleOf('a', more))
    expect(refused).toMatchObject([{ code, reason: expect.stringMatching(reason) }])
    expect(sink.blobs.size).toBe(0)
    expect(sink.letters).toHaveLength(1)
  })
})

describe('a blob that is still being measured', () => {
  it('holds up what came behind it in its own connection, and nobody else', async () => {
    const { measure, release } = makeMeasure()
    const { sink, send } = setUp(measure)
    const stored: string[] = []
    const note = (name: string) => () => stored.push(name)
    const slow = send(sampleOf('slow', { images: { frame: picture(1) } })).then(note('slow'))
    const behind = send(sampleOf('behind')).then(note('behind'))
    await send(sampleOf('other'), 'con_2').then(note('other'))
    expect(stored).toEqual(['other'])
    release()
    await Promise.all([slow, behind])
    expect([...sink.samples.keys()]).toEqual(['other', 'slow', 'behind'])
    expect(stored).toEqual(['other', 'slow', 'behind'])
    expect(sink.samples.get('slow')?.inputs['frame.brightness']).toBe(7)
  })

  it('is waited for when the intake closes', async () => {
    const { measure, release, open } = makeMeasure()
    const { sink, intake, send } = setUp(measure)
    const sent = send(sampleOf('a', { images: { frame: picture(1) } }))
    const closed = intake.close(5000)
    await vi.waitFor(() => expect(open).toHaveLength(1))
    expect(sink.samples.size).toBe(0)
    release()
    await Promise.all([sent, closed])
    expect(sink.samples.size).toBe(1)
  })

  it('is not acknowledged when the intake closes first', async () => {
    const { sink, intake, send } = setUp(makeMeasure().measure)
    const sent = send(sampleOf('a', { images: { frame: picture(1) } }))
    const outcome = expect(sent).rejects.toThrow(/closed/)
    await intake.close(20)
    await outcome
    expect(sink.samples.size).toBe(0)
  })
})
