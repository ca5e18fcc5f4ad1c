import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import type { IncomingSample } from '../../src/contract/intake.ts'
import type { WorkerPurpose } from '../../src/server/worker.ts'
import { openSqliteStoreWithWriter } from '../../src/store/sqlite/writer/open-with-writer.ts'
import type { Store } from '../../src/store/store.ts'
import { openTestConsole } from '../support/console.ts'
import { createBenchDeployment } from './bench-deployment.ts'
import { benchSchema } from './mqtt.ts'

const dayMs = 86_400_000
const batchSamples = 1000
/** As the upkeep of a busy workspace does it. */
const sealRows = 8192
/** Rows that stay hot: a minute at 5,000 a second. */
const hotRows = 300_000

type Ids = Awaited<ReturnType<typeof createBenchDeployment>>
type IdOrder = 'rising' | 'none'

/** Rises with time, or jumps about: multiplying by an odd number maps whole numbers of 32 bits one to one. */
const idOf = (index: number, order: IdOrder) =>
  order === 'rising'
    ? `s-${String(index).padStart(10, '0')}`
    : (Math.imul(index, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')

function sampleOf(index: number, at: number, { deploymentId, versionId }: Ids, order: IdOrder): IncomingSample {
  const inputs = Object.fromEntries(benchSchema.columns.map(({ name }, k) => [name, ((index * (k + 7)) % 1009) / 100]))
  const id = idOf(index, order)
  const label = { sampleId: id, deploymentId, label: index % 4 ? 'no' : 'yes', at: at + 20, source: 'mqtt' }
  const rest = { scores: { no: 0.4, yes: 0.6 }, latencyMs: 1 + (index % 40), deviceId: null, seq: null }
  return {
    sample: {
      ...{ id, deploymentId, versionId, at, arrivedAt: at + 20, inputs, prediction: index % 3 ? 'no' : 'yes' },
      ...rest,
    },
    label: index % 10 === 0 ? label : null,
  }
}

/** Appends and seals as the service does; gives the rate of each million. */
async function fill(store: Store, options: { samples: number; from: number; ids: Ids; order: IdOrder }) {
  const { samples, from, ids, order } = options
  const stepMs = (90 * dayMs) / samples
  const atOf = (index: number) => Math.floor(from + index * stepMs)
  const perMillion: { appendedPerSecond: number; withSealingPerSecond: number; residentBytes: number }[] = []
  const part = Math.min(1_000_000, samples)
  for (let begin = 0; begin < samples; begin += part) {
    let appendMs = 0
    let sealMs = 0
    for (let first = begin; first < begin + part; first += batchSamples) {
      const batch = Array.from({ length: batchSamples }, (_, offset) =>
        sampleOf(first + offset, atOf(first + offset), ids, order),
      )
      const startedAt = performance.now()
      const { samples: counted } = await store.samples.append({
        ...{ samples: batch, labels: [], telemetry: [], deadLetters: [], counters: [] },
      })
      appendMs += performance.now() - startedAt
      if (counted.stored !== batchSamples)
        throw new Error(`${counted.repeated} new samples were taken for repeated ones`)
      if (first % (8 * batchSamples) !== 0 || first < hotRows) continue
      const sealedAt = performance.now()
      await store.samples.seal({ olderThan: atOf(first - hotRows), maxRows: sealRows })
      sealMs += performance.now() - sealedAt
    }
    const perSecond = (ms: number) => Math.round((1000 * part) / ms)
    const rates = { appendedPerSecond: perSecond(appendMs), withSealingPerSecond: perSecond(appendMs + sealMs) }
    perMillion.push({ ...rates, residentBytes: process.memoryUsage().rss })
    console.error(
      `${(begin + part) / 1e6} million: ${rates.appendedPerSecond} appended a second, ${rates.withSealingPerSecond} with sealing`,
    )
  }
  return perMillion
}

async function measureMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/**
 * Fills a workspace through the store as the service uses it (a thread that writes, `synchronous=FULL`, profiles folded, rows
 * sealed), over 90 days of event time, then opens a console on it and asks what the overview page asks.
 */
export async function benchMillions({ samples, order }: { readonly samples: number; readonly order: IdOrder }) {
  const workspacePath = await mkdtemp(join(tmpdir(), 'assay-millions-'))
  try {
    const empty = await openTestConsole({ workspacePath })
    const ids = await createBenchDeployment(empty)
    await empty.close()
    const workerData: WorkerPurpose = { workspacePath, purpose: 'write' }
    const entry = new URL('../../src/server/worker.ts', import.meta.url)
    const store = await openSqliteStoreWithWriter({
      ...{ path: workspacePath, fold: makeProfileFold() },
      startWriter: () => new Worker(entry, { workerData, execArgv: [] }),
    })
    const from = Math.floor((Date.now() - 90 * dayMs) / 1000) * 1000
    const perMillion = await fill(store, { samples, from, ids, order })
    const { databaseBytes } = await store.facts()
    await store.close()

    const openedAt = performance.now()
    const full = await openTestConsole({ workspacePath })
    const openMs = performance.now() - openedAt
    const overview = () => full.call('overview.get', {})
    const coldMs = await measureMs(overview)
    const warm: number[] = []
    for (let again = 0; again < 21; again++) warm.push(await measureMs(overview))
    warm.sort((a, b) => a - b)
    const { storedSamples } = await overview()
    await full.close()
    return {
      samples,
      ids: order,
      storedSamples,
      perMillion,
      lastAgainstFirst: perMillion[perMillion.length - 1].withSealingPerSecond / perMillion[0].withSealingPerSecond,
      databaseBytes,
      openMs,
      overview: { coldMs, warmMedianMs: warm[10], warmMostMs: warm[20] },
    }
  } finally {
    await rm(workspacePath, { recursive: true, force: true })
  }
}
