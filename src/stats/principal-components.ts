import { insufficient, type Outcome } from './outcome.ts'
import { eigenSymmetric } from './symmetric-eigen.ts'

export type PrincipalComponents = {
  /** Mean and deviation by which each column is brought to one scale; a deviation of 0 leaves a column out. */
  readonly means: Float64Array
  readonly deviations: Float64Array
  /** Unit vectors over the columns, the one that explains most first. */
  readonly components: readonly Float64Array[]
  /** Share of the variance that they explain. */
  readonly explained: number
  readonly n: number
}

/** Standardised values beyond this many deviations count as this many: one absurd value shall not fill a mean. */
const MOST_DEVIATIONS = 50

/**
 * Principal components of standardised columns: as many as explain `share` of the variance, at least one, at most all but one.
 *
 * Columns of equal length; NaN and infinite values stand at the mean. `insufficient`: `too-few` below three rows, `constant` when fewer
 * than two columns vary. O(n · columns² + columns³).
 */
export function principalComponents(columns: readonly ArrayLike<number>[], share = 0.65): Outcome<PrincipalComponents> {
  const n = columns[0]?.length ?? 0
  if (n < 3) return insufficient('too-few', n, 3)
  const d = columns.length
  const means = new Float64Array(d)
  const deviations = new Float64Array(d)
  columns.forEach((values, c) => {
    let [count, mean, squares] = [0, 0, 0]
    for (let row = 0; row < n; row++) {
      const x = values[row]
      if (!Number.isFinite(x)) continue
      count++
      const off = x - mean
      mean += off / count
      squares += off * (x - mean)
    }
    const deviation = count > 1 ? Math.sqrt(squares / count) : 0
    if (!Number.isFinite(mean) || !Number.isFinite(deviation)) return
    means[c] = mean
    // Rounding alone is no variation.
    deviations[c] = deviation > 1e-12 * Math.abs(mean) ? deviation : 0
  })
  const varying = [...deviations.keys()].filter((c) => deviations[c] > 0)
  if (varying.length < 2) return insufficient('constant', n)
  const covariance = new Float64Array(d * d)
  const scaled = columns.map((values, c) => scaleColumn(values, means[c], deviations[c]))
  for (const i of varying)
    for (const j of varying) {
      if (j < i) continue
      let sum = 0
      for (let row = 0; row < n; row++) sum += scaled[i][row] * scaled[j][row]
      covariance[i * d + j] = sum / n
      covariance[j * d + i] = sum / n
    }
  const { values, vectors } = eigenSymmetric(covariance, d)
  const whole = values.reduce((sum, value) => sum + Math.max(0, value), 0)
  const components: Float64Array[] = []
  let explained = 0
  while (components.length < varying.length - 1 && (components.length === 0 || explained < share)) {
    explained += Math.max(0, values[components.length]) / whole
    components.push(vectors[components.length])
  }
  return { status: 'ok', means, deviations, components, explained, n }
}

/**
 * Distance of each row, in deviations, from its image in the space of the components: how far it breaks the relations between the
 * columns. O(n · columns · components).
 */
export function reconstructionErrors(
  { means, deviations, components }: PrincipalComponents,
  columns: readonly ArrayLike<number>[],
): Float64Array {
  const scaled = columns.map((values, c) => scaleColumn(values, means[c], deviations[c]))
  const n = columns[0]?.length ?? 0
  const row = new Float64Array(columns.length)
  return Float64Array.from({ length: n }, (_, at) => {
    let squares = 0
    for (let c = 0; c < row.length; c++) {
      row[c] = scaled[c][at]
      squares += row[c] ** 2
    }
    for (const component of components) {
      let along = 0
      for (let c = 0; c < row.length; c++) along += row[c] * component[c]
      squares -= along ** 2
    }
    return Math.sqrt(Math.max(0, squares))
  })
}

function scaleColumn(values: ArrayLike<number>, mean: number, deviation: number): Float64Array {
  return Float64Array.from({ length: values.length }, (_, row) => {
    const x = values[row]
    if (deviation === 0 || Number.isNaN(x)) return 0
    const scaled = (x - mean) / deviation
    return Number.isNaN(scaled) ? 0 : Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, scaled))
  })
}
