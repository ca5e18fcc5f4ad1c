import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import type { IncomingSample } from '../../src/contract/intake.ts'
import type { Binning } from '../../src/contract/profile.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'

export interface StoreBenchOptions {
  readonly samples: number
  readonly features: number
  readonly batch: number
  /** Ids that rise with time, or hashes without order. */
  readonly ids: 'ordered' | 'random'
  /** Share of samples labelled in the same message. */
  readonly labelledShare: number
}

const start = Date.UTC(2026, 0, 1)
const window = { from: 0, to: Date.UTC(2030, 0, 1) }

function benchBinning(features: number): Binning {
  const binning: Binning = {
    versionId: 'ver_bench',
    numeric: {},
    categorical: { site: ['a', 'b', 'c'], prediction: ['no', 'yes'] },
    ranges: {},
    groups: ['site'],
    omitted: [],
  }
  for (let index = 0; index < features; index += 1)
    binning.numeric[`x${index}`] = { shift: 0.5, edges: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] }
  return binning
}

function benchSample(index: number, { features, ids, labelledShare }: StoreBenchOptions): IncomingSample {
  const inputs: Record<string, number | string> = { site: 'abc'[index % 3] }
  for (let feature = 0; feature < features; feature += 1)
    inputs[`x${feature}`] = ((index * 7919 + feature * 104_729) % 1_000_003) / 1_000_003
  const id =
    ids === 'ordered' ? `s-${String(index).padStart(10, '0')}` : createHash('md5').update(String(index)).digest('hex')
  const at = start + index * 1000
  return {
    sample: {
      id,
      deploymentId: 'dep_bench',
      versionId: 'ver_bench',
      at,
      arrivedAt: at + 20,
      inputs,
      prediction: index % 3 === 0 ? 'yes' : 'no',
      scores: { yes: (index % 100) / 100, no: 1 - (index % 100) / 100 },
      latencyMs: 1 + (index % 40),
      deviceId: 'dev_bench',
      seq: index,
    },
    label:
      (index % 100) / 100 < labelledShare
        ? { sampleId: id, deploymentId: 'dep_bench', label: index % 4 === 0 ? 'yes' : 'no', at, source: 'bench' }
        : null,
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return (performance.now() - from) / 1000
}

async function insertAll(store: Store, options: StoreBenchOptions): Promise<number> {
  let spent = 0
  for (let from = 0; from < options.samples; from += options.batch) {
    const samples = Array.from({ length: Math.min(options.batch, options.samples - from) }, (_, offset) =>
      benchSample(from + offset, options),
    )
    spent += await seconds(() =>
      store.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] }),
    )
    // As the service does now and then; its time is told apart.
    if ((from / options.batch) % 100 === 99) await store.samples.seal({ olderThan: window.to, maxRows: 65_536 })
  }
  return spent
}

/**
 * Durable inserts (`synchronous=FULL`) with profiles folded, sealing, read-back as columns and opening, in a temporary
 * workspace. Times in seconds, rates per second.
 */
export async function benchStore(options: StoreBenchOptions): Promise<Record<string, number>> {
  const path = mkdtempSync(join(tmpdir(), 'assay-bench-'))
  const fold = makeProfileFold()
  const query = { deploymentId: 'dep_bench', window }
  try {
    let store = await openSqliteStore({ path, fold })
    await store.profiles.setBinning(benchBinning(options.features))
    const insertSeconds = await insertAll(store, options)
    const sealSeconds = await seconds(() => store.samples.seal({ olderThan: window.to, maxRows: options.samples }))
    const telemetrySeconds = await seconds(async () => {
      for (let from = 0; from < options.samples; from += options.batch) {
        const telemetry = Array.from({ length: options.batch }, (_, offset) => ({
          deviceId: 'dev_bench',
          channel: 'temperature',
          at: start + (from + offset) * 100,
          value: Math.sin((from + offset) / 1000),
        }))
        await store.samples.append({ samples: [], labels: [], telemetry, deadLetters: [], counters: [] })
      }
    })
    await store.close()
    const openSeconds = await seconds(async () => {
      store = await openSqliteStore({ path, fold })
    })
    const tableSeconds = await seconds(() => store.samples.table(query))
    const tableAgainSeconds = await seconds(() => store.samples.table(query))
    const columnSeconds = await seconds(() => store.samples.table({ ...query, columns: ['x0'] }))
    const listSeconds = await seconds(() => store.samples.list(query, { limit: 100, cursor: null }))
    const activitySeconds = await seconds(() => store.profiles.activity(query))
    const profilesSeconds = await seconds(() => store.profiles.read(query))
    const downsampleSeconds = await seconds(() =>
      store.telemetry.downsample({ deviceId: 'dev_bench', channel: 'temperature', window, maxPoints: 2000 }),
    )
    const { databaseBytes } = await store.facts()
    await store.close()
    return {
      samplesPerSecond: options.samples / insertSeconds,
      sealSeconds,
      pointsPerSecond: options.samples / telemetrySeconds,
      openSeconds,
      tableSeconds,
      tableAgainSeconds,
      columnSeconds,
      listSeconds,
      activitySeconds,
      profilesSeconds,
      downsampleSeconds,
      databaseBytes,
      residentBytes: process.memoryUsage().rss,
    }
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}
