import { isBlobKind } from '../../contract/blob.ts'
import type { SchemaSpec } from '../../contract/model.ts'
import type { Binning } from '../../contract/profile.ts'
import type { CategoricalColumn, Column, SampleTable } from '../../contract/table.ts'
import { type Bins, quantileBins } from '../../stats/histogram.ts'
import { computeMoments } from '../../stats/moments.ts'
import { sortSample } from '../../stats/sorted-sample.ts'
import { maxKeys, setOwn } from './counts.ts'

/** The next smaller number. */
function justBelow(x: number): number {
  const bits = new BigInt64Array(new Float64Array([x === 0 ? -0 : x]).buffer)
  bits[0] += x > 0 ? -1n : 1n
  return new Float64Array(bits.buffer)[0]
}

/**
 * The bins in which drift is measured: quantiles of the reference's finite values, closed on the right, equal edges merged.
 *
 * Where the reference's smallest value is so common that it is the first edge, an edge just below it is added: otherwise new
 * values below a constant reference would share its bin and go unseen. No value gives one bin. O(bins).
 */
export function referenceBins(sorted: Float64Array, bins = 10): Bins {
  const { edges, closed } = quantileBins({ values: sorted, missing: 0 }, bins)
  return {
    edges: edges.length > 0 && edges[0] === sorted[0] ? Float64Array.of(justBelow(edges[0]), ...edges) : edges,
    closed,
  }
}

/** Interior edges of ten reference bins and the mean, from unsorted values. O(n log n). */
export function quantileEdges(values: Float64Array): { shift: number; edges: number[] } {
  const sorted = sortSample(values.filter((value) => Number.isFinite(value))).values
  return { shift: computeMoments(sorted).mean, edges: [...referenceBins(sorted).edges] }
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
    if (isBlobKind(spec.type)) binning.omitted.push(spec.name)
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
