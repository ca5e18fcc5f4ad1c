import type { TreeColumn } from '../../stats/feature-binning.ts'
import { meanInterval } from '../../stats/mean-interval.ts'
import { computeMoments, standardDeviationOf } from '../../stats/moments.ts'
import { type Estimate, insufficient, type Outcome } from '../../stats/outcome.ts'
import { principalComponents, reconstructionErrors } from '../../stats/principal-components.ts'
import { createRandom, shuffle } from '../../stats/random.ts'
import { welchT } from '../../stats/welch-t.ts'
import type { PooledColumns } from './pooled-columns.ts'

export interface ReconstructionShift {
  readonly components: number
  readonly explained: number
  readonly reference: Estimate
  readonly current: Estimate
  /** Difference of the mean errors in deviations of the reference's. */
  readonly shift: Estimate
  readonly pValue: number
}

const fewestRows = 50

/**
 * Whether rows of the window keep to the relations between the columns that rows of the reference have.
 *
 * Principal components (65 % of the variance) are fitted to one half of the reference, drawn by the seed; the errors of the other half
 * and those of the window, neither seen by the fit, are compared by Welch's test. A category counts as its share in the fitted
 * half. `insufficient` below fifty rows a side or with fewer than two columns that vary. O(n · columns² + columns³).
 */
export function reconstructionShift(
  { columns, rows }: PooledColumns,
  { seed, confidence }: { readonly seed: number; readonly confidence: number },
): Outcome<ReconstructionShift> {
  const fewest = Math.min(rows.reference, rows.current)
  if (fewest < fewestRows) return insufficient('too-few', fewest, fewestRows)
  const order = shuffle(
    createRandom(seed),
    Uint32Array.from({ length: rows.reference }, (_, row) => row),
  )
  const half = Math.floor(rows.reference / 2)
  const fitted = order.subarray(0, half)
  const held = order.subarray(half)
  const now = Uint32Array.from({ length: rows.current }, (_, row) => rows.reference + row)
  const numbers = columns.map((column) => asNumbers(column, fitted))
  const pick = (at: Uint32Array) => numbers.map((values) => Float64Array.from(at, (row) => values[row]))
  const fit = principalComponents(pick(fitted))
  if (fit.status === 'insufficient') return fit
  const before = reconstructionErrors(fit, pick(held))
  const after = reconstructionErrors(fit, pick(now))
  const deviation = standardDeviationOf(computeMoments(before), 1) ?? 0
  const [reference, current] = [meanInterval(before, confidence), meanInterval(after, confidence)]
  const welch = welchT(before, after, confidence)
  if (reference.status === 'insufficient') return reference
  if (current.status === 'insufficient') return current
  if (welch.status === 'insufficient') return welch
  const { difference, interval } = welch
  return {
    status: 'ok',
    components: fit.components.length,
    explained: fit.explained,
    reference,
    current,
    shift: {
      value: difference / deviation,
      interval: { low: interval.low / deviation, high: interval.high / deviation, confidence },
      n: fewest,
    },
    pValue: welch.pValue,
  }
}

function asNumbers(column: TreeColumn, fitted: Uint32Array): ArrayLike<number> {
  if (column.kind === 'numeric') return column.values
  const shares = new Float64Array(column.categories)
  for (const row of fitted) if (column.codes[row] >= 0) shares[column.codes[row]] += 1 / fitted.length
  return Float64Array.from({ length: column.codes.length }, (_, row) =>
    column.codes[row] >= 0 ? shares[column.codes[row]] : 0,
  )
}
