import { uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeDrift } from '../../src/analysis/drift.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { buildBinning } from '../../src/analysis/profile/binning.ts'
import { analyzeDriftFromProfiles, mergeProfiles, profileOfTable } from '../../src/analysis/profiles.ts'
import { tableOf } from '../../src/analysis/testing/tables.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { Column, SampleTable } from '../../src/contract/table.ts'
import { createRandom, randomNormal, randomUniform } from '../../src/stats/random.ts'

export interface DriftBenchOptions {
  /** Rows of the reference, and of the current table. */
  readonly rows: number
  /** Two thirds of them numeric (half rounded to tenths, half not), one third of twenty categories. */
  readonly features: number
}

export interface DriftBenchResult {
  readonly rows: number
  readonly features: number
  /** KS, chi-square, PSI, Jensen–Shannon, Hellinger, total variation, Wasserstein and verdicts, from typed arrays, first run. */
  readonly exactSeconds: number
  /** The same again, with the code compiled. */
  readonly exactAgainSeconds: number
  /** Drift from hourly profiles of a day and of ninety days: merging them and the answer. */
  readonly profilesDaySeconds: number
  readonly profilesNinetyDaysSeconds: number
  /** The answer alone, from merged profiles. */
  readonly profilesAnswerSeconds: number
}

const categoryNames = Array.from({ length: 20 }, (_, i) => `category ${i}`)

function drawColumn(seed: number, rows: number, index: number): Column {
  const random = createRandom(seed)
  if (index % 3 === 2)
    return {
      type: 'categorical',
      categories: categoryNames,
      codes: Int32Array.from({ length: rows }, () => Math.floor(20 * randomUniform(random) ** 2)),
    }
  const draw = index % 3 === 0 ? () => randomNormal(random) : () => Math.round(1000 * randomUniform(random)) / 10
  return { type: 'numeric', values: Float64Array.from({ length: rows }, draw) }
}

function drawTable(seed: number, { rows, features }: DriftBenchOptions): SampleTable {
  return tableOf(
    Object.fromEntries(Array.from({ length: features }, (_, i) => [`x${i}`, drawColumn(1000 * seed + i, rows, i)])),
  )
}

function seconds(run: () => void): number {
  const begun = performance.now()
  run()
  return (performance.now() - begun) / 1000
}

/** Times drift over one million rows or so; seconds of one thread. */
export function benchDrift(options: DriftBenchOptions): DriftBenchResult {
  const parameters = parametersOf.drift.parse({})
  const reference = drawTable(1, options)
  const current = drawTable(2, options)
  const runExact = () => {
    const { detail } = analyzeDrift({ reference, current, schema: null }, parameters, uninterrupted)
    if (detail.features.length !== options.features) throw new Error('a feature was lost')
  }
  const exactSeconds = seconds(runExact)
  const exactAgainSeconds = seconds(runExact)

  const schema: SchemaSpec = {
    task: 'binary',
    classes: [],
    positiveClass: null,
    columns: [...reference.columns].map(([name, { type }]) => ({
      name,
      type,
      role: 'input',
      isGroup: false,
      isRequired: true,
    })),
  }
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
  answer(day)
  return {
    ...options,
    exactSeconds,
    exactAgainSeconds,
    profilesDaySeconds: seconds(() => answer(day)),
    profilesNinetyDaysSeconds: seconds(() => answer(ninetyDays)),
    profilesAnswerSeconds: seconds(() => answer([hour])),
  }
}
