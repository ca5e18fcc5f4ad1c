import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createRecordingLog, handlersWith } from '../../test/support/rpc.ts'
import type { User } from '../contract/user.ts'
import { createClient } from '../renderer/rpc/client.ts'
import { createDispatcher } from '../service/rpc/dispatcher.ts'
import { createEventHub } from '../service/rpc/event-hub.ts'
import { createSessions, type Sessions } from '../service/session/sessions.ts'
import { type ConsoleServer, startConsoleServer } from './http.ts'
import { portOverWebSocket } from './ports.ts'

const ana: User = {
  id: 'usr_1',
  login: 'ana',
  name: 'Ana',
  roles: ['operator'],
  keyId: 'a'.repeat(64),
  publicKeyPem: '',
  isDisabled: false,
  createdAt: 1,
}

describe('the loopback server', () => {
  let folder: string
  let server: ConsoleServer
  let sessions: Sessions
  const ingest = vi.fn(async () => ({ status: 202, body: { stored: 1 } }))

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-http-'))
    await mkdir(join(folder, 'page/assets'), { recursive: true })
    await writeFile(join(folder, 'page/index.html'), '<!doctype html><title>Assay</title>')
    await writeFile(join(folder, 'page/assets/a.js'), 'export {}')
    await writeFile(join(folder, 'secret.js'), 'secret')
    const log = createRecordingLog()
    sessions = createSessions({ now: Date.now, random: randomBytes })
    ingest.mockClear()
    server = await startConsoleServer({
      port: 0,
      dispatcher: createDispatcher({
        handlers: handlersWith({
          'jobs.list': async () => [],
          'session.signOut': async (_, { sessionId }) => {
            sessions.end(sessionId ?? '')
            return {}
          },
        }),
        events: createEventHub({ log }),
        log,
        newLogId: () => 'log_1',
      }),
      sessions,
      ingest,
      maxIngestBytes: 1000,
      staticRoot: join(folder, 'page'),
      newSecret: () => randomBytes(32).toString('base64url'),
      log,
    })
  })
  afterEach(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  type Reply = { status: number; headers: IncomingHttpHeaders; body: string }
  function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
    return new Promise<Reply>((resolve, reject) => {
      const { method = 'GET', headers = {}, body } = options
      const request = httpRequest({ host: '127.0.0.1', port: server.port, path, method, headers }, async (response) => {
        const text = (await response.toArray()).join('')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      })
      request.on('error', reject)
      request.end(body)
    })
  }
  const origin = () => `http://127.0.0.1:${server.port}`
  async function launch(): Promise<string> {
    const url = new URL(server.newLaunchUrl())
    const { headers } = await ask(`${url.pathname}${url.search}`)
    return (headers['set-cookie']?.[0] ?? '').split(';')[0]
  }
  async function signIn(cookie: string): Promise<Reply> {
    const body = JSON.stringify({ ticket: sessions.issueTicket(ana) })
    return await ask('/session', { method: 'POST', headers: { cookie, origin: origin() }, body })
  }
  async function openSocket(headers: Record<string, string>): Promise<WebSocket | number> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers })
    return await new Promise((resolve) => {
      socket.on('open', () => resolve(socket))
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
      socket.on('error', () => resolve(0))
    })
  }

  it('shows nothing without a launch link, which works once', async () => {
    expect(await ask('/')).toMatchObject({ status: 403 })
    const url = new URL(server.newLaunchUrl())
    const first = await ask(`/${url.search}`)
    expect(first.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(await ask(`/${url.search}`)).toMatchObject({ status: 403 })
    expect(await ask('/?launch=guess')).toMatchObject({ status: 403 })
    const cookie = (first.headers['set-cookie']?.[0] ?? '').split(';')[0]
    expect(await ask('/', { headers: { cookie } })).toMatchObject({
      status: 200,
      body: expect.stringContaining('Assay'),
    })
    expect(await ask('/', { headers: { cookie: `${cookie}x` } })).toMatchObject({ status: 403 })
  })

  it('sends a strict policy with every reply', async () => {
    const cookie = await launch()
    for (const path of ['/', '/assets/a.js', '/none', '/session']) {
      const { headers } = await ask(path, { headers: { cookie } })
      expect(headers['content-security-policy'], path).toContain("default-src 'none'")
      expect(headers['x-content-type-options'], path).toBe('nosniff')
      expect(headers['access-control-allow-origin'], path).toBeUndefined()
    }
  })

  it('serves the page and nothing beside it', async () => {
    const headers = { cookie: await launch() }
    expect(await ask('/assets/a.js', { headers })).toMatchObject({ status: 200, body: 'export {}' })
    for (const path of ['/../secret.js', '/%2e%2e/secret.js', '/assets/..%2f..%2fsecret.js', '/assets', '/none.js']) {
      expect(await ask(path, { headers }), path).toMatchObject({ status: 404 })
    }
    expect(await ask('/', { method: 'PUT', headers })).toMatchObject({ status: 405 })
  })

  it('does not answer to another name that points here', async () => {
    const cookie = await launch()
    expect(await ask('/', { headers: { cookie, host: `evil.example:${server.port}` } })).toMatchObject({ status: 421 })
    expect(await ask('/', { headers: { cookie, host: '127.0.0.1:1' } })).toMatchObject({ status: 421 })
    expect(await ask('/', { headers: { cookie, host: `localhost:${server.port}` } })).toMatchObject({ status: 200 })
  })

  it('makes a ticket a session cookie, for its own page alone', async () => {
    const cookie = await launch()
    const body = JSON.stringify({ ticket: sessions.issueTicket(ana) })
    const post = (headers: Record<string, string>, sent = body) =>
      ask('/session', { method: 'POST', headers, body: sent })
    expect(await post({ cookie })).toMatchObject({ status: 403 })
    expect(await post({ cookie, origin: 'http://evil.example' })).toMatchObject({ status: 403 })
    expect(await post({ cookie, origin: origin(), 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 })
    expect(await post({ origin: origin() })).toMatchObject({ status: 403 })
    expect(await post({ cookie, origin: origin() }, '{"ticket":"guess"}')).toMatchObject({ status: 401 })
    expect(await post({ cookie, origin: origin() }, 'x'.repeat(2000))).toMatchObject({ status: 401 })
    const right = await post({ cookie, origin: origin() })
    expect(right.status).toBe(204)
    expect(right.headers['set-cookie']?.[0]).toMatch(/^assay_session_\d+=.*HttpOnly; SameSite=Strict/)
    expect(await post({ cookie, origin: origin() })).toMatchObject({ status: 401 })
  })

  it('opens a socket for its own page alone, as a visitor or as who is signed in', async () => {
    const cookie = await launch()
    expect(await openSocket({ origin: origin() })).toBe(403)
    expect(await openSocket({ cookie })).toBe(403)
    expect(await openSocket({ cookie, origin: 'http://evil.example' })).toBe(403)
    expect(await openSocket({ cookie, origin: origin(), host: `evil.example:${server.port}` })).toBe(403)
    const visiting = (await openSocket({ cookie, origin: origin() })) as WebSocket
    await expect(createClient(portOverWebSocket(visiting)).call('jobs.list', {})).rejects.toMatchObject({
      code: 'signed-out',
    })
    const session = ((await signIn(cookie)).headers['set-cookie']?.[0] ?? '').split(';')[0]
    const socket = (await openSocket({ cookie: `${cookie}; ${session}`, origin: origin() })) as WebSocket
    const client = createClient(portOverWebSocket(socket))
    await expect(client.call('jobs.list', {})).resolves.toEqual([])
    const closed = once(socket, 'close')
    await expect(client.call('session.signOut', {})).resolves.toEqual({})
    await closed
    const after = (await openSocket({ cookie: `${cookie}; ${session}`, origin: origin() })) as WebSocket
    await expect(createClient(portOverWebSocket(after)).call('jobs.list', {})).rejects.toMatchObject({
      code: 'signed-out',
    })
  })

  it('hands pushes on with their token, and says what is wrong with others', async () => {
    const headers = { authorization: 'Bearer abc', 'content-type': 'application/json' }
    const push = (path: string, extra: Record<string, string> = {}, body = '{}') =>
      ask(path, { method: 'POST', headers: { ...headers, ...extra }, body })
    const samples = '/ingest/v1/deployments/cat-dog/samples'
    expect(await push(samples, {}, '{"a":1}')).toMatchObject({ status: 202, body: '{"stored":1}' })
    expect(ingest).toHaveBeenCalledExactlyOnceWith({
      token: 'abc',
      route: { kind: 'samples', key: 'cat-dog' },
      body: Buffer.from('{"a":1}'),
    })
    expect(await push('/ingest/v1/devices/camera-1/telemetry')).toMatchObject({ status: 202 })
    for (const path of [
      'deployments/a/telemetry',
      'devices/a/samples',
      'deployments/../samples',
      'deployments/a%2fb/samples',
    ]) {
      expect(await push(`/ingest/v1/${path}`), path).toMatchObject({ status: 404 })
    }
    expect(await push(samples, { authorization: 'Basic abc' })).toMatchObject({ status: 401 })
    expect(await push(samples, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
    expect(await push(samples, { origin: origin() })).toMatchObject({ status: 403 })
    expect(await push(samples, {}, 'x'.repeat(1001))).toMatchObject({ status: 413 })
    expect(await push(samples, { 'transfer-encoding': 'chunked' }, 'x'.repeat(1001))).toMatchObject({ status: 413 })
    expect(await ask(samples, { headers })).toMatchObject({ status: 405 })
    expect(ingest).toHaveBeenCalledTimes(2)
    const basic = `Basic ${Buffer.from('logger:abc').toString('base64')}`
    const event = { authorization: basic, 'content-type': 'text/plain', 'ce-id': '7' }
    expect(await push('/ingest/v1/deployments/cat-dog/cloudevents', event)).toMatchObject({ status: 202 })
    expect(ingest).toHaveBeenLastCalledWith({
      ...{ token: 'abc', route: { kind: 'cloudevents', key: 'cat-dog' }, body: Buffer.from('{}') },
      headers: { 'content-type': 'text/plain', 'ce-id': '7' },
    })
  })

  it('survives nonsense on the wire', async () => {
    for (const text of [
      '\0\0\0',
      'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n',
      `GET / HTTP/1.1\r\nA: ${'x'.repeat(99_999)}`,
    ]) {
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.end(text)
      await new Promise((resolve) => socket.resume().on('close', resolve))
    }
    expect(await ask('/')).toMatchObject({ status: 403 })
  })

  it('closes while pages and idle connections are open', async () => {
    const socket = (await openSocket({ cookie: await launch(), origin: origin() })) as WebSocket
    const idle = connect(server.port, '127.0.0.1')
    idle.on('error', () => {})
    await once(idle, 'connect')
    const closed = once(socket, 'close')
    await server.close()
    await closed
    await expect(ask('/')).rejects.toThrow('ECONNREFUSED')
    server = { ...server, close: async () => {} }
  })
})
