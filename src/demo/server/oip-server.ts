import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { checkToken, readText, sendJson } from '../http/exchange.ts'
import { Refusal } from '../http/refusal.ts'
import { readLoadRequest } from './artifact.ts'
import { type Classifier, loadClassifier } from './classifier.ts'
import { readInferRequest, takesFrames } from './infer-request.ts'

const MAX_BODY_BYTES = 8 * 1024 * 1024

/** Trouble on purpose, for trials: every inference waits, or is never answered. */
export interface ServerFaults {
  latencyMs: number
  hang: boolean
}

export interface OipServerOptions {
  modelName: string
  /** The ONNX file served first. */
  onnxBytes: Uint8Array
  version: string
  /** Loopback unless told otherwise. */
  host?: string
  /** A free port when absent. */
  port?: number
  /** Bearer token of the load call; without one the call is refused. */
  adminToken?: string
  /** The only folder from which the load call reads artifacts by path. */
  artifactFolder?: string
  faults?: Partial<ServerFaults>
  /** Told of a defect of the server itself, which the caller sees only as 500. */
  onDefect?: (error: unknown) => void
}

export interface OipServer {
  /** `http://host:port`, without a slash at the end. */
  url: string
  /** Version in service. */
  version(): string
  /** Puts another version in service once it has loaded and run; on failure rejects and the old one stays. */
  load(onnxBytes: Uint8Array, version: string): Promise<void>
  setFaults(faults: Partial<ServerFaults>): void
  /** Stops listening and drops open connections, hanging ones too. */
  close(): Promise<void>
}

/**
 * Serves one classifier by the Open Inference Protocol v2 over HTTP: server, health, model metadata, readiness, infer,
 * and an authenticated load call that switches the version. Rejects when the first model does not load or the port
 * is taken.
 */
export async function startOipServer(options: OipServerOptions): Promise<OipServer> {
  const { modelName, host = '127.0.0.1', port = 0 } = options
  const faults: ServerFaults = { latencyMs: 0, hang: false, ...options.faults }
  const closing = new AbortController()
  let current = await loadClassifier(options.onnxBytes, options.version)
  let lastLoad: Promise<unknown> = Promise.resolve()

  // Loads run one after another: the version asked for last is the one that stays.
  const load = (bytes: Uint8Array, version: string): Promise<void> => {
    const turn = lastLoad.then(async () => {
      const next = await loadClassifier(bytes, version)
      const previous = current
      current = next
      previous.retire()
    })
    lastLoad = turn.catch(() => undefined)
    return turn
  }

  const infer = async (request: IncomingMessage) => {
    const text = await readText(request, MAX_BODY_BYTES)
    if (faults.hang) await pause(2 ** 31 - 1, undefined, { signal: closing.signal })
    if (faults.latencyMs > 0) await pause(faults.latencyMs, undefined, { signal: closing.signal })
    return answerInference(modelName, current, text)
  }

  const loadByRequest = async (request: IncomingMessage) => {
    checkToken(request, options.adminToken)
    const { version, bytes } = await readLoadRequest(await readText(request, MAX_BODY_BYTES), options.artifactFolder)
    try {
      await load(bytes, version)
    } catch (error) {
      throw new Refusal(400, error instanceof Error ? error.message : String(error))
    }
    return { name: modelName, version }
  }

  const route = async (request: IncomingMessage): Promise<unknown> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '')
    const isPost = request.method === 'POST'
    const isGet = request.method === 'GET'
    if (path === '/v2' && isGet) return { name: 'pet-park', version: '1', extensions: ['model_repository'] }
    if (path === '/v2/health/live' && isGet) return { live: true }
    if (path === '/v2/health/ready' && isGet) return { ready: true }
    if (path === `/v2/repository/models/${encodeURIComponent(modelName)}/load` && isPost) return loadByRequest(request)
    const match = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/.exec(path)
    if (!match) throw new Refusal(404, `there is nothing at ${request.method} ${path.slice(0, 200)}`)
    const [, name, version, verb] = match
    if (decode(name) !== modelName) throw new Refusal(404, `there is no model ${decode(name)}`)
    if (version !== undefined && decode(version) !== current.version) {
      throw new Refusal(404, `version ${decode(version)} of ${modelName} is not in service`)
    }
    if (verb === 'infer' && isPost) return infer(request)
    if (verb === 'ready' && isGet) return { name: modelName, ready: true }
    if (verb === undefined && isGet) return describeModel(modelName, current)
    throw new Refusal(405, `${request.method} is not allowed here`)
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      sendJson(response, 200, await route(request))
    } catch (error) {
      if (closing.signal.aborted || response.destroyed) return response.destroy()
      if (error instanceof Refusal) return sendJson(response, error.status, { error: error.message })
      options.onDefect?.(error)
      sendJson(response, 500, { error: 'the server failed' })
    }
  }

  const server = createServer({ requestTimeout: 60_000 }, (request, response) => void answer(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port: boundPort } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    version: () => current.version,
    load,
    setFaults: (change) => void Object.assign(faults, change),
    async close() {
      closing.abort()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      await lastLoad
      current.retire()
    },
  }
}

async function answerInference(modelName: string, classifier: Classifier, text: string) {
  const { id, rows, values, outputs: wanted } = readInferRequest(text, classifier.description)
  const { classes } = classifier.description
  const stray = wanted?.find((name) => name !== 'probabilities' && name !== 'label')
  if (stray !== undefined) throw new Refusal(400, `there is no output ${stray}`)
  const { probabilities, labels } = await classifier.run(values, rows)
  const outputs = [
    { name: 'probabilities', datatype: 'FP32', shape: [rows, classes.length], data: Array.from(probabilities) },
    { name: 'label', datatype: 'BYTES', shape: [rows], data: labels },
  ].filter(({ name }) => !wanted?.length || wanted.includes(name))
  return { model_name: modelName, model_version: classifier.version, ...(id === undefined ? {} : { id }), outputs }
}

function describeModel(modelName: string, { version, description }: Classifier) {
  const { inputName, inputNames, inputs, isDouble, classes } = description
  const datatype = isDouble ? 'FP64' : 'FP32'
  const described = takesFrames(description)
    ? [{ name: inputName, datatype: 'BYTES', shape: [-1], parameters: { content_type: 'base64' } }]
    : (inputNames?.map((name) => ({ name, datatype, shape: [-1] })) ?? [
        { name: inputName, datatype, shape: [-1, inputs] },
      ])
  return {
    name: modelName,
    versions: [version],
    platform: 'onnx_onnxruntime',
    inputs: described,
    outputs: [
      { name: 'probabilities', datatype: 'FP32', shape: [-1, classes.length] },
      { name: 'label', datatype: 'BYTES', shape: [-1] },
    ],
    parameters: { classes: JSON.stringify(classes) },
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment).slice(0, 200)
  } catch {
    throw new Refusal(400, 'the path is not properly encoded')
  }
}
