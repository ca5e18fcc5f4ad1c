import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { InputOf } from '../../src/contract/api.ts'
import type { TestConsole } from '../support/console.ts'
import { findFreePort } from '../support/mosquitto.ts'
import { createCleanUp, faultsOf, openRoomConsole, stateOf, until, untilPhase } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

/** A console with the model `room` in production and a push token. */
async function openPushed(acceptsNewDevices = false) {
  const { console, deployment } = await openRoomConsole(cleanUp)
  const made = await console.call('connections.createIngestToken', { key: 'push', name: 'Push', acceptsNewDevices })
  const origin = `http://127.0.0.1:${console.headless.server.port}/ingest/v1`
  const push = async (path: string, headers: Record<string, string>, body: unknown) => {
    const response = await fetch(`${origin}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { console, deployment, push, token: made.token, connectionId: made.connection.record.id }
}

describe('an inference logger', () => {
  it('pushes both halves of an inference with the token in its address, and they are one sample', async () => {
    const { console, deployment, push, token, connectionId } = await openPushed()
    const headers = (half: string, password = token) => ({
      authorization: `Basic ${Buffer.from(`logger:${password}`).toString('base64')}`,
      ...{ 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': 'room' },
      'ce-type': `org.kubeflow.serving.inference.${half}`,
    })
    const path = 'deployments/room/cloudevents'
    const request = { instances: [{ temperature: 21, light: 300, window: 'open' }] }
    expect(await push(path, headers('request', 'x'.repeat(43)), request)).toMatchObject({ status: 401 })
    expect(await push(path, headers('request'), request)).toMatchObject({ status: 200, body: { waiting: 1 } })
    expect(await push(path, headers('response'), { predictions: ['occupied'] })).toMatchObject({
      ...{ status: 200, body: { accepted: 1, refused: 0 } },
    })
    const { sample } = await console.call('samples.get', { deploymentId: deployment.record.id, id: 'e1' })
    expect(sample).toMatchObject({ prediction: 'occupied', inputs: { temperature: 21, light: 300, window: 'open' } })
    expect((await stateOf(console, connectionId)).counters).toMatchObject({ received: 1, stored: 1, refused: 0 })
    expect(faultsOf(console)).toEqual([])
  })
})

const exporter = ['/usr/bin/prometheus-node-exporter', '/usr/local/bin/node_exporter'].find((path) => existsSync(path))
if (exporter === undefined)
  console.warn('prometheus-node-exporter is not installed: scraping a real exporter is not tested')

const pick = (channel: string, metric: string, more: object = {}) => ({
  ...{ channel, metric, labels: {}, as: 'value' as const, combine: 'sum' as const, factor: 1, offset: 0 },
  ...more,
})
type ScrapeConfig = Extract<InputOf<'connections.save'>['connection']['config'], { kind: 'prometheus' }>
const scrapeConfig = (url: string, more: Partial<ScrapeConfig> = {}): ScrapeConfig => ({
  ...{ kind: 'prometheus', url, deviceKey: 'box-1', auth: { kind: 'none' }, everyMs: 1000, timeoutMs: 5000 },
  ...{ acceptsNewDevices: true, picks: [pick('load', 'node_load1')] },
  ...more,
})
const saved = ({ call }: TestConsole, config: ScrapeConfig) =>
  call('connections.save', {
    ...{ id: null, revision: null, secrets: {} },
    connection: { key: 'metrics', name: 'Metrics', isEnabled: true, config },
  })

describe('an exporter of metrics', () => {
  it.skipIf(exporter === undefined)('that really runs is scraped into channels of a device', async () => {
    const port = await findFreePort()
    const child = spawn(exporter ?? '', [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
    cleanUp.later(async () => child.kill('SIGKILL'))
    const url = `http://127.0.0.1:${port}/metrics`
    await until(
      () =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      'the exporter',
    )
    const { console } = await openRoomConsole(cleanUp)
    const config = scrapeConfig(url, {
      picks: [
        pick('load', 'node_load1'),
        pick('cpu', 'node_cpu_seconds_total', { as: 'rate', labels: { mode: 'idle' }, combine: 'mean' }),
        pick('memory', 'node_memory_MemTotal_bytes', { factor: 1e-9 }),
      ],
    })
    const tried = await console.call('connections.test', { config, secrets: {} })
    expect(tried).toMatchObject({ isOk: true, message: 'The exporter answers, and every channel finds its series' })
    expect(tried.facts.channels).toMatch(/^load: [\d.]+ \(1 series\); cpu: from the second scrape on/)
    const { record } = await saved(console, config)
    await until(async () => (await stateOf(console, record.id)).counters.stored >= 5, 'two scrapes')
    expect(await stateOf(console, record.id)).toMatchObject({ phase: 'connected', problem: null })
    const [{ device }] = (await console.call('devices.list', {})).items
    expect(device).toMatchObject({ key: 'box-1' })
    const window = { from: Date.now() - 60_000, to: Date.now() + 1000 }
    const series = await console.call('telemetry.series', {
      deviceId: device.id,
      channels: ['cpu', 'memory'],
      window,
      maxPoints: 100,
    })
    expect(series.map(({ channel }) => channel).sort()).toEqual(['cpu', 'memory'])
    expect(faultsOf(console)).toEqual([])
  })

  it('that lacks a series, or answers with something else, is said to', async () => {
    let text = 'node_load1 0.5\nbroken{\n'
    const server = createServer((_request, response) => void response.end(text))
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    )
    cleanUp.later(async () => {
      server.closeAllConnections()
      server.close()
    })
    const { console } = await openRoomConsole(cleanUp)
    const config = scrapeConfig(`http://127.0.0.1:${port}/metrics`, {
      picks: [pick('load', 'node_load1'), pick('heat', 'temp', { labels: { chip: 'x' } })],
    })
    const { record } = await saved(console, config)
    const degraded = await untilPhase(console, record.id, 'degraded')
    expect(degraded.problem).toBe('no series matches temp{chip="x"}')
    await until(async () => (await stateOf(console, record.id)).counters.stored > 0, 'the series that is there')
    text += 'temp{chip="x"} 40\n'
    await until(
      async () => /1 lines cannot be read; line 2/.test((await stateOf(console, record.id)).problem ?? ''),
      'it',
    )
    text = '<html>Login</html>'
    expect((await untilPhase(console, record.id, 'failed')).problem).toMatch(/holds no metrics: line 1/)
    expect(await console.call('connections.test', { config, secrets: {} })).toMatchObject({ isOk: false })
    expect(faultsOf(console)).toEqual([])
  })
})

describe('an OpenTelemetry exporter', () => {
  it('pushes metrics with gzip, and they are channels of a device that registers itself', async () => {
    const { console, token } = await openPushed(true)
    const at = `${Date.now()}000000`
    const body = JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: 'host.name', value: { stringValue: 'gateway' } }] },
          scopeMetrics: [{ metrics: [{ name: 'heat', gauge: { dataPoints: [{ timeUnixNano: at, asDouble: 41 }] } }] }],
        },
      ],
    })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const url = `http://127.0.0.1:${console.headless.server.port}/ingest/v1/otlp/v1/metrics`
    const post = (bytes: Uint8Array<ArrayBuffer>) => fetch(url, { method: 'POST', headers, body: bytes })
    const reply = await post(Uint8Array.from(gzipSync(body)))
    expect([reply.status, await reply.json()]).toEqual([200, {}])
    expect(await console.call('devices.names', {})).toMatchObject([{ key: 'gateway' }])
    expect((await post(Uint8Array.from(gzipSync(Buffer.alloc(20_000_000, 32))))).status).toBe(413)
    expect((await post(Uint8Array.from([1, 2, 3]))).status).toBe(422)
    expect(faultsOf(console)).toEqual([])
  })
})

describe('a watched folder', () => {
  const folderConfig = (path: string, deploymentKey = 'room') => ({
    ...{ kind: 'folder' as const, path, deploymentKey, what: 'samples' as const, everyMs: 1000 },
  })
  const row = (id: string, light: string | number, prediction = 'empty') =>
    `${id},${new Date(Date.now() - 60_000).toISOString()},21,${light},open,${prediction}\n`
  const header = 'id,time,temperature,light,window,prediction\n'

  it('brings each file once, waits for half of one, and names what is wrong by row', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'watched-'))
    cleanUp.later(() => rm(folder, { recursive: true, force: true }))
    const { console, deployment } = await openRoomConsole(cleanUp)
    const deploymentId = deployment.record.id
    await writeFile(join(folder, 'a.csv'), header + row('a1', 300) + row('a2', 'bright') + row('a3', 5, 'fox'))
    const config = folderConfig(folder)
    expect(await console.call('connections.test', { config, secrets: {} })).toMatchObject({
      isOk: true,
      facts: { files: '1' },
    })
    const connection = { key: 'folder', name: 'Folder', isEnabled: true, config }
    const { record } = await console.call('connections.save', { id: null, revision: null, secrets: {}, connection })
    const stored = async (n: number) => (await stateOf(console, record.id)).counters.stored >= n
    await until(() => stored(2), 'the first file')
    const letters = async () => (await console.call('deadLetters.list', { connectionId: record.id })).items
    await until(async () => (await letters()).length > 0, 'the refused row')
    expect(await letters()).toMatchObject([
      { source: 'a.csv, row 4', reason: expect.stringMatching(/prediction.*fox/) },
    ])
    expect((await stateOf(console, record.id)).counters).toMatchObject({ received: 3, stored: 2, refused: 1 })

    // Another name, the same content: nothing comes twice, not even a dead letter.
    await mkdir(join(folder, 'more'))
    await copyFile(join(folder, 'a.csv'), join(folder, 'more/copy.csv'))
    await writeFile(join(folder, 'bad.csv'), 'colour\nred\n')
    // Written in parts, with every look seeing more of it.
    for (let i = 0; i < 25; i++) {
      await appendFile(join(folder, 'b.csv'), i === 0 ? header : row(`b${i}`, i))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await until(() => stored(26), 'the second file')
    expect((await stateOf(console, record.id)).counters).toMatchObject({
      received: 27,
      stored: 26,
      repeated: 0,
      refused: 1,
    })
    const degraded = await untilPhase(console, record.id, 'degraded')
    expect(degraded.problem).toBe('bad.csv: no column is called like the prediction or the time')
    await rm(join(folder, 'bad.csv'))
    await untilPhase(console, record.id, 'connected')
    expect((await console.call('samples.get', { deploymentId, id: 'b24' })).sample).toMatchObject({
      prediction: 'empty',
    })
    expect(faultsOf(console)).toEqual([])
  })

  it('that is not there, or has no deployment, is said to', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const tried = async (config: ReturnType<typeof folderConfig>) =>
      (await console.call('connections.test', { config, secrets: {} })).message
    expect(await tried(folderConfig('/nowhere/at/all'))).toBe('/nowhere/at/all: there is no such folder')
    expect(await tried(folderConfig(tmpdir(), 'cats'))).toBe('No deployment has the key cats')
    const connection = { key: 'folder', name: 'Folder', isEnabled: true, config: folderConfig('/nowhere/at/all') }
    const { record } = await console.call('connections.save', { id: null, revision: null, secrets: {}, connection })
    expect((await untilPhase(console, record.id, 'failed')).problem).toBe('there is no such folder')
    expect(faultsOf(console)).toEqual([])
  })
})
