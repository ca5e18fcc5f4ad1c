import { afterEach, describe, expect, it } from 'vitest'
import type { MappingSpec } from '../../src/contract/mapping.ts'
import { hasMosquitto } from '../support/mosquitto.ts'
import {
  brokerConfig,
  createCleanUp,
  faultsOf,
  openBroker,
  openClient,
  openRoomConsole,
  saveBroker,
  stateOf,
  until,
  untilPhase,
} from './service-collection-room.ts'

if (!hasMosquitto) console.warn('service-mapping: skipped, mosquitto is not installed')

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const spec: MappingSpec = {
  ...{ name: 'Gate', topic: 'site/{place}/scores', format: 'json', each: null, makes: 'samples' },
  owner: { kind: 'constant', value: 'room' },
  fields: [
    { to: 'id', from: { kind: 'path', path: 'uuid' } },
    { to: 'at', from: { kind: 'path', path: 'ts' }, scale: 1000 },
    { to: 'inputs.temperature', from: { kind: 'path', path: 'sensors.f' }, scale: 5 / 9, offset: -160 / 9 },
    { to: 'inputs.light', from: { kind: 'path', path: 'sensors.lux' } },
    { to: 'prediction', from: { kind: 'path', path: 'out' }, translate: { '1': 'occupied', '0': 'empty' } },
  ],
}

describe.skipIf(!hasMosquitto)('a payload that is not ours', () => {
  it('is heard, mapped with a preview, saved as a version and then stored', async () => {
    const broker = await openBroker(cleanUp)
    const console = await openRoomConsole(cleanUp)
    const { call } = console.console
    const { record } = await saveBroker(console.console, brokerConfig(broker.url))
    await untilPhase(console.console, record.id, 'connected')
    const client = await openClient(cleanUp, broker.url)
    const ts = Math.floor(Date.now() / 1000) - 60
    const publish = (uuid: string, change: object = {}) =>
      client.publishAsync(
        'site/hall/scores',
        JSON.stringify({ uuid, ts, sensors: { f: 68, lux: 120 }, out: 1, ...change }),
        { qos: 1, retain: uuid === 'first' },
      )
    await publish('first')

    // Nothing of this topic is asked for yet: it is heard beside the connection.
    expect(await call('mappings.recent', { connectionId: record.id })).toEqual([])
    const heard = await call('mappings.listen', { connectionId: record.id, topic: 'site/{place}/scores', seconds: 1 })
    expect(heard).toEqual({ heard: 1, problem: null })
    const [raw] = await call('mappings.recent', { connectionId: record.id })
    expect(raw).toMatchObject({ source: 'site/hall/scores', isDocumented: false })

    const preview = await call('mappings.preview', { connectionId: record.id, spec })
    expect(preview.problem).toBeNull()
    expect(preview.rows[0]).toMatchObject({ taken: 1, problems: [] })
    expect(preview.rows[0].elements[0]).toMatchObject({
      topic: 'deployments/room/samples',
      element: { id: 'first', at: ts * 1000, prediction: 'occupied', inputs: { light: 120 } },
    })
    const wrong = {
      ...spec,
      fields: spec.fields.map((pick) =>
        pick.to === 'at' ? { ...pick, from: { kind: 'path' as const, path: 'time' } } : pick,
      ),
    }
    expect((await call('mappings.preview', { connectionId: record.id, spec: wrong })).rows[0].problems).toEqual([
      'mapping “Gate”: at: `time` gave nothing',
    ])

    const draft = { id: null, revision: null, connectionId: record.id, isEnabled: true, spec, reason: 'Read the gate' }
    await expect(call('mappings.save', { ...draft, spec: { ...spec, each: 'a[' } })).rejects.toThrow('no JMESPath')
    const saved = await call('mappings.save', draft)
    expect(saved.revision).toBe(1)
    await untilPhase(console.console, record.id, 'connected')
    const window = { from: 0, to: Date.now() + 60_000 }
    const samples = async () =>
      (await call('samples.list', { deploymentId: console.deployment.record.id, window })).items
    await until(async () => {
      await publish('second')
      return (await samples()).length > 0
    }, 'the mapped sample')
    expect((await samples())[0]).toMatchObject({ id: 'second', prediction: 'occupied', inputs: { light: 120 } })

    // What it cannot read names the path, and is kept as it came.
    await publish('third', { ts: undefined })
    const letter = await until(
      async () => (await call('deadLetters.list', { connectionId: record.id })).items[0],
      'the dead letter',
    )
    expect(letter).toMatchObject({ code: 'mapping-failed', reason: 'mapping “Gate”: at: `ts` gave nothing' })
    expect(JSON.parse(Buffer.from(letter.payloadBase64, 'base64').toString())).toMatchObject({ uuid: 'third' })

    const second = await call('mappings.save', {
      ...{ id: saved.record.id, revision: 1, connectionId: record.id, isEnabled: true, reason: 'Times may be missing' },
      spec: {
        ...spec,
        fields: spec.fields.map((pick) => (pick.to === 'at' ? { to: 'at', from: { kind: 'arrival' as const } } : pick)),
      },
    })
    expect(second.revision).toBe(2)
    const history = await call('mappings.history', { id: saved.record.id })
    expect(history.map(({ revision, authorName, record: version }) => [revision, authorName, version.reason])).toEqual([
      [2, 'Ada', 'Times may be missing'],
      [1, 'Ada', 'Read the gate'],
    ])
    await until(async () => {
      await publish('fourth', { ts: undefined })
      return (await samples()).some(({ id }) => id === 'fourth')
    }, 'the sample without a time')

    // The letter is found, given again, and stored once however often that is done.
    const search = { connectionId: record.id, filter: { text: '`ts`', code: 'mapping-failed' as const } }
    expect((await call('deadLetters.list', search)).total).toBe(1)
    expect((await call('deadLetters.list', { ...search, filter: { text: 'no such text' } })).items).toEqual([])
    const again = { ids: null, ...search, reason: 'The mapping takes it now' }
    expect(await call('deadLetters.replay', again)).toEqual({ taken: 1, refused: 0, reasons: [] })
    expect((await samples()).filter(({ id }) => id === 'third')).toHaveLength(1)
    expect(await call('deadLetters.replay', again)).toEqual({ taken: 0, refused: 0, reasons: [] })
    const everything = { ids: null, connectionId: record.id, filter: { state: 'all' as const }, reason: 'Once more' }
    expect(await call('deadLetters.replay', everything)).toMatchObject({ taken: 1, refused: 0 })
    expect((await samples()).filter(({ id }) => id === 'third')).toHaveLength(1)
    const [kept] = (await call('deadLetters.list', { connectionId: record.id })).items
    expect(kept.replay).toMatchObject({ status: 'taken', reason: 'one element was taken' })
    const before = await stateOf(console.console, record.id)
    expect(before.counters.refused).toBe(1)
    expect(faultsOf(console.console)).toEqual([])
  })

  it('is pushed over HTTP below `raw`, and read by the mappings of its token', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const { connection, token } = await console.call('connections.createIngestToken', {
      ...{ key: 'push', name: 'Push', acceptsNewDevices: true },
    })
    const push = (body: unknown) =>
      fetch(`http://127.0.0.1:${console.headless.server.port}/ingest/v1/raw/v1/gateway/telemetry`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const body = { 'Box 1': [{ ts: Date.now(), values: { temperature: 20 } }] }
    expect((await push(body)).status).toBe(422)
    const ready = (await console.call('mappings.ready', {})).find(({ id }) => id === 'thingsboard-gateway')
    if (ready === undefined) throw new Error('the ready mapping is gone')
    await console.call('mappings.save', {
      ...{
        id: null,
        revision: null,
        connectionId: connection.record.id,
        isEnabled: true,
        reason: 'Gateway of the hall',
      },
      spec: { ...ready.spec, topic: 'raw/v1/gateway/telemetry' },
    })
    const reply = await push(body)
    expect([reply.status, await reply.json()]).toEqual([202, { accepted: 1, refused: 0, errors: [] }])
    expect((await console.call('devices.names', {})).map(({ key }) => key)).toEqual(['Box-1'])
  })
})
