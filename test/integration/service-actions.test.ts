import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type Received, reply, startServer } from '../../src/act/testing/http-server.ts'
import { createEndpointClient } from '../../src/collect/endpoint.ts'
import type { Action } from '../../src/contract/alert.ts'
import type { Connection, ConnectionConfig } from '../../src/contract/connection.ts'
import type { Deployment, Version } from '../../src/contract/model.ts'
import type { Json } from '../../src/contract/primitives.ts'
import { RpcError } from '../../src/contract/rpc.ts'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import { createActions } from '../../src/service/actions/actions.ts'
import type { ActionRequest } from '../../src/service/rooms.ts'
import { createCleanUp } from './service-collection-room.ts'
import {
  addPark,
  addPerson,
  dawn,
  hourMs,
  openWorld,
  type Park,
  petSchema,
  until,
  type World,
} from './service-monitoring-world.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

async function open() {
  const world = await openWorld()
  cleanUp.later(() => world.remove())
  cleanUp.later(() => world.close())
  const park = await addPark(world)
  return { world, park, ada: await addPerson(world) }
}

/** The room, with endpoints asked for real and no secrets. */
function act(world: World, environment: Record<string, string | undefined> = { PATH: process.env.PATH }) {
  const actions = createActions(
    world.context,
    {
      endpointClient: async ({ config }) => {
        if (config.kind !== 'endpoint') throw new RpcError('refused', 'no endpoint')
        return createEndpointClient({ config, secret: null })
      },
    },
    { environment },
  )
  cleanUp.later(() => actions.close())
  return actions
}

async function connect(world: World, key: string, config: ConnectionConfig): Promise<Connection> {
  const id = world.context.newId('con')
  const record: Connection = { id, key, name: key, isEnabled: true, config, createdAt: dawn }
  await world.commit([{ kind: 'connection', record, revision: null }])
  return record
}

const httpConnector = (origin: string, rest: object = {}): ConnectionConfig => ({
  kind: 'http-action',
  method: 'POST',
  url: `${origin}/runs`,
  headers: {},
  bodyTemplate:
    '{"deployment": {{deploymentKey}}, "version": {{targetVersionName}}, "why": {{reason}}, "id": {{correlationId}}}',
  auth: { kind: 'none' },
  hmacSecret: null,
  poll: null,
  timeoutMs: 20_000,
  ...rest,
})

const polled = (origin: string) => ({
  poll: {
    url: `${origin}/runs/{{response.id}}`,
    everyMs: 200,
    statePath: 'state',
    succeeded: ['done'],
    failed: ['broken'],
    resultPath: 'result',
  },
})

const command = (...args: string[]): ConnectionConfig => ({
  kind: 'command-action',
  program: process.execPath,
  args,
  workingDirectory: null,
  timeoutMs: 20_000,
})

const asking = (
  park: Park,
  connection: Connection,
  caller: ActionRequest['caller'],
  rest: Partial<ActionRequest> = {},
): ActionRequest => ({
  kind: 'retrain',
  alertId: null,
  releaseId: null,
  deploymentId: park.deployment.id,
  connectionId: connection.id,
  targetVersionId: null,
  reason: 'a new breed has come',
  caller,
  auditAction: 'actions.start',
  ...rest,
})

const actionNow = async (world: World, id: string) => (await world.context.store.records.get('action', id))?.record
const ended = (world: World, id: string) =>
  until(async () => {
    const action = await actionNow(world, id)
    return action?.finishedAt == null ? null : action
  }, 'the action to end')

/** A second version of the park's model. */
async function addVersion(world: World, park: Park, name: string): Promise<Version> {
  const { digest, bytes } = await world.context.store.blobs.put(Buffer.from(`file of ${name}`))
  const artifacts = [{ name: 'model.bin', digest, bytes, mediaType: 'application/octet-stream' }]
  const record: Version = { ...park.version, id: world.context.newId('ver'), name, artifacts }
  await world.commit([{ kind: 'version', record, revision: null }])
  return record
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const onnx = writeLinearClassifier({
  weights: [
    [0, 0],
    [1, 0],
  ],
  bias: [0, -0.5],
  inputNames: ['size', 'light'],
  classes: ['cat', 'dog'],
})

describe('a request', () => {
  it('is stored before the call leaves, with one audit entry, and its variables reach the pipeline', async () => {
    const { world, park, ada } = await open()
    const next = await addVersion(world, park, '1.1.0')
    let seen: Action | undefined
    const server = await startServer(async (_, response) => {
      const [action] = await world.context.store.records.list('action')
      seen = action.record
      reply(response, 200, { ok: true })
    })
    cleanUp.later(server.close)
    const connection = await connect(world, 'deployer', httpConnector(server.origin))
    const actions = act(world)
    const heard: Action[] = []
    actions.onEnded(async (action) => void heard.push(action))
    const { value, entries } = await world.audit.count(() =>
      actions.request(asking(park, connection, ada, { kind: 'switch', targetVersionId: next.id })),
    )
    expect(entries).toBe(1)
    expect(value.record).toMatchObject({ state: 'requested', requestedBy: ada.userId })
    const action = await ended(world, value.record.id)
    expect(seen?.state).toBe('running')
    expect(action).toMatchObject({ state: 'succeeded', problem: null })
    expect(JSON.parse(server.received[0].body)).toEqual({
      deployment: 'park',
      version: '1.1.0',
      why: 'a new breed has come',
      id: action.correlationId,
    })
    expect(action.log).toMatch(/POST .*\/runs/)
    expect(action.variables).toMatchObject({
      modelKey: 'pets',
      versionName: '1.0.0',
      targetVersionName: '1.1.0',
      targetArtifactDigest: next.artifacts[0].digest,
      environment: 'production',
      requestedBy: 'Ada',
    })
    await until(async () => heard.length > 0, 'the listener')
    expect(heard[0]).toMatchObject({ id: action.id, state: 'succeeded' })

    const deployment = await world.context.store.records.get('deployment', park.deployment.id)
    expect(deployment?.record.versionId).toBe(next.id)
    expect(deployment?.record.history.at(-1)).toEqual({
      versionId: next.id,
      from: action.finishedAt,
      reason: 'a new breed has come',
      releaseId: null,
    })
    const log = await world.context.store.audit.list({
      ...{ limit: 10, before: null, action: null, subjectId: action.id, actorId: null },
    })
    expect(log.map(({ entry }) => entry.action)).toEqual([
      'system.actions.end',
      'system.actions.start',
      'actions.start',
    ])
  })

  it('is refused where it does not fit, with a sentence', async () => {
    const { world, park, ada } = await open()
    const next = await addVersion(world, park, '1.1.0')
    const server = await startServer((_, response) => void setTimeout(() => reply(response, 200, {}), 1000))
    cleanUp.later(server.close)
    const pipeline = await connect(world, 'pipeline', httpConnector(server.origin))
    const hook = await connect(world, 'hook', { kind: 'webhook', url: server.origin, hmacSecret: null })
    const actions = act(world)
    const refusal = async (rest: Partial<ActionRequest>) => {
      const error = await actions.request(asking(park, pipeline, ada, rest)).catch((thrown: unknown) => thrown)
      return error instanceof RpcError ? `${error.code}: ${error.message}` : error
    }
    expect(await refusal({ connectionId: hook.id })).toMatch(/refused: hook is no connector/)
    expect(await refusal({ connectionId: 'con_none' })).toMatch(/not-found/)
    expect(await refusal({ kind: 'switch' })).toMatch(/which version/)
    expect(await refusal({ kind: 'switch', targetVersionId: park.version.id })).toMatch(/already/)
    expect(await refusal({ kind: 'roll-back' })).toMatch(/no other version before/)
    expect(await refusal({ targetVersionId: next.id })).toMatch(/leave the version out/)
    expect(await refusal({ alertId: 'alt_none' })).toMatch(/no such alert/)
    await actions.request(asking(park, pipeline, ada, { kind: 'switch', targetVersionId: next.id }))
    expect(await refusal({ kind: 'switch', targetVersionId: next.id })).toMatch(/under way/)
  })

  it('runs a local command, whose output can be followed and is kept', async () => {
    const { world, park, ada } = await open()
    const script = `
      console.log('deploying ' + process.env.ASSAY_TARGET_VERSION_NAME + ' to ' + process.env.ASSAY_DEPLOYMENT_KEY)
      console.log('secret ' + (process.env.CONSOLE_SECRET ?? 'unknown'))
      setTimeout(() => console.log(JSON.stringify({ ok: true })), 700)`
    const connection = await connect(world, 'local', command('-e', script))
    const next = await addVersion(world, park, '1.1.0')
    const actions = act(world, { PATH: process.env.PATH, CONSOLE_SECRET: 'must not be seen' })
    const { record } = await actions.request(
      asking(park, connection, ada, { kind: 'switch', targetVersionId: next.id }),
    )
    const live = await until(async () => {
      const action = await actionNow(world, record.id)
      const shown = action === undefined ? undefined : actions.withLog(action)
      return shown?.state === 'running' && shown.log.includes('deploying') ? shown : null
    }, 'output while it runs')
    expect(live.log).toMatch(/deploying 1\.1\.0 to park/)
    const action = await ended(world, record.id)
    expect(action).toMatchObject({ state: 'succeeded', result: { ok: true } })
    expect(action.log).toMatch(/secret unknown/)
  })

  it('masks secrets in its log, and stores no line of it in the audit log', async () => {
    const { world, park, ada } = await open()
    await world.context.vault.put('token', 'sesame-open')
    const server = await startServer(({ headers }, response) => reply(response, 200, { echo: headers.authorization }))
    cleanUp.later(server.close)
    const connection = await connect(
      world,
      'pipeline',
      httpConnector(server.origin, { auth: { kind: 'bearer', secret: 'token' }, hmacSecret: 'token' }),
    )
    const { record } = await act(world).request(asking(park, connection, ada))
    const action = await ended(world, record.id)
    expect(server.received[0].headers.authorization).toBe('Bearer sesame-open')
    expect(JSON.stringify(action)).not.toContain('sesame')
    // It succeeded, but a retraining must say what it made.
    expect(action).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/did not say which version it made/),
    })
  })
})

describe('what stopped with the console', () => {
  async function stopped(state: 'requested' | 'running', requestedAt: number) {
    const { world, park, ada } = await open()
    const server = await startServer((_, response) => reply(response, 200, {}))
    cleanUp.later(server.close)
    const connection = await connect(world, 'deployer', httpConnector(server.origin))
    const next = await addVersion(world, park, '1.1.0')
    const first = act(world)
    const { record } = await first.request(asking(park, connection, ada, { kind: 'switch', targetVersionId: next.id }))
    await ended(world, record.id)
    const done = await world.context.store.records.get('action', record.id)
    // As the crash would have left it.
    const left = { ...record, state, requestedAt, finishedAt: null }
    await world.commit([{ kind: 'action', record: left, revision: done?.revision ?? null }])
    server.received.length = 0
    const actions = act(world)
    const heard: Action[] = []
    actions.onEnded(async (action) => void heard.push(action))
    await actions.start()
    const action = await ended(world, record.id)
    return { action, calls: server.received.length, heard }
  }

  it('is taken up when it had not left', async () => {
    const { action, calls } = await stopped('requested', dawn)
    expect(calls).toBe(1)
    expect(action.state).toBe('succeeded')
  })
  it('is not taken up after a long time', async () => {
    const { action, calls, heard } = await stopped('requested', dawn - 2 * hourMs)
    expect(calls).toBe(0)
    expect(action).toMatchObject({ state: 'failed', problem: expect.stringMatching(/request it again/) })
    expect(heard).toHaveLength(1)
  })
  it('is unknown when the call had left', async () => {
    const { action, calls, heard } = await stopped('running', dawn)
    expect(calls).toBe(0)
    expect(action).toMatchObject({ state: 'unknown', problem: expect.stringMatching(/correlation id run_/) })
    expect(heard[0]).toMatchObject({ state: 'unknown' })
  })
  it('is unknown when the console closes while it waits', async () => {
    const { world, park, ada } = await open()
    const server = await startServer(({ method }, response) =>
      method === 'POST' ? reply(response, 202, { id: '1' }) : reply(response, 200, { state: 'going' }),
    )
    cleanUp.later(server.close)
    const connection = await connect(world, 'pipeline', httpConnector(server.origin, polled(server.origin)))
    const actions = act(world)
    const { record } = await actions.request(asking(park, connection, ada))
    await until(async () => server.received.length >= 2, 'a poll')
    await actions.close()
    expect(await actionNow(world, record.id)).toMatchObject({
      state: 'unknown',
      problem: expect.stringMatching(/the work may go on/),
    })
  })
})

describe('a switch', () => {
  /** An endpoint that says which versions it serves. */
  async function served(versions: (asked: number) => string[]) {
    let asked = 0
    const server = await startServer(({ url }, response) =>
      url.startsWith('/v2/models/')
        ? reply(response, 200, { name: 'pets', versions: versions(asked++), inputs: [], outputs: [] })
        : reply(response, 200, {}),
    )
    cleanUp.later(server.close)
    const { world, park, ada } = await open()
    const endpoint = await connect(world, 'endpoint', {
      ...{ kind: 'endpoint', url: server.origin, protocol: 'oip-v2', modelName: 'pets', modelVersion: null },
      ...{ auth: { kind: 'none' }, timeoutMs: 1000, probeEveryMs: 60_000 },
    })
    const before = await world.context.store.records.get('deployment', park.deployment.id)
    const record: Deployment = { ...park.deployment, endpointId: endpoint.id }
    await world.commit([{ kind: 'deployment', record, revision: before?.revision ?? null }])
    const connection = await connect(world, 'deployer', httpConnector(server.origin))
    const next = await addVersion(world, park, '1.1.0')
    const actions = act(world)
    const done = await actions.request(asking(park, connection, ada, { kind: 'switch', targetVersionId: next.id }))
    const action = await ended(world, done.record.id)
    const after = await world.context.store.records.get('deployment', park.deployment.id)
    return { world, park, ada, actions, connection, next, action, runs: after?.record.versionId }
  }

  it('is recorded when the endpoint confirms it, even if it takes a moment', async () => {
    const { action, runs, next } = await served((asked) => [asked === 0 ? '1.0.0' : '1.1.0'])
    expect(action).toMatchObject({ state: 'succeeded', problem: null })
    expect(action.log).toMatch(/The endpoint serves 1\.1\.0/)
    expect(runs).toBe(next.id)
  })
  it('has failed when the endpoint still serves another version', async () => {
    const { action, runs, park } = await served(() => ['1.0.0'])
    expect(action).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/still serves 1\.0\.0, not 1\.1\.0/),
    })
    expect(runs).toBe(park.version.id)
  })
  it('is believed when the endpoint counts versions its own way', async () => {
    const { action, runs, next } = await served(() => ['7'])
    expect(action.state).toBe('succeeded')
    expect(runs).toBe(next.id)
  })
  it('rolls back to the version before when none is named', async () => {
    const served_ = ['1.1.0', '1.0.0']
    const { world, park, ada, actions, connection } = await served(() => served_)
    const { record } = await actions.request(asking(park, connection, ada, { kind: 'roll-back' }))
    const action = await ended(world, record.id)
    expect(action).toMatchObject({ kind: 'roll-back', state: 'succeeded' })
    const after = await world.context.store.records.get('deployment', park.deployment.id)
    expect(after?.record.versionId).toBe(park.version.id)
    expect(after?.record.history.map(({ versionId }) => versionId)).toHaveLength(3)
  })
})

describe('a retraining', () => {
  const result = (location: string, rest: object = {}): Json => ({
    version: '1.1.0',
    lineage: {
      sourceRepository: 'https://example.test/pets.git',
      sourceCommit: 'abc',
      metricsAtTraining: { accuracy: 0.97 },
    },
    artifacts: [{ name: 'model.onnx', digest: sha256(onnx), mediaType: 'application/octet-stream', location }],
    servedBy: [],
    ...rest,
  })

  async function retrain(answer: (origin: string) => Json, onFile?: (request: Received) => [number, Uint8Array]) {
    const { world, park, ada } = await open()
    await world.context.vault.put('token', 'sesame')
    const server = await startServer((request, response) => {
      if (request.method === 'POST') return reply(response, 202, { id: 'r1' })
      if (request.url === '/runs/r1') return reply(response, 200, { state: 'done', result: answer(server.origin) })
      const [status, bytes] = onFile?.(request) ?? [200, onnx]
      response.writeHead(status)
      response.end(bytes)
    })
    cleanUp.later(server.close)
    const auth = { kind: 'bearer', secret: 'token' }
    const connection = await connect(
      world,
      'pipeline',
      httpConnector(server.origin, { ...polled(server.origin), auth }),
    )
    const test: Deployment = {
      ...park.deployment,
      id: world.context.newId('dep'),
      key: 'park-test',
      environment: 'test',
    }
    await world.commit([{ kind: 'deployment', record: { ...test, name: 'Park test', deviceId: null }, revision: null }])
    const { record } = await act(world).request(asking(park, connection, ada))
    const action = await ended(world, record.id)
    return { world, park, action, server, test }
  }

  it('registers the version with its lineage, and records which test deployment serves it', async () => {
    const { world, park, action, server, test } = await retrain((origin) =>
      result(`${origin}/files/model.onnx`, { servedBy: ['park-test', 'park', 'nowhere'] }),
    )
    expect(action.problem).toBeNull()
    expect(action.state).toBe('succeeded')
    const { records, blobs, profiles } = world.context.store
    const version = (await records.find('version', `${park.model.id}/1.1.0`))?.record
    expect(action.result).toMatchObject({ versionId: version?.id, version: '1.1.0' })
    expect(version).toMatchObject({
      schema: petSchema,
      referenceDatasetId: park.version.referenceDatasetId,
      lineage: {
        sourceCommit: 'abc',
        pipelineRun: action.correlationId,
        parameters: { parentVersion: '1.0.0', retrainingAction: action.id },
        metricsAtTraining: { accuracy: 0.97 },
      },
      artifacts: [{ name: 'model.onnx', digest: sha256(onnx), bytes: onnx.length }],
    })
    expect(await blobs.has(sha256(onnx))).toBe(true)
    expect(Object.keys((await profiles.binning(version?.id ?? ''))?.numeric ?? {})).toEqual(['size', 'light'])
    expect((await records.get('deployment', test.id))?.record.versionId).toBe(version?.id)
    // What is in production changes by a release alone.
    expect((await records.get('deployment', park.deployment.id))?.record.versionId).toBe(park.version.id)
    expect(action.log).toMatch(/park is in production/)
    expect(action.log).toMatch(/names nowhere/)
    const file = server.received.find(({ url }) => url.startsWith('/files'))
    expect(file?.headers.authorization).toBe('Bearer sesame')
  })

  it.each([
    [
      'another file than announced',
      () => [200, Buffer.from('something else')] as [number, Uint8Array],
      /not what the pipeline announced/,
    ],
    ['no file', () => [404, Buffer.from('')] as [number, Uint8Array], /answered 404/],
  ])('fails on %s, and registers nothing', async (_, onFile, problem) => {
    const { world, park, action } = await retrain((origin) => result(`${origin}/files/model.onnx`), onFile)
    expect(action).toMatchObject({ state: 'failed', problem: expect.stringMatching(problem) })
    expect(await world.context.store.records.find('version', `${park.model.id}/1.1.0`)).toBeNull()
  })

  it.each([
    ['a file of this machine', () => pathToFileURL('/etc/hostname').href, /only a local command may name files/],
    ['another host without encryption', () => 'http://models.example.test/model.onnx', /not the connector's own host/],
  ])('fetches nothing from %s', async (_, location, problem) => {
    const { action, server } = await retrain(() => result(location()))
    expect(action).toMatchObject({ state: 'failed', problem: expect.stringMatching(problem) })
    expect(server.received.every(({ url }) => url.startsWith('/runs'))).toBe(true)
  })

  it('refuses a file that is no ONNX model', async () => {
    const fake = Buffer.from('not a model')
    const { action } = await retrain(
      (origin) =>
        result(`${origin}/files/model.onnx`, {
          artifacts: [
            {
              name: 'model.onnx',
              digest: sha256(fake),
              mediaType: 'application/octet-stream',
              location: `${origin}/files/model.onnx`,
            },
          ],
        }),
      () => [200, fake],
    )
    expect(action).toMatchObject({ state: 'failed', problem: expect.stringMatching(/no ONNX model/) })
  })

  it('takes the file of a local command from this machine', async () => {
    const { world, park, ada } = await open()
    const folder = await mkdtemp(join(tmpdir(), 'assay-pipeline-'))
    cleanUp.later(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'model.onnx'), onnx)
    const said = JSON.stringify(result(pathToFileURL(join(folder, 'model.onnx')).href))
    const connection = await connect(
      world,
      'local',
      command('-e', `console.log('training'); console.log(${JSON.stringify(said)})`),
    )
    const { record } = await act(world).request(asking(park, connection, ada))
    const action = await ended(world, record.id)
    expect(action).toMatchObject({ state: 'succeeded', problem: null })
    expect(await world.context.store.records.find('version', `${park.model.id}/1.1.0`)).not.toBeNull()
  })
})
