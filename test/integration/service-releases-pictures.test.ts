import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeTable } from '../../src/collect/dataset-codec.ts'
import { createEndpointClient } from '../../src/collect/endpoint.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { Gate, TestPlan } from '../../src/contract/release.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import { type Layer, predictProbabilities } from '../../src/demo/model/network.ts'
import { writeMlpClassifier } from '../../src/demo/model/onnx-writer.ts'
import { breedsOf } from '../../src/demo/park/breeds.ts'
import { describeFrame } from '../../src/demo/park/descriptors.ts'
import { drawFrame, FRAME_VALUES, type Frame } from '../../src/demo/park/frame.ts'
import { encodePng } from '../../src/demo/park/png.ts'
import { createRandom } from '../../src/demo/random.ts'
import { type OipServer, startOipServer } from '../../src/demo/server/oip-server.ts'
import { decodeEvidence } from '../../src/service/releases/evidence/decode.ts'
import { encodeEvidence } from '../../src/service/releases/evidence/encode.ts'
import { judgeGates } from '../../src/service/releases/judge/judge-gates.ts'
import { createAsker } from '../../src/service/releases/measure/asker.ts'
import { collectEvidence } from '../../src/service/releases/measure/collect-evidence.ts'
import { loadTestSet } from '../../src/service/releases/measure/test-set.ts'
import { openTestStore, type TestStore } from '../support/test-store.ts'

const classes = ['cat', 'dog']
const schema: SchemaSpec = {
  task: 'binary',
  classes,
  positiveClass: 'dog',
  columns: [
    { name: 'image', type: 'image', role: 'input', isGroup: false, isRequired: true },
    { name: 'brightness', type: 'numeric', role: 'descriptor', isGroup: false, isRequired: true },
  ],
}

const random = createRandom(3)
const layer = (inputs: number, outputs: number): Layer => ({
  inputs,
  outputs,
  weights: Float32Array.from({ length: inputs * outputs }, () => random.gaussian() / Math.sqrt(inputs)),
  bias: new Float32Array(outputs),
})
const network = [layer(FRAME_VALUES, 4), layer(4, 2)]
const frames = Array.from({ length: 60 }, (_, row) => {
  const species = row % 2 === 0 ? 'cat' : 'dog'
  return drawFrame({
    species,
    breed: breedsOf(species, false)[0].name,
    light: (row % 5) / 4,
    tiltDegrees: row % 7,
    noise: 0.2,
    seed: row,
  })
})
const leaningOf = (frame: Frame): number => {
  const [cat, dog] = predictProbabilities(
    network,
    Float32Array.from(frame.pixels, (value) => value / 255),
    1,
  )
  return Math.log(dog / cat)
}
// Balanced, so that half of the frames are called dogs and many lie near the border.
network[1].bias[1] = -frames.map(leaningOf).sort((a, b) => a - b)[frames.length / 2]

const gates: Gate[] = [
  {
    id: 'accuracy',
    title: 'Accuracy',
    kind: 'metric',
    metric: 'accuracy',
    limit: 0.9,
    direction: 'at-least',
    usesInterval: false,
    maxLossAgainstProduction: null,
  },
  { id: 'slices', title: 'Slices', kind: 'worst-slice', maxErrorRate: 0.5, minCoverage: 0.1 },
  { id: 'twice', title: 'Twice', kind: 'determinism', samples: 5, tolerance: 0 },
  { id: 'calm', title: 'Calm', kind: 'perturbation', samples: 10, epsilon: 0.001, maxFlipShare: 0.3, seed: 1 },
  { id: 'storm', title: 'Storm', kind: 'perturbation', samples: 40, epsilon: 0.5, maxFlipShare: 0, seed: 1 },
  { id: 'holes', title: 'Holes', kind: 'missing-inputs', samples: 3 },
]
const plan: TestPlan = {
  id: 'tpl_1',
  name: 'Frames',
  modelId: 'mdl_1',
  datasetId: 'dat_1',
  gates,
  validityDays: 30,
  authorId: 'usr_1',
  createdAt: 1,
}

describe('a test set of pictures', () => {
  let opened: TestStore
  let server: OipServer
  beforeEach(async () => {
    opened = await openTestStore()
    server = await startOipServer({
      modelName: 'cat-dog',
      version: '1',
      onnxBytes: writeMlpClassifier({ network, inputName: 'image', classes }),
    })
  }, 60_000)
  afterEach(async () => {
    await server.close()
    await opened.dispose()
  })

  /** Frames labelled by what the network says of them, so that every error comes from the way there. */
  async function storeFrames(): Promise<SampleTable> {
    const stored = await Promise.all(frames.map((frame) => opened.store.blobs.put(encodePng(frame))))
    return {
      n: frames.length,
      columns: new Map([
        [
          'image',
          {
            type: 'categorical',
            codes: Int32Array.from(frames.keys()),
            categories: stored.map(({ digest }) => digest),
          },
        ],
        [
          'brightness',
          { type: 'numeric', values: Float64Array.from(frames, (frame) => describeFrame(frame).brightness) },
        ],
      ]),
      ids: null,
      at: null,
      prediction: null,
      label: {
        type: 'categorical',
        codes: Int32Array.from(frames, (frame) => (leaningOf(frame) > 0 ? 1 : 0)),
        categories: classes,
      },
      scores: new Map(),
      latencyMs: null,
    }
  }

  it('goes over the wire as the bytes that were stored, and with noise on its pixels', async () => {
    const { digest } = await opened.store.blobs.put(encodeTable(await storeFrames()))
    const testSet = await loadTestSet(opened.store.blobs, { digest, name: 'frames' }, schema)
    const client = createEndpointClient({
      config: {
        kind: 'endpoint',
        url: server.url,
        protocol: 'oip-v2',
        modelName: 'cat-dog',
        modelVersion: null,
        auth: { kind: 'none' },
        timeoutMs: 5000,
        probeEveryMs: 60_000,
      },
      secret: null,
    })
    const { signal } = new AbortController()
    const asker = createAsker({ client, inputs: testSet.inputs, schema, name: 'test', signal })
    const evidence = await collectEvidence({
      plan,
      testSet,
      facts: {
        runId: 'trn_1',
        releaseId: 'rel_1',
        planDigest: 'a'.repeat(64),
        datasetDigest: digest,
        candidate: { versionId: 'ver_1', versionName: '1', deploymentId: 'dep_1' },
        production: null,
        productionProblem: null,
        startedAt: 1,
      },
      candidate: asker,
      patientCandidate: asker,
      production: null,
      monotonicMs: () => performance.now(),
      signal,
      onProgress: () => {},
    })
    const decoded = decodeEvidence(encodeEvidence(evidence))
    expect(decoded).toEqual(JSON.parse(JSON.stringify(evidence)))
    expect(decoded.rows[0].values[0]).toMatch(/^[0-9a-f]{64}$/)
    const results = new Map(judgeGates(decoded, plan).map((result) => [result.gateId, result]))
    expect(results.get('accuracy')?.measured.value).toBe(1)
    expect(results.get('twice')?.outcome).toBe('passed')
    expect(results.get('calm')?.outcome).toBe('passed')
    // Half of full scale drowns the picture: something must give.
    expect(results.get('storm')).toMatchObject({ outcome: 'failed' })
    expect(results.get('holes')).toMatchObject({ outcome: 'passed', measured: { value: 0, n: 3 } })
    expect(results.get('slices')?.outcome).toBe('passed')
  })
})
