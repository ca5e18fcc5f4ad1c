import { createHmac } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { httpActionConfig } from '../contract/connection.ts'
import { type HttpAction, type HttpActionConfig, startHttpAction } from './http-action.ts'
import { retryAfterMs } from './http-exchange.ts'
import { type Received, reply, startServer, type TestServer } from './testing/http-server.ts'

let server: TestServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})
const serve = async (answer: (request: Received, response: ServerResponse, before: number) => void) => {
  server = await startServer(answer)
  return server
}

const token = 'tok-5ecret/+é'.replace('é', '')
const secrets: Record<string, string> = { token, key: 'hmac key "quoted"' }

function act(config: Partial<HttpActionConfig> & { url: string }, more: Partial<HttpAction> = {}) {
  const waits: number[] = []
  const lines: string[] = []
  const outcome = startHttpAction({
    config: httpActionConfig.parse({
      kind: 'http-action',
      method: 'POST',
      headers: {},
      bodyTemplate: '{"model": {{modelKey}}, "run": {{correlationId}}}',
      auth: { kind: 'none' },
      hmacSecret: null,
      poll: null,
      timeoutMs: 10_000,
      ...config,
    }),
    variables: { modelKey: 'cat-dog', why: 'line one\nline "two"' },
    correlationId: 'act_77',
    secrets: async (name) => secrets[name],
    fetch: globalThis.fetch,
    now: Date.now,
    random: () => 0,
    wait: async (ms, signal) => {
      waits.push(ms)
      signal.throwIfAborted()
    },
    signal: new AbortController().signal,
    onLog: (line) => lines.push(line),
    ...more,
  })
  return outcome.then((result) => ({ ...result, waits, lines }))
}
/** Time passes only by waiting. */
function clockThatWaits() {
  let at = 0
  return {
    now: () => at,
    wait: async (ms: number) => {
      at += ms
    },
  }
}
const poll = (origin: string): HttpActionConfig['poll'] => ({
  url: `${origin}/runs/{{response.run.id}}?by={{correlationId}}`,
  everyMs: 200,
  statePath: 'run.state',
  succeeded: ['done'],
  failed: ['broken'],
  resultPath: 'run.outputs.0',
})

describe('a call without polling', () => {
  it('sends body, headers, authentication and a signature that can be checked', async () => {
    const { origin, received } = await serve((_, response) => reply(response, 202, { accepted: true }))
    const result = await act({
      url: `${origin}/retrain/{{modelKey}}`,
      headers: { 'X-Why': '{{why}}' },
      auth: { kind: 'bearer', secret: 'token' },
      hmacSecret: 'key',
    })
    expect(result).toMatchObject({ state: 'succeeded', result: { accepted: true }, problem: null })
    const [request] = received
    expect(request).toMatchObject({
      method: 'POST',
      url: '/retrain/cat-dog',
      body: '{"model": "cat-dog", "run": "act_77"}',
    })
    expect(request.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'x-assay-correlation-id': 'act_77',
      'x-why': 'line one%0Aline "two"',
      'content-type': 'application/json',
    })
    const [, at, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request.headers['x-assay-signature'])) ?? []
    expect(hex).toBe(createHmac('sha256', secrets.key).update(`${at}.${request.body}`).digest('hex'))
    expect(Math.abs(Number(at) - Date.now())).toBeLessThan(60_000)
  })
  it('knows basic and header authentication', async () => {
    const { origin, received } = await serve((_, response) => reply(response, 200, {}))
    await act({ url: origin, auth: { kind: 'basic', username: 'me', secret: 'token' } })
    await act({ url: origin, auth: { kind: 'header', header: 'PRIVATE-TOKEN', secret: 'token' } })
    expect(received[0].headers.authorization).toBe(`Basic ${Buffer.from(`me:${token}`).toString('base64')}`)
    expect(received[1].headers['private-token']).toBe(token)
  })
  it('masks secrets that come back, in log, problem and result', async () => {
    const { origin } = await serve((request, response, before) =>
      reply(response, before === 0 ? 200 : 400, { echo: request.headers.authorization, long: 'x'.repeat(180) + token }),
    )
    const auth = { kind: 'basic', username: 'me', secret: 'token' } as const
    for (const result of [await act({ url: origin, auth }), await act({ url: origin, auth })]) {
      const everything = JSON.stringify(result)
      expect(everything).not.toContain('5ecret')
      expect(everything).not.toContain(Buffer.from(`me:${token}`).toString('base64'))
      expect(result.log).toContain('***')
    }
  })
  it('sends nothing when something is missing, and says what', async () => {
    const { origin, received } = await serve((_, response) => reply(response, 200, {}))
    expect(await act({ url: origin, auth: { kind: 'bearer', secret: 'gone' } })).toMatchObject({
      state: 'failed',
      problem: 'The secret "gone" is not stored',
    })
    expect((await act({ url: `${origin}/{{nope}}` })).problem).toContain('{{nope}}')
    expect((await act({ url: origin, headers: { Host: 'evil' } })).problem).toContain('cannot be chosen')
    expect(
      (await act({ url: origin, poll: { ...poll(origin), url: `${origin}/{{nope}}` } as HttpActionConfig['poll'] }))
        .problem,
    ).toContain('{{nope}}')
    expect(received).toEqual([])
  })
  it.each([
    [400, 'failed', 'It answered 400: {"no":1}'],
    [401, 'failed', 'check the credentials'],
    [404, 'failed', 'check the URL'],
    [429, 'failed', 'It answered 429'],
    [500, 'unknown', 'look for correlation id act_77 there'],
    [503, 'unknown', 'may have begun'],
  ])('does not repeat after %i: %s', async (status, state, sentence) => {
    const { origin, received } = await serve((_, response) => reply(response, status, { no: 1 }))
    const result = await act({ url: origin })
    expect(result.state).toBe(state)
    expect(result.problem).toContain(sentence)
    expect(received).toHaveLength(1)
  })
  it('does not follow redirects with its credentials', async () => {
    const { origin, received } = await serve((_, response) => reply(response, 302, '', { location: '/elsewhere' }))
    expect((await act({ url: origin })).problem).toBe(
      'It answered with a redirect (302 to /elsewhere): enter the final URL',
    )
    expect(received).toHaveLength(1)
  })
  it('repeats when asked to wait', async () => {
    const { origin, received } = await serve((_, response, before) =>
      before < 2
        ? reply(response, before === 0 ? 429 : 503, '', { 'retry-after': '2' })
        : reply(response, 200, { ok: 1 }),
    )
    const result = await act({ url: origin })
    expect(result).toMatchObject({ state: 'succeeded', waits: [2250, 2250] })
    expect(received).toHaveLength(3)
  })
  it('does not wait longer than it has', async () => {
    const { origin } = await serve((_, response) => reply(response, 429, '', { 'retry-after': '3600' }))
    expect((await act({ url: origin })).problem).toContain('after the time is up')
  })
  it('repeats a refused connection with growing waits, then gives up', async () => {
    const { origin, close } = await serve(() => undefined)
    await close()
    server = null
    const result = await act({ url: origin })
    expect(result).toMatchObject({ state: 'failed', waits: [250, 500, 1000, 2000] })
    expect(result.problem).toContain('the connection was refused')
    expect(result.problem).toContain('tried 5 times')
  })
  it('never repeats what may have arrived', async () => {
    const { origin, received } = await serve((_, response) => response.destroy())
    expect(await act({ url: origin })).toMatchObject({ state: 'unknown' })
    expect(received).toHaveLength(1)
  })
  it('calls it unknown when the other side hangs', async () => {
    const { origin } = await serve(() => undefined)
    const result = await act({ url: origin, timeoutMs: 1000 })
    expect(result).toMatchObject({ state: 'unknown' })
    expect(result.problem).toContain('no reply within')
  })
  it('is cancelled before and while', async () => {
    const { origin, received } = await serve(() => controller.abort())
    const controller = new AbortController()
    expect(await act({ url: origin }, { signal: AbortSignal.abort() })).toMatchObject({ state: 'failed' })
    expect(received).toHaveLength(0)
    expect(await act({ url: origin }, { signal: controller.signal })).toMatchObject({ state: 'unknown' })
  })
  it('survives an endless or deep reply', async () => {
    const { origin } = await serve((_, response, before) => {
      if (before === 0) {
        response.writeHead(200)
        response.on('error', () => undefined)
        for (let index = 0; index < 40; index += 1) response.write(Buffer.alloc(65_536, 0x61))
        response.end()
      } else reply(response, 200, `${'['.repeat(5000)}${']'.repeat(5000)}`)
    })
    const long = await act({ url: origin })
    expect(long).toMatchObject({ state: 'succeeded', result: null })
    expect(Buffer.byteLength(long.log)).toBeLessThanOrEqual(65_536)
    expect(await act({ url: origin })).toMatchObject({ state: 'succeeded', result: null })
  })
})

describe('a call with polling', () => {
  const started = { run: { id: 'r/1', state: 'queued' } }

  it('asks by the id it was given until the work is done, and extracts the result', async () => {
    const { origin, received } = await serve((request, response, before) => {
      if (request.method === 'POST') reply(response, 201, started)
      else if (before < 3) reply(response, 200, { run: { state: 'running' } })
      else reply(response, 200, { run: { state: 'done', outputs: [{ version: '2' }] } })
    })
    const result = await act({ url: origin, poll: poll(origin), auth: { kind: 'bearer', secret: 'token' } })
    expect(result).toMatchObject({ state: 'succeeded', result: { version: '2' }, waits: [200, 200, 200] })
    expect(received.slice(1).map((r) => `${r.method} ${r.url}`)).toEqual(Array(3).fill('GET /runs/r%2F1?by=act_77'))
    expect(received[3].headers.authorization).toBe(`Bearer ${token}`)
  })
  it('reports failure in the words of the other system', async () => {
    const { origin } = await serve((request, response) =>
      reply(
        response,
        200,
        request.method === 'POST' ? started : { run: { state: 'broken', outputs: [{ step: 'fit' }] } },
      ),
    )
    expect(await act({ url: origin, poll: poll(origin) })).toMatchObject({
      state: 'failed',
      problem: 'The other system says "broken"',
      result: { step: 'fit' },
    })
  })
  it('passes over some lost polls, not all', async () => {
    const { origin } = await serve((request, response, before) => {
      if (request.method === 'POST') reply(response, 200, started)
      else if (before < 5) reply(response, 502, 'bad gateway')
      else reply(response, 200, { run: { state: 'done' } })
    })
    expect(await act({ url: origin, poll: poll(origin) })).toMatchObject({ state: 'succeeded', result: null })
    await server?.close()
    const dead = await serve((request, response) => reply(response, request.method === 'POST' ? 200 : 403, started))
    const result = await act({ url: dead.origin, poll: poll(dead.origin) })
    expect(result.state).toBe('unknown')
    expect(result.problem).toContain('its state cannot be read: It answered 403')
  })
  it('gives up in time, saying what it last saw', async () => {
    const { origin } = await serve((_, response) => reply(response, 200, started))
    const result = await act({ url: origin, poll: poll(origin), timeoutMs: 1000 }, clockThatWaits())
    expect(result.state).toBe('unknown')
    expect(result.problem).toBe(
      'It had not ended after 1 s (its last state was "queued"); look for correlation id act_77 there',
    )
  })
  it('says when the reply has no state, or no id to ask by', async () => {
    const { origin } = await serve((_, response) => reply(response, 200, { other: 1 }))
    const deps = clockThatWaits()
    const stateless = { ...poll(origin), url: `${origin}/state` } as HttpActionConfig['poll']
    expect((await act({ url: origin, poll: stateless, timeoutMs: 1000 }, deps)).problem).toContain(
      'no state at "run.state"',
    )
    expect(await act({ url: origin, poll: poll(origin) })).toMatchObject({ state: 'unknown' })
  })
  it('stops watching when it is cancelled', async () => {
    const controller = new AbortController()
    const { origin } = await serve((request, response) => {
      if (request.method === 'GET') controller.abort()
      reply(response, 200, started)
    })
    const result = await act({ url: origin, poll: poll(origin) }, { signal: controller.signal, wait: undefined })
    expect(result.state).toBe('unknown')
    expect(result.problem).toContain('no longer watched')
  })
})

describe('retryAfterMs', () => {
  it('reads seconds and dates', () => {
    const now = Date.UTC(2026, 0, 1)
    expect(retryAfterMs('5', now)).toBe(5000)
    expect(retryAfterMs(new Date(now + 3000).toUTCString(), now)).toBe(3000)
    expect(retryAfterMs(new Date(now - 3000).toUTCString(), now)).toBe(0)
    expect([retryAfterMs(null, now), retryAfterMs('soon', now)]).toEqual([null, null])
  })
})
