import type { Estimate } from '../../contract/primitives.ts'
import type { DetailOf } from '../../contract/report.ts'
import { ratio } from '../../stats/binary-metrics.ts'
import type { Confusion } from '../../stats/confusion.ts'
import { noEstimate, shareEstimate } from '../estimates.ts'
import { drawn } from './binary.ts'
import { drawShares, type ResampleOptions } from './resample.ts'

/** Cells of a confusion table that can be filled: all of the classes seen, or those that are, where a thousand classes leave most of a million empty. */
interface Cells {
  readonly actual: Uint32Array
  readonly predicted: Uint32Array
  readonly counts: Float64Array
}

/** Most cells that are drawn although they are empty. */
const maxCells = 400
/** Rows that the prior counts for, all cells together. */
const priorRows = 1

function cellsOf({ classes, counts }: Confusion): Cells {
  const isSeen = Array.from({ length: classes }, (_, c) =>
    Array.from({ length: classes }, (_, other) => counts[c * classes + other] + counts[other * classes + c]).some(
      Boolean,
    ),
  )
  const seen = isSeen.filter(Boolean).length
  const cells = [...counts.keys()].filter((cell) =>
    seen * seen <= maxCells ? isSeen[Math.floor(cell / classes)] && isSeen[cell % classes] : counts[cell] > 0,
  )
  return {
    actual: Uint32Array.from(cells, (cell) => Math.floor(cell / classes)),
    predicted: Uint32Array.from(cells, (cell) => cell % classes),
    counts: Float64Array.from(cells, (cell) => counts[cell]),
  }
}

const averagedNames = [
  'macroF1',
  'weightedF1',
  'macroPrecision',
  'macroRecall',
  'weightedPrecision',
  'balancedAccuracy',
  'matthews',
  'kappa',
] as const

/**
 * The averages over classes, in the order of `averagedNames`.
 *
 * They run over classes seen as label or prediction, a class's undefined precision or recall counting as 0, as is customary;
 * `balancedAccuracy` is the mean recall of the labelled classes. O(cells + classes).
 */
function averages(cells: Cells, counts: ArrayLike<number>, classes: number): (number | null)[] {
  const support = new Float64Array(classes)
  const predicted = new Float64Array(classes)
  const correct = new Float64Array(classes)
  for (let i = 0; i < counts.length; i++) {
    support[cells.actual[i]] += counts[i]
    predicted[cells.predicted[i]] += counts[i]
    if (cells.actual[i] === cells.predicted[i]) correct[cells.actual[i]] += counts[i]
  }
  let [n, seen, labelled, hits, agreement, supportSquares, predictedSquares] = [0, 0, 0, 0, 0, 0, 0]
  const macro = { precision: 0, recall: 0, f1: 0 }
  const weighted = { precision: 0, f1: 0 }
  for (let c = 0; c < classes; c++) {
    const either = support[c] + predicted[c]
    if (either === 0) continue
    seen++
    if (support[c] > 0) labelled++
    n += support[c]
    hits += correct[c]
    agreement += support[c] * predicted[c]
    supportSquares += support[c] ** 2
    predictedSquares += predicted[c] ** 2
    const precision = predicted[c] > 0 ? correct[c] / predicted[c] : 0
    const f1 = (2 * correct[c]) / either
    macro.precision += precision
    macro.recall += support[c] > 0 ? correct[c] / support[c] : 0
    macro.f1 += f1
    weighted.precision += support[c] * precision
    weighted.f1 += support[c] * f1
  }
  const margins = Math.sqrt(n * n - predictedSquares) * Math.sqrt(n * n - supportSquares)
  return [
    ratio(macro.f1, seen),
    ratio(weighted.f1, n),
    ratio(macro.precision, seen),
    ratio(macro.recall, seen),
    ratio(weighted.precision, n),
    ratio(macro.recall, labelled),
    margins > 0 ? (hits * n - agreement) / margins : null,
    margins > 0 ? ratio(n * hits - agreement, n * n - agreement) : null,
  ]
}

/**
 * Measures of a classifier with any number of classes: `accuracy` (Wilson; the micro-averaged precision, recall and F1 and the
 * weighted recall are the same number, given once more as `microF1`) and averages with intervals from {@link drawShares}.
 * O(resamples · cells).
 */
export function multiclassEstimates(confusion: Confusion, options: ResampleOptions): Record<string, Estimate> {
  const { classes } = confusion
  const cells = cellsOf(confusion)
  const n = cells.counts.reduce((sum, count) => sum + count, 0)
  let correct = 0
  for (let c = 0; c < classes; c++) correct += confusion.counts[c * classes + c]
  const values = averages(cells, cells.counts, classes)
  const prior = priorRows / Math.max(1, cells.counts.length)
  const seen = new Set([...cells.actual, ...cells.predicted]).size
  const computed = (shares: Float64Array) => averages(cells, shares, classes)
  const bounds = drawShares(cells.counts, prior, averagedNames.length, n / Math.max(1, seen), computed, options)
  const accuracy = n === 0 ? noEstimate(0, 'no labelled sample') : shareEstimate(correct, n, options.confidence)
  return {
    accuracy,
    microF1: accuracy,
    ...Object.fromEntries(
      averagedNames.map((name, i) => [name, drawn(values[i], n, bounds[i], 'only one class is labelled or predicted')]),
    ),
  }
}

/** Most classes that are described one by one; those with most labels come first where there are more. */
const maxClasses = 200

/** Precision and recall (Wilson) and F1 (drawn from hits, misses and false alarms) of each class. */
export function classEstimates(
  confusion: Confusion,
  names: readonly string[],
  options: ResampleOptions,
): DetailOf<'performance'>['perClass'] {
  const { classes, counts } = confusion
  const rows = names.map((className, c) => {
    let support = 0
    let predicted = 0
    for (let other = 0; other < classes; other++) {
      support += counts[c * classes + other]
      predicted += counts[other * classes + c]
    }
    return { className, support, predicted, hits: counts[c * classes + c] }
  })
  if (rows.length > maxClasses) rows.sort((a, b) => b.support - a.support).splice(maxClasses)
  return rows.map(({ className, support, predicted, hits }) => {
    const cells = Float64Array.of(hits, support - hits, predicted - hits)
    const f1 = (of: ArrayLike<number>) => [ratio(2 * of[0], 2 * of[0] + of[1] + of[2])]
    const [bounds] = drawShares(cells, 0.5, 1, support + predicted - hits, f1, options)
    return {
      className,
      n: support,
      precision:
        predicted === 0 ? noEstimate(0, 'never predicted') : shareEstimate(hits, predicted, options.confidence),
      recall: support === 0 ? noEstimate(0, 'never labelled') : shareEstimate(hits, support, options.confidence),
      f1: drawn(f1(cells)[0], support + predicted - hits, bounds, 'neither labelled nor predicted'),
    }
  })
}
