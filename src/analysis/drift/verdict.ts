import type { DriftFeature } from '../../contract/report.ts'
import { benjaminiHochberg } from '../../stats/benjamini-hochberg.ts'
import { fisherExact } from '../../stats/fisher-exact.ts'
import { twoProportionZ } from '../../stats/two-proportion-z.ts'
import type { DriftMeasure, ParametersOf } from '../parameters.ts'
import { sayCount, sayNumber, sayPValue, sayShare } from '../wording.ts'
import type { Comparison } from './comparison.ts'
import { effectiveN, neededN } from './needed-n.ts'

type Verdict = DriftFeature['verdict']

/** Change of the share of missing values of one column, with its test. */
export interface MissingChange {
  readonly rows: { readonly reference: number; readonly current: number }
  /** Missing share now minus then. */
  readonly difference: number
  readonly test: string
  readonly statistic: number | null
  readonly pValue: number
}

/** What was decided about one column. */
export interface Judgement {
  readonly verdict: Verdict
  /** The verdict on the values that are present alone; the same unless missing values decided. */
  readonly ofValues: Verdict & { readonly effect: { readonly measure: DriftMeasure } }
  /** Null where neither side misses a value. */
  readonly missing: (MissingChange & { readonly adjustedPValue: number; readonly hasChanged: boolean }) | null
}

export const measureNames: Record<DriftMeasure | 'missingShareDifference', string> = {
  jensenShannon: 'Jensen–Shannon distance',
  psi: 'PSI',
  hellinger: 'Hellinger distance',
  totalVariation: 'total variation',
  wassersteinNormed: 'normed Wasserstein distance',
  ks: 'KS distance',
  cramersV: "Cramér's V",
  kullbackLeibler: 'Kullback–Leibler divergence',
  largestShareDifference: 'largest change of a share',
  meanShift: 'shift of the mean in deviations',
  energyCoefficient: 'energy coefficient',
  missingShareDifference: 'difference of missing shares',
}

/** Value of a measure; null where it was not or cannot be computed. */
export function measured({ measures, isSameConstant }: Comparison, measure: DriftMeasure): number | null {
  // Where nothing varies some measures have no scale, but nothing has moved either.
  if (isSameConstant) return 0
  return measure === 'ks' ? (measures.ks?.statistic ?? null) : (measures[measure] ?? null)
}

/**
 * Judges columns together: drifted is what shows an effect above its threshold AND a test that survives Benjamini–Hochberg
 * across all tests done together, those of missing shares included.
 *
 * - `breach`: drifted, in its values or, where these have not, in its share of missing values (change above
 *   `missingThreshold`, by a z-test of two proportions, Fisher's when a count is small).
 * - `ok`: the effect is at most its threshold. Distances of small samples err upwards, so a small one is no accident.
 * - `insufficient`: fewer than `minimumN` values on a side, no test possible, or an effect above the threshold that chance
 *   explains because n is below `neededN` (see there).
 * - `warning`: an effect above the threshold, enough values, and yet no evidence from the test.
 *
 * Columns of one and the same value on both sides are `ok` and take no part in the correction. O(columns log columns).
 */
export function judgeTogether(comparisons: readonly Comparison[], parameters: ParametersOf<'drift'>): Judgement[] {
  const { minimumN } = parameters
  const missing = comparisons.map((comparison) => missingChange(comparison, minimumN))
  const isTested = ({ test, n, isSameConstant }: Comparison) =>
    test !== null && !isSameConstant && Math.min(n.reference, n.current) >= minimumN
  const adjusted = benjaminiHochberg([
    ...comparisons.map((comparison) => (isTested(comparison) ? (comparison.test?.pValue ?? null) : null)),
    ...missing.map((change) => change?.pValue ?? null),
  ])
  return comparisons.map((comparison, i) => {
    const change = missing[i]
    const missingAdjusted = adjusted[comparisons.length + i] ?? 1
    const hasChanged =
      change !== null &&
      Math.abs(change.difference) > parameters.missingThreshold &&
      missingAdjusted <= parameters.alpha
    const { measure, threshold } = effectOf(comparison, parameters)
    const ofValues = judgeValues(comparison, measure, threshold, adjusted[i], parameters)
    return {
      ofValues,
      missing: change === null ? null : { ...change, adjustedPValue: missingAdjusted, hasChanged },
      verdict:
        change !== null && hasChanged && !ofValues.isDrifted
          ? missingVerdict(change, missingAdjusted, parameters.missingThreshold)
          : ofValues,
    }
  })
}

function effectOf({ name, type }: Comparison, parameters: ParametersOf<'drift'>) {
  const override = Object.hasOwn(parameters.overrides, name) ? parameters.overrides[name] : {}
  const standard: DriftMeasure = type === 'numeric' ? parameters.numericMeasure : parameters.categoricalMeasure
  const measure = override.measure ?? standard
  return { measure, threshold: override.threshold ?? parameters.thresholds[measure] }
}

function judgeValues(
  comparison: Comparison,
  measure: DriftMeasure,
  threshold: number,
  adjustedPValue: number | null,
  { alpha, minimumN }: ParametersOf<'drift'>,
): Judgement['ofValues'] {
  const value = measured(comparison, measure)
  const { test, n } = comparison
  const name = measureNames[measure]
  const verdict = (status: Verdict['status'], reason: string, needed: number | null = null) => ({
    status,
    isDrifted: status === 'breach',
    effect: { measure, value, threshold },
    test: test?.name ?? 'none',
    ...(test?.reason !== undefined && { testReason: test.reason }),
    pValue: test?.pValue ?? null,
    adjustedPValue,
    neededN: needed,
    reason,
  })
  if (comparison.problem !== null) return verdict('insufficient', comparison.problem)
  const fewest = Math.min(n.reference, n.current)
  if (fewest < minimumN)
    return verdict('insufficient', `only ${sayCount(fewest)} of at least ${sayCount(minimumN)} values`, minimumN)
  if (comparison.isSameConstant) return verdict('ok', 'one and the same value on both sides')
  if (value === null) return verdict('insufficient', `${name} has no value here`)
  const effect = `${name} ${sayNumber(value)}`
  if (value <= threshold) return verdict('ok', `${effect} is within ${sayNumber(threshold)}`)
  if (test === null || adjustedPValue === null)
    return verdict(
      'insufficient',
      `${effect} is above ${sayNumber(threshold)}, but every category is too rare for a test`,
    )
  const evidence = `${test.name} ${sayPValue(adjustedPValue)} after correction`
  if (adjustedPValue <= alpha) return verdict('breach', `${effect} is above ${sayNumber(threshold)}; ${evidence}`)
  const needed = Math.max(minimumN, neededN(measure, threshold, comparison.cells, alpha))
  return effectiveN(n) < needed
    ? verdict(
        'insufficient',
        `${effect} is above ${sayNumber(threshold)}, but so few values reach that by chance (${evidence})`,
        needed,
      )
    : verdict('warning', `${effect} is above ${sayNumber(threshold)}, but chance could explain it (${evidence})`)
}

function missingVerdict(change: MissingChange, adjustedPValue: number, threshold: number): Verdict {
  return {
    status: 'breach',
    isDrifted: true,
    effect: { measure: 'missingShareDifference', value: change.difference, threshold },
    test: change.test,
    pValue: change.pValue,
    adjustedPValue,
    neededN: null,
    reason: `the share of missing values ${change.difference > 0 ? 'rose' : 'fell'} by ${sayShare(Math.abs(change.difference))}; ${change.test} ${sayPValue(adjustedPValue)} after correction`,
  }
}

/** Null when nothing is missing on either side, or there are too few rows to ask. */
function missingChange({ n, missing }: Comparison, minimumN: number): MissingChange | null {
  const rows = { reference: n.reference + missing.reference, current: n.current + missing.current }
  const all = missing.reference + missing.current
  if (all === 0 || Math.min(rows.reference, rows.current) < minimumN) return null
  const z = twoProportionZ(missing.reference, rows.reference, missing.current, rows.current)
  if (z.status === 'insufficient') return null
  const smallest =
    (Math.min(all, n.reference + n.current) * Math.min(rows.reference, rows.current)) / (rows.reference + rows.current)
  if (smallest < 5) {
    const fisher = fisherExact(missing.reference, n.reference, missing.current, n.current)
    if (fisher.status === 'ok')
      return { rows, difference: z.difference, test: 'Fisher', statistic: null, pValue: fisher.pValue }
  }
  return { rows, difference: z.difference, test: 'two proportions', statistic: z.statistic, pValue: z.pValue }
}
