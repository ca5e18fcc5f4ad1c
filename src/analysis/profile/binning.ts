import type { SchemaSpec } from '../../contract/model.ts'
import type { Binning } from '../../contract/profile.ts'
import type { CategoricalColumn, Column, SampleTable } from '../../contract/table.ts'
import { quantileSorted } from '../../stats/quantiles.ts'
import { maxKeys, setOwn } from './counts.ts'

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

/**
 * Interior edges of ten bins that are closed on the right: the distinct deciles of the finite values, interpolated
 * linearly between order statistics (Hyndman and Fan's type 7). Fewer than ten bins come of ties; none of no values.
 * O(n log n).
 */
export function quantileEdges(values: Float64Array): { shift: number; edges: number[] } {
  const sorted = values.filter((value) => Number.isFinite(value)).sort()
  if (sorted.length === 0) return { shift: 0, edges: [] }
  const edges = new Set<number>()
  for (const share of deciles) edges.add(quantileSorted(sorted, share) ?? 0)
  let sum = 0
  for (const value of sorted) sum += value / sorted.length
  return { shift: sum, edges: [...edges].sort((a, b) => a - b) }
}

/** Categories that occur, after the declared ones; at most 1,000. */
function categoriesOf(declared: readonly string[], column: CategoricalColumn | null): string[] {
  const names = new Set(declared)
  if (column !== null) {
    const occurs = new Uint8Array(column.categories.length)
    for (const code of column.codes) if (code >= 0) occurs[code] = 1
    column.categories.forEach((category, code) => {
      if (occurs[code] === 1 && names.size < Math.max(maxKeys, declared.length)) names.add(category)
    })
  }
  return [...names]
}

const asCategorical = (column: Column | null | undefined) => (column?.type === 'categorical' ? column : null)
const numbersOf = (column: Column | null | undefined) =>
  column?.type === 'numeric' ? column.values : new Float64Array(0)

/**
 * How the profiles of a version bin their values, from its reference and declared schema. A column that the reference
 * lacks gets one bin and, when categorical, its declared categories. Pure; O(n log n) per numeric column.
 */
export function buildBinning(versionId: string, reference: SampleTable, schema: SchemaSpec): Binning {
  const binning: Binning = { versionId, numeric: {}, categorical: {}, ranges: {}, groups: [], omitted: [] }
  for (const spec of schema.columns) {
    const column = reference.columns.get(spec.name)
    if (spec.type === 'image') binning.omitted.push(spec.name)
    else if (spec.type === 'numeric') {
      setOwn(binning.numeric, spec.name, quantileEdges(numbersOf(column)))
      if (spec.range !== undefined) setOwn(binning.ranges, spec.name, spec.range)
    } else {
      setOwn(binning.categorical, spec.name, categoriesOf(spec.categories ?? [], asCategorical(column)))
      if (spec.isGroup) binning.groups.push(spec.name)
    }
  }
  if (schema.task === 'regression') binning.numeric.prediction = quantileEdges(numbersOf(reference.prediction))
  else binning.categorical.prediction = categoriesOf(schema.classes, asCategorical(reference.prediction))
  return binning
}
