import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findFreePort, hasMosquitto } from '../support/mosquitto.ts'
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

if (!hasMosquitto) console.warn('service-collection-mqtt: skipped, mosquitto is not installed')

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const hour = 3_600_000
const samples = 'assay/deployments/room/samples'
const labels = 'assay/deployments/room/labels'
const sample = (id: string, at = Date.now(), more: object = {}) => ({
  id,
  at,
  inputs: { temperature: 21.5, light: 400 },
  prediction: 'occupied',
  scores: { empty: 0.2, occupied: 0.8 },
  ...more,
})

/** Every file of a folder that holds the text in clear. */
function filesWith(folder: string, text: string): string[] {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))
  return paths.filter((path) => statSync(path).isFile() && readFileSync(path).includes(text))
}

describe.skipIf(!hasMosquitto)('messages of a broker', () => {
  it('become samples, labels and telemetry that pages hear of, and register their device', async () => {
    const { console, deployment } = await openRoomConsole(cleanUp)
    const broker = await openBroker(cleanUp)
    const heard: string[] = []
    console.headless.service.events.subscribe('data.changed', ({ targets, what }) =>
      heard.push(...targets.flatMap((target) => what.map((one) => `${one} ${target}`))),
    )
    const { record } = await saveBroker(console, brokerConfig(broker.url, { acceptsNewDevices: true }))
    await untilPhase(console, record.id, 'connected')
    const client = await openClient(cleanUp, broker.url)
    const at = Date.now()
    const send = (topic: string, payload: unknown) => client.publishAsync(topic, JSON.stringify(payload), { qos: 1 })
    await send(labels, { id: 's2', label: 'empty' })
    await send(samples, [sample('s1', at), sample('s2', at, { device: 'box-1', seq: 1 })])
    await send('assay/devices/box-1/telemetry', { at, values: { temperature: 21.5, humidity: null, light: 400 } })
    await send('assay/devices/box-1/telemetry', { at: at + 1, values: { humidity: 40 } })

    const device = await until(async () => {
      const [first] = (await console.call('devices.list', {})).items
      return first?.device.channels.length === 3 && first.device
    }, 'the device with its channels')
    expect(device).toMatchObject({ key: 'box-1', name: 'box-1', site: '' })
    expect(device.channels).toEqual(
      ['temperature', 'light', 'humidity'].map((name) => ({
        ...{ name, unit: '', range: null, limit: null, expectedEveryMs: null, stuckAfterMs: null },
      })),
    )
    const deploymentId = deployment.record.id
    expect((await console.call('samples.get', { deploymentId, id: 's2' })).sample).toMatchObject({
      ...{ label: 'empty', labelSource: 'mqtt', deviceId: device.id, seq: 1, prediction: 'occupied' },
    })
    // Three messages brought a label, two samples and three points; the waiting label counts as stored.
    expect((await stateOf(console, record.id)).counters).toMatchObject({
      ...{ received: 6, stored: 6, repeated: 0, refused: 0 },
    })
    const entries = await console.call('audit.list', {}).catch(() => null)
    if (entries !== null) {
      const actions = entries.items.map(({ entry }) => entry.action)
      expect(actions).toEqual(expect.arrayContaining(['system.registerDevice', 'system.extendDevice']))
    }
    const wanted = [`samples ${deploymentId}`, `labels ${deploymentId}`, `telemetry ${device.id}`]
    wanted.push(`connections ${record.id}`)
    await until(async () => wanted.every((event) => heard.includes(event)), 'the events that pages follow')
    expect(faultsOf(console)).toEqual([])
  })

  it('are each refused in the right place when they are bad, and nothing else is lost', async () => {
    const { console, deployment } = await openRoomConsole(cleanUp)
    const broker = await openBroker(cleanUp)
    const { record } = await saveBroker(console, brokerConfig(broker.url))
    await untilPhase(console, record.id, 'connected')
    const client = await openClient(cleanUp, broker.url)
    const send = (topic: string, payload: string | Buffer) => client.publishAsync(topic, payload, { qos: 1 })
    const now = Date.now()
    const bad: [topic: string, payload: string | Buffer, code: string, reason: RegExp][] = [
      [samples, '{"id": "x", ', 'not-json', /not JSON/],
      [samples, '', 'not-json', /empty/],
      [samples, Buffer.from([0xff, 0xfe, 0x00]), 'not-json', /not UTF-8/],
      [samples, JSON.stringify(sample('x')).replace('21.5', 'NaN'), 'not-json', /not JSON/],
      [samples, JSON.stringify(sample('x', now, { prediction: { a: 1 } })), 'wrong-shape', /prediction.*an object/],
      [
        samples,
        JSON.stringify(sample('x', now, { inputs: { temperature: 'warm' } })),
        'schema-mismatch',
        /temperature/,
      ],
      [samples, JSON.stringify(sample('x', now, { prediction: 'cat' })), 'schema-mismatch', /empty, occupied/],
      [samples, JSON.stringify(sample('x', now, { version: '9.9' })), 'unknown-version', /9\.9/],
      [samples, JSON.stringify(sample('x', now, { device: 'nobody' })), 'unknown-device', /nobody/],
      [samples, JSON.stringify(sample('x', now + 48 * hour)), 'ahead-of-time', /future/],
      [samples, JSON.stringify(sample('x', 86_400_000)), 'time-out-of-bounds', /past/],
      [
        samples,
        JSON.stringify(sample('x', now, { inputs: { temperature: 'x'.repeat(10_000_000) } })),
        'too-large',
        /bytes/,
      ],
      [samples, `${'['.repeat(1000)}${']'.repeat(1000)}`, 'too-deep', /1000 deep/],
      ['assay/deployments/nobody/samples', JSON.stringify(sample('x')), 'unknown-deployment', /nobody/],
      ['assay/devices/nobody/telemetry', JSON.stringify({ at: now, values: { a: 1 } }), 'unknown-device', /nobody/],
      ['assay/weather', '{}', 'unknown-topic', /assay\/weather/],
    ]
    await send(samples, JSON.stringify(sample('before')))
    for (const [topic, payload] of bad) await send(topic, payload)
    await send(samples, JSON.stringify([sample('good-1'), { id: 7 }, sample('good-2')]))
    await send(samples, JSON.stringify(sample('after')))

    const deploymentId = deployment.record.id
    await until(async () => (await stateOf(console, record.id)).counters.received === bad.length + 5, 'all messages')
    const letters = (await console.call('deadLetters.list', { connectionId: record.id })).items.reverse()
    expect(letters.map(({ code }) => code)).toEqual([...bad.map(([, , code]) => code), 'wrong-shape'])
    for (const [index, [topic, payload, , reason]] of bad.entries()) {
      expect(letters[index].reason).toMatch(reason)
      expect(letters[index]).toMatchObject({ source: topic, payloadBytes: Buffer.byteLength(payload) })
    }
    expect(letters.at(-1)?.reason).toMatch(/^\[1\] id: /)
    const kept = await console.call('samples.list', { deploymentId, window: { from: 0, to: now + hour } })
    expect(kept.items.map(({ id }) => id).sort()).toEqual(['after', 'before', 'good-1', 'good-2'])
    const state = await stateOf(console, record.id)
    expect(state).toMatchObject({ phase: 'connected', problem: null })
    expect(state.counters).toMatchObject({ received: 21, stored: 4, repeated: 0, refused: 16, held: 1 })
    expect(faultsOf(console)).toEqual([])
  })

  it('go on after the broker was restarted, none lost and none twice', async () => {
    const { console, deployment } = await openRoomConsole(cleanUp)
    const broker = await openBroker(cleanUp)
    const { record } = await saveBroker(console, brokerConfig(broker.url))
    await untilPhase(console, record.id, 'connected')
    const ids = Array.from({ length: 300 }, (_, index) => `s${index}`)
    const publish = async (part: string[]) => {
      const client = await openClient(cleanUp, broker.url)
      await Promise.all(part.map((id) => client.publishAsync(samples, JSON.stringify(sample(id)), { qos: 1 })))
      await client.endAsync()
    }
    await publish(ids.slice(0, 150))
    await broker.stop()
    const failed = await untilPhase(console, record.id, 'failed')
    expect(failed.problem).toMatch(/nothing listens|broke the connection|closed the connection|shutting down/)
    await broker.start()
    await untilPhase(console, record.id, 'connected')
    await publish(ids.slice(150))
    const window = { from: 0, to: Date.now() + hour }
    const deploymentId = deployment.record.id
    const stored = await until(async () => {
      const page = await console.call('samples.list', { deploymentId, window, limit: 1000 })
      return page.items.length >= ids.length && page.items.map(({ id }) => id)
    }, 'all samples')
    expect(stored.sort()).toEqual([...ids].sort())
  })

  it('wait at the broker while the connection is disabled', async () => {
    const { console, deployment } = await openRoomConsole(cleanUp)
    const broker = await openBroker(cleanUp)
    const saved = await saveBroker(console, brokerConfig(broker.url))
    const { id } = saved.record
    await untilPhase(console, id, 'connected')
    const off = await console.call('connections.setEnabled', { id, revision: saved.revision, isEnabled: false })
    await untilPhase(console, id, 'disabled')
    const client = await openClient(cleanUp, broker.url)
    await client.publishAsync(samples, JSON.stringify(sample('meanwhile')), { qos: 1 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const deploymentId = deployment.record.id
    await expect(console.call('samples.get', { deploymentId, id: 'meanwhile' })).rejects.toMatchObject({
      code: 'not-found',
    })
    await console.call('connections.setEnabled', { id, revision: off.revision, isEnabled: true })
    await until(
      () => console.call('samples.get', { deploymentId, id: 'meanwhile' }).catch(() => null),
      'the message that waited',
    )
  })
})

describe.skipIf(!hasMosquitto)('brokers that refuse', () => {
  it('say why in the state and when tried, and come up when the cause is gone', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const free = await findFreePort()
    const config = brokerConfig(`mqtt://127.0.0.1:${free}`, { clientId: 'nowhere' })
    const { record } = await saveBroker(console, config, {}, 'nowhere')
    const failed = await untilPhase(console, record.id, 'failed')
    expect(failed.problem).toBe(`nothing listens at 127.0.0.1:${free}; check the port and whether the broker runs`)
    expect(await console.call('connections.test', { config })).toMatchObject({ isOk: false, message: failed.problem })

    const broker = await openBroker(cleanUp, { users: { ana: 'right' } })
    const guarded = brokerConfig(broker.url, { username: 'ana', passwordSecret: 'password' })
    const wrong = await console.call('connections.test', { config: guarded, secrets: { password: 'wrong' } })
    expect(wrong).toMatchObject({ isOk: false, message: expect.stringMatching(/user name|password/) })
    expect(await console.call('connections.test', { config: guarded, secrets: { password: 'right' } })).toMatchObject({
      isOk: true,
      facts: { protocol: '5', isEncrypted: 'no' },
    })
    expect((await console.call('connections.test', { config: guarded })).message).toBe(
      'Enter the password to try this connection',
    )
    const saved = await saveBroker(console, guarded, { password: 'wrong' })
    expect((await untilPhase(console, saved.record.id, 'failed')).problem).toMatch(/user name|password/)
    await console.call('connections.save', {
      ...{ id: saved.record.id, revision: saved.revision, secrets: { password: 'right' } },
      connection: { key: 'broker', name: 'Broker', isEnabled: true, config: guarded },
    })
    await untilPhase(console, saved.record.id, 'connected')
    expect(faultsOf(console)).toEqual([])
  })

  it('are trusted over TLS with the certificate of their authority alone', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const broker = await openBroker(cleanUp, { tls: true })
    const config = brokerConfig(broker.url)
    expect(await console.call('connections.test', { config })).toMatchObject({
      isOk: false,
      message: expect.stringMatching(/certificate.*authority/),
    })
    await expect(saveBroker(console, { ...config, caPem: 'no certificate' })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/PEM/),
    })
    const trusting = { ...config, caPem: broker.caPem }
    expect(await console.call('connections.test', { config: trusting })).toMatchObject({ isOk: true })
    const { record } = await saveBroker(console, trusting)
    await untilPhase(console, record.id, 'connected')
    await expect(saveBroker(console, trusting, {}, 'second')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/same client id/),
    })
  })
})

describe('secrets of connections', () => {
  it('are kept in the vault alone, stay when left empty, and go to no other address', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const secret = 'tulip-4711-secret'
    const url = `mqtt://127.0.0.1:${await findFreePort()}`
    const config = brokerConfig(url, { username: 'ana', passwordSecret: 'password' })
    await expect(saveBroker(console, config)).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'Enter the password',
    })
    const saved = await saveBroker(console, config, { password: secret })
    const { id } = saved.record
    const stored = saved.record.config
    expect(stored).toMatchObject({ passwordSecret: `${id}/password` })
    if (stored.kind !== 'mqtt') throw new Error('the kind has changed')

    const save = (more: Partial<typeof stored>, revision: number, secrets: Record<string, string> = {}) =>
      console.call('connections.save', {
        ...{ id, revision, secrets },
        connection: { key: 'broker', name: 'Renamed', isEnabled: false, config: { ...stored, ...more } },
      })
    const again = await save({}, saved.revision, { password: '' })
    expect(again.record.config).toMatchObject({ passwordSecret: `${id}/password` })
    await expect(save({ url: 'mqtt://elsewhere.example:1883' }, again.revision)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/address has changed/),
    })
    await expect(save({}, again.revision + 7, { password: 'other' })).rejects.toMatchObject({ code: 'stale' })
    // Whoever may try connections cannot have a stored secret sent to a broker of their own.
    const elsewhere = brokerConfig('mqtt://127.0.0.1:1', { passwordSecret: `${id}/password`, username: 'ana' })
    expect((await console.call('connections.test', { config: elsewhere })).message).toMatch(/Enter the password/)

    const { workspacePath, log } = console
    expect(filesWith(workspacePath, secret)).toEqual([])
    expect(JSON.stringify(log.lines)).not.toContain(secret)
    expect(JSON.stringify(await console.call('connections.list', {}))).not.toContain(secret)
    const vault = () => readFileSync(join(workspacePath, 'secrets/secrets.json'), 'utf8')
    expect(vault()).toContain(`${id}/password`)
    const open = await save({ username: null, passwordSecret: null }, again.revision)
    expect(open.record.config).toMatchObject({ passwordSecret: null })
    expect(vault()).not.toContain(`${id}/password`)
  })
})
