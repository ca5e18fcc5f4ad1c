import { afterEach, describe, expect, it } from 'vitest'
import { hasMosquitto } from '../support/mosquitto.ts'
import { encodeSparkplug, types } from '../support/sparkplug.ts'
import {
  brokerConfig,
  createCleanUp,
  noLineage,
  openBroker,
  openClient,
  openRoomConsole,
  roomDeployment,
  roomSchema,
  saveBroker,
  until,
  untilPhase,
} from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

async function openPushed() {
  const { console } = await openRoomConsole(cleanUp)
  const { connection, token } = await console.call('connections.createIngestToken', {
    ...{ key: 'push', name: 'Push', acceptsNewDevices: false },
  })
  const push = (path: string, body: unknown, type = 'application/json') =>
    fetch(`http://127.0.0.1:${console.headless.server.port}/ingest/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: JSON.stringify(body),
    })
  return { ...actionsOf(console, connection.record.id), console, push }
}

type Console = Awaited<ReturnType<typeof openRoomConsole>>['console']
const actionsOf = (console: Console, connectionId: string) => ({
  register: (key: string) =>
    console.call('devices.save', {
      ...{ id: null, revision: null },
      device: { key, name: key, site: '', firmware: null, tags: [], channels: [] },
    }),
  letters: async () => (await console.call('deadLetters.list', { connectionId, filter: { state: 'open' } })).items,
  replay: () => console.call('deadLetters.replay', { ids: null, connectionId, reason: 'It is registered now' }),
  newest: async (deviceId: string, channels: string[]) => {
    const window = { from: 0, to: Date.now() + 60_000 }
    const series = await console.call('telemetry.series', { deviceId, channels, window, maxPoints: 100 })
    return Object.fromEntries(series.map(({ channel, value }) => [channel, value.at(-1)]))
  },
})

describe('dead letters of an inference logger', () => {
  const event = (half: 'request' | 'response', id: string, data: unknown) => ({
    ...{ specversion: '1.0', id, source: 'logger', type: `org.kubeflow.serving.inference.${half}`, data },
  })
  const request = { instances: [{ temperature: 21, light: 300, window: 'open' }] }
  const batch = 'application/cloudevents-batch+json'

  it('hold the whole exchange, and are taken once their deployment is there', async () => {
    const { console, push, letters, replay } = await openPushed()
    const path = 'deployments/hall/cloudevents'
    const many = { instances: Array.from({ length: 2 }, (_, i) => ({ temperature: i, light: 1, window: 'open' })) }
    expect((await push(path, event('request', 'a', request), 'application/cloudevents+json')).status).toBe(200)
    await push(
      path,
      [
        event('response', 'a', { predictions: ['occupied'] }),
        event('response', 'b', { predictions: ['occupied', 'fox'] }),
        event('request', 'b', many),
      ],
      batch,
    )
    await push(path, { anything: 1 }, 'application/cloudevents+json')
    expect((await letters()).map(({ code }) => code).sort()).toEqual([
      ...['unknown-deployment', 'unknown-deployment', 'wrong-shape'],
    ])
    const model = await console.call('models.create', { key: 'hall', name: 'Hall', description: '', task: 'binary' })
    const version = await console.call('versions.register', {
      ...{ modelId: model.record.id, name: '1.0', lineage: noLineage, schema: roomSchema },
      ...{ referenceDatasetId: null, artifacts: [] },
    })
    const { record } = await console.call('deployments.create', {
      ...roomDeployment(model.record.id, version.record.id),
      ...{ key: 'hall', name: 'Hall' },
    })
    const outcome = await replay()
    expect(outcome).toMatchObject({ taken: 1, refused: 2 })
    const reasons = outcome.reasons.map(({ reason }) => reason).join('\n')
    expect(reasons).toMatch(/fox/)
    expect(reasons).toMatch(/holds no event that can be read \(no CloudEvent/)
    const window = { from: 0, to: Date.now() + 60_000 }
    const { items } = await console.call('samples.list', { deploymentId: record.id, window })
    expect(items.map(({ id, prediction }) => [id, prediction])).toContainEqual(['a', 'occupied'])
    expect(await letters()).toHaveLength(2)
  })

  it('that are samples already keep their documented shape', async () => {
    const { push, letters, replay } = await openPushed()
    const strange = { instances: [{ temperature: 21, light: 'dark', window: 'open' }] }
    const both = [event('request', 'c', strange), event('response', 'c', { predictions: ['empty'] })]
    await push('deployments/room/cloudevents', both, batch)
    const [letter] = await letters()
    expect(letter).toMatchObject({
      ...{ code: 'schema-mismatch', source: '/ingest/deployments/room/cloudevents', route: 'deployments/room/samples' },
    })
    expect(JSON.parse(Buffer.from(letter.payloadBase64, 'base64').toString('utf8'))).toMatchObject({ id: 'c' })
    const outcome = await replay()
    expect(outcome).toMatchObject({ taken: 0, refused: 1 })
    expect(outcome.reasons[0].reason).toMatch(/light/)
  })
})

describe('dead letters of an OpenTelemetry exporter', () => {
  it('are taken once the device is registered; what was no metric says that it stays so', async () => {
    const { push, letters, replay, register, newest } = await openPushed()
    const at = `${Date.now()}000000`
    const resource = { attributes: [{ key: 'host.name', value: { stringValue: 'gateway' } }] }
    const metrics = [{ name: 'heat', gauge: { dataPoints: [{ timeUnixNano: at, asDouble: 41 }] } }]
    await push('otlp/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] })
    await push('otlp/v1/metrics', { resourceMetrics: 7 })
    expect((await letters()).map(({ route }) => route)).toEqual([undefined, 'devices/gateway/telemetry'])
    const { record } = await register('gateway')
    const outcome = await replay()
    expect(outcome).toMatchObject({ taken: 1, refused: 1 })
    expect(outcome.reasons[0].reason).toMatch(/it is no metric that can be read/)
    expect(await newest(record.id, ['heat'])).toEqual({ heat: 41 })
  })
})

if (!hasMosquitto) console.warn('service-replay-protocols: Sparkplug is not tested, mosquitto is not installed')
describe.skipIf(!hasMosquitto)('dead letters of Sparkplug and of the status of a device', () => {
  it('are taken once the device is registered; what needs the births before it says so', async () => {
    const broker = await openBroker(cleanUp)
    const { console } = await openRoomConsole(cleanUp)
    const { record } = await saveBroker(console, brokerConfig(broker.url, { sparkplugGroup: 'plant' }))
    await untilPhase(console, record.id, 'connected')
    const { letters, replay, register, newest } = actionsOf(console, record.id)
    const client = await openClient(cleanUp, broker.url)
    const birth = encodeSparkplug({
      ...{ timestamp: Date.now(), seq: 0 },
      metrics: [
        { name: 'bdSeq', datatype: types.int64, long_value: 3 },
        { name: 'Heat', alias: 1, datatype: types.double, double_value: 20.5 },
      ],
    })
    await client.publishAsync('spBv1.0/plant/NBIRTH/press', Buffer.from(birth), { qos: 1 })
    await client.publishAsync('spBv1.0/plant/NDATA/press', Buffer.from([255, 1, 2]), { qos: 1 })
    await client.publishAsync('assay/devices/box-9/status', 'offline', { qos: 1 })
    await until(async () => (await letters()).length >= 3, 'the letters')
    expect((await letters()).map(({ source, route }) => [source, route]).sort()).toEqual([
      ['assay/devices/box-9/status', 'devices/box-9/telemetry'],
      ['spBv1.0/plant/NBIRTH/press', 'devices/plant.press/telemetry'],
      ['spBv1.0/plant/NDATA/press', undefined],
    ])
    const press = await register('plant.press')
    const box = await register('box-9')
    const outcome = await replay()
    expect(outcome).toMatchObject({ taken: 2, refused: 1 })
    expect(outcome.reasons[0].reason).toMatch(/the next birth of its node brings its values/)
    expect(await newest(press.record.id, ['Heat'])).toEqual({ Heat: 20.5 })
    expect(await newest(box.record.id, ['online'])).toEqual({ online: 0 })
  })
})
