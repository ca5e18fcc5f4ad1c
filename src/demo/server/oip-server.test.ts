import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Layer, predictProbabilities } from '../model/network.ts'
import { writeLinearClassifier, writeMlpClassifier } from '../model/onnx-writer.ts'
import { drawFrame, FRAME_VALUES, type FrameParameters } from '../park/frame.ts'
import { encodePng } from '../park/png.ts'
import { createRandom } from '../random.ts'
import { type OipServer, type OipServerOptions, startOipServer } from './oip-server.ts'

const createNetwork = (seed: number): Layer[] => {
  const random = createRandom(seed)
  const layer = (inputs: number, outputs: number): Layer => ({
    inputs,
    outputs,
    weights: Float32Array.from({ length: inputs * outputs }, () => random.gaussian() / Math.sqrt(inputs)),
    bias: new Float32Array(outputs),
  })
  return [layer(FRAME_VALUES, 4), layer(4, 2)]
}
const network = createNetwork(1)
const frameModel = (seed: number) =>
  writeMlpClassifier({ network: createNetwork(seed), inputName: 'frame', classes: ['cat', 'dog'] })
const tableModel = writeLinearClassifier({
  weights: [
    [1, 0],
    [0, 1],
  ],
  bias: [0, 0],
  inputNames: ['a', 'b'],
  classes: ['left', 'right'],
})
const TOKEN = 'a-token-for-this-test'

let server: OipServer | undefined
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pet-park-'))
})
afterEach(async () => {
  await server?.close()
  server = undefined
})
afterAll(() => rm(folder, { recursive: true }))

const start = async (change: Partial<OipServerOptions> = {}) => {
  server = await startOipServer({
    modelName: 'cat-dog',
    onnxBytes: frameModel(1),
    version: '1',
    adminToken: TOKEN,
    artifactFolder: folder,
    ...change,
  })
  return server
}
const startTable = () => start({ modelName: 'room', onnxBytes: tableModel })

interface Tensor {
  name: string
  datatype: string
  shape: number[]
  data: unknown[]
}
/** What any answer may hold. */
interface Body {
  error: string
  model_version: string
  inputs: Tensor[]
  outputs: Tensor[]
}

async function get(path: string) {
  const response = await fetch(server?.url + path)
  return { status: response.status, body: (await response.json()) as Body }
}
async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(server?.url + path, { method: 'POST', body: text, headers })
  return { status: response.status, body: (await response.json()) as Body }
}
const admin = { authorization: `Bearer ${TOKEN}` }
const pngOf = (change: Partial<FrameParameters> = {}) =>
  Buffer.from(
    encodePng(
      drawFrame({ species: 'cat', breed: 'european', light: 1, tiltDegrees: 0, noise: 0.2, seed: 1, ...change }),
    ),
  ).toString('base64')
const frames = (data: unknown[], shape = [data.length]) => ({
  inputs: [{ name: 'frame', shape, datatype: 'BYTES', parameters: { content_type: 'base64' }, data }],
})

describe('metadata and health', () => {
  it('describes the server, its health and a model of frames', async () => {
    await start()
    expect((await get('/v2')).body).toMatchObject({ name: 'pet-park', extensions: ['model_repository'] })
    expect((await get('/v2/health/live')).status).toBe(200)
    expect((await get('/v2/health/ready')).status).toBe(200)
    for (const path of ['/v2/models/cat-dog', '/v2/models/cat-dog/versions/1']) {
      const { status, body } = await get(path)
      expect(status).toBe(200)
      expect(body).toMatchObject({ name: 'cat-dog', versions: ['1'], platform: 'onnx_onnxruntime' })
      expect(body.inputs).toEqual([
        { name: 'frame', datatype: 'BYTES', shape: [-1], parameters: { content_type: 'base64' } },
      ])
      expect(body.outputs).toEqual([
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
        { name: 'label', datatype: 'BYTES', shape: [-1] },
      ])
      expect((await get(`${path}/ready`)).status).toBe(200)
    }
  })

  it('answers 404 and 405 with an error', async () => {
    await start()
    expect(await get('/v2/models/nobody')).toEqual({ status: 404, body: { error: 'there is no model nobody' } })
    expect((await get('/v2/models/cat-dog/versions/9/ready')).status).toBe(404)
    expect((await get('/elsewhere')).status).toBe(404)
    expect((await get('/v2/models/cat-dog/infer')).status).toBe(405)
    expect((await get('/v2/models/%ff')).status).toBe(400)
  })
})

describe('inference', () => {
  it('classifies PNG frames as the plain forward pass does', async () => {
    await start()
    const seeds = [1, 2, 3]
    const { status, body } = await post('/v2/models/cat-dog/infer', {
      id: 'call-7',
      ...frames(seeds.map((seed) => pngOf({ seed }))),
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ model_name: 'cat-dog', model_version: '1', id: 'call-7' })
    const [probabilities, label] = body.outputs
    expect(probabilities).toMatchObject({ name: 'probabilities', datatype: 'FP32', shape: [3, 2] })
    const pixels = seeds.flatMap((seed) => [
      ...drawFrame({ species: 'cat', breed: 'european', light: 1, tiltDegrees: 0, noise: 0.2, seed }).pixels,
    ])
    const expected = predictProbabilities(
      network,
      Float32Array.from(pixels, (value) => value / 255),
      3,
    )
    expected.forEach((value, index) => {
      expect(probabilities.data[index]).toBeCloseTo(value, 4)
    })
    expect(label).toEqual({
      name: 'label',
      datatype: 'BYTES',
      shape: [3],
      data: seeds.map((_, row) => (expected[2 * row] >= expected[2 * row + 1] ? 'cat' : 'dog')),
    })
  })

  it('takes a table as one tensor, nested or flat, or as named columns, and only the outputs asked for', async () => {
    await startTable()
    const rows = [
      [2, 1],
      [0, 3],
    ]
    const infer = (inputs: unknown, outputs?: unknown) => post('/v2/models/room/versions/1/infer', { inputs, outputs })
    const answers = await Promise.all([
      infer([{ name: 'features', shape: [2, 2], datatype: 'FP64', data: rows }]),
      infer([{ name: 'features', shape: [2, 2], datatype: 'FP32', data: rows.flat() }]),
      infer([
        { name: 'b', shape: [2, 1], datatype: 'FP64', data: [[1], [3]] },
        { name: 'a', shape: [2], datatype: 'INT32', data: [2, 0] },
      ]),
    ])
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(body.outputs[1].data).toEqual(['left', 'right'])
      expect(body.outputs[0].data[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 6)
    }
    const one = [{ name: 'features', shape: [1, 2], datatype: 'FP64', data: rows[0] }]
    const named = await infer(one, [{ name: 'label' }])
    expect(named.body.outputs).toEqual([{ name: 'label', datatype: 'BYTES', shape: [1], data: ['left'] }])
    expect(await infer(one, [{ name: 'mood' }])).toEqual({ status: 400, body: { error: 'there is no output mood' } })
  })

  it('gives the metadata of a table by its columns', async () => {
    await startTable()
    expect((await get('/v2/models/room')).body.inputs).toEqual([
      { name: 'a', datatype: 'FP64', shape: [-1] },
      { name: 'b', datatype: 'FP64', shape: [-1] },
    ])
  })
})

describe('bad input', () => {
  const table = (change: object) => ({
    inputs: [{ name: 'features', shape: [1, 2], datatype: 'FP64', data: [1, 2], ...change }],
  })
  const column = (name: string, data: unknown[] = [1]) => ({ name, shape: [1], datatype: 'FP64', data })
  it.each([
    ['broken JSON', '{"inputs": [', 'the body is not JSON'],
    ['NaN', '{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[NaN,1]}]}', 'the body is not JSON'],
    ['no inputs', {}, 'inputs'],
    ['negative shape', table({ shape: [-1, 2] }), 'inputs.0.shape.0'],
    ['wrong shape', table({ shape: [1, 3], data: [1, 2, 3] }), 'shape is [1, 3], expected [N, 2]'],
    ['too few values', table({ data: [1] }), 'shape asks for 2 values, data has 1'],
    ['null', table({ data: [1, null] }), 'features[1] is null'],
    ['text', table({ data: [1, 'NaN'] }), 'features[1] is a string'],
    ['infinite', JSON.stringify(table({})).replace('[1,2]}', '[1,1e999]}'), 'features[1] is not a finite FP64'],
    ['too large for FP32', table({ datatype: 'FP32', data: [1, 1e300] }), 'features[1] is not a finite FP32'],
    ['unknown type', table({ datatype: 'FP128' }), 'datatype FP128 is not supported'],
    ['bytes for numbers', table({ datatype: 'BYTES', shape: [1], data: ['x'] }), 'takes numbers'],
    ['deep nesting', table({ data: [[[[[[1, 2]]]]]] }), 'nested too deeply'],
    ['no rows', table({ shape: [0, 2], data: [] }), 'N is 0'],
    ['missing column', { inputs: [column('a')] }, 'input b is missing'],
    ['unknown column', { inputs: [column('a'), column('c')] }, 'there is no input c'],
    ['column twice', { inputs: [column('a'), column('a')] }, 'input a is given twice'],
    ['columns of two lengths', { inputs: [column('a'), { ...column('b', [1, 2]), shape: [2] }] }, 'expected [1]'],
  ])('refuses %s in a table', async (_, body, message) => {
    await startTable()
    const { status, body: answer } = await post('/v2/models/room/infer', body)
    expect(status).toBe(400)
    expect(answer.error).toContain(message)
    expect((await post('/v2/models/room/infer', table({}))).status).toBe(200)
  })

  it.each([
    ['no frame', { inputs: [column('pixels')] }, 'input frame is missing'],
    ['wrong count', frames([pngOf()], [2]), 'shape asks for 2 values'],
    ['null frame', frames([null]), 'frame[0] is not a base64 string'],
    ['not base64', frames(['%%%%']), 'frame[0] is not base64'],
    ['not a PNG', frames([Buffer.alloc(200).toString('base64')]), 'frame[0]: it is not a PNG'],
    ['cut PNG', frames([pngOf().slice(0, 400)]), 'frame[0]: the PNG is damaged'],
    ['huge PNG', frames(['A'.repeat(40_000)]), 'too long for a frame'],
    ['shape', frames([pngOf()], [1, 1, 1]), 'shape must be'],
    [
      'columns',
      { inputs: [{ name: 'frame', shape: [1, 3], datatype: 'FP32', data: [1, 2, 3] }] },
      'expected [N, 3072]',
    ],
  ])('refuses %s in frames', async (_, body, message) => {
    await start()
    const { status, body: answer } = await post('/v2/models/cat-dog/infer', body)
    expect(status).toBe(400)
    expect(answer.error).toContain(message)
  })

  it('refuses more than 8 MiB with 413 and goes on', async () => {
    await start()
    const { status, body } = await post('/v2/models/cat-dog/infer', ' '.repeat(10 * 1024 * 1024))
    expect(status).toBe(413)
    expect(body.error).toContain('8388608')
    expect((await post('/v2/models/cat-dog/infer', frames([pngOf()]))).status).toBe(200)
  })
})

describe('switching the version', () => {
  const path = '/v2/repository/models/cat-dog/load'

  it('loads from base64 and from the artifact folder', async () => {
    const { version } = await start()
    const before = await post('/v2/models/cat-dog/infer', frames([pngOf()]))
    const base64 = Buffer.from(frameModel(2)).toString('base64')
    expect(await post(path, { version: '2', base64 }, admin)).toEqual({
      status: 200,
      body: { name: 'cat-dog', version: '2' },
    })
    expect(version()).toBe('2')
    const after = await post('/v2/models/cat-dog/infer', frames([pngOf()]))
    expect(after.body.model_version).toBe('2')
    expect(after.body.outputs[0].data).not.toEqual(before.body.outputs[0].data)
    expect((await get('/v2/models/cat-dog/versions/1')).status).toBe(404)
    const artifactPath = join(folder, 'third.onnx')
    await writeFile(artifactPath, frameModel(3))
    expect((await post(path, { version: '3', artifactPath }, admin)).status).toBe(200)
    expect(version()).toBe('3')
  })

  it('answers every request while versions change', async () => {
    const { load } = await start()
    const switches = (async () => {
      for (let version = 2; version <= 6; version++) await load(frameModel(version), String(version))
    })()
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => post('/v2/models/cat-dog/infer', frames([pngOf()]))),
    )
    await switches
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  it('keeps the old version when the new one is no model', async () => {
    const { load, version } = await start()
    const base64 = Buffer.from('this is no model').toString('base64')
    const { status, body } = await post(path, { version: '2', base64 }, admin)
    expect(status).toBe(400)
    expect(body.error).toContain('not an ONNX file')
    const cut = frameModel(2).subarray(0, 20_000)
    await expect(load(cut, '2')).rejects.toThrow(/artifact/)
    expect(version()).toBe('1')
    expect((await post('/v2/models/cat-dog/infer', frames([pngOf()]))).status).toBe(200)
  })

  it('needs the token, and reads nothing outside the artifact folder', async () => {
    await start()
    const outside = join(tmpdir(), `outside-${process.pid}.onnx`)
    await writeFile(outside, frameModel(2))
    try {
      const body = { version: '2', artifactPath: outside }
      expect((await post(path, body)).status).toBe(401)
      expect((await post(path, body, { authorization: 'Bearer wrong' })).status).toBe(401)
      for (const artifactPath of [outside, join(folder, '..', `outside-${process.pid}.onnx`), join(folder, 'absent')]) {
        const answer = await post(path, { version: '2', artifactPath }, admin)
        expect(answer).toEqual({ status: 400, body: { error: 'artifactPath is not a file in the artifact folder' } })
      }
      expect((await post(path, { version: '../2', base64: 'AAAA' }, admin)).body.error).toContain('version')
      expect((await post(path, { version: '2' }, admin)).body.error).toContain('either artifactPath or base64')
    } finally {
      await rm(outside)
    }
  })

  it('refuses the call altogether when there is no token', async () => {
    await start({ adminToken: undefined })
    expect((await post(path, { version: '2', base64: 'AAAA' }, { authorization: 'Bearer ' })).status).toBe(401)
  })
})

describe('faults on purpose', () => {
  it('hangs until the caller gives up, and closes with calls still open', async () => {
    const { url, setFaults } = await start({ faults: { hang: true } })
    const call = (signal?: AbortSignal) =>
      fetch(`${url}/v2/models/cat-dog/infer`, { method: 'POST', body: JSON.stringify(frames([pngOf()])), signal })
    await expect(call(AbortSignal.timeout(200))).rejects.toThrow()
    expect((await get('/v2/health/live')).status).toBe(200)
    const open = call().catch(() => 'dropped')
    await new Promise((resolve) => setTimeout(resolve, 50))
    setFaults({ hang: false })
    expect((await call()).status).toBe(200)
    await server?.close()
    server = undefined
    expect(await open).toBe('dropped')
  })

  it('waits as long as it was told', async () => {
    await start({ faults: { latencyMs: 120 } })
    const from = performance.now()
    expect((await post('/v2/models/cat-dog/infer', frames([pngOf()]))).status).toBe(200)
    expect(performance.now() - from).toBeGreaterThanOrEqual(110)
  })
})

describe('the program', () => {
  const run = (args: string[]) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
      env: { ...process.env, OIP_ADMIN_TOKEN: TOKEN },
    })
    let [output, errors] = ['', '']
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    const firstLine = new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk) => {
        output += chunk
        if (output.includes('\n')) resolve(output)
      })
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    return { child, firstLine, ended, errors: () => errors }
  }

  it('serves as a process of its own and ends when told', async () => {
    const artifact = join(folder, 'first.onnx')
    await writeFile(artifact, frameModel(1))
    const { child, firstLine, ended } = run(['--model-name', 'cat-dog', '--artifact', artifact, '--version', '1'])
    try {
      const { url } = JSON.parse(await firstLine)
      expect((await fetch(`${url}/v2/models/cat-dog/ready`)).status).toBe(200)
    } finally {
      child.kill('SIGTERM')
    }
    expect(await ended).toBe(0)
  })

  it('says in one line what is wrong and exits with 2', async () => {
    const artifact = join(folder, 'wrong.onnx')
    await writeFile(artifact, 'no model')
    const { ended, errors } = run(['--model-name', 'cat-dog', '--artifact', artifact, '--version', '1'])
    expect(await ended).toBe(2)
    expect(errors()).toMatch(/^the artifact is not an ONNX file.*\n$/)
  })
})
