import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Features of one row, in the order of the names. */
export type Score = (row: readonly (number | null)[]) => number

export interface ModelDouble {
  readonly url: string
  /** Bodies of the requests for predictions, as they came. */
  readonly asked: readonly Record<string, unknown>[]
  close(): Promise<void>
}

export interface DoubleOptions {
  readonly modelName: string
  /** As the server numbers it. */
  readonly version: string
  readonly names: readonly string[]
  readonly classes: readonly [string, string]
  /** Probability of the second class. */
  readonly score: Score
}

type Answer = { readonly status?: number; readonly type?: string; readonly text: string } | null
type Handler = (request: { method: string; path: string; body: string; type: string }) => Answer

const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  text: JSON.stringify(value),
})

async function serve(handle: Handler, asked: Record<string, unknown>[]): Promise<ModelDouble> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const { method = '', url: path = '', headers } = request
      const answer = handle({ method, path, body, type: headers['content-type'] ?? '' })
      if (answer === null) response.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found')
      else response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'text/plain' }).end(answer.text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/**
 * The REST interface of TensorFlow Serving for a model with one float tensor `[-1, features]`, by its documentation: status, metadata
 * and predictions are protobuf as JSON in lines of four spaces, sizes are texts, and errors are `{"error": …}` with status 400.
 */
export async function startTfServing(options: DoubleOptions): Promise<ModelDouble> {
  const { modelName, version, names, score } = options
  const asked: Record<string, unknown>[] = []
  const pretty = (value: unknown, status = 200): Answer => ({
    ...{ status, type: 'application/json' },
    text: JSON.stringify(value, null, status === 200 ? 4 : 0),
  })
  const dims = (...sizes: number[]) => ({
    dim: sizes.map((size) => ({ size: String(size), name: '' })),
    unknown_rank: false,
  })
  const base = `/v1/models/${modelName}`
  const roots = [base, `${base}/versions/${version}`]
  return serve(({ method, path, body }) => {
    const root = roots.find((each) => path === each || path === `${each}/metadata` || path === `${each}:predict`)
    if (root === undefined) return pretty({ error: `Malformed request: ${method} ${path}` }, 404)
    if (path === root)
      return pretty({
        model_version_status: [{ version, state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } }],
      })
    if (path.endsWith('/metadata'))
      return pretty({
        model_spec: { name: modelName, signature_name: '', version },
        metadata: {
          signature_def: {
            signature_def: {
              serving_default: {
                inputs: {
                  dense_input: {
                    dtype: 'DT_FLOAT',
                    tensor_shape: dims(-1, names.length),
                    name: 'serving_default_dense_input:0',
                  },
                },
                outputs: {
                  dense_1: { dtype: 'DT_FLOAT', tensor_shape: dims(-1, 2), name: 'StatefulPartitionedCall:0' },
                },
                method_name: 'tensorflow/serving/predict',
                defaults: {},
              },
            },
          },
        },
      })
    const request = parse(body)
    if (request === null) return pretty({ error: 'JSON Parse error: Invalid value. at offset: 0' }, 400)
    asked.push(request)
    const { instances } = request
    const isTensor =
      Array.isArray(instances) &&
      instances.every(
        (row) => Array.isArray(row) && row.length === names.length && row.every((value) => typeof value === 'number'),
      )
    if (!isTensor)
      return pretty(
        {
          error:
            "Failed to process element: 0 of 'instances' list. Error: INVALID_ARGUMENT: JSON Value: null Type: Null is not of expected type: float",
        },
        400,
      )
    return pretty({ predictions: (instances as number[][]).map((row) => [1 - score(row), score(row)]) })
  }, asked)
}

/**
 * The scoring server of MLflow by its documentation: `/ping`, `/version`, and `/invocations` with a data frame by columns. The model is a
 * classifier of the usual flavour, which answers with class names and no scores.
 */
export async function startMlflow({ names, classes, score }: DoubleOptions): Promise<ModelDouble> {
  const asked: Record<string, unknown>[] = []
  const refuse = (message: string) => json({ error_code: 'BAD_REQUEST', message }, 400)
  return serve(({ method, path, body, type }) => {
    if (method === 'GET' && (path === '/ping' || path === '/health')) return { text: '\n', type: 'application/json' }
    if (method === 'GET' && path === '/version') return { text: '2.22.0', type: 'application/json' }
    if (method !== 'POST' || path !== '/invocations') return null
    if (!type.startsWith('application/json')) return json({ error_code: 'BAD_REQUEST', message: 'content type' }, 415)
    const request = parse(body)
    if (request === null) return refuse('Failed to parse input from the request body: invalid JSON')
    asked.push(request)
    const { columns, data } = (request.dataframe_split ?? {}) as { columns?: string[]; data?: unknown[][] }
    if (columns === undefined || data === undefined)
      return refuse('The request must have exactly one of dataframe_split, dataframe_records, instances, inputs')
    const places = names.map((name) => columns.indexOf(name))
    if (places.includes(-1))
      return refuse(`Model is missing inputs ${JSON.stringify(names.filter((_, i) => places[i] < 0))}.`)
    const rows = data.map((row) => places.map((place) => row[place] as number | null))
    if (rows.some((row) => row.some((value) => typeof value !== 'number')))
      return refuse('Input X contains NaN. LogisticRegression does not accept missing values encoded as NaN natively.')
    return json({ predictions: rows.map((row) => classes[Number(score(row) >= 0.5)]) })
  }, asked)
}

/** TorchServe by its documentation, with a handler that takes `instances` and answers scores by class, the best first. */
export async function startTorchServe(options: DoubleOptions): Promise<ModelDouble> {
  const { modelName, version, names, classes, score } = options
  const asked: Record<string, unknown>[] = []
  return serve(({ path, body }) => {
    if (path === '/ping') return json({ status: 'Healthy' })
    if (path !== `/predictions/${modelName}` && path !== `/predictions/${modelName}/${version}`)
      return json({ code: 404, type: 'ModelNotFoundException', message: `Model not found: ${modelName}` }, 404)
    const request = parse(body)
    asked.push(request ?? {})
    const rows = (request?.instances ?? []) as Record<string, number | null>[]
    const values = rows.map((row) => names.map((name) => row[name]))
    if (values.some((row) => row.some((value) => typeof value !== 'number')))
      return json({ code: 400, type: 'BadRequestException', message: 'a feature is missing' }, 400)
    return json(
      values.map((row) => {
        const second = score(row)
        const scores = [
          [classes[0], 1 - second],
          [classes[1], second],
        ] as const
        return Object.fromEntries([...scores].sort((a, b) => b[1] - a[1]))
      }),
    )
  }, asked)
}

/** A service with JSON of its own, one request a row. */
export async function startOwnJson({ names, classes, score }: DoubleOptions): Promise<ModelDouble> {
  const asked: Record<string, unknown>[] = []
  return serve(({ method, path, body }) => {
    if (path === '/healthz') return { text: 'ok' }
    if (method !== 'POST' || path !== '/v3/score') return null
    const request = parse(body)
    if (request === null) return json({ detail: [{ msg: 'JSON decode error' }] }, 422)
    asked.push(request)
    const features = request.features as Record<string, number | null>
    const row = names.map((name) => features[name] ?? null)
    // Half a gap is as good as nothing to it.
    const second = score(row.map((value) => value ?? 0))
    return json({
      result: { class: classes[Number(second >= 0.5)], confidence: { [classes[0]]: 1 - second, [classes[1]]: second } },
    })
  }, asked)
}
