import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { key } from '../../contract/primitives.ts'
import { isSameSecret } from '../http/exchange.ts'
import { type Route, readBody } from '../http/json-service.ts'
import { Refusal } from '../http/refusal.ts'
import { checkSignature } from '../http/signature.ts'
import { endProgram, startProgram } from '../programs/programs.ts'
import type { Registry } from './registry.ts'

const KEPT_LINES = 100
const TOLD_LINES = 6

const startShape = z.strictObject({
  /** Deployment whose newest samples are learned from. */
  deployment: key,
  reason: z.string().max(4000).default(''),
  correlationId: z.string().regex(/^[\w.-]{1,120}$/),
})

interface Run {
  readonly id: string
  readonly correlationId: string
  state: 'running' | 'succeeded' | 'failed'
  readonly log: string[]
  result: unknown
}

export interface PipelineService {
  readonly routes: readonly Route[]
  close(): Promise<void>
}

/**
 * The retraining pipeline over HTTP: `POST /pipeline/runs` starts a run (the same correlation id again is the same run), one at
 * a time; `GET /pipeline/runs/<id>` tells how it goes; `GET /pipeline/artifacts/<version>` gives the ONNX file to who has the token,
 * in the header or as `?token=`.
 */
export function createPipelineService(parts: {
  readonly folder: string
  readonly program: URL
  readonly registry: Registry
  readonly token: string
  readonly hmacKey: string
  readonly servedVersion: () => string
  /** Address of this service, known once it listens. */
  readonly baseUrl: () => string
  readonly now: () => number
}): PipelineService {
  const { folder, program, registry, token, hmacKey, servedVersion, baseUrl, now } = parts
  const runs = new Map<string, Run>()
  const children = new Set<ReturnType<typeof startProgram>>()

  function start(correlationId: string): Run {
    const run: Run = { id: `run-${randomUUID()}`, correlationId, state: 'running', log: [], result: null }
    runs.set(run.id, run)
    const child = startProgram(program, [
      ...['--folder', folder, '--run', run.id, '--served', servedVersion()],
      ...['--artifact-url', `${baseUrl()}/pipeline/artifacts`],
    ])
    children.add(child)
    const keep = (line: string) => {
      run.log.push(line)
      if (run.log.length > KEPT_LINES) run.log.shift()
    }
    let last = ''
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        last = line
        if (!line.startsWith('{')) keep(line)
      })
    }
    if (child.stderr) createInterface({ input: child.stderr }).on('line', keep)
    child.on('error', (error) => keep(`The run could not be started: ${error.message}`))
    child.on('close', (code) => {
      children.delete(child)
      run.result = code === 0 && last.startsWith('{') ? JSON.parse(last) : null
      run.state = run.result === null ? 'failed' : 'succeeded'
    })
    return run
  }

  const tell = (run: Run) => ({
    id: run.id,
    correlationId: run.correlationId,
    state: run.state,
    message: run.log.at(-1) ?? 'Starting',
    log: run.log.slice(-TOLD_LINES),
    result: run.result,
  })

  const routes: Route[] = [
    {
      method: 'POST',
      path: /^\/pipeline\/runs$/,
      token,
      async handle({ headers, text }) {
        checkSignature(headers, text, hmacKey, now())
        const { correlationId } = readBody(text, startShape)
        const known = [...runs.values()].find((run) => run.correlationId === correlationId)
        if (known) return { status: 200, body: tell(known) }
        if ([...runs.values()].some((run) => run.state === 'running')) {
          throw new Refusal(409, 'another run is under way; one at a time')
        }
        return { status: 202, body: tell(start(correlationId)) }
      },
    },
    {
      method: 'GET',
      path: /^\/pipeline\/runs\/([\w-]{1,80})$/,
      token,
      async handle({ params }) {
        const run = runs.get(params[0])
        if (!run) throw new Refusal(404, 'there is no such run')
        return { status: 200, body: tell(run) }
      },
    },
    {
      method: 'GET',
      path: /^\/pipeline\/artifacts\/([\w.]{1,40})$/,
      token: null,
      async handle({ params, headers, query }) {
        const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? query.get('token') ?? ''
        if (!isSameSecret(given, token)) throw new Refusal(401, 'a valid token is needed')
        const artifact = await registry.find(params[0])
        if (!artifact) throw new Refusal(404, `there is no version ${params[0]}`)
        return { bytes: await readFile(artifact.path) }
      },
    },
  ]
  return {
    routes,
    async close() {
      await Promise.all([...children].map((child) => endProgram(child)))
    },
  }
}
