import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { testMqtt } from '../../src/collect/mqtt.ts'
import { hasMosquitto } from '../support/mosquitto.ts'
import { encodeSparkplug, types } from '../support/sparkplug.ts'
import { broker, cleanUp, collect, configOf, publisher, qos1, sampleOf, samples, until } from './collect-mqtt-world.ts'

if (!hasMosquitto) console.warn('collect-mqtt-protocols: skipped, mosquitto is not installed')
const run = promisify(execFile)

/** Other publishers than ours, where they are installed. */
const mosquittoPub = ['/usr/bin/mosquitto_pub', '/usr/local/bin/mosquitto_pub', '/opt/homebrew/bin/mosquitto_pub'].find(
  existsSync,
)
const python = ['/usr/bin/python3', '/usr/local/bin/python3', '/opt/homebrew/bin/python3'].find((path) => {
  if (!existsSync(path)) return false
  try {
    execFileSync(path, ['-c', 'import paho.mqtt.client'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})
if (!mosquittoPub) console.warn('mosquitto_pub is not installed: publishing with it is not tested')
if (!python) console.warn('paho for Python is not installed: publishing with it is not tested')

afterEach(cleanUp)

const telemetry = 'park/devices/box-1/telemetry'
const status = 'park/devices/box-1/status'

describe.skipIf(!hasMosquitto)('a broker that asks for certificates', () => {
  it('is shown ours; without one, or with another key, a sentence says so', async () => {
    const { url, caPem, client } = await broker({ tls: true, asksForCertificates: true })
    if (client === null) throw new Error('the broker has no authority')
    const identity = { certPem: client.certPem, keySecret: 'key' }
    const { sink, connected } = collect(configOf(url, { caPem, identity }), { tlsKey: client.keyPem })
    await connected()
    const from = await publisher(url, { ca: caPem ?? undefined, cert: client.certPem, key: client.keyPem })
    await from.publishAsync(samples, sampleOf('a'), qos1)
    await until(() => sink.samples.size === 1, 'the sample')
    expect(await testMqtt(configOf(url, { caPem, identity }), null, 5000, client.keyPem)).toMatchObject({ ok: true })
    expect(await testMqtt(configOf(url, { caPem }), null, 5000)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/client certificate|broke the connection|closed the connection/),
    })
    expect(await testMqtt(configOf(url, { caPem, identity }), null, 5000, 'no key')).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/PEM|cannot be read/),
    })
    const broken = collect(configOf(url, { caPem, identity, clientId: 'broken' }), { tlsKey: 'no key' })
    await until(() => broken.states.at(-1)?.phase === 'failed', 'the failure')
  })
})

describe.skipIf(!hasMosquitto)('a shared subscription', () => {
  it.each([4, 5] as const)('gives each message to one of the group (protocol %i)', async (protocolVersion) => {
    const { url } = await broker()
    const config = (clientId: string) => configOf(url, { clientId, protocolVersion, shareGroup: 'collectors' })
    const first = collect(config('one'))
    const second = collect(config('two'))
    await Promise.all([first.connected(), second.connected()])
    const from = await publisher(url)
    const sent = Array.from({ length: 400 }, (_, i) => `s${i}`)
    await Promise.all(sent.map((id) => from.publishAsync(samples, sampleOf(id), qos1)))
    await until(() => first.sink.samples.size + second.sink.samples.size >= 400, 'all of them')
    expect([...first.sink.samples.keys(), ...second.sink.samples.keys()].sort()).toEqual([...sent].sort())
    expect(Math.min(first.sink.samples.size, second.sink.samples.size)).toBeGreaterThan(50)
  })
})

describe.skipIf(!hasMosquitto)('the status of a device', () => {
  it('comes from itself, and from its last will when it is gone without a word', async () => {
    const { url } = await broker()
    const { sink, connected } = collect(configOf(url))
    await connected()
    const device = await publisher(url, {
      clientId: 'box-1',
      reconnectPeriod: 0,
      will: { topic: status, payload: Buffer.from('{"status":"offline"}'), qos: 1, retain: true },
    })
    await device.publishAsync(status, 'online', { qos: 1, retain: true })
    const online = () =>
      [...sink.points.values()].filter(({ channel }) => channel === 'online').map(({ value }) => value)
    await until(() => online().length === 1, 'its birth')
    device.stream.destroy()
    await until(() => online().length === 2, 'its will')
    expect(online()).toEqual([1, 0])
    expect(sink.letters).toEqual([])
    const other = await publisher(url)
    await other.publishAsync(status, 'asleep', qos1)
    await until(() => sink.letters.length === 1, 'the refusal')
    expect(sink.letters[0].reason).toMatch(/online or offline/)
  })
})

describe.skipIf(!hasMosquitto)('Sparkplug B over a broker', () => {
  it('is followed by aliases; a late joiner asks for a rebirth and gets it; the will ends it', async () => {
    const { url } = await broker()
    const { sink, connected } = collect(configOf(url, { sparkplugGroup: 'park' }), { acceptsNewDevices: true })
    await connected()
    const at = Date.now()
    const bdSeq = { name: 'bdSeq', datatype: types.int64, long_value: 0 }
    const will = Buffer.from(encodeSparkplug({ metrics: [bdSeq] }))
    const edge = await publisher(url, {
      reconnectPeriod: 0,
      will: { topic: 'spBv1.0/park/NDEATH/gate', payload: will, qos: 1, retain: false },
    })
    const publish = (kind: string, message: object) =>
      edge.publishAsync(`spBv1.0/park/${kind}/gate`, Buffer.from(encodeSparkplug(message)), { qos: 0 })
    const birth = { name: 'Temperature', alias: 4, datatype: types.double, double_value: 20.5 }
    edge.on('message', (topic) => {
      if (topic === 'spBv1.0/park/NCMD/gate') void publish('NBIRTH', { timestamp: at, seq: 0, metrics: [bdSeq, birth] })
    })
    await edge.subscribeAsync('spBv1.0/park/NCMD/gate', { qos: 1 })
    await publish('NDATA', { timestamp: at - 10, seq: 200, metrics: [{ alias: 4, double_value: 19 }] })
    await until(() => sink.points.size >= 2, 'the rebirth')
    expect(sink.letters[0].reason).toMatch(/alias 4 is not known; a rebirth is asked for/)
    await publish('NDATA', { timestamp: at + 5, seq: 1, metrics: [{ alias: 4, double_value: 21 }] })
    await until(() => sink.points.size >= 3, 'the data')
    edge.stream.destroy()
    await until(() => sink.points.size >= 4, 'the death')
    const points = [...sink.points.values()].map(({ channel, value }) => [channel, value])
    expect(points).toEqual(
      expect.arrayContaining([
        ['Temperature', 20.5],
        ['online', 1],
        ['Temperature', 21],
        ['online', 0],
      ]),
    )
    expect(sink.letters).toHaveLength(1)
  })
})

describe.skipIf(!hasMosquitto)('publishers that others wrote', () => {
  it.skipIf(!mosquittoPub)('mosquitto_pub, line by line with QoS 1', async () => {
    const { port, url } = await broker()
    const { sink, connected } = collect(configOf(url))
    await connected()
    const lines = Array.from({ length: 100 }, (_, i) => sampleOf(`m${i}`)).join('\n')
    const args = ['-h', '127.0.0.1', '-p', String(port), '-q', '1', '-V', 'mqttv5', '-t', samples, '-l']
    const child = run(mosquittoPub ?? '', args)
    child.child.stdin?.end(`${lines}\n`)
    await child
    await run(mosquittoPub ?? '', [
      ...args.slice(0, 6),
      '-t',
      telemetry,
      '-m',
      `{"at":${Date.now()},"values":{"heat":21.5}}`,
    ])
    await until(() => sink.samples.size === 100 && sink.points.size === 1, 'all of them')
    expect(sink.letters).toEqual([])
  })

  it.skipIf(!python)('Python’s paho, with a last will', async () => {
    const { port, url } = await broker()
    const { sink, connected } = collect(configOf(url))
    await connected()
    const program = `
import json, os, sys, time
import paho.mqtt.client as mqtt
args = [mqtt.CallbackAPIVersion.VERSION2] if hasattr(mqtt, "CallbackAPIVersion") else []
client = mqtt.Client(*args, client_id="box", protocol=mqtt.MQTTv311)
client.will_set("${status}", "offline", qos=1)
client.connect("127.0.0.1", ${port})
client.loop_start()
for i in range(100):
    body = {"id": "p%d" % i, "at": int(time.time() * 1000), "inputs": {"temperature": 20 + i / 10, "window": "ü"}, "prediction": "empty"}
    client.publish("${samples}", json.dumps(body, ensure_ascii=i % 2 == 0), qos=1).wait_for_publish()
os._exit(0)
`
    await run(python ?? '', ['-c', program])
    await until(() => sink.samples.size === 100 && sink.points.size === 1, 'all of them and the will')
    expect(sink.samples.get('p7')?.inputs).toMatchObject({ window: 'ü' })
    expect([...sink.points.values()]).toMatchObject([{ channel: 'online', value: 0 }])
    expect(sink.letters).toEqual([])
  })
})
