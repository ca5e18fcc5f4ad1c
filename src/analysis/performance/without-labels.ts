import type { EstimatedPerformance } from '../../contract/performance-detail.ts'
import type { Estimate } from '../../contract/primitives.ts'
import type { DetailOf } from '../../contract/report.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { predictionPoweredShare } from '../../stats/prediction-powered.ts'
import { intervalEstimate, shareEstimate } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { type ClassList, classCodes, listClasses } from './codes.ts'
import { confidenceBased } from './confidence-based.ts'
import { directLoss } from './direct-loss.ts'
import { type Asked, positiveClassOf, positiveScores } from './measure.ts'
import type { ResampleOptions } from './resample.ts'
import { type PastEstimate, scoreEstimates } from './trust.ts'

const notes = {
  cbpe: 'From scores calibrated on the reference: it follows inputs that move, and cannot see that a score no longer means what it did.',
  'direct-loss':
    'From how large errors were in the reference for like inputs: it follows inputs that move, and cannot see that the same inputs now have other outcomes.',
} as const

/**
 * Estimates performance on all samples, labelled or not, from a labelled reference: confidence-based for classifiers with scores,
 * direct loss estimation for regressions; with the record of such estimates in the past. Undefined where there is nothing to
 * estimate from.
 */
export function estimateWithoutLabels(
  current: SampleTable,
  reference: SampleTable | null,
  asked: Asked,
  past: readonly PastEstimate[],
  parameters: ParametersOf<'performance'>,
  options: ResampleOptions,
): EstimatedPerformance | undefined {
  if (reference === null || reference.label === null || reference.prediction === null || current.prediction === null)
    return undefined
  const isRegression = asked.task === 'regression'
  const metrics = isRegression
    ? directLoss(reference, current, options.confidence)
    : estimateClasses(current, current.prediction, reference, reference.label, reference.prediction, asked, options)
  if (metrics === undefined) return undefined
  const method = isRegression ? 'direct-loss' : 'cbpe'
  const leading = isRegression ? 'mae' : 'accuracy'
  const { confidence, estimateTolerance: tolerance } = parameters
  return {
    method,
    note: notes[method],
    leading,
    metrics,
    ...scoreEstimates(past, { confidence, tolerance, isShare: !isRegression }),
  }
}

function estimateClasses(
  current: SampleTable,
  predictionNow: Column,
  reference: SampleTable,
  label: Column,
  prediction: Column,
  asked: Asked,
  options: ResampleOptions,
): Record<string, Estimate> | undefined {
  const classes = listClasses(asked.classes, [label, prediction, predictionNow])
  const positiveClass = asked.task === 'binary' ? positiveClassOf(asked, classes.names) : null
  const before = positiveScores(reference.scores, positiveClass, classes)
  const now = positiveScores(current.scores, positiveClass, classes)
  const labels = classCodes(label, classes)
  const guesses = classCodes(predictionNow, classes)
  if (positiveClass !== null) {
    if (before === null || now === null) return undefined
    const positive = classes.codeOf(positiveClass)
    const isPositive = (codes: Int32Array) =>
      Int8Array.from(codes, (code) => (code < 0 ? -1 : code === positive ? 1 : 0))
    return confidenceBased(
      { scores: before, hits: isPositive(labels) },
      { scores: now, predictions: isPositive(guesses) },
      options,
    )
  }
  // Of several classes: the score of the predicted one is calibrated to whether it was right, so that only accuracy follows.
  const own = classCodes(prediction, classes)
  const [scoresBefore, scoresNow] = [
    predictedScores(reference.scores, own, classes),
    predictedScores(current.scores, guesses, classes),
  ]
  if (scoresBefore === null || scoresNow === null) return undefined
  const hits = Int8Array.from(labels, (code, row) => (code < 0 || own[row] < 0 ? -1 : code === own[row] ? 1 : 0))
  const predictions = Int8Array.from(guesses, (code) => (code < 0 ? -1 : 1))
  const { accuracy } = confidenceBased({ scores: scoresBefore, hits }, { scores: scoresNow, predictions }, options)
  return { accuracy }
}

/** Score of each row's predicted class; null where there are no scores. */
function predictedScores(
  scores: SampleTable['scores'],
  predicted: Int32Array,
  { names }: ClassList,
): Float64Array | null {
  const columns = names.map((name) => scores.get(name))
  if (columns.every((column) => column === undefined)) return null
  return Float64Array.from(predicted, (code, row) => (code < 0 ? Number.NaN : (columns[code]?.[row] ?? Number.NaN)))
}

/** With more labels than this share of the samples, they tell enough by themselves. */
const fewShare = 0.5

/**
 * Accuracy from few labels and the scores of all samples (see `predictionPoweredShare`), beside the interval of the labels alone;
 * undefined unless some, but less than half of the samples have labels. Assumes that samples were chosen at random to be labelled.
 */
export function accuracyOfFew(
  { prediction, label, scores, n }: SampleTable,
  asked: Asked,
  confidence: number,
): DetailOf<'performance'>['fewLabels'] {
  if (asked.task === 'regression' || prediction === null || label === null) return undefined
  const classes = listClasses(asked.classes, [prediction, label])
  const guesses = classCodes(prediction, classes)
  const positiveClass = asked.task === 'binary' ? positiveClassOf(asked, classes.names) : null
  const ofPositive = positiveScores(scores, positiveClass, classes)
  const positive = positiveClass === null ? -1 : classes.codeOf(positiveClass)
  const scored =
    ofPositive === null
      ? predictedScores(scores, guesses, classes)
      : ofPositive.map((score, row) => (guesses[row] < 0 ? Number.NaN : guesses[row] === positive ? score : 1 - score))
  if (scored === null) return undefined
  const labels = classCodes(label, classes)
  const [outcomes, own, others]: number[][] = [[], [], []]
  for (let row = 0; row < n; row++) {
    if (!Number.isFinite(scored[row])) continue
    if (labels[row] < 0) others.push(scored[row])
    else {
      outcomes.push(labels[row] === guesses[row] ? 1 : 0)
      own.push(scored[row])
    }
  }
  if (outcomes.length > fewShare * (outcomes.length + others.length)) return undefined
  const found = predictionPoweredShare(outcomes, own, others, confidence)
  if (found.status !== 'ok') return undefined
  const right = outcomes.reduce((sum, hit) => sum + hit, 0)
  const classical = shareEstimate(right, outcomes.length, confidence)
  const powered = intervalEstimate(found.value, found.n, found.interval)
  const widthOf = ({ interval }: Estimate) => (interval === null ? Number.POSITIVE_INFINITY : interval[1] - interval[0])
  return {
    metric: 'accuracy',
    classical,
    powered,
    unlabelled: others.length,
    isNarrower: widthOf(powered) < widthOf(classical),
  }
}
