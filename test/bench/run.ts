// `npm run bench [-- --only mqtt,store,drift,profiles,errorTree,permutation,monitorYear,memory,fleet,hour,millions] [-- --quick]`: measures each path against its raw limit in the same run and prints
// one JSON object. Progress goes to standard error. Nothing here is asserted: machines differ.
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import type { WorkerPurpose } from '../../src/server/worker.ts'
import { openSqliteStoreWithWriter } from '../../src/store/sqlite/writer/open-with-writer.ts'
import { benchDrift } from './drift.ts'
import { benchErrorTree } from './error-tree.ts'
import { benchFleet } from './fleet.ts'
import { benchMemory } from './memory.ts'
import { benchMillions } from './millions.ts'
import { benchMonitorYear } from './monitor-year.ts'
import { benchMqtt } from './mqtt.ts'
import { benchPermutation } from './permutation.ts'
import { benchProfiles } from './profiles.ts'
import { benchRawStore } from './raw-store.ts'
import { benchStore } from './store.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const isQuick = values.quick

/** The intake with a workspace behind it, against a client that acknowledges and forgets. */
async function mqtt() {
  const path = await mkdtemp(join(tmpdir(), 'assay-bench-'))
  const workerData: WorkerPurpose = { workspacePath: path, purpose: 'write' }
  const entry = new URL('../../src/server/worker.ts', import.meta.url)
  const store = await openSqliteStoreWithWriter({
    ...{ path, fold: makeProfileFold() },
    startWriter: () => new Worker(entry, { workerData, execArgv: [] }),
  })
  try {
    const durable = await benchMqtt({
      messages: isQuick ? 5_000 : 50_000,
      rounds: isQuick ? 1 : 3,
      append: (batch) => store.samples.append(batch),
    })
    return { ...durable, budgetRatio: 0.4, isWithinBudget: durable.ratio >= 0.4 }
  } finally {
    await store.close()
    await rm(path, { recursive: true, force: true })
  }
}

async function store() {
  const samples = isQuick ? 50_000 : 1_000_000
  const options = { samples, features: 30, batch: 2_000 }
  const raw = benchRawStore(options)
  const measured = await benchStore({ ...options, ids: 'ordered', labelledShare: 0.5 })
  return {
    samples,
    raw,
    measured,
    insertRatio: measured.samplesPerSecond / raw.insertsPerSecond,
    readRatio: (raw.readSeconds + raw.parseSeconds) / measured.tableSeconds,
  }
}

const groups: Record<string, () => Promise<unknown>> = {
  mqtt,
  store,
  drift: () => benchDrift({ rows: isQuick ? 50_000 : 1_000_000, features: 30 }),
  profiles: async () => {
    const measured = await benchProfiles({ days: isQuick ? 95 : 730, features: 30, samplesPerHour: 2_000 })
    const slowest = Math.max(...Object.values(measured.fromSpans.drift).map(({ seconds }) => seconds))
    return { ...measured, budgetSeconds: 0.05, isWithinBudget: slowest <= 0.05 }
  },
  errorTree: async () => {
    const measured = benchErrorTree({ rows: isQuick ? 50_000 : 1_000_000, features: 30 })
    return { ...measured, budgetSeconds: 1, isWithinBudget: measured.treeSeconds <= 1 }
  },
  permutation: () => benchPermutation({ rows: isQuick ? 5_000 : 50_000 }),
  // Long samples take long: fewer seeds of them.
  monitorYear: async () =>
    [[100, 5] as const, [500, 5] as const, [2000, 2] as const].map(([rowsPerDay, seeds]) =>
      benchMonitorYear({
        ...{ days: isQuick ? 60 : 365, driftFrom: isQuick ? 30 : 180, seeds: isQuick ? 1 : seeds },
        ...{ referenceRows: 5000, rowsPerDay },
      }),
    ),
  fleet: async () => {
    const measured = await benchFleet({ devices: isQuick ? 1_000 : 10_000, rounds: isQuick ? 5 : 20 })
    return { ...measured, budgetMs: 100, isWithinBudget: measured.firstPage.medianMs <= 100 }
  },
  memory: () => benchMemory({ minutes: isQuick ? 0.5 : 10, samplesPerSecond: 500 }),
}

/** Measured only when named. */
const longGroups: Record<string, () => Promise<unknown>> = {
  /** An hour at 5,000 messages a second. */
  hour: async () => {
    const measured = await benchMemory({ minutes: isQuick ? 1 : 60, samplesPerSecond: 5_000 })
    return { ...measured, budgetBytes: 400e6, isWithinBudget: measured.residentBytesMost <= 400e6 }
  },
  /** Ten million samples with ids that rise, and two million whose ids are in no order. */
  millions: async () => ({
    rising: await benchMillions({ samples: isQuick ? 400_000 : 10_000_000, order: 'rising' }),
    unordered: await benchMillions({ samples: isQuick ? 400_000 : 2_000_000, order: 'none' }),
    budgetOverviewMs: 100,
  }),
}

const all = { ...groups, ...longGroups }
const chosen = values.only?.split(',') ?? Object.keys(groups)
const unknown = chosen.filter((name) => !Object.hasOwn(all, name))
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}; choose among ${Object.keys(all).join(', ')}`)
  process.exit(2)
}
// What else the machine does while it is measured.
const loadBefore = loadavg()[0]
const results: Record<string, unknown> = {}
for (const name of chosen) {
  console.error(`Measuring ${name} …`)
  results[name] = await all[name]()
}
console.log(
  JSON.stringify(
    {
      machine: {
        cores: availableParallelism(),
        processor: cpus()[0]?.model ?? 'unknown',
        memoryBytes: totalmem(),
        node: process.version,
        loadBefore,
        loadAfter: loadavg()[0],
      },
      isQuick,
      ...results,
    },
    null,
    2,
  ),
)
