import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { InputOf } from '../../src/contract/api.ts'
import type { TestConsole } from '../support/console.ts'
import { findFreePort } from '../support/mosquitto.ts'
import { createCleanUp, faultsOf, openRoomConsole, stateOf, until, untilPhase } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

type Connection = InputOf<'connections.save'>['connection']
type Config = Connection['config']

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.later(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** An inference server with one model, `room`; `how` may change while it runs. */
async function serveModel() {
  const how = { mode: 'ready' as 'ready' | 'loading' | 'hanging' | 'failing', key: null as string | null }
  const url = await serve((request, response) => {
    const reply = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (how.mode === 'hanging') return
    if (how.mode === 'failing') return reply(500, { error: 'out of memory' })
    if (how.key !== null && request.headers.authorization !== `Bearer ${how.key}`) return reply(401, { error: 'who?' })
    if (request.url === '/v2') return reply(200, { name: 'double', version: '7.1' })
    if (request.url?.endsWith('/ready') && request.url.startsWith('/v2/models/room/'))
      return reply(how.mode === 'ready' ? 200 : 503, {})
    const inputs = [{ name: 'temperature', datatype: 'FP64', shape: [-1] }]
    if (request.url === '/v2/models/room') return reply(200, { name: 'room', inputs, outputs: [] })
    reply(404, { error: 'no such model' })
  })
  return { url, how }
}

const endpointConfig = (url: string, more: object = {}): Extract<Config, { kind: 'endpoint' }> => ({
  ...{ kind: 'endpoint', url, protocol: 'oip-v2', modelName: 'room', modelVersion: null },
  ...{ auth: { kind: 'none' }, timeoutMs: 300, probeEveryMs: 1000 },
  ...more,
})

const save = ({ call }: TestConsole, config: Config, secrets: Record<string, string> = {}) =>
  call('connections.save', {
    ...{ id: null, revision: null, secrets },
    connection: { key: config.kind, name: `The ${config.kind}`, isEnabled: true, config },
  })

describe('inference endpoints', () => {
  it('are probed on a schedule; one that hangs is said to, and holds up nobody', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const { url, how } = await serveModel()
    const { record } = await save(console, endpointConfig(url))
    const ready = await until(async () => {
      const state = await stateOf(console, record.id)
      return state.phase === 'connected' && state
    }, 'the first probe')
    expect(ready.probe).toMatchObject({ isReady: true, errorShare: 0, serverName: 'double', serverVersion: '7.1' })
    how.mode = 'hanging'
    const failed = await untilPhase(console, record.id, 'failed')
    expect(failed.problem).toBe('the endpoint did not answer within 0.3 s')
    expect(failed.probe).toMatchObject({ isReady: false, latencyMs: null })
    // The rest of the console answers meanwhile.
    expect(await console.call('models.list', {})).toHaveLength(1)
    how.mode = 'loading'
    await until(async () => /not ready/.test((await stateOf(console, record.id)).problem ?? ''), 'the loading model')
    how.mode = 'ready'
    const back = await untilPhase(console, record.id, 'degraded')
    expect(back.problem).toMatch(/of the last \d+ probes failed/)
    // What the probes saw, and the date of the server's replies, is asked of by its monitor.
    const target = { type: 'connection' as const, id: record.id }
    const window = { from: Date.now() - 600_000, to: Date.now() }
    await console.call('reports.run', { kind: 'endpoint', target, window })
    const report = await until(async () => await console.call('reports.latest', { kind: 'endpoint', target }), 'report')
    const numberOf = (metric: string) => report?.report.findings.find(({ subject }) => subject.metric === metric)?.value
    expect(Math.abs(numberOf('clockSkewMs') ?? Number.NaN)).toBeLessThan(5000)
    expect(numberOf('flaps')).toBeGreaterThanOrEqual(2)
    expect(numberOf('silentForMs')).toBeLessThan(600_000)
    expect(faultsOf(console)).toEqual([])
  })

  it('are tried with a sentence for each way to fail', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const { url, how } = await serveModel()
    const tried = async (config: Config, secrets = {}) => {
      const { isOk, message, facts } = await console.call('connections.test', { config, secrets })
      return { isOk, message, facts }
    }
    expect(await tried(endpointConfig(url))).toMatchObject({
      ...{ isOk: true, message: 'The model room is ready' },
      facts: { server: 'double 7.1', inputs: 'temperature FP64 [-1]' },
    })
    expect((await tried(endpointConfig(url, { modelName: 'cats' }))).message).toMatch(
      /cats: .*does not know this model/,
    )
    how.mode = 'hanging'
    expect((await tried(endpointConfig(url))).message).toMatch(/did not answer within 0.3 s/)
    how.mode = 'failing'
    expect((await tried(endpointConfig(url))).message).toMatch(/failed.*500.*out of memory/)
    how.mode = 'loading'
    expect((await tried(endpointConfig(url))).message).toMatch(/model room is not ready/)
    how.mode = 'ready'
    how.key = 'let-me-in'
    expect((await tried(endpointConfig(url))).message).toMatch(/authentication/)
    const guarded = endpointConfig(url, { auth: { kind: 'bearer', secret: 'auth' } })
    expect((await tried(guarded)).message).toMatch(/Enter the secret/)
    expect((await tried(guarded, { auth: 'let-me-in' })).isOk).toBe(true)
    const port = await findFreePort()
    expect((await tried(endpointConfig(`http://127.0.0.1:${port}`))).message).toMatch(/nothing listens there/)

    const saved = await save(console, guarded, { auth: 'let-me-in' })
    await untilPhase(console, saved.record.id, 'connected')
    // Tried as it is stored, without entering the secret again.
    expect((await tried(saved.record.config)).isOk).toBe(true)
  })

  it('of another kind are refused where an endpoint is needed', async () => {
    const { console, deployment } = await openRoomConsole(cleanUp)
    const { record } = await save(console, { kind: 'webhook', url: 'http://127.0.0.1:9/hook', hmacSecret: null })
    const { id } = deployment.record
    await expect(
      console.call('deployments.update', { id, revision: 1, changes: { endpointId: record.id } }),
    ).rejects.toMatchObject({ code: 'refused', message: '“The webhook” is no inference endpoint' })
  })
})

describe('ways out', () => {
  it('are tried as far as that does no harm', async () => {
    const { console } = await openRoomConsole(cleanUp)
    const seen: { method?: string; url?: string; signature: boolean; body: string }[] = []
    const url = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        const signature = Object.keys(request.headers).some((name) => name.includes('signature'))
        seen.push({ method: request.method, url: request.url, signature, body })
        response.writeHead(request.url === '/broken' ? 500 : 204).end()
      })
    })
    const tried = (config: Config, secrets = {}) => console.call('connections.test', { config, secrets })
    expect(await tried({ kind: 'webhook', url: `${url}/hook`, hmacSecret: 'hmac' }, { hmac: 'key' })).toMatchObject({
      isOk: true,
    })
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/hook', signature: true })
    expect(JSON.parse(seen[0].body)).toMatchObject({ event: 'test', workspace: 'Test', alert: null })
    expect((await tried({ kind: 'webhook', url: `${url}/broken`, hmacSecret: null })).message).toMatch(/answered 500/)

    const action: Config = {
      ...{ kind: 'http-action', method: 'POST', url: `${url}/run/{{deployment}}`, headers: {}, bodyTemplate: '{}' },
      ...{ auth: { kind: 'none' }, hmacSecret: null, poll: null, timeoutMs: 1000 },
    }
    expect(await tried(action)).toMatchObject({ isOk: true, message: expect.stringMatching(/not started/) })
    expect(seen.at(-1)).toMatchObject({ method: 'HEAD', url: '/' })
    const port = await findFreePort()
    expect((await tried({ ...action, url: `http://127.0.0.1:${port}/run` })).message).toMatch(/refused/)

    const folder = await mkdtemp(join(tmpdir(), 'assay-command-'))
    cleanUp.later(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'deploy.sh'), '#!/bin/sh\ntouch ran\n')
    const command: Config = {
      ...{ kind: 'command-action', program: './deploy.sh', args: [], workingDirectory: folder, timeoutMs: 1000 },
    }
    expect((await tried(command)).message).toMatch(/No program called .\/deploy.sh/)
    await chmod(join(folder, 'deploy.sh'), 0o755)
    expect(await tried(command)).toMatchObject({ isOk: true, facts: { program: join(folder, 'deploy.sh') } })
    expect((await tried({ ...command, workingDirectory: '/nowhere' })).message).toMatch(/is no folder/)
    expect(await tried({ ...command, program: 'sh', workingDirectory: null })).toMatchObject({ isOk: true })
  })
})

describe('pushes over HTTP', () => {
  it('are stored before they are answered, and each bad one is told what is wrong', async () => {
    const { console, deployment } = await openRoomConsole(cleanUp)
    const made = await console.call('connections.createIngestToken', { key: 'push', name: 'Push' })
    const { token } = made
    const { id } = made.connection.record
    expect(JSON.stringify(await console.call('connections.list', {}))).not.toContain(token)
    const { port } = console.headless.server
    const push = async (path: string, body: unknown, bearer = token) => {
      const response = await fetch(`http://127.0.0.1:${port}/ingest/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      return { status: response.status, body: await response.json() }
    }
    const sample = (sampleId: string, more: object = {}) => ({
      ...{ id: sampleId, at: Date.now(), inputs: { temperature: 20, light: 1 }, prediction: 'empty', ...more },
    })
    const path = 'deployments/room/samples'
    expect(await push(path, [sample('a', { label: 'occupied' }), sample('b')])).toEqual({
      ...{ status: 202, body: { accepted: 2, refused: 0, errors: [] } },
    })
    const deploymentId = deployment.record.id
    expect((await console.call('samples.get', { deploymentId, id: 'a' })).sample).toMatchObject({
      ...{ label: 'occupied', labelSource: 'ingest' },
    })
    expect((await push(path, [sample('a'), sample('b')])).status).toBe(202)
    expect(await push(path, [sample('c'), sample('d', { prediction: 'cat' })])).toMatchObject({
      ...{ status: 202, body: { accepted: 1, refused: 1, errors: [{ index: 1, code: 'schema-mismatch' }] } },
    })
    expect((await push(path, '{"id":')).status).toBe(422)
    expect((await push('deployments/nobody/samples', sample('e'))).status).toBe(404)
    expect((await push('devices/nobody/telemetry', { at: Date.now(), values: { t: 1 } })).status).toBe(404)
    expect((await push('deployments/room/labels', { id: 'b', label: 'empty' })).body).toMatchObject({ accepted: 1 })
    expect((await push(path, `[${'1,'.repeat(5_000_000)}1]`)).status).toBe(413)
    expect((await push(path, sample('f'), 'x'.repeat(43))).status).toBe(401)

    const state = await stateOf(console, id)
    expect(state).toMatchObject({ phase: 'connected', problem: null })
    expect(state.counters).toMatchObject({ stored: 5, repeated: 2, refused: 4 })
    const letters = await console.call('deadLetters.list', { connectionId: id })
    expect(letters.items.map(({ code }) => code)).toEqual([
      ...['unknown-device', 'unknown-deployment', 'not-json', 'schema-mismatch'],
    ])
    expect(letters.total).toBe(4)

    const { revision } = made.connection
    await console.call('connections.setEnabled', { id, revision, isEnabled: false })
    expect((await push(path, sample('g'))).status).toBe(401)
    expect((await stateOf(console, id)).phase).toBe('disabled')
    await expect(save(console, made.connection.record.config)).rejects.toMatchObject({ code: 'refused' })
    expect(faultsOf(console)).toEqual([])
  })
})
