import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBinning } from '../../src/analysis/profile/binning.ts'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import { encodeTable } from '../../src/collect/dataset-codec.ts'
import type { Device } from '../../src/contract/device.ts'
import type { Target } from '../../src/contract/finding.ts'
import type { IncomingSample } from '../../src/contract/intake.ts'
import { type Deployment, type Model, type SchemaSpec, schemaSpec, type Version } from '../../src/contract/model.ts'
import type { Column, SampleTable } from '../../src/contract/table.ts'
import type { Caller } from '../../src/contract/user.ts'
import type { WorkspaceSettings } from '../../src/contract/workspace.ts'
import { systemCaller } from '../../src/rules/audit-entry.ts'
import { createRecordIds } from '../../src/server/record-ids.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { createFeed } from '../../src/service/feed.ts'
import { createJobs } from '../../src/service/jobs/jobs.ts'
import { createWorkerPool } from '../../src/service/jobs/worker-pool.ts'
import { openKeyFileVault } from '../../src/service/proof/secrets.ts'
import type { Arrival } from '../../src/service/rooms.ts'
import { createAuditWatch } from '../../src/service/rpc/audit-watch.ts'
import { createEventHub } from '../../src/service/rpc/event-hub.ts'
import { announceCommits } from '../../src/service/rpc/record-events.ts'
import { makeAccount } from '../../src/service/session/accounts.ts'
import { commitOrRefuse, draftOf } from '../../src/service/session/commit.ts'
import { type Append, type Commit, tellAppends, tellCommits } from '../../src/service/store-feeds.ts'
import type { Tasks } from '../../src/service/tasks/tasks.ts'
import { createRandom, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Put } from '../../src/store/store.ts'
import { createRecordingLog } from '../support/rpc.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
/** 21 November 2026, 00:00 UTC: when the world begins. */
export const dawn = Date.UTC(2026, 10, 21)

export const petSchema: SchemaSpec = schemaSpec.parse({
  task: 'binary',
  classes: ['cat', 'dog'],
  positiveClass: 'dog',
  columns: [
    { name: 'size', type: 'numeric', role: 'input' },
    { name: 'light', type: 'numeric', role: 'input' },
    { name: 'gate', type: 'categorical', role: 'context', isGroup: true, categories: ['north', 'south'] },
  ],
})

/** What a clock shows that only the test moves. */
export interface Clock {
  at: number
}

export type World = Awaited<ReturnType<typeof openWorld>>

/** Everything of the service but its rooms, on a real workspace; `path` opens one that was closed before. */
export async function openWorld({ clock = { at: dawn }, path }: { clock?: Clock; path?: string } = {}) {
  const workspacePath = path ?? (await mkdtemp(join(tmpdir(), 'assay-world-')))
  const now = () => clock.at
  const log = createRecordingLog()
  const events = createEventHub({ log })
  const audit = createAuditWatch()
  const commits = createFeed<Commit>(log)
  const appends = createFeed<Append>(log)
  const opened = await openSqliteStore({ path: workspacePath, fold: makeProfileFold() })
  const store = {
    ...opened,
    records: tellCommits(announceCommits(audit.watch(opened.records), events), commits),
    samples: tellAppends(opened.samples, appends),
  }
  const newId = createRecordIds({ now, random: randomBytes })
  const jobs = createJobs({ events, log, now, newId })
  const workers = createWorkerPool<Tasks>({
    entry: new URL('../../src/server/worker.ts', import.meta.url),
    size: 2,
    workerData: { workspacePath },
  })
  const vault = await openKeyFileVault(join(workspacePath, 'secrets'))
  const accounts = { records: store.records, now, newId, random: randomBytes }
  const settings: WorkspaceSettings = {
    id: 'set_workspace',
    name: 'Test',
    isDemo: false,
    logOrigin: 'assay.local/test',
    defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
    notifications: { desktop: true, webhookIds: [] },
    timeBounds: { maxFutureMs: hourMs, maxPastMs: 400 * dayMs },
    createdAt: dawn,
  }
  const context: ServiceContext = {
    workspacePath,
    isDemo: false,
    store,
    vault,
    events,
    jobs,
    workers,
    intakeWorkers: workers,
    log,
    now,
    newId,
    random: () => 0.5,
    fetch: globalThis.fetch,
    settings: async () => (await store.records.get('settings', 'set_workspace'))?.record ?? settings,
    accounts,
    commits,
    appends,
  }
  /** Stands where the ways in would be: tests tell what came in and what probes saw. */
  const arrivals = createFeed<Arrival>(log)
  const collection = { onArrival: arrivals.listen, probes: () => [] }

  return {
    context,
    clock,
    log,
    audit,
    collection,
    workspacePath,
    tellArrival: arrivals.tell,
    commit: (puts: readonly Put[]) =>
      commitOrRefuse(store.records, puts, draftOf(systemCaller, now(), { action: 'system.test' })),
    saveSettings: async (changes: Partial<WorkspaceSettings>) => {
      const before = await store.records.get('settings', 'set_workspace')
      const record = { ...(before?.record ?? settings), ...changes }
      const put: Put = { kind: 'settings', record, revision: before?.revision ?? null }
      await commitOrRefuse(store.records, [put], draftOf(systemCaller, now(), { action: 'system.test' }))
    },
    /** Closes it; the folder stays, so that it can be opened again. */
    async close() {
      await jobs.close()
      await workers.close()
      await store.close()
    },
    async remove() {
      await rm(workspacePath, { recursive: true, force: true })
    },
  }
}

/** Somebody with every role. */
export async function addPerson({ context }: World): Promise<Caller> {
  const { user, credential } = await makeAccount(
    { login: 'ada', name: 'Ada', roles: ['administrator', 'qa-expert', 'product-owner'], password: 'correct horse' },
    context.accounts,
  )
  const puts: Put[] = [
    { kind: 'user', record: user, revision: null },
    { kind: 'credential', record: credential, revision: null },
  ]
  await commitOrRefuse(context.store.records, puts, draftOf(systemCaller, context.now(), { action: 'system.test' }))
  return { userId: user.id, name: user.name, roles: user.roles }
}

export interface Draw {
  readonly n: number
  readonly seed: number
  /** Added to the size, in standard deviations. */
  readonly shift?: number
  /** Share of predictions that are right. */
  readonly accuracy?: number
}

interface Row {
  readonly size: number
  readonly light: number
  readonly gate: string
  readonly label: string
  readonly prediction: string
}

/** Animals at the gate: dogs are larger, light has nothing to do with it. */
export function drawPets({ n, seed, shift = 0, accuracy = 0.95 }: Draw): Row[] {
  const random = createRandom(seed)
  const uniform = () => randomUniform(random)
  const gaussian = () => randomNormal(random)
  return Array.from({ length: n }, () => {
    const label = uniform() < 0.5 ? 'dog' : 'cat'
    const other = label === 'dog' ? 'cat' : 'dog'
    return {
      size: gaussian() + (label === 'dog' ? 1 : 0) + shift,
      light: gaussian(),
      gate: uniform() < 0.5 ? 'north' : 'south',
      label,
      prediction: uniform() < accuracy ? label : other,
    }
  })
}

function codesOf(values: readonly string[], categories: readonly string[]): Column {
  return {
    type: 'categorical' as const,
    codes: Int32Array.from(values, (value) => categories.indexOf(value)),
    categories,
  }
}

export function tableOf(rows: readonly Row[]): SampleTable {
  const classes = ['cat', 'dog']
  return {
    n: rows.length,
    columns: new Map<string, Column>([
      ['size', { type: 'numeric', values: Float64Array.from(rows, ({ size }) => size) }],
      ['light', { type: 'numeric', values: Float64Array.from(rows, ({ light }) => light) }],
      [
        'gate',
        codesOf(
          rows.map(({ gate }) => gate),
          ['north', 'south'],
        ),
      ],
    ]),
    ids: null,
    at: null,
    prediction: codesOf(
      rows.map(({ prediction }) => prediction),
      classes,
    ),
    label: codesOf(
      rows.map(({ label }) => label),
      classes,
    ),
    scores: new Map(),
    latencyMs: null,
  }
}

export const noLineage: Version['lineage'] = {
  sourceRepository: null,
  sourceCommit: null,
  pipelineRun: null,
  parameters: {},
  trainingDatasetDigest: null,
  testDatasetDigest: null,
  referenceDatasetDigest: null,
  metricsAtTraining: {},
}

/** A model with a labelled reference, in production on a camera box, with the monitors that it gets by default. */
export async function addPark(world: World) {
  const { store, newId } = world.context
  const reference = tableOf(drawPets({ n: 3000, seed: 1 }))
  const { digest } = await store.blobs.put(encodeTable(reference))
  const model: Model = {
    ...{ id: newId('mdl'), key: 'pets', name: 'Cat or dog', description: '', task: 'binary', createdAt: dawn },
  }
  const datasetId = newId('dat')
  const version: Version = {
    ...{ id: newId('ver'), modelId: model.id, name: '1.0.0', artifacts: [], lineage: noLineage, schema: petSchema },
    ...{ referenceDatasetId: datasetId, createdAt: dawn },
  }
  const device: Device = {
    ...{ id: newId('dev'), key: 'camera-1', name: 'camera-1', site: 'park', firmware: null, tags: [], createdAt: dawn },
    channels: [
      ...[{ name: 'light', unit: 'lx', range: null, limit: null, expectedEveryMs: 60_000, stuckAfterMs: hourMs }],
    ],
  }
  const deployment: Deployment = {
    ...{ id: newId('dep'), key: 'park', name: 'Park', modelId: model.id, versionId: version.id, createdAt: dawn },
    ...{ environment: 'production', endpointId: null, deviceId: device.id, labelDelayMs: 0 },
    retention: { rawDays: 365, maxSamples: null, profileDays: 730 },
    history: [{ versionId: version.id, from: dawn, reason: 'first', releaseId: null }],
  }
  await store.profiles.setBinning(buildBinning(version.id, reference, petSchema))
  await world.commit([
    { kind: 'model', record: model, revision: null },
    {
      kind: 'dataset',
      revision: null,
      record: {
        ...{ id: datasetId, name: 'Reference', modelId: model.id, role: 'reference', digest, sourceDigest: null },
        ...{ rows: reference.n, columns: [], createdAt: dawn },
      },
    },
    { kind: 'version', record: version, revision: null },
    { kind: 'device', record: device, revision: null },
    { kind: 'deployment', record: deployment, revision: null },
  ])
  return {
    model,
    version,
    device,
    deployment,
    target: { type: 'deployment', id: deployment.id } satisfies Target,
    deviceTarget: { type: 'device', id: device.id } satisfies Target,
  }
}
export type Park = Awaited<ReturnType<typeof addPark>>

/** Stores predictions spread evenly over a window, labelled or not; returns how many. */
export async function storePets(
  { context }: World,
  { deployment, version }: Pick<Park, 'deployment' | 'version'>,
  window: { from: number; to: number },
  draw: Draw & { labelled?: boolean; versionId?: string },
): Promise<number> {
  const rows = drawPets(draw)
  const step = (window.to - window.from) / rows.length
  const samples = rows.map(({ label, prediction, ...inputs }, index): IncomingSample => {
    const at = Math.floor(window.from + index * step)
    const id = `${draw.seed}-${index}-${at}`
    return {
      sample: {
        ...{
          id,
          deploymentId: deployment.id,
          versionId: draw.versionId ?? version.id,
          at,
          arrivedAt: at,
          inputs,
          prediction,
        },
        ...{ scores: null, latencyMs: 5, deviceId: null, seq: null },
      },
      label: draw.labelled ? { sampleId: id, deploymentId: deployment.id, label, at, source: 'import' } : null,
    }
  })
  await context.store.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] })
  return rows.length
}

/** Waits until `look` finds something. */
export async function until<T>(
  look: () => Promise<T | null | false | undefined>,
  what: string,
  ms = 20_000,
): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
