import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { buildBinning } from '../../src/analysis/profile/binning.ts'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import { profileOfTable } from '../../src/analysis/profiles.ts'
import { tableOf } from '../../src/analysis/testing/tables.ts'
import { encodeTable } from '../../src/collect/dataset-codec.ts'
import { type Deployment, type SchemaSpec, schemaSpec, type Version } from '../../src/contract/model.ts'
import { systemCaller } from '../../src/rules/audit-entry.ts'
import { createPerformanceHandlers } from '../../src/service/methods/performance.ts'
import { draftOf } from '../../src/service/session/commit.ts'
import { createAnalysisTasks } from '../../src/service/tasks/analysis-tasks.ts'
import type { Question } from '../../src/service/tasks/questions/question.ts'
import { openSqliteReader, openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Put, Store } from '../../src/store/store.ts'
import { drawColumns } from './drawn-table.ts'

const [hourMs, dayMs] = [3_600_000, 86_400_000]
const start = Date.UTC(2025, 0, 1)

export interface ProfileBenchOptions {
  readonly days: number
  readonly features: number
  readonly samplesPerHour: number
}

function drawTable(seed: number, rows: number, features: number) {
  const answer = (salt: number) => ({
    ...{ type: 'categorical' as const, categories: ['no', 'yes'] },
    codes: Int32Array.from({ length: rows }, (_, row) => (row * salt) % 2),
  })
  const columns = Object.fromEntries(drawColumns(seed, rows, features))
  return tableOf(columns, { prediction: answer(1), label: answer(3) })
}

/** Model, version, reference and deployment, as the pages make them. */
async function putRecords(store: Store, schema: SchemaSpec, reference: ReturnType<typeof drawTable>): Promise<void> {
  const { digest } = await store.blobs.put(encodeTable(reference))
  const lineage: Version['lineage'] = {
    ...{ sourceRepository: null, sourceCommit: null, pipelineRun: null, parameters: {}, metricsAtTraining: {} },
    ...{ trainingDatasetDigest: null, testDatasetDigest: null, referenceDatasetDigest: null },
  }
  const deployment: Deployment = {
    ...{ id: 'dep_bench', key: 'bench', name: 'Bench', modelId: 'mdl_bench', versionId: 'ver_bench' },
    ...{ environment: 'production', endpointId: null, deviceId: null, labelDelayMs: 0, history: [], createdAt: 0 },
    retention: { rawDays: 3650, profileDays: 3650, maxSamples: null },
  }
  const puts: Put[] = [
    {
      ...{ kind: 'model', revision: null },
      record: { id: 'mdl_bench', key: 'bench', name: 'Bench', description: '', task: 'binary', createdAt: 0 },
    },
    {
      ...{ kind: 'dataset', revision: null },
      record: {
        ...{ id: 'dat_bench', name: 'Reference', modelId: 'mdl_bench', role: 'reference', digest, sourceDigest: null },
        ...{ rows: reference.n, columns: [], createdAt: 0 },
      },
    },
    {
      ...{ kind: 'version', revision: null },
      record: {
        ...{ id: 'ver_bench', modelId: 'mdl_bench', name: '1', artifacts: [], lineage, schema, createdAt: 0 },
        referenceDatasetId: 'dat_bench',
      },
    },
    { kind: 'deployment', revision: null, record: deployment },
  ]
  await store.records.commit(puts, draftOf(systemCaller, start, { action: 'bench.prepare', details: {} }))
}

/** A workspace of so many days: one sample an hour is stored, and each hour's profile is put to one of as many as asked for. */
async function fill(path: string, { days, features, samplesPerHour }: ProfileBenchOptions): Promise<void> {
  const reference = drawTable(1, 20_000, features)
  const schema = schemaSpec.parse({
    ...{ task: 'binary', classes: ['no', 'yes'], positiveClass: 'yes' },
    columns: [...reference.columns].map(([name, { type }], i) => ({ name, type, role: 'input', isGroup: i === 2 })),
  })
  const store = await openSqliteStore({ path, fold: makeProfileFold() })
  await putRecords(store, schema, reference)
  const binning = buildBinning('ver_bench', reference, schema)
  await store.profiles.setBinning(binning)
  for (let day = 0; day < days; day++) {
    const samples = Array.from({ length: 24 }, (_, hour) => {
      const at = start + day * dayMs + hour * hourMs
      return {
        label: null,
        sample: {
          ...{ id: `s${at}`, deploymentId: 'dep_bench', versionId: 'ver_bench', at, arrivedAt: at, inputs: {} },
          ...{ prediction: 'yes', scores: null, latencyMs: null, deviceId: null, seq: null },
        },
      }
    })
    await store.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] })
  }
  await store.close()
  const hours = [2, 3, 4, 5].map((seed) => ({
    ...profileOfTable(drawTable(seed, samplesPerHour, features), schema, binning),
    deploymentId: 'dep_bench',
  }))
  const db = new Database(join(path, 'workspace.sqlite'))
  const put = db.prepare('UPDATE profile SET n = ?, labelled = ?, body = ? WHERE hour = ?')
  db.transaction(() => {
    for (let i = 0; i < days * 24; i++) {
      const hour = start + i * hourMs
      put.run(samplesPerHour, samplesPerHour, JSON.stringify({ ...hours[i % hours.length], hour }), hour)
    }
  })()
  db.close()
}

/** Medians of the time that something takes, and of the part of it in which this process computed: a busy machine shows. */
async function median(times: number, run: () => Promise<unknown>): Promise<{ seconds: number; cpuSeconds: number }> {
  const measured: { seconds: number; cpuSeconds: number }[] = []
  for (let i = 0; i < times; i++) {
    const [begun, used] = [performance.now(), process.cpuUsage()]
    await run()
    const { user, system } = process.cpuUsage(used)
    measured.push({ seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 })
  }
  const middle = (of: 'seconds' | 'cpuSeconds') => measured.map((one) => one[of]).sort((a, b) => a - b)[(times - 1) / 2]
  return { seconds: middle('seconds'), cpuSeconds: middle('cpuSeconds') }
}

/** Seconds of the answers that pages ask for over spans that end at an odd hour. */
async function measure(store: Store, days: number) {
  const { 'analysis.ask': ask } = createAnalysisTasks({ store })
  const performanceOf = createPerformanceHandlers({
    store,
    settings: async () => ({ defaults: { confidence: 0.95 } }) as Awaited<ReturnType<never>>,
  })['performance.series']
  const to = start + days * dayMs - 5 * hourMs
  const question = (span: number): Question => ({
    ...{ kind: 'drift', target: { type: 'deployment', id: 'dep_bench' }, reference: { kind: 'default' } },
    ...{ window: { from: to - span * dayMs + 3 * hourMs, to }, parameters: parametersOf.drift.parse({}) },
    ...{ probes: [], now: to },
  })
  const drift: Record<string, { seconds: number; cpuSeconds: number }> = {}
  const performanceSeries: typeof drift = {}
  for (const span of [7, 90, 365, 730].filter((span) => span <= days)) {
    const asked = question(span)
    const reply = await ask(asked, { cancellation: { aborted: false }, onProgress: () => {} })
    if (reply.type !== 'answered') throw new Error(reply.sentence)
    drift[`${span} days`] = await median(9, async () =>
      ask(asked, { cancellation: { aborted: false }, onProgress: () => {} }),
    )
    const series = { deploymentId: 'dep_bench', window: asked.window, bucketMs: dayMs, metrics: ['accuracy'] }
    performanceSeries[`${span} days`] = await median(5, async () =>
      performanceOf(series, { signal: new AbortController().signal } as Parameters<typeof performanceOf>[1]),
    )
  }
  return { drift, performanceSeries }
}

/**
 * Answers from stored hourly profiles, end to end in one thread as a worker gives them: reading, decoding, adding up, analysing. First
 * from hours alone, then from the sums of days that upkeep makes.
 */
export async function benchProfiles(options: ProfileBenchOptions) {
  const path = mkdtempSync(join(tmpdir(), 'assay-bench-'))
  try {
    await fill(path, options)
    const before = await openSqliteReader({ path, fold: makeProfileFold() })
    const fromHours = await measure(before, options.days)
    await before.close()
    const writer = await openSqliteStore({ path, fold: makeProfileFold() })
    const begun = performance.now()
    let spans = 0
    for (let made = -1; made !== 0; spans += made) made = await writer.profiles.makeSpans({ most: 100 })
    const makeSeconds = (performance.now() - begun) / 1000
    const { databaseBytes } = await writer.facts()
    await writer.close()
    const reader = await openSqliteReader({ path, fold: makeProfileFold() })
    const fromSpans = await measure(reader, options.days)
    await reader.close()
    return { ...options, fromHours, fromSpans, spans, secondsPerSpan: makeSeconds / Math.max(1, spans), databaseBytes }
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}
