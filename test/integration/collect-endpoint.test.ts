import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createEndpointClient, type InferRow } from '../../src/collect/endpoint.ts'
import { createProbe, type ProbeFacts } from '../../src/collect/probe.ts'
import { type EndpointConfig, endpointConfig } from '../../src/contract/connection.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import { findFreePort } from '../support/mosquitto.ts'

type Handler = (request: IncomingMessage & { body: string }, response: ServerResponse) => void

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => handler(Object.assign(request, { body }), response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  undo.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const clientOf = (url: string, more: Partial<EndpointConfig> = {}, secret: string | null = null) =>
  createEndpointClient({
    config: endpointConfig.parse({
      kind: 'endpoint',
      url,
      protocol: 'oip-v2',
      modelName: 'rooms',
      modelVersion: null,
      auth: { kind: 'none' },
      timeoutMs: 300,
      ...more,
    }),
    secret,
  })

const schema: SchemaSpec = schemaSpec.parse({
  task: 'binary',
  classes: ['empty', 'occupied'],
  positiveClass: 'occupied',
  columns: [
    { name: 'temperature', type: 'numeric', role: 'input' },
    { name: 'people', type: 'numeric', role: 'input' },
  ],
})
const numeric = schema.columns
const rows: InferRow[] = [
  { temperature: 20.5, people: 0 },
  { temperature: null, people: 3 },
]

const metadataOf = (inputs: object[], outputs: object[] = []) => ({
  name: 'rooms',
  versions: ['1'],
  platform: 'x',
  inputs,
  outputs,
})
const packed = metadataOf([{ name: 'X', datatype: 'FP32', shape: [-1, 2] }])

/** A server that answers metadata and inference as told, and keeps what it was asked. */
async function model(metadata: unknown, reply: unknown | Handler) {
  const asked: { inputs: Record<string, unknown>[] }[] = []
  const url = await serve((request, response) => {
    if (request.url === '/v2') response.end('{"name":"double","version":"1.2","extensions":[]}')
    else if (request.url?.endsWith('/ready')) response.end('{"live":true}')
    else if (request.url?.endsWith('/infer')) {
      asked.push(JSON.parse(request.body))
      if (typeof reply === 'function') (reply as Handler)(request, response)
      else response.end(typeof reply === 'string' ? reply : JSON.stringify(reply))
    } else response.end(JSON.stringify(metadata))
  })
  return { url, asked, client: clientOf(url) }
}

const probabilities = { name: 'probabilities', datatype: 'FP64', shape: [2, 2], data: [0.9, 0.1, 0.25, 0.75] }

describe('asking an endpoint', () => {
  it('reads server, metadata and readiness', async () => {
    const { client } = await model(packed, {})
    expect(await client.server()).toMatchObject({ ok: true, value: { name: 'double', version: '1.2' } })
    expect(await client.ready()).toMatchObject({ ok: true, value: true, latencyMs: expect.any(Number) })
    expect(await client.metadata()).toMatchObject({ ok: true, value: { inputs: [{ name: 'X' }] } })
  })

  it('packs columns into the one two-dimensional input and reads the highest score', async () => {
    const { client, asked } = await model(packed, { outputs: [probabilities] })
    const reply = await client.infer(rows, numeric, schema)
    expect(asked[0].inputs).toEqual([{ name: 'X', shape: [2, 2], datatype: 'FP32', data: [20.5, 0, null, 3] }])
    expect(reply).toMatchObject({
      ok: true,
      value: [
        { prediction: 'empty', scores: { empty: 0.9, occupied: 0.1 } },
        { prediction: 'occupied', scores: { empty: 0.25, occupied: 0.75 } },
      ],
    })
  })

  it('sends one tensor a column by name, categories as BYTES, pictures as base64', async () => {
    const columns = schemaSpec.shape.columns.parse([
      { name: 'people', type: 'numeric', role: 'input' },
      { name: 'window', type: 'categorical', role: 'input' },
      { name: 'frame', type: 'image', role: 'input' },
    ])
    const metadata = metadataOf([
      { name: 'people', datatype: 'INT64', shape: [-1] },
      { name: 'window', datatype: 'BYTES', shape: [-1, 1] },
      { name: 'frame', datatype: 'BYTES', shape: [-1] },
    ])
    const { client, asked } = await model(metadata, {
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [1], data: [1] },
        { ...probabilities, shape: [1, 2], data: [[0.4, 0.6]] },
      ],
    })
    const reply = await client.infer([{ people: 2, window: null, frame: Uint8Array.of(1, 2, 3) }], columns, schema)
    expect(asked[0].inputs).toEqual([
      { name: 'people', shape: [1], datatype: 'INT64', data: [2] },
      { name: 'window', shape: [1, 1], datatype: 'BYTES', data: [''] },
      { name: 'frame', shape: [1], datatype: 'BYTES', parameters: { content_type: 'base64' }, data: ['AQID'] },
    ])
    expect(reply).toMatchObject({ ok: true, value: [{ prediction: 'occupied', scores: { occupied: 0.6 } }] })
  })

  it('reads text labels, a single score of the positive class, and regression', async () => {
    const texts = await model(packed, {
      outputs: [{ name: 'l', datatype: 'BYTES', shape: [2], data: ['occupied', 'empty'] }],
    })
    expect(await texts.client.infer(rows, numeric, schema)).toMatchObject({
      value: [{ prediction: 'occupied', scores: null }, { prediction: 'empty' }],
    })
    const single = await model(packed, {
      outputs: [{ name: 'probability', datatype: 'FP32', shape: [2, 1], data: [[0.8], [0.1]] }],
    })
    expect(await single.client.infer(rows, numeric, schema)).toMatchObject({
      value: [{ prediction: 'occupied', scores: { occupied: 0.8 } }, { prediction: 'empty' }],
    })
    const values = await model(packed, { outputs: [{ name: 'y', datatype: 'FP64', shape: [2], data: [1.5, -2] }] })
    const regression: SchemaSpec = { ...schema, task: 'regression', classes: [], positiveClass: null }
    expect(await values.client.infer(rows, numeric, regression)).toMatchObject({
      value: [{ prediction: 1.5 }, { prediction: -2 }],
    })
  })

  it.each([
    ['bearer', { kind: 'bearer', secret: 's' }, 'authorization', 'Bearer tok'],
    [
      'basic',
      { kind: 'basic', username: 'me', secret: 's' },
      'authorization',
      `Basic ${Buffer.from('me:tok').toString('base64')}`,
    ],
    ['header', { kind: 'header', header: 'X-Key', secret: 's' }, 'x-key', 'tok'],
  ] as const)('authenticates by %s', async (_name, auth, header, value) => {
    let seen: unknown
    const url = await serve((request, response) => {
      seen = request.headers[header]
      response.end('{}')
    })
    await clientOf(url, { auth }, 'tok').ready()
    expect(seen).toBe(value)
  })
})

describe('an endpoint that misbehaves', () => {
  const wrong: [string, unknown, RegExp][] = [
    ['NaN in the reply', '{"outputs":[{"name":"p","datatype":"FP64","shape":[2,2],"data":[NaN,1,0,1]}]}', /holds NaN/],
    ['null in the data', { outputs: [{ ...probabilities, data: [0.1, null, 0, 1] }] }, /row 0: null is no FP64/],
    ['garbage', '<html>oops</html>', /not JSON: “<html>oops/],
    ['no outputs', { answers: [] }, /no inference reply: outputs/],
    ['too few rows', { outputs: [{ ...probabilities, shape: [1, 2], data: [0.5, 0.5] }] }, /shape \[1,2\] for 2 rows/],
    ['a shape that lies', { outputs: [{ ...probabilities, shape: [2, 3] }] }, /4 values, its shape \[2,3\] says 6/],
    [
      'an unknown class',
      { outputs: [{ name: 'label', datatype: 'BYTES', shape: [2], data: ['fox', 'empty'] }] },
      /"fox".*none of the declared classes/,
    ],
    [
      'nothing usable',
      { outputs: [{ name: 'z', datatype: 'FP64', shape: [2, 5], data: Array(10).fill(0) }] },
      /no output holds a label/,
    ],
  ]
  it.each(wrong)('%s', async (_name, reply, message) => {
    const { client } = await model(packed, reply)
    const result = await client.infer(rows, numeric, schema)
    expect(result.ok).toBe(false)
    if (!result.ok) expect(result.problem.message).toMatch(message)
  })

  it('names inputs that do not fit before asking', async () => {
    const other = await model(metadataOf([{ name: 'heat', datatype: 'FP64', shape: [-1] }]), {})
    expect(await other.client.infer(rows, numeric, schema)).toMatchObject({
      problem: { kind: 'request', message: expect.stringMatching(/no input called “temperature”; it takes heat/) },
    })
    const wide = await model(metadataOf([{ name: 'X', datatype: 'FP64', shape: [-1, 7] }]), {})
    expect(await wide.client.infer(rows, numeric, schema)).toMatchObject({
      problem: { message: expect.stringMatching(/takes 7 values.*declares 2/) },
    })
    expect(other.asked).toEqual([])
  })

  it('hanging, before and within the body, ends with the time limit', async () => {
    const silent = await serve(() => {})
    expect(await clientOf(silent).ready()).toMatchObject({
      problem: { kind: 'timeout', message: expect.stringMatching(/within 0\.3 s/) },
    })
    const { client } = await model(packed, (_request: unknown, response: ServerResponse) =>
      response.write('{"outputs":'),
    )
    expect(await client.infer(rows, numeric, schema)).toMatchObject({ problem: { kind: 'timeout' } })
  })

  it('a 500 is quoted shortly, a 404 says what to check, a redirect is not followed', async () => {
    const broken = await model(packed, (_request: unknown, response: ServerResponse) =>
      response.writeHead(500).end(JSON.stringify({ error: `shape mismatch ${'x'.repeat(5000)}` })),
    )
    const result = await broken.client.infer(rows, numeric, schema)
    expect(result).toMatchObject({
      problem: { kind: 'status', status: 500, message: expect.stringMatching(/shape mismatch x+…/) },
    })
    if (!result.ok) expect(result.problem.message.length).toBeLessThan(300)
    const missing = await serve((_request, response) => response.writeHead(404).end())
    expect(await clientOf(missing).metadata()).toMatchObject({
      problem: { message: expect.stringMatching(/model name/) },
    })
    const away = await serve((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end())
    expect(await clientOf(away).metadata()).toMatchObject({ problem: { status: 302 } })
  })

  it('a reply without end is cut off', async () => {
    const { url } = await model(packed, (_request: unknown, response: ServerResponse) => {
      const chunk = 'x'.repeat(1024 * 1024)
      const more = () => {
        if (!response.destroyed) response.write(chunk, more)
      }
      more()
    })
    const result = await clientOf(url, { timeoutMs: 20_000 }).infer(rows, numeric, schema)
    expect(result).toMatchObject({ problem: { kind: 'body', message: 'the reply is larger than 16 MiB' } })
  })

  it('a closed port and a cancelled call are named', async () => {
    const closed = clientOf(`http://127.0.0.1:${await findFreePort()}`)
    expect(await closed.ready()).toMatchObject({
      problem: { kind: 'network', message: expect.stringMatching(/nothing listens/) },
    })
    const silent = await serve(() => {})
    const abort = new AbortController()
    const call = clientOf(silent, { timeoutMs: 5000 }).ready(abort.signal)
    abort.abort()
    expect(await call).toMatchObject({ problem: { kind: 'aborted' } })
  })
})

describe('probing', () => {
  it('tells readiness, latency, the server and the share of errors; a hanging endpoint blocks nothing', async () => {
    let isHanging = false
    const url = await serve((request, response) => {
      if (isHanging) return
      response.end(request.url === '/v2' ? '{"name":"double","version":"1.2"}' : '{}')
    })
    const seen: { facts: ProbeFacts; phase: string; problem: string | null }[] = []
    const probe = createProbe({
      client: clientOf(url, { timeoutMs: 100 }),
      everyMs: 10,
      now: () => 7,
      onProbe: (facts, { phase, problem }) => seen.push({ facts, phase, problem }),
      window: 4,
    })
    undo.push(() => probe.stop())
    const until = async (condition: () => boolean) => {
      for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
      expect(condition()).toBe(true)
    }
    probe.start()
    await until(() => seen.length >= 2)
    expect(seen[0]).toMatchObject({
      phase: 'connected',
      problem: null,
      facts: { at: 7, isReady: true, errorShare: 0, serverName: 'double', serverVersion: '1.2' },
    })
    isHanging = true
    await until(() => seen.at(-1)?.phase === 'failed')
    expect(seen.at(-1)).toMatchObject({
      problem: expect.stringMatching(/did not answer/),
      facts: { isReady: false, latencyMs: null },
    })
    isHanging = false
    await until(() => seen.at(-1)?.phase === 'degraded')
    expect(seen.at(-1)?.problem).toMatch(/of the last 4 probes failed/)
    await until(() => seen.at(-1)?.phase === 'connected')
    const share = seen.map(({ facts }) => facts.errorShare ?? 0)
    expect(Math.max(...share)).toBeGreaterThanOrEqual(0.25)
  })
})
