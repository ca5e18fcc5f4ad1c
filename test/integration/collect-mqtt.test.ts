import { type AddressInfo, createServer } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, describe, expect, it } from 'vitest'
import { type SourceState, testMqtt } from '../../src/collect/mqtt.ts'
import { makeSink } from '../support/intake-double.ts'
import { findFreePort, hasMosquitto } from '../support/mosquitto.ts'
import {
  broker,
  cleanUp,
  collect,
  configOf,
  later,
  publisher,
  qos1,
  sampleOf,
  samples,
  until,
} from './collect-mqtt-world.ts'

if (!hasMosquitto) console.warn('collect-mqtt: skipped, mosquitto is not installed')

afterEach(cleanUp)

describe.skipIf(!hasMosquitto)('a broker as a way in', () => {
  it.each([4, 5] as const)('stores samples, labels and telemetry (protocol %i)', async (protocolVersion) => {
    const { url } = await broker()
    const { sink, connected } = collect(configOf(url, { protocolVersion }))
    await connected()
    const from = await publisher(url)
    const now = Date.now()
    for (let i = 0; i < 200; i++) from.publish(samples, sampleOf(`s${i}`), qos1)
    from.publish(samples, `[${sampleOf('b1')},${sampleOf('b2')}]`, qos1)
    from.publish('park/deployments/room/labels', JSON.stringify({ id: 's1', label: 'occupied' }), qos1)
    from.publish('park/devices/box-1/telemetry', JSON.stringify({ at: now, values: { t: 1, h: 2 } }), { qos: 0 })
    await until(() => sink.samples.size === 202 && sink.points.size === 2 && sink.labels.size === 1, 'all of it')
    expect(sink.letters).toEqual([])
    expect(sink.labels.get('s1')).toMatchObject({ label: 'occupied', source: 'mqtt' })
  })

  it('acknowledges only what is committed: a store that dies before committing loses nothing and repeats nothing', async () => {
    const started = await broker()
    const config = configOf(started.url, { receiveMaximum: 100 })
    const sink = makeSink()
    let committed = 0
    // The store commits three batches, then hangs for good: what follows must come again to the next process.
    const first = collect(config, {
      append: (batch) => (++committed > 3 ? new Promise(() => {}) : sink.append(batch)),
    })
    await first.connected()
    const from = await publisher(started.url)
    const sent = Array.from({ length: 2000 }, (_, i) => `s${i}`)
    await Promise.all(sent.map((id) => from.publishAsync(samples, sampleOf(id), qos1)))
    await until(() => committed > 3, 'the store to hang')
    const beforeCrash = sink.samples.size
    expect(beforeCrash).toBeGreaterThan(0)
    expect(beforeCrash).toBeLessThan(2000)
    await first.stop()
    const second = collect(config, { sink, expectsSession: true })
    await until(() => sink.samples.size >= 2000, 'the rest')
    expect([...sink.samples.keys()].sort()).toEqual([...sent].sort())
    expect(second.events).toEqual([])
    // Redelivery happened, and was seen as repetition at most for what the first run had committed without acknowledging.
    const offered = sink.batches.flatMap((batch) => batch.samples).length
    expect(offered).toBeLessThanOrEqual(2000 + beforeCrash)
  })

  it('acknowledges in order, and holds everything behind an uncommitted message', async () => {
    const { url } = await broker()
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const sink = makeSink()
    const run = collect(configOf(url, { receiveMaximum: 10 }), {
      append: async (batch) => {
        await gate
        return sink.append(batch)
      },
    })
    await run.connected()
    const from = await publisher(url)
    for (let i = 0; i < 50; i++) from.publish(samples, sampleOf(`s${i}`), qos1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(sink.samples.size).toBe(0)
    release()
    await until(() => sink.samples.size === 50, 'all of it')
    expect([...sink.samples.keys()]).toEqual(Array.from({ length: 50 }, (_, i) => `s${i}`))
    // Before the first acknowledgement the broker kept to the window; afterwards this one may run ahead of it.
    expect(sink.batches[0].samples.length).toBeLessThanOrEqual(10)
  })

  it('comes back by itself after the broker restarted, with what was sent meanwhile', async () => {
    const started = await broker()
    const { sink, states, events, connected, stop } = collect(configOf(started.url))
    await connected()
    const from = await publisher(started.url, { reconnectPeriod: 50 })
    await from.publishAsync(samples, sampleOf('before'), qos1)
    await until(() => sink.samples.size === 1, 'the first')
    await started.restart()
    await until(() => states.some((state) => state.phase === 'failed'), 'the failure to be told')
    await connected()
    await from.publishAsync(samples, sampleOf('after'), qos1)
    await until(() => sink.samples.size === 2, 'the second')
    expect(events).toEqual([])
    // Away while messages come: the session keeps them.
    await stop()
    await from.publishAsync(samples, sampleOf('away'), qos1)
    const next = collect(configOf(started.url), { sink, expectsSession: true })
    await until(() => sink.samples.has('away'), 'what came meanwhile')
    expect(next.events).toEqual([])
  })

  it('says that messages may be lost when the broker forgot the session', async () => {
    const started = await broker({ isPersistent: false })
    const { events, states, connected } = collect(configOf(started.url))
    await connected()
    expect(events).toEqual([])
    await started.restart()
    await until(() => states.some((state) => state.phase === 'failed'), 'the failure to be told')
    await connected()
    expect(events).toEqual([expect.objectContaining({ kind: 'possible-loss' })])
  })

  it('keeps poison as dead letters, acknowledges it and goes on', async () => {
    const { url } = await broker()
    const { sink, connected } = collect(configOf(url))
    await connected()
    const from = await publisher(url)
    const publish = (topic: string, body: string | Buffer) => from.publishAsync(topic, body, qos1)
    await publish(samples, '{broken')
    await publish(samples, Buffer.alloc(10 * 1024 * 1024, 0x20))
    await publish('park/deployments/room/elsewhere', '{}')
    await publish('park', '{}')
    await publish('park/deployments/nobody/samples', sampleOf('x'))
    await publish(samples, sampleOf('x', { at: Date.now() + 86_400_000 }))
    await publish(samples, sampleOf('x', { at: 0 }))
    await publish(samples, sampleOf('x', { inputs: { temperature: 'NaN' } }))
    await publish(samples, sampleOf('good'))
    await until(() => sink.samples.has('good'), 'the good one')
    expect(sink.letters.map((letter) => letter.code)).toEqual([
      'not-json',
      'too-large',
      'unknown-topic',
      'unknown-topic',
      'unknown-deployment',
      'ahead-of-time',
      'time-out-of-bounds',
      'schema-mismatch',
    ])
    expect(sink.letters[1].payloadBytes).toBe(10 * 1024 * 1024)
    expect(sink.samples.size).toBe(1)
  })

  it.each([4, 5] as const)('does not take a retained message for a new one (protocol %i)', async (protocolVersion) => {
    const { url } = await broker()
    const from = await publisher(url)
    await from.publishAsync(samples, sampleOf('old'), { qos: 1, retain: true })
    const { sink, source, connected } = collect(configOf(url, { protocolVersion }))
    await connected()
    await from.publishAsync(samples, sampleOf('live'), { qos: 1, retain: true })
    await until(() => sink.samples.has('live'), 'the live one')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([...sink.samples.keys()]).toEqual(['live'])
    expect(source.retainedSkipped()).toBe(protocolVersion === 4 ? 1 : 0)
  })
})

describe.skipIf(!hasMosquitto)('what is wrong with a connection', () => {
  it.each([4, 5] as const)(
    'names a wrong password, and works with the right one (protocol %i)',
    async (protocolVersion) => {
      const { url } = await broker({ users: { console: 'right' } })
      const config = configOf(url, { username: 'console', protocolVersion })
      const wrong = collect(config, { password: 'wrong' })
      await until(() => wrong.states.some((state) => state.phase === 'failed'), 'the failure')
      const { problem } = wrong.states.find((state) => state.phase === 'failed') as SourceState
      expect(problem).toMatch(/user name|password/)
      await wrong.stop()
      expect(await testMqtt(config, 'wrong')).toMatchObject({ ok: false, problem: expect.stringMatching(/password/) })
      const right = collect(config, { password: 'right' })
      await right.connected()
      expect(await testMqtt(config, 'right')).toMatchObject({ ok: true })
    },
  )

  it('speaks TLS with an authority of its own, and refuses one that it does not know', async () => {
    const { url, caPem, port } = await broker({ tls: true })
    const config = configOf(url, { caPem })
    const { sink, connected } = collect(config)
    await connected()
    const from = await publisher(url, { ca: caPem })
    await from.publishAsync(samples, sampleOf('a'), qos1)
    await until(() => sink.samples.size === 1, 'the sample')
    expect(await testMqtt(config, null)).toMatchObject({ ok: true, facts: { isEncrypted: true, protocol: '5' } })
    expect(await testMqtt(configOf(url), null)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/authority/),
    })
    // TLS towards a plain port and plain towards a TLS port.
    expect(await testMqtt(configOf(`mqtt://127.0.0.1:${port}`), null, 2000)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/TLS/),
    })
    const plain = await broker()
    expect(await testMqtt(configOf(`mqtts://127.0.0.1:${plain.port}`), null, 2000)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/TLS|does not answer/),
    })
  })

  it('names a closed port and an unknown host', async () => {
    const port = await findFreePort()
    expect(await testMqtt(configOf(`mqtt://127.0.0.1:${port}`), null)).toEqual({
      ok: false,
      problem: `nothing listens at 127.0.0.1:${port}; check the port and whether the broker runs`,
    })
    expect(await testMqtt(configOf('mqtt://nowhere.invalid:1883'), null)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/host name/),
    })
  })

  it('tells what the broker grants', async () => {
    const { url } = await broker()
    const result = await testMqtt(configOf(url), null)
    expect(result).toMatchObject({
      ok: true,
      facts: { protocol: '5', isEncrypted: false, receiveMaximum: 20, hasWildcards: true },
    })
  })

  it('says so when the broker refuses the subscription', async () => {
    // The broker used above lets everyone subscribe and filters later, so another one stands in here.
    const strict = await Aedes.createBroker({ authorizeSubscribe: (_client, _subscription, done) => done(null, null) })
    const server = createServer(strict.handle)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    later(async () => {
      await new Promise<void>((resolve) => strict.close(resolve))
      server.close()
    })
    const config = configOf(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, { protocolVersion: 4 })
    const sentence = expect.stringMatching(/does not let this user read park\/#; check its access list/)
    expect(await testMqtt(config, null)).toEqual({ ok: false, problem: sentence })
    const { states } = collect(config)
    await until(() => states.at(-1)?.phase === 'failed', 'the refusal')
    expect(states.at(-1)?.problem).toEqual(sentence)
  })
})
