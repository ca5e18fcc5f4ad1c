import { encode } from 'fast-png'
import { encode as encodeJpeg } from 'jpeg-js'
import { afterEach, describe, expect, it } from 'vitest'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import { openTestConsole } from '../support/console.ts'
import {
  brokerConfig,
  createCleanUp,
  faultsOf,
  noLineage,
  openBroker,
  openClient,
  roomDeployment,
  saveBroker,
  until,
  untilPhase,
} from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const schema: SchemaSpec = schemaSpec.parse({
  ...{ task: 'binary', classes: ['empty', 'occupied'], positiveClass: 'occupied' },
  columns: [
    { name: 'frame', type: 'image', role: 'input' },
    { name: 'clip', type: 'audio', role: 'input', isRequired: false },
    { name: 'note', type: 'text', role: 'context', isRequired: false, blob: { vocabulary: ['the', 'dog'] } },
    { name: 'vector', type: 'embedding', role: 'context', isRequired: false, blob: { length: 2, center: [1, 0] } },
  ],
})

/** Eight by eight pixels of one grey. */
const png = (grey: number) =>
  Buffer.from(encode({ width: 8, height: 8, channels: 1, depth: 8, data: new Uint8Array(64).fill(grey) }))
const jpeg = (grey: number) => {
  const data = Buffer.alloc(64 * 4, 255)
  for (let i = 0; i < 64; i++) data.fill(grey, i * 4, i * 4 + 3)
  return encodeJpeg({ width: 8, height: 8, data }, 95).data
}
/** A tone of one second at half of full scale. */
function wav(hertz: number): Buffer {
  const rate = 8000
  const bytes = Buffer.alloc(44 + rate * 2)
  bytes.write('RIFF')
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, rate * 2],
    [40, rate * 2],
  ])
    bytes.writeUInt32LE(value, at)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ])
    bytes.writeUInt16LE(value, at)
  bytes.write('data', 36)
  for (let t = 0; t < rate; t++) bytes.writeInt16LE(16_384 * Math.sin((2 * Math.PI * hertz * t) / rate), 44 + t * 2)
  return bytes
}

/** A console in which a model of pictures, recordings and texts runs as `room`. */
async function openBlobConsole() {
  const console = await openTestConsole()
  cleanUp.later(() => console.close())
  const model = await console.call('models.create', {
    ...{ key: 'room', name: 'Room', description: 'Is somebody in the room?', task: 'binary' },
  })
  const version = await console.call('versions.register', {
    ...{ modelId: model.record.id, name: '1.0', lineage: noLineage, schema, referenceDatasetId: null, artifacts: [] },
  })
  const deployment = await console.call('deployments.create', roomDeployment(model.record.id, version.record.id))
  const { token } = await console.call('connections.createIngestToken', { key: 'push', name: 'Push' })
  const push = async (body: unknown, key = 'room') => {
    const response = await fetch(
      `http://127.0.0.1:${console.headless.server.port}/ingest/v1/deployments/${key}/samples`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
    )
    return { status: response.status, body: await response.json() }
  }
  const inputsOf = async (id: string, deploymentId = deployment.record.id) =>
    (await console.call('samples.get', { deploymentId, id })).sample.inputs
  return { console, version, deployment, push, inputsOf }
}

const sampleOf = (id: string, more: object) => ({ id, at: Date.now(), inputs: {}, prediction: 'empty', ...more })

describe('pictures, recordings, texts and embeddings', () => {
  it('become files and columns, over HTTP and MQTT, and drift like any other', async () => {
    const { console, version, deployment, push, inputsOf } = await openBlobConsole()
    const names = version.record.schema.columns.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['frame.brightness', 'clip.centroid', 'note.unknownShare', 'vector.norm']),
    )
    expect(names).not.toContain('note.foreignShare')

    const first = sampleOf('a', {
      images: { frame: `data:image/png;base64,${png(100).toString('base64')}` },
      audio: { clip: wav(1000).toString('base64') },
      texts: { note: 'The dog barks' },
      embeddings: { vector: [0, 2] },
    })
    expect(await push(first)).toMatchObject({ status: 202, body: { accepted: 1, refused: 0 } })
    const inputs = await inputsOf('a')
    expect(inputs['frame.brightness']).toBeCloseTo(100, 6)
    expect(inputs).toMatchObject({ 'frame.contrast': expect.closeTo(0, 6), 'frame.width': 8, 'frame.hue': null })
    expect(inputs).toMatchObject({
      'clip.seconds': 1,
      'clip.sampleRate': 8000,
      'clip.centroid': expect.closeTo(1000, 0),
    })
    expect(inputs['clip.level']).toBeCloseTo(-9.03, 1)
    expect(inputs).toMatchObject({
      'note.words': 3,
      'note.script': 'Latin',
      'note.unknownShare': expect.closeTo(1 / 3),
    })
    expect(inputs).toMatchObject({ 'vector.norm': 2, 'vector.distance': 1 })
    const read = await console.call('files.read', { digest: String(inputs.frame) })
    expect(read).toMatchObject({ mediaType: 'image/png', base64: png(100).toString('base64') })
    expect((await console.call('files.read', { digest: String(inputs.clip) })).mediaType).toBe('audio/wav')

    const { url } = await openBroker(cleanUp)
    const broker = await saveBroker(console, brokerConfig(url))
    await untilPhase(console, broker.record.id, 'connected')
    const client = await openClient(cleanUp, url)
    const at = Date.now()
    for (let i = 0; i < 80; i++) {
      const frame = jpeg(i < 40 ? 60 + (i % 20) : 160 + (i % 20)).toString('base64')
      const message = { ...sampleOf(`m${i}`, { images: { frame } }), at: at - (i < 40 ? 7_200_000 : 600_000) + i }
      await client.publishAsync('assay/deployments/room/samples', JSON.stringify(message), { qos: 1 })
    }
    const target = { type: 'deployment' as const, id: deployment.record.id }
    const window = { from: at - 3_600_000, to: at + 60_000 }
    const before = { from: at - 3 * 3_600_000, to: at - 3_600_000 }
    await until(async () => {
      const { items } = await console.call('samples.list', { deploymentId: deployment.record.id, window: before })
      const after = await console.call('samples.list', { deploymentId: deployment.record.id, window })
      return items.length + after.items.length === 81
    }, 'eighty pictures')
    expect(Math.abs(Number((await inputsOf('m79'))['frame.brightness']) - 179)).toBeLessThan(2)
    const { jobId } = await console.call('reports.run', {
      ...{ kind: 'drift', target, window, reference: { kind: 'window', window: before } },
    })
    const { result } = await console.ended(jobId)
    const report = await console.call('reports.get', { id: result ?? '' })
    if (report.report.detail.kind !== 'drift') throw new Error('another report')
    const columns = new Map(report.report.detail.features.map((feature) => [feature.name, feature]))
    expect(columns.get('frame.brightness')?.verdict.isDrifted).toBe(true)
    expect(columns.has('frame')).toBe(false)
    expect(faultsOf(console)).toEqual([])
  })

  it('that are damaged leave their sample without measures, which integrity counts', async () => {
    const { console, deployment, push, inputsOf } = await openBlobConsole()
    const whole = png(10)
    const damaged = whole.subarray(0, whole.length - 16).toString('base64')
    const bodies = Array.from({ length: 30 }, (_, i) => sampleOf(`s${i}`, { images: { frame: damaged } }))
    expect(await push(bodies)).toMatchObject({ status: 202, body: { accepted: 30 } })
    expect(await inputsOf('s7')).toMatchObject({ frame: expect.any(String), 'frame.brightness': null })
    const { jobId } = await console.call('reports.run', {
      ...{ kind: 'integrity', target: { type: 'deployment', id: deployment.record.id } },
      window: { from: Date.now() - 3_600_000, to: Date.now() + 60_000 },
    })
    const { result } = await console.ended(jobId)
    const { report } = await console.call('reports.get', { id: result ?? '' })
    if (report.detail.kind !== 'integrity') throw new Error('another report')
    expect(report.detail.missingColumns).toContain('frame.brightness')
    expect(report.headline.status).toBe('breach')
    expect(faultsOf(console)).toEqual([])
  })

  it('are refused with a reason when they are something else', async () => {
    const { push } = await openBlobConsole()
    const html = Buffer.from('<html>').toString('base64')
    expect(await push(sampleOf('a', { images: { frame: html } }))).toMatchObject({
      ...{
        status: 422,
        body: { errors: [{ code: 'blob-refused', message: expect.stringContaining('images.frame') }] },
      },
    })
  })

  it('keep to their quota: what finds no room is measured all the same, and integrity says so', async () => {
    const { console, deployment, push, inputsOf } = await openBlobConsole()
    const { settings } = await console.call('settings.get', {})
    await console.call('settings.update', {
      ...{ revision: settings.revision, changes: { blobs: { quotaBytes: 2 ** 20 } } },
    })
    const bodies = Array.from({ length: 80 }, (_, i) =>
      sampleOf(`c${i}`, { audio: { clip: wav(200 + i).toString('base64') } }),
    )
    expect(await push(bodies)).toMatchObject({ status: 202, body: { accepted: 80 } })
    const { blobs } = await console.call('settings.get', {})
    expect(blobs.bytes).toBeLessThanOrEqual(2 ** 20)
    expect(blobs.removed).toBe(80 - blobs.files)
    expect(blobs.removed).toBeGreaterThan(10)
    const last = await inputsOf('c79')
    expect(last['clip.seconds']).toBe(1)
    await expect(console.call('files.read', { digest: String(last.clip) })).rejects.toThrow(/no more room/)
    const { jobId } = await console.call('reports.run', {
      ...{ kind: 'integrity', target: { type: 'deployment', id: deployment.record.id } },
      window: { from: Date.now() - 3_600_000, to: Date.now() + 60_000 },
    })
    await console.ended(jobId)
    const { items } = await console.call('findings.list', {
      ...{ target: { type: 'deployment', id: deployment.record.id }, kind: 'integrity' },
      window: { from: 0, to: Date.now() + 3_600_000 },
    })
    expect(items.find(({ subject }) => subject.metric === 'goneFiles')).toMatchObject({
      ...{ status: 'warning', value: blobs.removed, n: 80 },
    })
    expect(faultsOf(console)).toEqual([])
  })

  it('in the cells of a file become a reference that arriving ones are compared with', async () => {
    const { console, version, push, inputsOf } = await openBlobConsole()
    const lines = Array.from({ length: 60 }, (_, i) => {
      const frame = `data:image/png;base64,${png(60 + (i % 20)).toString('base64')}`
      return JSON.stringify({ frame, prediction: 'empty' })
    })
    const { modelId } = version.record
    const { jobId } = await console.call('imports.dataset', {
      ...{ digest: await console.upload(Buffer.from(lines.join('\n'))), fileName: 'reference.jsonl', modelId },
      ...{ name: 'Reference', role: 'reference' },
      columns: [
        { name: 'frame', role: 'feature', type: 'image' },
        { name: 'prediction', role: 'prediction', type: 'categorical' },
      ],
    })
    const { result: datasetId } = await console.ended(jobId)
    const dataset = await console.call('datasets.get', { id: datasetId ?? '' })
    expect(dataset.record.columns.map(({ name }) => name)).toContain('frame.brightness')
    const next = await console.call('versions.register', {
      ...{ modelId, name: '2.0', lineage: noLineage, schema, referenceDatasetId: datasetId, artifacts: [] },
    })
    const deployment = await console.call('deployments.create', {
      ...roomDeployment(modelId, next.record.id),
      ...{ key: 'room-2', name: 'Room 2' },
    })
    const bodies = Array.from({ length: 60 }, (_, i) =>
      sampleOf(`n${i}`, { version: '2.0', images: { frame: png(160 + (i % 20)).toString('base64') } }),
    )
    expect(await push(bodies, 'room-2')).toMatchObject({ status: 202, body: { accepted: 60 } })
    expect(await inputsOf('n5', deployment.record.id)).toMatchObject({ 'frame.brightness': expect.closeTo(165, 6) })
    const run = await console.call('reports.run', {
      ...{ kind: 'drift', target: { type: 'deployment', id: deployment.record.id } },
      window: { from: Date.now() - 3_600_000, to: Date.now() + 60_000 },
    })
    const { report } = await console.call('reports.get', { id: (await console.ended(run.jobId)).result ?? '' })
    if (report.detail.kind !== 'drift') throw new Error('another report')
    expect(report.detail.features.find(({ name }) => name === 'frame.brightness')?.verdict.isDrifted).toBe(true)
    expect(faultsOf(console)).toEqual([])
  })
})
