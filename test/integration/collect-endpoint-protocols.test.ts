import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createEndpointClient, type InferRow } from '../../src/collect/endpoint.ts'
import { type EndpointConfig, endpointConfig } from '../../src/contract/connection.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import { objectionToServed } from '../../src/service/releases/measure/served-version.ts'
import { makeCertificates } from '../support/certificates.ts'

type Reply = (request: { path: string; body: Buffer; headers: IncomingMessage['headers'] }) => unknown

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

/** Answers 404 where `reply` says nothing, bytes of a text as they are, and anything else as JSON. */
const handle = (reply: Reply) => (request: IncomingMessage, response: ServerResponse) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const said = reply({ path: request.url ?? '', body: Buffer.concat(chunks), headers: request.headers })
    if (said === undefined) response.writeHead(404)
    response.end(typeof said === 'string' ? said : JSON.stringify(said))
  })
}

async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  undo.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function clientOf(reply: Reply, more: Partial<EndpointConfig>) {
  const config = endpointConfig.parse({
    ...{ kind: 'endpoint', url: `http://127.0.0.1:${await listen(createServer(handle(reply)))}` },
    ...{ modelName: 'rooms', modelVersion: null, auth: { kind: 'none' }, timeoutMs: 2000 },
    ...more,
  })
  return { config, client: createEndpointClient({ config, secret: null }) }
}

const schema: SchemaSpec = schemaSpec.parse({
  task: 'binary',
  classes: ['empty', 'occupied'],
  positiveClass: 'occupied',
  columns: [
    { name: 'temperature', type: 'numeric', role: 'input' },
    { name: 'window', type: 'categorical', role: 'input' },
  ],
})
const regression: SchemaSpec = { ...schema, task: 'regression', classes: [], positiveClass: null }
const rows: InferRow[] = [
  { temperature: 20.5, window: 'open' },
  { temperature: -3, window: 'shut' },
]
const picture = schemaSpec.shape.columns.parse([{ name: 'frame', type: 'image', role: 'input' }])
const json = (body: Buffer) => JSON.parse(body.toString('utf8')) as Record<string, unknown>

// As `GET /v1/models/<name>/metadata` of TensorFlow Serving documents it: protobuf as JSON, sizes as texts.
const dims = (...sizes: number[]) => ({
  dim: sizes.map((size) => ({ size: String(size), name: '' })),
  unknown_rank: false,
})
const served = (inputs: object, outputs: object) => ({
  model_spec: { name: 'rooms', signature_name: '', version: '3' },
  metadata: {
    signature_def: {
      '@type': 'type.googleapis.com/tensorflow.serving.SignatureDefMap',
      signature_def: {
        serving_default: { inputs, outputs, method_name: 'tensorflow/serving/predict' },
        __saved_model_init_op: { inputs: {}, outputs: {}, method_name: '' },
      },
    },
  },
})
const byName = {
  temperature: { dtype: 'DT_FLOAT', tensor_shape: dims(-1, 1), name: 'a:0' },
  window: { dtype: 'DT_STRING', tensor_shape: dims(-1), name: 'b:0' },
}
const softmax = { probabilities: { dtype: 'DT_FLOAT', tensor_shape: dims(-1, 2), name: 'c:0' } }
const versionStatus = (...states: string[]) => ({
  model_version_status: states.map((state, i) => ({
    version: String(i + 2),
    state,
    status: { error_code: 'OK', error_message: '' },
  })),
})

/** A TensorFlow Serving of one model; `predict` answers a prediction. */
const tfServing =
  (metadata: unknown, predict: (body: Record<string, unknown>) => unknown, states = ['END', 'AVAILABLE']): Reply =>
  ({ path, body }) => {
    if (path.endsWith('/metadata')) return metadata
    if (path === '/v1/models/rooms:predict') return predict(json(body))
    if (path === '/v1/models/rooms') return versionStatus(...states)
  }

describe('TensorFlow Serving', () => {
  it('is asked in rows by the names of its signature, and says versions and tensors', async () => {
    let asked: unknown
    const { client, config } = await clientOf(
      tfServing(served(byName, softmax), (body) => {
        asked = body
        return {
          predictions: [
            [0.9, 0.1],
            [0.25, 0.75],
          ],
        }
      }),
      { protocol: 'tf-serving' },
    )
    expect(await client.ready()).toMatchObject({ ok: true, value: true })
    expect(await client.metadata()).toMatchObject({
      value: {
        versions: ['3'],
        inputs: [{ name: 'temperature', datatype: 'FP32', shape: [-1, 1] }, { name: 'window' }],
      },
    })
    expect(await client.infer(rows, schema.columns, schema)).toMatchObject({
      value: [{ prediction: 'empty', scores: { empty: 0.9 } }, { prediction: 'occupied' }],
    })
    expect(asked).toEqual({
      instances: [
        { temperature: [20.5], window: 'open' },
        { temperature: [-3], window: 'shut' },
      ],
    })
    expect(await objectionToServed(client, config, '3')).toBeNull()
    expect(await objectionToServed(client, config, '2')).toMatch(/serves rooms 3, not 2/)
  })

  it('packs one two-dimensional tensor bare, and takes one sigmoid as the score of the positive class', async () => {
    const numeric = schema.columns.filter(({ type }) => type === 'numeric')
    const columns = [numeric[0], { ...numeric[0], name: 'people' }]
    let asked: unknown
    const { client } = await clientOf(
      tfServing(
        served(
          { dense_input: { dtype: 'DT_INT32', tensor_shape: dims(-1, 2), name: 'x' } },
          { dense_3: { dtype: 'DT_FLOAT', tensor_shape: dims(-1, 1), name: 'y' } },
        ),
        (body) => {
          asked = body
          return { predictions: [[1.0], [0.2]] }
        },
      ),
      { protocol: 'tf-serving' },
    )
    const people = [
      { temperature: 20, people: 1 },
      { temperature: 21, people: 0 },
    ]
    expect(await client.infer(people, columns, schema)).toMatchObject({
      value: [{ prediction: 'occupied', scores: { occupied: 1 } }, { prediction: 'empty' }],
    })
    expect(asked).toEqual({
      instances: [
        [20, 1],
        [21, 0],
      ],
    })
    expect(await client.infer([{ temperature: 3e9, people: 1 }], columns, schema)).toMatchObject({
      problem: { message: 'row 0, input temperature: 3000000000 does not fit INT32, which the model takes' },
    })
    expect(await client.infer([{ temperature: null, people: 1 }], columns, schema)).toMatchObject({
      problem: { message: expect.stringMatching(/is missing/) },
    })
  })

  it('gets pictures as b64, and regressions are read from named outputs', async () => {
    let asked: unknown
    const { client } = await clientOf(
      tfServing(
        served(
          { frame: { dtype: 'DT_STRING', tensor_shape: dims(-1), name: 'x' } },
          { score: { dtype: 'DT_FLOAT', tensor_shape: dims(-1), name: 'y' } },
        ),
        (body) => {
          asked = body
          return { predictions: [1.5] }
        },
      ),
      { protocol: 'tf-serving' },
    )
    const reply = await client.infer([{ frame: Uint8Array.of(1, 2, 3) }], picture, regression)
    expect(reply).toMatchObject({ value: [{ prediction: 1.5, scores: null }] })
    expect(asked).toEqual({ instances: [{ b64: 'AQID' }] })
  })

  it('is not ready while no version is, and its odd replies are named', async () => {
    const loading = await clientOf(
      tfServing({}, () => ({}), ['LOADING']),
      { protocol: 'tf-serving' },
    )
    expect(await loading.client.ready()).toMatchObject({ ok: true, value: false })
    expect(await loading.client.metadata()).toMatchObject({
      problem: { message: expect.stringMatching(/no model metadata: metadata/) },
    })
    const replies: [unknown, RegExp][] = [
      ['{"predictions": [[NaN, 1.0], [0, 1]]}', /holds NaN/],
      [{ predictions: [[0.9, 0.1]] }, /1 predictions for 2 rows/],
      [{ predictions: [[0.9, 0.1], [0.5]] }, /row 1: 1 values where row 0 has 2/],
      [{ outputs: [] }, /no prediction: predictions/],
    ]
    for (const [reply, message] of replies) {
      const { client } = await clientOf(
        tfServing(served(byName, softmax), () => reply),
        { protocol: 'tf-serving' },
      )
      expect(await client.infer(rows, schema.columns, schema)).toMatchObject({
        ok: false,
        problem: { message: expect.stringMatching(message) },
      })
    }
  })
})

describe('MLflow', () => {
  const mlflow =
    (predictions: (body: Record<string, unknown>) => unknown): Reply =>
    ({ path, body }) => {
      if (path === '/ping') return '\n'
      if (path === '/version') return '2.18.0'
      if (path === '/invocations') return { predictions: predictions(json(body)) }
    }

  it('is sent a data frame; labels, probabilities, records and columns come back', async () => {
    let asked: unknown
    const replies: unknown[] = [
      [1, 0],
      [
        [0.9, 0.1],
        [0.25, 0.75],
      ],
      [
        { label: 'occupied', probability: 0.8 },
        { label: 'empty', probability: 0.1 },
      ],
      { label: ['occupied', 'empty'], probability: [0.8, 0.1] },
    ]
    const expected = [
      ['occupied', 'empty'],
      ['empty', 'occupied'],
      ['occupied', 'empty'],
      ['occupied', 'empty'],
    ]
    const { client, config } = await clientOf(
      mlflow((body) => {
        asked = body
        return replies.shift()
      }),
      { protocol: 'mlflow' },
    )
    expect(await client.server()).toMatchObject({ value: { name: 'MLflow', version: '2.18.0' } })
    for (const predictions of expected) {
      const reply = await client.infer(rows, schema.columns, schema)
      expect(reply.ok && reply.value.map(({ prediction }) => prediction)).toEqual(predictions)
    }
    expect(asked).toEqual({
      dataframe_split: {
        columns: ['temperature', 'window'],
        data: [
          [20.5, 'open'],
          [-3, 'shut'],
        ],
      },
    })
    expect(await objectionToServed(client, config, '1.4')).toMatch(/name the version in the connection/)
    const pinned = { ...config, modelVersion: '1.4' }
    expect(await objectionToServed(client, pinned, '1.4')).toBeNull()
    expect(await objectionToServed(client, pinned, '1.5')).toMatch(/asks for version 1\.4, not 1\.5/)
  })

  it('refuses what is neither', async () => {
    for (const [predictions, message] of [
      ['soon', /no list with one element a row/],
      [[{ a: 1 }, 2], /mix objects with bare values/],
      [[{}, {}], /empty objects/],
      [[{ a: 1 }, { b: 1 }], /no output is there for every row/],
      [[null, null], /is no FP64 value/],
    ] as const) {
      const { client } = await clientOf(
        mlflow(() => predictions),
        { protocol: 'mlflow' },
      )
      expect(await client.infer(rows, schema.columns, schema)).toMatchObject({
        problem: { kind: 'shape', message: expect.stringMatching(message) },
      })
    }
  })
})

describe('TorchServe', () => {
  it('gets a picture as its bytes and the version in the path; the best of the scores wins', async () => {
    const asked: { path: string; bytes: number[]; type: unknown }[] = []
    const { client } = await clientOf(
      ({ path, body, headers }) => {
        if (path === '/ping') return { status: 'Healthy' }
        asked.push({ path, bytes: [...body], type: headers['content-type'] })
        return { occupied: 0.7, empty: 0.2 }
      },
      { protocol: 'torchserve', modelVersion: '2.0' },
    )
    expect(await client.ready()).toMatchObject({ ok: true, value: true })
    const frames = [{ frame: Uint8Array.of(255, 216) }, { frame: Uint8Array.of(1) }]
    expect(await client.infer(frames, picture, schema)).toMatchObject({
      value: [{ prediction: 'occupied', scores: { occupied: 0.7 } }, { prediction: 'occupied' }],
    })
    expect(asked).toEqual([
      { path: '/predictions/rooms/2.0', bytes: [255, 216], type: 'application/octet-stream' },
      { path: '/predictions/rooms/2.0', bytes: [1], type: 'application/octet-stream' },
    ])
  })

  it('gets rows as instances, and answers with a list, bare or enveloped', async () => {
    for (const reply of [['occupied', 'empty'], { predictions: ['occupied', 'empty'] }]) {
      let asked: unknown
      const { client } = await clientOf(
        ({ body }) => {
          asked = json(body)
          return reply
        },
        { protocol: 'torchserve' },
      )
      expect(await client.infer(rows, schema.columns, schema)).toMatchObject({
        value: [{ prediction: 'occupied' }, { prediction: 'empty' }],
      })
      expect(asked).toEqual({ instances: rows })
    }
  })
})

describe('JSON of its own', () => {
  const template = {
    ...{ path: '/score', body: '{"model": {{modelName}}, "names": {{columns}}, "data": {{values}}}' },
    ...{ outputPath: 'results.*.label', scoresPath: 'results.*.p', readyPath: '/health' },
  }

  it('is asked by the template, and the paths find labels and scores', async () => {
    let asked: unknown
    const results = [
      { label: 'occupied', p: [0.1, 0.9] },
      { label: 'empty', p: { empty: 0.7, occupied: 0.3 } },
    ]
    const { client } = await clientOf(
      ({ path, body }) => {
        if (path === '/health') return 'fine'
        if (path !== '/score') return undefined
        asked = json(body)
        return { results }
      },
      { protocol: 'json', template },
    )
    expect(await client.ready()).toMatchObject({ ok: true, value: true })
    expect(await client.infer(rows, schema.columns, schema)).toMatchObject({
      value: [
        { prediction: 'occupied', scores: { empty: 0.1, occupied: 0.9 } },
        { prediction: 'empty', scores: { empty: 0.7, occupied: 0.3 } },
      ],
    })
    expect(asked).toEqual({
      ...{ model: 'rooms', names: ['temperature', 'window'] },
      data: [
        [20.5, 'open'],
        [-3, 'shut'],
      ],
    })
  })

  it('asks row by row where the template is about one, and no value can change its shape', async () => {
    const asked: unknown[] = []
    const { client } = await clientOf(
      ({ path, body }) => {
        if (path !== '/one') return undefined
        asked.push(json(body))
        return { answer: 'occupied' }
      },
      {
        protocol: 'json',
        template: {
          ...{ path: '/one', body: '{"t": {{row.temperature}}, "w": {{ row.window }}}', outputPath: 'answer' },
          ...{ scoresPath: null, readyPath: null },
        },
      },
    )
    const hostile = [{ temperature: 1, window: '", "admin": "{{modelName}}' }, rows[1]]
    expect(await client.infer(hostile, schema.columns, schema)).toMatchObject({
      value: [{}, { prediction: 'occupied' }],
    })
    expect(asked).toEqual([
      { t: 1, w: '", "admin": "{{modelName}}' },
      { t: -3, w: 'shut' },
    ])
    // Any answer of the base address says that somebody is there.
    expect(await client.ready()).toMatchObject({ ok: true, value: true })
  })

  it('names what is wrong with the reply and with the template', async () => {
    const ask = async (more: object, reply: unknown) => {
      const { client } = await clientOf(() => reply, { protocol: 'json', template: { ...template, ...more } })
      const result = await client.infer(rows, schema.columns, schema)
      return result.ok ? '' : result.problem.message
    }
    expect(await ask({}, { outcome: [] })).toMatch(/nothing at results\.\*\.label/)
    expect(await ask({}, { results: [{ label: 'occupied', p: [1, 0] }] })).toMatch(/1 predictions for 2 rows/)
    expect(await ask({ scoresPath: 'p' }, { results: [{ label: 'empty' }, { label: 'empty' }] })).toMatch(/no scores/)
    expect(await ask({ body: '{"x": {{row.light}}}' }, {})).toMatch(/no input is called “light”/)
    expect(await ask({ body: '{"x": {{rows}}' }, {})).toMatch(/no JSON once it is filled/)
    expect(await ask({ body: '{{constructor}}{{rows}}' }, {})).toMatch(/no placeholder/)
  })
})

describe('an endpoint that asks for a certificate', () => {
  it('is shown ours; without one, or with a stranger’s, a sentence says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
    undo.push(() => rmSync(folder, { recursive: true }))
    const { caPem, server, client } = makeCertificates(folder)
    const port = await listen(
      createTlsServer(
        { ca: caPem, cert: server.certPem, key: server.keyPem, requestCert: true, rejectUnauthorized: true },
        handle(({ path, headers }) =>
          headers.authorization === 'Bearer tok' && path === '/v2' ? { name: 'locked', version: '1' } : undefined,
        ),
      ),
    )
    const ask = (tls: EndpointConfig['tls'], tlsKey: string | null, url = `https://localhost:${port}`) =>
      createEndpointClient({
        config: endpointConfig.parse({
          ...{ kind: 'endpoint', url, protocol: 'oip-v2', modelName: 'rooms', modelVersion: null, timeoutMs: 2000 },
          ...{ auth: { kind: 'bearer', secret: 'auth' }, tls },
        }),
        secret: 'tok',
        tlsKey,
      }).server()
    const ours = { caPem, certPem: client.certPem, keySecret: 'tlsKey' }
    expect(await ask(ours, client.keyPem)).toMatchObject({ ok: true, value: { name: 'locked' } })
    const none = { ...ours, certPem: null, keySecret: null }
    expect(await ask(none, null)).toMatchObject({ problem: { message: expect.stringMatching(/client certificate/) } })
    expect(await ask({ ...ours, caPem: null }, client.keyPem)).toMatchObject({
      problem: { message: expect.stringMatching(/authority that is not trusted/) },
    })
    expect(await ask(ours, server.keyPem)).toMatchObject({
      problem: { message: expect.stringMatching(/private key does not belong/) },
    })
    expect(await ask(ours, 'no key')).toMatchObject({ ok: false, problem: { kind: 'network' } })
    expect(await ask(ours, client.keyPem, `http://localhost:${port}`)).toMatchObject({
      problem: { message: expect.stringMatching(/begins with https/) },
    })
  })
})
