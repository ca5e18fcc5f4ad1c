import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reply, startServer } from '../../src/act/testing/http-server.ts'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import { encodeTable } from '../../src/collect/dataset-codec.ts'
import { createEndpointClient } from '../../src/collect/endpoint.ts'
import type { Action } from '../../src/contract/alert.ts'
import type { Connection } from '../../src/contract/connection.ts'
import type { Deployment, SchemaSpec, Version } from '../../src/contract/model.ts'
import type { Gate } from '../../src/contract/release.ts'
import { RpcError } from '../../src/contract/rpc.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import type { Caller, Role } from '../../src/contract/user.ts'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import { createRandom } from '../../src/demo/random.ts'
import { type OipServer, startOipServer } from '../../src/demo/server/oip-server.ts'
import { systemCaller } from '../../src/rules/audit-entry.ts'
import { createActions } from '../../src/service/actions/actions.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { createFeed } from '../../src/service/feed.ts'
import { createJobs } from '../../src/service/jobs/jobs.ts'
import { createWorkerPool } from '../../src/service/jobs/worker-pool.ts'
import { sha256Hex } from '../../src/service/proof/digest.ts'
import { openKeyFileVault } from '../../src/service/proof/secrets.ts'
import { createEventHub } from '../../src/service/rpc/event-hub.ts'
import type { CallContext } from '../../src/service/rpc/handlers.ts'
import { makeAccount } from '../../src/service/session/accounts.ts'
import { commitOrRefuse, draftOf } from '../../src/service/session/commit.ts'
import { callerOf } from '../../src/service/session/sessions.ts'
import { type Append, type Commit, tellCommits } from '../../src/service/store-feeds.ts'
import type { Tasks } from '../../src/service/tasks/tasks.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Put } from '../../src/store/store.ts'
import { createRecordingLog } from '../support/rpc.ts'

export const password = 'correct horse battery'
export const classes = ['cat', 'dog']

export const schema: SchemaSpec = {
  task: 'binary',
  classes,
  positiveClass: 'dog',
  columns: [
    { name: 'size', type: 'numeric', role: 'input', isGroup: false, unit: 'cm', range: [-10, 10], isRequired: true },
    { name: 'weight', type: 'numeric', role: 'input', isGroup: false, range: [-10, 10], isRequired: true },
    {
      name: 'gate',
      type: 'categorical',
      role: 'context',
      isGroup: true,
      categories: ['north', 'south'],
      isRequired: true,
    },
  ],
}

/** Rows whose true class is the sign of size + weight, with some noise; every seed other rows. */
export function drawRows(n: number, seed: number, shift = 0): SampleTable {
  const random = createRandom(seed)
  const size = Float64Array.from({ length: n }, () => random.gaussian() * 2 + shift)
  const weight = Float64Array.from({ length: n }, () => random.gaussian() * 2)
  const label = Int32Array.from(size, (value, row) => (value + weight[row] + 0.6 * random.gaussian() > 0 ? 1 : 0))
  return {
    n,
    columns: new Map([
      ['size', { type: 'numeric', values: size }],
      ['weight', { type: 'numeric', values: weight }],
      [
        'gate',
        { type: 'categorical', codes: Int32Array.from(size, () => random.integer(2)), categories: ['north', 'south'] },
      ],
    ]),
    ids: Array.from({ length: n }, (_, row) => `row-${row}`),
    at: null,
    prediction: null,
    label: { type: 'categorical', codes: label, categories: classes },
    scores: new Map(),
    latencyMs: null,
  }
}

/** `tilt` turns the boundary: 0 is the true one. */
export const linearModel = (tilt: number): Uint8Array =>
  writeLinearClassifier({
    weights: [
      [0, 0],
      [2 * (1 - tilt), 2 * (1 + tilt)],
    ],
    bias: [0, 0],
    inputNames: ['size', 'weight'],
    classes,
  })

export type World = Awaited<ReturnType<typeof createWorld>>

/** A workspace with people, a model with two versions, and both in service on real inference servers. */
export async function createWorld(options: { readonly rows?: SampleTable; readonly gates?: readonly Gate[] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-releases-'))
  const log = createRecordingLog()
  const events = createEventHub({ log })
  let elapsed = 0
  const startedAt = Date.now()
  /** The real clock, which a test can move on. */
  const now = () => Date.now() + elapsed
  let ids = 0
  const newId = (prefix: string) => `${prefix}_${String(++ids).padStart(5, '0')}`
  const commits = createFeed<Commit>(log)
  const appends = createFeed<Append>(log)
  const opened = await openSqliteStore({ path: folder, fold: makeProfileFold() })
  const store = { ...opened, records: tellCommits(opened.records, commits) }
  const { records } = store
  const jobs = createJobs({ events, log, now, newId })
  const workers = createWorkerPool<Tasks>({
    entry: new URL('../../src/server/worker.ts', import.meta.url),
    size: 1,
    workerData: { workspacePath: folder },
  })
  const accounts = { records, now, newId, random: randomBytes, scryptCost: { N: 2 ** 15, r: 8, p: 1 } }
  const settings = {
    id: 'set_workspace',
    name: 'Pet park',
    isDemo: false,
    logOrigin: 'assay.local/pet-park',
    defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
    notifications: { desktop: false, webhookIds: [] },
    timeBounds: { maxFutureMs: 3_600_000, maxPastMs: 400 * 86_400_000 },
    createdAt: startedAt,
  }
  const context: ServiceContext = {
    workspacePath: folder,
    isDemo: false,
    store,
    vault: await openKeyFileVault(folder),
    events,
    jobs,
    workers,
    intakeWorkers: workers,
    log,
    now,
    newId,
    random: Math.random,
    fetch: globalThis.fetch,
    settings: async () => settings,
    accounts,
    commits,
    appends,
  }
  const write = (puts: readonly Put[], action: string) =>
    commitOrRefuse(records, puts, draftOf(systemCaller, now(), { action }))
  await write([{ kind: 'settings', record: settings, revision: null }], 'session.setUp')

  const people = new Map<string, Caller>()
  async function addPerson(login: string, ...roles: Role[]): Promise<Caller> {
    const name = `${login[0].toUpperCase()}${login.slice(1)}`
    const { user, credential } = await makeAccount({ login, name, roles, password }, accounts)
    await write(
      [
        { kind: 'user', record: user, revision: null },
        { kind: 'credential', record: credential, revision: null },
      ],
      'users.create',
    )
    people.set(login, callerOf(user))
    return callerOf(user)
  }
  await addPerson('olga', 'operator')
  await addPerson('quinn', 'qa-expert')
  await addPerson('pat', 'product-owner')
  await addPerson('vera', 'viewer')
  /** Has every role: separation of duties must hold all the same. */
  await addPerson('max', 'operator', 'product-owner', 'qa-expert', 'administrator')
  const as = (login: string): CallContext => {
    const caller = people.get(login)
    if (caller === undefined) throw new Error(`Nobody is called ${login}`)
    return { caller, signal: new AbortController().signal, connectionId: 'test', sessionId: null }
  }

  const models = { old: linearModel(0.6), next: linearModel(0.05) }
  const servers: { test: OipServer; production: OipServer } = {
    test: await startOipServer({ modelName: 'cat-dog', version: '2.0', onnxBytes: models.next }),
    production: await startOipServer({ modelName: 'cat-dog', version: '1.0', onnxBytes: models.old }),
  }
  /** The deploy step of production: told to, it switches the real server, or refuses; it can be made to wait. */
  const deploy = { refuses: false, wait: Promise.resolve() }
  const deployStep = await startServer(async ({ body }, response) => {
    await deploy.wait
    if (deploy.refuses) return reply(response, 400, { error: 'the deploy step said no' })
    const { version } = JSON.parse(body) as { version: string }
    await servers.production.load(version === '2.0' ? models.next : models.old, version)
    reply(response, 200, { state: 'done' })
  })
  const endpoint = (id: string, url: string): Connection => ({
    id,
    key: id.slice(4),
    name: id.slice(4),
    isEnabled: true,
    config: {
      kind: 'endpoint',
      url,
      protocol: 'oip-v2',
      modelName: 'cat-dog',
      modelVersion: null,
      auth: { kind: 'none' },
      timeoutMs: 2000,
      probeEveryMs: 60_000,
    },
    createdAt: startedAt,
  })
  const [testRows, referenceRows] = [options.rows ?? drawRows(400, 1), drawRows(600, 2)]
  const [testSet, reference] = await Promise.all(
    [testRows, referenceRows].map((rows) => store.blobs.put(encodeTable(rows))),
  )
  const version = (id: string, name: string, bytes: Uint8Array): Version => ({
    id,
    modelId: 'mdl_1',
    name,
    artifacts: [{ name: 'model.onnx', digest: sha256Hex(bytes), bytes: bytes.length, mediaType: 'application/onnx' }],
    lineage: {
      sourceRepository: 'https://git.example/cat-dog',
      sourceCommit: 'a1b2c3',
      pipelineRun: 'run-7',
      parameters: { epochs: 5, note: '<b>bold</b>' },
      trainingDatasetDigest: null,
      testDatasetDigest: testSet.digest,
      referenceDatasetDigest: reference.digest,
      metricsAtTraining: { accuracy: 0.93 },
    },
    schema,
    referenceDatasetId: 'dat_ref',
    createdAt: startedAt,
  })
  const deployment = (
    id: string,
    environment: 'test' | 'production',
    versionId: string,
    endpointId: string | null,
  ): Deployment => ({
    id,
    key: `cat-dog-${environment}`,
    name: `cat-dog in ${environment}`,
    modelId: 'mdl_1',
    versionId,
    environment,
    endpointId,
    deviceId: null,
    labelDelayMs: 0,
    retention: { rawDays: 30, maxSamples: null, profileDays: 365 },
    history: [{ versionId, from: startedAt - 86_400_000, reason: 'first', releaseId: null }],
    createdAt: startedAt,
  })
  const columns = [
    { name: 'size', role: 'feature' as const, type: 'numeric' as const },
    { name: 'weight', role: 'feature' as const, type: 'numeric' as const },
    { name: 'gate', role: 'group' as const, type: 'categorical' as const },
    { name: 'label', role: 'label' as const, type: 'categorical' as const },
  ]
  const dataset = (id: string, role: 'test' | 'reference', digest: string, rows: number) => ({
    id,
    name: `${role} set`,
    modelId: 'mdl_1',
    role,
    digest,
    sourceDigest: null,
    rows,
    columns,
    createdAt: startedAt,
  })
  await write(
    [
      {
        kind: 'model',
        record: {
          id: 'mdl_1',
          key: 'cat-dog',
          name: 'Cat or dog',
          description: '',
          task: 'binary',
          createdAt: startedAt,
        },
        revision: null,
      },
      { kind: 'dataset', record: dataset('dat_test', 'test', testSet.digest, testRows.n), revision: null },
      { kind: 'dataset', record: dataset('dat_ref', 'reference', reference.digest, referenceRows.n), revision: null },
      { kind: 'version', record: version('ver_1', '1.0', models.old), revision: null },
      { kind: 'version', record: version('ver_2', '2.0', models.next), revision: null },
      { kind: 'connection', record: endpoint('con_test', servers.test.url), revision: null },
      { kind: 'connection', record: endpoint('con_prod', servers.production.url), revision: null },
      {
        kind: 'connection',
        record: {
          ...endpoint('con_deploy', deployStep.origin),
          config: {
            kind: 'http-action',
            method: 'POST',
            url: `${deployStep.origin}/deploy`,
            headers: {},
            bodyTemplate: '{"version": {{targetVersionName}}}',
            auth: { kind: 'none' },
            hmacSecret: null,
            poll: null,
            timeoutMs: 10_000,
          },
        },
        revision: null,
      },
      { kind: 'deployment', record: deployment('dep_test', 'test', 'ver_2', 'con_test'), revision: null },
      { kind: 'deployment', record: deployment('dep_prod', 'production', 'ver_1', 'con_prod'), revision: null },
    ],
    'test.setUp',
  )
  const collection = {
    async endpointClient({ config }: Connection) {
      if (config.kind !== 'endpoint') throw new RpcError('unavailable', 'not an endpoint')
      return createEndpointClient({ config, secret: null })
    },
  }
  const actions = createActions(context, collection, { environment: {} })
  await actions.start()
  const told = new Set<string>()
  /** Resolves with the next action that ends, once everybody who follows actions has heard of it. */
  const nextEnding = () =>
    new Promise<Action>((resolve) => {
      const stop = actions.onEnded(async (action) => {
        // Who begins to listen while an ending is being told hears of that one too.
        if (told.has(action.id)) return
        told.add(action.id)
        stop()
        resolve(action)
      })
    })
  const running = new Set<keyof typeof servers>(['test', 'production'])
  async function stopServer(which: keyof typeof servers) {
    if (running.delete(which)) await servers[which].close()
  }
  return {
    context,
    store,
    records,
    servers,
    stopServer,
    models,
    collection,
    actions,
    deploy,
    nextEnding,
    log,
    as,
    write,
    /** Moves the clock on. */
    passTime: (ms: number) => {
      elapsed += ms
    },
    async close() {
      await jobs.close()
      await actions.close()
      await workers.close()
      await deployStep.close()
      await Promise.all([stopServer('test'), stopServer('production')])
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}
