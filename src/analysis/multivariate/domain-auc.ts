import { columnsOf, fitBoostedTrees, scoreBoostedTrees } from '../../stats/boosted-trees.ts'
import { binColumn } from '../../stats/feature-binning.ts'
import { normalSf, twoSidedZ } from '../../stats/normal-distribution.ts'
import { type Estimate, insufficient, type Outcome } from '../../stats/outcome.ts'
import { createRandom, shuffle } from '../../stats/random.ts'
import { rocAuc } from '../../stats/roc-auc.ts'
import { type ScoredClasses, splitScores } from '../../stats/scored-classes.ts'
import { stratifiedRankSum } from '../../stats/stratified-rank-sum.ts'
import { type AnalysisContext, throwIfCancelled } from '../answer.ts'
import type { PooledColumns } from './pooled-columns.ts'

export interface DomainAuc extends Estimate {
  /** One-sided, that the classifier ranks rows of the window higher. */
  readonly pValue: number
  /** Fall of the area when a column is shuffled among the rows of a fold, for columns that any tree uses, largest first. */
  readonly top: readonly { readonly column: string; readonly importance: number }[]
}

/** Fewest rows of a side: two a fold at least are needed to have an interval, and a few more to learn. */
const fewestRows = 50
/** Variance of cross-validated areas against that of independent folds. */
const sharedRows = 2

/**
 * Cross-validated area under the ROC curve of boosted trees that tell rows of the window from those of the reference.
 *
 * Folds are drawn within each side; each fold's rows are scored by trees that have not seen them. The area is the mean of the
 * folds' areas, with an interval on the logit scale from DeLong's variances of the folds; the p-value is that of the folds' rank
 * sums together. Folds are not independent: of two rows each is scored by trees that saw the other, and under no drift both
 * scores err the same way, which doubles the variance at most. Interval and test take it doubled. `insufficient` below
 * fifty rows a side or when no column varies. O(folds · rounds · n · columns).
 */
export function domainAuc(
  { names, columns, rows }: PooledColumns,
  { folds, seed, confidence }: { readonly folds: number; readonly seed: number; readonly confidence: number },
  context: AnalysisContext,
): Outcome<DomainAuc> {
  const fewest = Math.min(rows.reference, rows.current)
  if (fewest < fewestRows) return insufficient('too-few', fewest, fewestRows)
  if (columns.length === 0) return insufficient('constant', fewest)
  const n = rows.reference + rows.current
  const isCurrent = Uint8Array.from({ length: n }, (_, row) => (row < rows.reference ? 0 : 1))
  const random = createRandom(seed)
  const foldOf = drawFolds(rows, folds, random)
  const binned = columns.map((column) => binColumn(column))
  const bins = binned.map((column) => column.rows)
  const strata: ScoredClasses[] = []
  const falls = new Float64Array(columns.length)
  const areas: { value: number; error: number }[] = []
  for (let fold = 0; fold < folds; fold++) {
    throwIfCancelled(context)
    const target = Float64Array.from(isCurrent, (label, row) => (foldOf[row] === fold ? Number.NaN : label))
    const fit = fitBoostedTrees(binned, target, { minLeaf: Math.max(5, Math.round(fewest / 100)) })
    if (fit.status === 'insufficient') return fit
    const held = Uint32Array.from([...foldOf.keys()].filter((row) => foldOf[row] === fold))
    const labels = Uint8Array.from(held, (row) => isCurrent[row])
    const heldBins = bins.map((column) => Uint8Array.from(held, (row) => column[row]))
    const split = splitScores(scoreBoostedTrees(fit, heldBins), labels)
    const area = rocAuc(split)
    if (area.status === 'insufficient') return area
    strata.push(split)
    areas.push({ value: area.value, error: area.standardError })
    for (const column of columnsOf(fit)) {
      const shuffled = shuffle(random, Uint8Array.from(heldBins[column]))
      const scores = scoreBoostedTrees(
        fit,
        heldBins.map((own, i) => (i === column ? shuffled : own)),
      )
      const without = rocAuc(splitScores(scores, labels))
      if (without.status === 'ok') falls[column] += (area.value - without.value) / folds
    }
  }
  const test = stratifiedRankSum(strata)
  if (test.status === 'insufficient') return test
  const pValue = normalSf(test.statistic / Math.sqrt(sharedRows))
  const value = areas.reduce((sum, area) => sum + area.value, 0) / folds
  const error = Math.sqrt(areas.reduce((sum, area) => sum + area.error ** 2, 0) * sharedRows) / folds
  const top = names
    .map((column, i) => ({ column, importance: falls[i] }))
    .filter(({ importance }) => importance > 0)
    .sort((a, b) => b.importance - a.importance)
  return { status: 'ok', value, interval: intervalOf(value, error, confidence), n: fewest, pValue, top }
}

/** Folds of nearly equal size within each side. */
function drawFolds(rows: PooledColumns['rows'], folds: number, random: ReturnType<typeof createRandom>): Uint8Array {
  const side = (n: number) =>
    shuffle(
      random,
      Uint8Array.from({ length: n }, (_, i) => i % folds),
    )
  return Uint8Array.from([...side(rows.reference), ...side(rows.current)])
}

function intervalOf(value: number, error: number, confidence: number): Estimate['interval'] {
  if (value <= 0 || value >= 1) return { low: value, high: value, confidence }
  const logit = Math.log(value / (1 - value))
  const margin = (twoSidedZ(confidence) * error) / (value * (1 - value))
  return { low: 1 / (1 + Math.exp(margin - logit)), high: 1 / (1 + Math.exp(-margin - logit)), confidence }
}
