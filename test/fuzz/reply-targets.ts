import assert from 'node:assert/strict'
import { createEndpointClient } from '../../src/collect/endpoint.ts'
import { type EndpointConfig, endpointConfig } from '../../src/contract/connection.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import type { FuzzTarget } from './target.ts'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))

const columns = [
  { name: 'temperature', type: 'numeric', role: 'input' },
  { name: 'light', type: 'numeric', role: 'input' },
] as const
const classes = ['empty', 'occupied']
const schemas: readonly SchemaSpec[] = [
  schemaSpec.parse({ task: 'binary', classes, positiveClass: 'occupied', columns }),
  schemaSpec.parse({ task: 'regression', classes: [], positiveClass: null, columns }),
]
const rows = [
  { temperature: 20.5, light: 1 },
  { temperature: 21, light: 300 },
]

const template = { path: '/score', outputPath: 'results.*.label', scoresPath: 'results.*.p', readyPath: null }
const configOf = (protocol: EndpointConfig['protocol']): EndpointConfig =>
  endpointConfig.parse({
    ...{ kind: 'endpoint', url: 'http://model.invalid', protocol, modelName: 'room', modelVersion: null },
    ...{
      auth: { kind: 'none' },
      ...(protocol === 'json' && { template: { ...template, body: '{"rows": {{rows}}}' } }),
    },
  })

/**
 * What a served model answers to two rows. `replies` are asked in turn, by the end of the path that they answer; the mutated bytes
 * stand in the place of the one that is named by `mutated`.
 */
function replies(
  protocol: EndpointConfig['protocol'],
  mutated: string,
  good: Readonly<Record<string, unknown>>,
  seeds: readonly unknown[],
): FuzzTarget {
  const config = configOf(protocol)
  return {
    name: `reply of ${protocol}: ${mutated}`,
    weight: 3,
    seeds: seeds.map(json),
    async read(bytes) {
      const answer = async (url: unknown) => {
        const end = [mutated, ...Object.keys(good)].find((path) => String(url).endsWith(path))
        assert(end !== undefined, `nobody asks for ${url}`)
        const body = end === mutated ? bytes : json(good[end])
        // What a caller reads of a response, without the cost of a real one a million times.
        return { status: 200, body: [new Uint8Array(body)] } as unknown as Response
      }
      // One schema a payload, and the same for the same bytes.
      const schema = schemas[bytes.length % 2]
      const client = createEndpointClient({ config, secret: null, fetch: answer as typeof fetch })
      const reply = await client.infer(rows, schema.columns, schema)
      assert(Number.isFinite(reply.latencyMs))
      if (!reply.ok) {
        assert.notEqual(reply.problem.message, '')
        // A model that says that it takes other inputs cannot be asked at all.
        assert(['shape', 'body', 'request'].includes(reply.problem.kind), reply.problem.message)
        return false
      }
      assert.equal(reply.value.length, rows.length)
      for (const { prediction, scores } of reply.value) {
        if (schema.task === 'regression') assert(typeof prediction === 'number' && Number.isFinite(prediction))
        else assert(classes.includes(String(prediction)), `predicted ${prediction}`)
        for (const [name, score] of Object.entries(scores ?? {}))
          assert(classes.includes(name) && Number.isFinite(score), `${name}: ${score}`)
      }
      return true
    },
  }
}

const float = (name: string, shape: number[]) => ({ name, datatype: 'FP64', shape })
const oipModel = {
  ...{ name: 'room', versions: ['1'], platform: 'sklearn' },
  ...{ inputs: [float('x', [-1, 2])], outputs: [float('p', [-1, 2])] },
}
const oipReplies = [
  { outputs: [{ ...float('probabilities', [2, 2]), data: [0.9, 0.1, 0.2, 0.8] }] },
  { outputs: [{ name: 'label', datatype: 'INT64', shape: [2], data: [0, 1] }] },
  { outputs: [{ name: 'label', datatype: 'BYTES', shape: [2, 1], data: ['empty', 'occupied'] }] },
  { outputs: [{ ...float('y', [2, 1]), data: [[1.5], [2]] }] },
]

const dim = (...sizes: string[]) => ({ dim: sizes.map((size) => ({ size, name: '' })), unknown_rank: false })
const tfMetadata = {
  model_spec: { name: 'room', signature_name: '', version: '1' },
  metadata: {
    signature_def: {
      signature_def: {
        serving_default: {
          inputs: { x: { dtype: 'DT_FLOAT', tensor_shape: dim('-1', '2'), name: 'x:0' } },
          outputs: { p: { dtype: 'DT_FLOAT', tensor_shape: dim('-1', '2'), name: 'p:0' } },
          method_name: 'tensorflow/serving/predict',
        },
      },
    },
  },
}
const tfStatus = {
  model_version_status: [{ version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } }],
}
const byRow = [
  {
    predictions: [
      [0.9, 0.1],
      [0.2, 0.8],
    ],
  },
  {
    predictions: [
      { label: 'empty', score: 0.1 },
      { label: 'occupied', score: 0.7 },
    ],
  },
  { predictions: [0, 1] },
  { predictions: [1.5, 2.5] },
]

/** What endpoints answer, through the client of each protocol. */
export const replyTargets: readonly FuzzTarget[] = [
  replies('oip-v2', '/infer', { '/room': oipModel }, oipReplies),
  replies('oip-v2', '/room', { '/infer': oipReplies[0] }, [oipModel]),
  replies('tf-serving', ':predict', { '/metadata': tfMetadata, '/room': tfStatus }, byRow),
  replies('tf-serving', '/metadata', { ':predict': byRow[0], '/room': tfStatus }, [tfMetadata]),
  replies('tf-serving', '/room', { ':predict': byRow[0], '/metadata': tfMetadata }, [tfStatus]),
  replies('torchserve', '/predictions/room', {}, [...byRow, [{ empty: 0.9, occupied: 0.1 }, { occupied: 0.8 }]]),
  replies('mlflow', '/invocations', {}, [...byRow, { predictions: { label: ['empty', 'occupied'] } }]),
  replies('json', '/score', {}, [
    {
      results: [
        { label: 'empty', p: [0.9, 0.1] },
        { label: 'occupied', p: { empty: 0.2, occupied: 0.8 } },
      ],
    },
    { results: [{ label: 1.5 }, { label: 2 }] },
  ]),
]
