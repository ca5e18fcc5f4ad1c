import type { SchemaSpec } from '../../contract/model.ts'
import type { Binning, ColumnSummary, OutcomeSummary, Profile } from '../../contract/profile.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { sketchOf } from '../../stats/quantile-sketch.ts'
import { binOf, emptyCategorical, emptyNumeric } from './column-summary.ts'
import { countUp, makeKeyLimit, maxKeys, own, setOwn } from './counts.ts'
import { makeFrequentCounter } from './frequent.ts'
import { emptyOutcomes, latencyBucket, makeOutcomeCounter } from './outcomes.ts'
import { addPredicted } from './predicted.ts'
import { sketchFrame } from './sketch-frame.ts'

/**
 * Profile of a whole table, as if its rows had been folded one by one: of declared columns where there is a schema, all but
 * images, binned as `binning` says. Rows without a prediction count in the columns alone.
 *
 * The table belongs to no deployment: `deploymentId` is `dep_table`, `hour` 0. O(rows · columns · log bins).
 */
export function profileOfTable(table: SampleTable, schema: SchemaSpec | null, binning: Binning): Profile {
  const profile: Profile = {
    deploymentId: 'dep_table',
    versionId: binning.versionId,
    hour: 0,
    n: table.n,
    columns: {},
    prediction: summarise(table.prediction, 'prediction', table.n, binning),
    latency: latencyOf(table.latencyMs),
    outcomes: {},
    predictedByGroup: {},
  }
  const omitted = new Set(binning.omitted)
  const planned = [...Object.keys(binning.numeric), ...Object.keys(binning.categorical)]
  const names = new Set(schema === null ? table.columns.keys() : schema.columns.map(({ name }) => name))
  for (const name of planned) if (name !== 'prediction') names.add(name)
  for (const name of names)
    if (!omitted.has(name))
      setOwn(profile.columns, name, summarise(table.columns.get(name) ?? null, name, table.n, binning))
  countOutcomes(profile, table, binning)
  return profile
}

function summarise(column: Column | null, name: string, n: number, binning: Binning): ColumnSummary {
  const bins = own(binning.numeric, name)
  const categories = own(binning.categorical, name)
  if (bins !== undefined)
    return summariseNumbers(
      column,
      n,
      bins.shift,
      bins.edges,
      name === 'prediction' ? null : (own(binning.ranges, name) ?? null),
    )
  if (categories !== undefined || column?.type === 'categorical')
    return summariseCategories(column, n, categories === undefined ? null : new Set(categories))
  return summariseNumbers(column, n, 0, [], null)
}

function summariseNumbers(
  column: Column | null,
  n: number,
  shift: number,
  edges: readonly number[],
  range: readonly [number, number] | null,
): ColumnSummary {
  const summary = emptyNumeric(shift, edges)
  if (column?.type !== 'numeric') return { ...summary, missing: n }
  for (const value of column.values) {
    if (Number.isNaN(value)) {
      summary.missing++
      continue
    }
    if (range !== null && (value < range[0] || value > range[1])) summary.outOfRange++
    if (!Number.isFinite(value)) {
      summary.infinite++
      continue
    }
    const centred = value - shift
    summary.n++
    summary.sum += centred
    summary.sumOfSquares += centred * centred
    if (summary.min === null || value < summary.min) summary.min = value
    if (summary.max === null || value > summary.max) summary.max = value
    summary.counts[binOf(edges, value)]++
  }
  const { origin, scale } = sketchFrame(shift, edges)
  summary.sketch = sketchOf(column.values.filter(Number.isFinite), origin, scale)
  return summary
}

function summariseCategories(column: Column | null, n: number, known: ReadonlySet<string> | null): ColumnSummary {
  const summary = emptyCategorical()
  const counts = column === null ? new Map<string, number>() : countNames(column)
  const names = [...counts.keys()].sort((a, b) => (a < b ? -1 : 1))
  const addFrequent = makeFrequentCounter()
  names.forEach((name, index) => {
    const count = counts.get(name) ?? 0
    summary.n += count
    if (known !== null && !known.has(name)) summary.unseen += count
    if (index < maxKeys) setOwn(summary.counts, name, count)
    else addFrequent(summary, name, count)
  })
  summary.missing = n - summary.n
  return summary
}

/** Rows by category; numbers stand for the category of their name. */
function countNames(column: Column): Map<string, number> {
  const { names, codes } = codesOf(column)
  const counts = new Float64Array(names.length)
  for (const code of codes) if (code >= 0) counts[code]++
  const byName = new Map<string, number>()
  names.forEach((name, code) => {
    if (counts[code] > 0) byName.set(name, (byName.get(name) ?? 0) + counts[code])
  })
  return byName
}

function codesOf(column: Column): { names: readonly string[]; codes: Int32Array } {
  if (column.type === 'categorical') return { names: column.categories, codes: column.codes }
  const place = new Map<number, number>()
  const codes = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1
    const code = place.get(value) ?? place.size
    place.set(value, code)
    return code
  })
  return { names: [...place.keys()].map(String), codes }
}

function latencyOf(latencyMs: Float64Array | null): Profile['latency'] {
  const latency: Profile['latency'] = { n: 0, sum: 0, max: 0, counts: {} }
  for (const ms of latencyMs ?? []) {
    if (Number.isNaN(ms)) continue
    latency.n++
    latency.sum += ms
    latency.max = Math.max(latency.max, ms)
    countUp(latency.counts, String(latencyBucket(ms)), 1)
  }
  return latency
}

/** Predictions and outcomes of all rows (`''`) and by the value of each group column. */
function countOutcomes(profile: Profile, table: SampleTable, binning: Binning): void {
  const { prediction, label } = table
  if (prediction === null) return
  const predictions = outcomesOf(prediction)
  const labels = label === null ? null : outcomesOf(label)
  const areClasses = prediction.type === 'categorical' || own(binning.categorical, 'prediction') !== undefined
  const groups = binning.groups.flatMap((column) => {
    const values = table.columns.get(column)
    // Numbers are groups only where they stand for categories.
    const isCategorical = values?.type === 'categorical' || own(binning.categorical, column) !== undefined
    return values !== undefined && isCategorical ? [{ column, ...codesOf(values) }] : []
  })
  const countOutcome = makeOutcomeCounter()
  const limit = makeKeyLimit()
  const predicted = new Map<string, Map<string, number>>()
  const outcomes = new Map<string, OutcomeSummary>()
  const memberOf = <T>(members: Map<string, T>, key: string, make: () => T): T => {
    const member = members.get(key) ?? make()
    members.set(key, member)
    return member
  }
  for (let row = 0; row < table.n; row++) {
    const guess = predictions(row)
    if (guess === null) continue
    const truth = labels?.(row) ?? null
    for (let g = -1; g < groups.length; g++) {
      const code = g < 0 ? -1 : groups[g].codes[row]
      if (g >= 0 && code < 0) continue
      const key = g < 0 ? '' : `${groups[g].column}=${groups[g].names[code]}`
      if (areClasses) {
        const counts = memberOf(predicted, key, () => new Map<string, number>())
        counts.set(String(guess), (counts.get(String(guess)) ?? 0) + 1)
      }
      if (truth !== null) countOutcome(memberOf(outcomes, key, emptyOutcomes), guess, truth, 1)
    }
  }
  for (const [group, counts] of Object.entries(firstKeys(predicted))) {
    setOwn(profile.predictedByGroup, group, {})
    const names = [...counts.keys()].sort((a, b) => (a < b ? -1 : 1))
    for (const name of names) addPredicted(profile, group, name, counts.get(name) ?? 0, limit)
  }
  profile.outcomes = firstKeys(outcomes)
}

/** Value of a row as a class name or a number; null where missing. */
function outcomesOf(column: Column): (row: number) => string | number | null {
  if (column.type === 'numeric') return (row) => (Number.isNaN(column.values[row]) ? null : column.values[row])
  return (row) => (column.codes[row] < 0 ? null : column.categories[column.codes[row]])
}

/** The members that come first by name, as many as a profile keeps. */
function firstKeys<T>(members: ReadonlyMap<string, T>): Record<string, T> {
  const record: Record<string, T> = {}
  const names = [...members.keys()].sort((a, b) => (a < b ? -1 : 1)).slice(0, maxKeys)
  for (const name of names) setOwn(record, name, members.get(name) as T)
  return record
}
