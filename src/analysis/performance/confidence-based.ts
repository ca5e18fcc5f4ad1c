import type { Estimate } from '../../contract/primitives.ts'
import { binaryMetrics } from '../../stats/binary-metrics.ts'
import { estimatePerformance } from '../../stats/cbpe.ts'
import { applyIsotonic, fitIsotonic } from '../../stats/isotonic-regression.ts'
import { quantileSorted, quantiles } from '../../stats/quantiles.ts'
import { createRandom } from '../../stats/random.ts'
import { randomBinomial } from '../../stats/random-binomial.ts'
import { randomGamma } from '../../stats/random-gamma.ts'
import { lowerBound } from '../../stats/sorted-sample.ts'
import { throwIfCancelled } from '../answer.ts'
import { intervalEstimate, noEstimate, plainEstimate } from '../estimates.ts'
import type { ResampleOptions } from './resample.ts'

/** Scores with whether what they are scores of came true (1, 0, anything else unknown). */
export interface Outcomes {
  readonly scores: ArrayLike<number>
  readonly hits: ArrayLike<number>
}

/** Fewest rows of the reference from which a calibration is learnt. */
const fewestReference = 100
const maxBins = 30

const names = ['accuracy', 'precision', 'recall', 'specificity', 'f1', 'rocAuc'] as const

/**
 * Confidence-based estimates for a yes/no model on rows without labels: `accuracy`, `precision`, `recall`, `specificity`, `f1`,
 * `rocAuc` (see `estimatePerformance`), with scores calibrated by isotonic regression on a labelled reference.
 *
 * Intervals are for what labels of these very rows would show: outcomes are drawn from the calibrated probabilities, which
 * themselves are drawn, over at most 30 bins of the score, from what the reference leaves possible (Jeffreys). They hold while a
 * score goes on to mean what it meant in the reference. No values below 100 reference rows. O(n log n + resamples · bins).
 */
export function confidenceBased(
  reference: Outcomes,
  current: { readonly scores: ArrayLike<number>; readonly predictions: ArrayLike<number> },
  options: ResampleOptions,
): Record<string, Estimate> {
  const fit = fitIsotonic(reference.scores, Float64Array.from(reference.hits, knownOrNaN))
  if (fit.status !== 'ok' || fit.n < fewestReference)
    return { accuracy: noEstimate(0, `fewer than ${fewestReference} labelled rows to calibrate scores on`) }
  const probabilities = applyIsotonic(fit, current.scores)
  const found = estimatePerformance(probabilities, current.predictions, current.scores)
  if (found.status !== 'ok') return { accuracy: noEstimate(0, 'no row with a score and a prediction') }
  const { metrics, rocAuc, n } = found
  const values = [metrics.accuracy, metrics.precision, metrics.recall, metrics.specificity, metrics.f1, rocAuc]
  const draws = drawOutcomes(reference, current, probabilities, options)
  const tail = (1 - options.confidence) / 2
  return Object.fromEntries(
    names.map((name, i) => {
      const value = values[i]
      const drawn = draws[i]
      if (value === null || drawn.length < 0.9 * options.resamples) return [name, plainEstimate(value, n)]
      const sorted = Float64Array.from(drawn).sort()
      const centre = sorted.reduce((sum, one) => sum + one, 0) / sorted.length
      const at = (q: number) => Math.min(1, Math.max(0, value + (quantileSorted(sorted, q) ?? centre) - centre))
      return [name, intervalEstimate(value, n, { low: Math.min(value, at(tail)), high: Math.max(value, at(1 - tail)) })]
    }),
  )
}

const knownOrNaN = (hit: number) => (hit === 0 || hit === 1 ? hit : Number.NaN)

/** What labels could show, so many times: one list a measure, in the order of `names`. */
function drawOutcomes(
  reference: Outcomes,
  { scores, predictions }: { readonly scores: ArrayLike<number>; readonly predictions: ArrayLike<number> },
  probabilities: Float64Array,
  { resamples, seed, context }: ResampleOptions,
): number[][] {
  const edges = edgesOf(reference.scores)
  const bins = edges.length + 1
  const binOf = (score: number) => lowerBound(edges, score)
  const [hits, misses] = [new Float64Array(bins), new Float64Array(bins)]
  for (let row = 0; row < reference.scores.length; row++) {
    const hit = reference.hits[row]
    if (Number.isNaN(reference.scores[row])) continue
    if (hit === 1) hits[binOf(reference.scores[row])]++
    else if (hit === 0) misses[binOf(reference.scores[row])]++
  }
  // Rows and their probabilities by bin and prediction: places 0 … bins − 1 predicted negative, then predicted positive.
  const counts = new Float64Array(2 * bins)
  const sums = new Float64Array(2 * bins)
  for (let row = 0; row < scores.length; row++) {
    const guess = predictions[row]
    if (Number.isNaN(probabilities[row]) || (guess !== 0 && guess !== 1)) continue
    const place = guess * bins + binOf(scores[row])
    counts[place]++
    sums[place] += probabilities[row]
  }
  const random = createRandom(seed)
  const draws: number[][] = names.map(() => [])
  for (let i = 0; i < resamples; i++) {
    throwIfCancelled(context)
    let [tp, fp, fn, tn, area, below] = [0, 0, 0, 0, 0, 0]
    for (let bin = 0; bin < bins; bin++) {
      const [a, b] = [randomGamma(random, hits[bin] + 0.5), randomGamma(random, misses[bin] + 0.5)]
      const shift = a / (a + b) - (hits[bin] + 0.5) / (hits[bin] + misses[bin] + 1)
      const trueOf = (place: number) =>
        counts[place] === 0
          ? 0
          : randomBinomial(random, counts[place], Math.min(1, Math.max(0, sums[place] / counts[place] + shift)))
      const [missed, found] = [trueOf(bin), trueOf(bins + bin)]
      tp += found
      fn += missed
      fp += counts[bins + bin] - found
      tn += counts[bin] - missed
      const [positives, negatives] = [found + missed, counts[bin] + counts[bins + bin] - found - missed]
      area += positives * (below + negatives / 2)
      below += negatives
    }
    const drawn = binaryMetrics({ truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn })
    const rocAuc = tp + fn > 0 && fp + tn > 0 ? area / ((tp + fn) * (fp + tn)) : null
    ;[drawn.accuracy, drawn.precision, drawn.recall, drawn.specificity, drawn.f1, rocAuc].forEach((value, k) => {
      if (value !== null) draws[k].push(value)
    })
  }
  return draws
}

/** Inner edges of bins that hold about as many rows of the reference each. */
function edgesOf(scores: ArrayLike<number>): Float64Array {
  const at = Array.from({ length: maxBins - 1 }, (_, i) => (i + 1) / maxBins)
  const edges = quantiles(scores, at).flatMap((edge) => (edge === null || !Number.isFinite(edge) ? [] : [edge]))
  return Float64Array.from(new Set(edges)).sort()
}
