import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { createPreparedReferences, type PreparedReferences } from '../../src/analysis/drift/prepared-references.ts'
import { analyzeDrift } from '../../src/analysis/drift.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { buildBinning } from '../../src/analysis/profile/binning.ts'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import { analyzeDriftFromProfiles, mergeProfiles, profileOfTable } from '../../src/analysis/profiles.ts'
import { tableOf } from '../../src/analysis/testing/tables.ts'
import { encodeTable } from '../../src/collect/dataset-codec.ts'
import type { IncomingSample } from '../../src/contract/intake.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import { createDatasetCache } from '../../src/service/tasks/questions/dataset-cache.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { drawColumns, repeated, secondsOf } from './drawn-table.ts'
import { measurePandas } from './drift-pandas.ts'

export interface DriftBenchOptions {
  /** Rows of the reference, and of the current table. */
  readonly rows: number
  /** Two thirds of them numeric (half rounded to tenths, half not), one third of twenty categories. */
  readonly features: number
}

const parameters = parametersOf.drift.parse({})

function drawTable(seed: number, { rows, features }: DriftBenchOptions): SampleTable {
  return tableOf(Object.fromEntries(drawColumns(seed, rows, features)))
}

const schemaOf = (table: SampleTable): SchemaSpec => ({
  ...{ task: 'binary', classes: [], positiveClass: null },
  columns: [...table.columns].map(([name, { type }]) => ({
    ...{ name, type, role: 'input' as const, isGroup: false, isRequired: true },
  })),
})

function exactDrift(reference: SampleTable, current: SampleTable, prepared?: PreparedReferences) {
  return analyzeDrift({ reference, current, schema: null, prepared }, parameters, uninterrupted).detail.features
}

/** KS, chi-square, PSI, Jensen–Shannon, Hellinger, total variation, Wasserstein, means and verdicts of all columns. */
function benchExact(reference: SampleTable, current: SampleTable) {
  // A process asks its first question once only, before its code is compiled.
  const [firstSeconds] = secondsOf(() => exactDrift(reference, current))
  const { coldSeconds } = repeated(3, () => ({ coldSeconds: secondsOf(() => exactDrift(reference, current))[0] }))
  const prepared = createPreparedReferences()
  exactDrift(reference, current, prepared)
  const { preparedSeconds } = repeated(3, () => ({
    preparedSeconds: secondsOf(() => exactDrift(reference, current, prepared))[0],
  }))
  return { firstSeconds, coldSeconds, preparedSeconds }
}

/** Drift of stored hours, from their merged profiles: reading them apart, since a page asks the service for the whole. */
function benchProfiles(reference: SampleTable, current: SampleTable) {
  const schema = schemaOf(reference)
  const binning = buildBinning('ver_bench', reference, schema)
  const before = profileOfTable(reference, schema, binning)
  const hour = profileOfTable(current, schema, binning)
  const hours = (count: number) => Array.from({ length: count }, (_, i) => ({ ...hour, hour: i * 3_600_000 }))
  const answer = (profiles: readonly (typeof hour)[]) => {
    const merged = mergeProfiles(profiles)
    if (merged === null) throw new Error('no profile')
    analyzeDriftFromProfiles({ reference: before, current: merged, binning, schema }, parameters)
  }
  const [day, ninetyDays] = [hours(24), hours(24 * 90)]
  return repeated(5, () => ({
    daySeconds: secondsOf(() => answer(day))[0],
    ninetyDaysSeconds: secondsOf(() => answer(ninetyDays))[0],
    answerSeconds: secondsOf(() => answer([hour]))[0],
  }))
}

async function* samplesOf({ n, columns }: SampleTable, batch: number): AsyncGenerator<IncomingSample[]> {
  const entries = [...columns]
  for (let from = 0; from < n; from += batch)
    yield Array.from({ length: Math.min(batch, n - from) }, (_, offset): IncomingSample => {
      const row = from + offset
      const inputs = Object.fromEntries(
        entries.map(([name, column]) => [
          name,
          column.type === 'numeric' ? column.values[row] : column.categories[column.codes[row]],
        ]),
      )
      const at = row * 1000
      return {
        sample: {
          ...{ id: `s-${String(row).padStart(10, '0')}`, deploymentId: 'dep_bench', versionId: 'ver_bench' },
          ...{ at, arrivedAt: at, inputs, prediction: 'yes', scores: null, latencyMs: 1, deviceId: null, seq: null },
        },
        label: null,
      }
    })
}

/** From a workspace on disk, whose samples are sealed: cold reads reference and samples, prepared reads the samples anew. */
async function benchWorkspace(reference: SampleTable, current: SampleTable) {
  const path = mkdtempSync(join(tmpdir(), 'assay-bench-'))
  const fold = makeProfileFold()
  try {
    const filled = await openSqliteStore({ path, fold })
    for await (const samples of samplesOf(current, 5000))
      await filled.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] })
    await filled.samples.seal({ olderThan: Number.MAX_SAFE_INTEGER, maxRows: current.n })
    const { digest } = await filled.blobs.put(encodeTable(reference))
    await filled.close()

    const store: Store = await openSqliteStore({ path, fold })
    const datasets = createDatasetCache(store.blobs)
    const ask = async () => {
      const begun = performance.now()
      const before = await datasets.get(digest)
      const now = await store.samples.table({
        ...{ deploymentId: 'dep_bench', window: { from: 0, to: Number.MAX_SAFE_INTEGER } },
      })
      const readSeconds = (performance.now() - begun) / 1000
      const features = exactDrift(before, now, datasets.prepared)
      if (features.some(({ n }) => n.current !== current.n)) throw new Error('a sample was lost')
      return { readSeconds, seconds: (performance.now() - begun) / 1000 }
    }
    const cold = await ask()
    const again = await ask()
    await store.close()
    return {
      coldSeconds: cold.seconds,
      coldReadSeconds: cold.readSeconds,
      preparedSeconds: again.seconds,
      preparedReadSeconds: again.readSeconds,
    }
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

/** Times drift over one million rows or so, in one thread, and beside pandas and SciPy on the same numbers where there are any. */
export async function benchDrift(options: DriftBenchOptions) {
  const reference = drawTable(1, options)
  const current = drawTable(2, options)
  const exact = benchExact(reference, current)
  const pandas = await measurePandas(reference, current, exactDrift(reference, current))
  return {
    ...options,
    exact,
    workspace: await benchWorkspace(reference, current),
    profiles: benchProfiles(reference, current),
    pandas:
      'absent' in pandas
        ? pandas
        : {
            ...pandas,
            timesFasterCold: pandas.seconds / exact.coldSeconds,
            timesFasterPrepared: pandas.seconds / exact.preparedSeconds,
            budgetRatio: 8,
          },
    budget: { coldSeconds: 2.5, preparedSeconds: 1.5, profilesSeconds: 0.05 },
    isWithinBudget: exact.coldSeconds <= 2.5 && exact.preparedSeconds <= 1.5,
  }
}
