import { type AnyAnswer, uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeBias } from '../../src/analysis/bias.ts'
import { analyzeDrift } from '../../src/analysis/drift.ts'
import { analyzeErrors } from '../../src/analysis/errors.ts'
import { analyzeExplanation } from '../../src/analysis/explanation.ts'
import { analyzeFairness } from '../../src/analysis/fairness.ts'
import { analyzeIntegrity } from '../../src/analysis/integrity.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { analyzePerformance } from '../../src/analysis/performance.ts'
import { buildBinning } from '../../src/analysis/profile/binning.ts'
import { analyzeDriftFromProfiles, mergeProfiles, profileOfTable } from '../../src/analysis/profiles.ts'
import { categories, numbers, tableOf } from '../../src/analysis/testing/tables.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { CategoricalColumn, Column, SampleTable } from '../../src/contract/table.ts'
import { createRandom, randomNormal } from '../../src/stats/random.ts'

/** Rows of a sound table. */
const rows = 400
const classes = ['no', 'yes']

/** A sound sample in which one thing is then made degenerate. */
export function soundTable(
  n: number,
  changes: Record<string, Column> = {},
  outcomes: Partial<SampleTable> = {},
): SampleTable {
  const random = createRandom(61)
  const truth = Array.from({ length: n }, (_, row) => classes[row % 2])
  const said = truth.map((name, row) => (row % 9 === 0 ? classes[(row + 1) % 2] : name))
  const x = numbers(Float64Array.from({ length: n }, () => randomNormal(random)))
  const group = categories(Array.from({ length: n }, (_, row) => (row % 3 === 0 ? 'a' : 'b')))
  return tableOf({ x, group, ...changes }, { prediction: categories(said), label: categories(truth), ...outcomes, n })
}

/** As many categories as rows. */
export const distinct = (n: number): CategoricalColumn => ({
  ...{ type: 'categorical', categories: Array.from({ length: n }, (_, i) => `c${i}`) },
  codes: Int32Array.from({ length: n }, (_, i) => i),
})

const schemaOf = ({ columns }: SampleTable): SchemaSpec => ({
  ...{ task: 'binary', classes, positiveClass: 'yes' },
  columns: [...columns].map(([name, { type }]) => ({
    ...{ name, type, role: 'input' as const, isGroup: name === 'group', isRequired: true },
  })),
})

/** Every question about samples, asked of a table with a sound reference and of a sound table with this as reference. */
export async function askAll(table: SampleTable): Promise<Record<string, AnyAnswer>> {
  const sound = soundTable(rows)
  const drift = parametersOf.drift.parse({ includeLabel: true })
  const schema = schemaOf(sound)
  const binned = (reference: SampleTable, current: SampleTable) => {
    const binning = buildBinning('ver_1', reference, schema)
    const now = profileOfTable(current, schema, binning)
    const merged = mergeProfiles([now, now]) ?? now
    return analyzeDriftFromProfiles(
      { reference: profileOfTable(reference, schema, binning), current: merged, binning, schema },
      drift,
    )
  }
  const asked = { current: table, task: 'binary', classes, positiveClass: 'yes' } as const
  return {
    drift: analyzeDrift({ reference: sound, current: table, schema }, drift, uninterrupted),
    driftFrom: analyzeDrift({ reference: table, current: sound, schema }, drift, uninterrupted),
    profiles: binned(sound, table),
    profilesFrom: binned(table, sound),
    integrity: analyzeIntegrity(
      {
        ...{ current: table, reference: sound, schema, window: null },
        ...{ ignoredColumns: [], wrongTypes: {}, missingSequence: 0 },
      },
      parametersOf.integrity.parse({}),
      uninterrupted,
    ),
    performance: analyzePerformance(
      { ...asked, reference: sound },
      parametersOf.performance.parse({ resamples: 50 }),
      uninterrupted,
    ),
    fairness: analyzeFairness(
      asked,
      parametersOf.fairness.parse({ groupColumns: ['group'], resamples: 100 }),
      uninterrupted,
    ),
    bias: analyzeBias({ current: table, reference: sound, classes }, parametersOf.bias.parse({})),
    errors: analyzeErrors(asked, parametersOf.errors.parse({}), uninterrupted),
    explanation: await analyzeExplanation({ ...asked, model: null }, parametersOf.explanation.parse({}), uninterrupted),
  }
}
