import type { FairnessOfNumbers } from '../contract/fairness-frame.ts'
import type { Estimate } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { computeMoments } from '../stats/moments.ts'
import { quantiles } from '../stats/quantiles.ts'
import { createRandom } from '../stats/random.ts'
import { type AnalysisContext, type Answer, type AnswerFinding, throwIfCancelled } from './answer.ts'
import { findingOf, noEstimate } from './estimates.ts'
import { toMetrics } from './fairness-control.ts'
import { countGroups, type Grouping, sizeOf } from './fairness-groups.ts'
import { rateEstimator } from './fairness-intervals.ts'
import { type Judged, markExtremes, refusalOfColumns, statusOfMeasure, subjectColumnOf } from './fairness-judging.ts'
import type { FairnessMeasure } from './fairness-measures.ts'
import type { Contrast } from './fairness-metrics.ts'
import { controlNumbers } from './fairness-number-control.ts'
import { type NumberFrame, type NumberRows, numberFrame, sayNumberMetric } from './fairness-number-metrics.ts'
import { type NumberNeed, needOfNumbers, sayNumberNeed } from './fairness-number-power.ts'
import { nameOfGroup, numberRowOf, valuesOf } from './fairness-rows.ts'
import { type NumberMetric, numberMetrics, type ParametersOf } from './parameters.ts'
import { capitalise, sayCount, sayEstimate, sayList, sayMany, sayNumber } from './wording.ts'

type Detail = DetailOf<'fairness'>
/** A difference or ratio between groups on which a limit can be set. */
export type NumberMeasure = Pick<FairnessMeasure, 'metric' | 'isRatio' | 'estimate' | 'extremes' | 'sentence'> & {
  readonly of: NumberMetric
}
type Judgement = Judged<NumberMeasure>

/** What is judged of every regression; the rest where it is asked for. */
export const usualContrasts: readonly (readonly [NumberMetric, 'difference' | 'ratio'])[] = [
  ['mae', 'difference'],
  ['mae', 'ratio'],
  ['bias', 'difference'],
  ['withinTolerance', 'difference'],
]
/** Told always; judged where it is asked for or nothing else is known: people may well differ. */
const told = ['meanPrediction', 'difference'] as const
const largeShare = 0.1

/**
 * Compares how near a model's numbers come for groups of people or things: mean absolute and root mean squared error, bias (predicted
 * less actual), share of predictions near enough, mean prediction and mean label by group with intervals; the largest difference
 * and smallest ratio of each between judged groups with simultaneous bootstrap intervals and the group that fares worst; the same given
 * control columns; and how many rows a group needs for a difference that matters to be found.
 *
 * Groups as in `analyzeFairness`. Errors have a unit, so that a difference matters from `maxDifference` standard deviations of the
 * labels on (of the predictions, without labels); shares and ratios are held against `maxDifference` and `minRatio` themselves. Without
 * labels mean predictions alone are compared. O(n · columns + resamples · (500 · groups + groups² · levels)).
 */
export function analyzeNumericFairness(
  current: SampleTable,
  parameters: ParametersOf<'fairness'>,
  context: AnalysisContext,
): Answer<'fairness'> {
  throwIfCancelled(context)
  const { groupColumns, controlColumns, minimumGroupSize, maxGroups, confidence } = parameters
  const refusal = refusalOf(current, parameters)
  const { prediction, label } = current
  if (refusal !== null || prediction?.type !== 'numeric')
    return refuse(refusal ?? 'predictions are no numbers', parameters)

  const rows: NumberRows = {
    predicted: prediction.values,
    actual: label?.type === 'numeric' ? label.values : new Float64Array(current.n).fill(Number.NaN),
  }
  const isThere = (values: Float64Array, of: number) =>
    Int8Array.from(values, (value) => (Number.isNaN(value) ? -1 : of))
  // Counted as if each were selected: of the six counts only how many rows and labels there are is read.
  const [predicted, labelled] = [isThere(rows.predicted, 1), isThere(rows.actual, 1)]
  const columnsOf = (names: readonly string[]) => names.map((name) => current.columns.get(name) as Column)
  const grouping = countGroups(columnsOf(groupColumns), predicted, labelled, maxGroups)
  const judged = grouping.groups.flatMap(({ hasMissing, counts }, group) =>
    !hasMissing && sizeOf(counts) >= minimumGroupSize ? [group] : [],
  )
  const names = grouping.groups.map((group) => nameOfGroup(groupColumns, group.values))
  const values = grouping.groups.map((group) => valuesOf(groupColumns, group.values))
  const numbers = measuresOfRows(rows, parameters)
  const options = {
    confidence,
    resamples: parameters.resamples,
    random: createRandom(parameters.seed),
    check: () => throwIfCancelled(context),
    tolerance: numbers.tolerance ?? Number.NaN,
    rate: rateEstimator(parameters),
  }
  const groupRows = splitRows(rows, grouping.groupOfRow, grouping.groups.length)
  const asked = [...new Set(parameters.metrics)].filter((metric): metric is NumberMetric =>
    (numberMetrics as readonly string[]).includes(metric),
  )
  const framed = new Map<NumberMetric, NumberFrame>()
  const frameOf = (metric: NumberMetric) => {
    const known = framed.get(metric)
    if (known) return known
    const frame = numberFrame(metric, groupRows, rows, judged, options)
    framed.set(metric, frame)
    return frame
  }
  const frames = (asked.length > 0 ? asked : numberMetrics).map(frameOf)
  context.onProgress(0.6)
  const isLabelled = rows.actual.some((value) => !Number.isNaN(value))
  const contrasts = [
    ...usualContrasts,
    ...(isLabelled ? [] : [told]),
    ...asked.flatMap((metric) => [[metric, 'difference'] as const, [metric, 'ratio'] as const]),
  ].filter(([metric, which], i, all) => all.findIndex(([other, form]) => other === metric && form === which) === i)
  const judge = (measure: NumberMeasure): Judgement => ({
    ...measure,
    status: statusOfNumber(measure, numbers, parameters),
  })
  const measures = contrasts
    .filter(([metric, which]) => !(metric === 'bias' && which === 'ratio'))
    .map(([metric, which]) => {
      const frame = frameOf(metric)
      return judge(measureOf(metric, which, frame[which], frame.byGroup, names))
    })
  const controlled =
    controlColumns.length === 0
      ? null
      : controlNumbers(
          {
            groupColumns,
            controlColumns,
            grouping,
            levels: countGroups(columnsOf(controlColumns), predicted, labelled, maxGroups),
            predicted,
            labelled,
            rows,
            minimumGroupSize,
            contrasts: measures.map(({ of, isRatio }) => [of, isRatio ? 'ratio' : 'difference'] as const),
            measureOf: (metric, which, contrast, byGroup) => measureOf(metric, which, contrast, byGroup, names),
          },
          options,
        )
  context.onProgress(0.9)
  const combined = (controlled?.combined ?? []).map(judge)
  const power = needOfNumbers(groupRows, values, grouping, rows, numbers, parameters)
  const groups = grouping.groups.map(({ counts }, group) =>
    numberRowOf(values[group], counts, judged.includes(group) ? 'ok' : 'insufficient'),
  )
  const detail: Detail = {
    kind: 'fairness',
    positiveClass: '',
    groupColumns: [...groupColumns],
    groups: markExtremes(groups, measures),
    overall: numberRowOf({}, grouping.overall, sizeOf(grouping.overall) > 0 ? 'ok' : 'insufficient'),
    measures: toMetrics([...measures, measureOf(...told, frameOf(told[0])[told[1]], [], [])]),
    minimumGroupSize,
    numbers,
    frames: frames.map(({ metric, overall, byGroup, difference, ratio, worst }) => ({
      metric,
      overall,
      byGroup: [...byGroup],
      difference: difference.estimate,
      ratio: ratio.estimate,
      worst: worst === null ? null : values[worst],
    })),
    power,
    ...(controlled && { control: controlled.control }),
  }
  const column = subjectColumnOf(groupColumns)
  const given = `${groupColumns.join(' × ')} given ${controlColumns.join(' × ')}`.slice(0, 100)
  context.onProgress(1)
  return {
    headline: headlineOf(measures, combined, grouping, judged.length, column, controlColumns, power, numbers),
    findings: [
      ...measures.map((measure) => toFinding(measure, column, power, numbers)),
      ...combined.map((measure) => toFinding(measure, given, null, numbers)),
    ],
    detail,
  }
}

/** Tolerance, and the standard deviation by which differences are measured. O(n log n). */
function measuresOfRows({ predicted, actual }: NumberRows, parameters: ParametersOf<'fairness'>): FairnessOfNumbers {
  const labels = computeMoments(actual)
  const isLabelled = labels.n >= 2
  const { n, m2 } = isLabelled ? labels : computeMoments(predicted)
  const deviation = n >= 2 && m2 > 0 ? Math.sqrt(m2 / (n - 1)) : null
  const sizes = predicted.map((value, row) => Math.abs(value - actual[row])).filter((size) => Number.isFinite(size))
  return {
    tolerance: parameters.tolerance ?? (sizes.length === 0 ? null : (quantiles(sizes, [1 - largeShare])[0] ?? null)),
    isToleranceNamed: parameters.tolerance !== null,
    deviation,
    deviationOf: isLabelled ? 'labels' : 'predictions',
    matters: deviation === null ? null : deviation * parameters.maxDifference,
  }
}

/** Rows of each group, in one pass. */
export function splitRows({ predicted, actual }: NumberRows, groupOfRow: Int32Array, groups: number): NumberRows[] {
  const places: number[][] = Array.from({ length: groups }, () => [])
  for (let row = 0; row < groupOfRow.length; row++) if (groupOfRow[row] >= 0) places[groupOfRow[row]].push(row)
  return places.map((rowsOf) => ({
    predicted: Float64Array.from(rowsOf, (row) => predicted[row]),
    actual: Float64Array.from(rowsOf, (row) => actual[row]),
  }))
}

function measureOf(
  metric: NumberMetric,
  which: 'difference' | 'ratio',
  { estimate, higher, lower }: Contrast,
  byGroup: readonly Estimate[],
  names: readonly string[],
): NumberMeasure {
  const end = (group: number) => ({ group, rate: byGroup[group]?.value ?? 0, n: byGroup[group]?.n ?? 0 })
  const say = (group: number) => `${sayNumber(byGroup[group]?.value ?? 0)} of ${names[group]}`
  return {
    of: metric,
    metric: `${metric}${capitalise(which)}`,
    isRatio: which === 'ratio',
    estimate,
    extremes: higher === null || lower === null ? null : { higher: end(higher), lower: end(lower) },
    sentence:
      higher === null || lower === null
        ? (estimate.note ?? 'no value')
        : `${sayNumberMetric(metric)} ${say(higher)} against ${say(lower)}`,
  }
}

/** Amounts are measured in standard deviations; shares and ratios as they are. */
function statusOfNumber(
  measure: NumberMeasure,
  { deviation }: FairnessOfNumbers,
  parameters: ParametersOf<'fairness'>,
) {
  if (measure.isRatio || measure.of === 'withinTolerance') return statusOfMeasure(measure, parameters)
  if (deviation === null) return 'insufficient'
  return statusOfMeasure(measure, { ...parameters, maxDifference: parameters.maxDifference * deviation })
}

function refusalOf(
  { columns, label }: SampleTable,
  { groupColumns, controlColumns, metrics, privileged }: ParametersOf<'fairness'>,
): string | null {
  const ofColumns = refusalOfColumns(columns, { groupColumns, controlColumns }, sayList)
  if (ofColumns !== null) return ofColumns
  if (label?.type === 'categorical') return 'predictions are numbers, and labels are classes'
  if (privileged !== null) return 'selection is measured against a privileged group, and a regression selects nobody'
  const strange = metrics.filter((metric) => !(numberMetrics as readonly string[]).includes(metric))
  return strange.length > 0 ? `${sayList(strange)} is measured of classes, and these are numbers` : null
}

const sayMeasure = ({ of, isRatio }: NumberMeasure) =>
  capitalise(`${sayNumberMetric(of)} ${isRatio ? 'ratio' : 'difference'}`)

function toFinding(
  measure: Judgement,
  column: string,
  power: NumberNeed | null,
  { matters, deviationOf }: FairnessOfNumbers,
): AnswerFinding {
  const { metric, of, isRatio, estimate, sentence, status } = measure
  const said = `${sayMeasure(measure)} by ${column}`
  const need =
    power !== null && !isRatio && (status === 'ok' || status === 'insufficient') ? sayNumberNeed(of, power) : null
  const scale =
    isRatio || of === 'withinTolerance' || matters === null
      ? ''
      : `; from ${sayNumber(matters)} on it matters, by the deviation of the ${deviationOf}`
  const message = `${
    estimate.value === null
      ? `${said}: ${estimate.note ?? 'no value'}`
      : `${said} is ${sayEstimate(estimate)}, n ${sayCount(estimate.n)}: ${sentence}${scale}`
  }${need === null ? '' : `; ${need}`}`
  const unit = isRatio ? 'ratio' : of === 'withinTolerance' ? 'share' : ''
  return findingOf({ metric, column }, estimate, { status, message, unit })
}

function headlineOf(
  measures: readonly Judgement[],
  combined: readonly Judgement[],
  grouping: Grouping,
  judged: number,
  column: string,
  controlColumns: readonly string[],
  power: NumberNeed,
  { matters }: FairnessOfNumbers,
): Answer<'fairness'>['headline'] {
  const n = sizeOf(grouping.overall)
  const apart = grouping.groups.length + grouping.leftOut - judged
  const rest = apart > 0 ? `; ${sayMany(apart, 'group')} too small, missing or too many to be judged` : ''
  const given = controlColumns.join(' × ')
  if (judged < 2)
    return {
      status: 'insufficient',
      text: `Fairness by ${column} cannot be judged: ${sayMany(judged, 'group')} of ${grouping.groups.length} large enough, n ${sayCount(n)}`,
    }
  const graver = (of: readonly Judgement[]) =>
    of.find(({ status }) => status === 'breach') ?? of.find(({ status }) => status === 'warning')
  const worst = graver(measures)
  if (worst) {
    const adjusted = combined.find(({ metric }) => metric === worst.metric)
    const among = adjusted === undefined ? '' : `; given ${given} it is ${sayEstimate(adjusted.estimate)}`
    const chance = worst.status === 'breach' ? '' : '; chance could explain that'
    return {
      status: worst.status,
      text: `${sayMeasure(worst)} by ${column} is ${sayEstimate(worst.estimate)}: ${worst.sentence}${chance}${among}${rest}`,
    }
  }
  const hidden = graver(combined)
  if (hidden)
    return {
      status: hidden.status,
      text: `${sayMeasure(hidden)} by ${column} given ${given} is ${sayEstimate(hidden.estimate)}, though not over all rows together: ${hidden.sentence}${rest}`,
    }
  const isLabelled = measures.some(({ of, estimate }) => of === 'mae' && estimate.value !== null)
  const [leading, said] = isLabelled
    ? ([measures.find(({ metric }) => metric === 'maeDifference'), 'mean absolute errors'] as const)
    : ([measures.find(({ metric }) => metric === 'meanPredictionDifference'), 'mean predictions'] as const)
  const gap = leading?.estimate.value ?? null
  const unlabelled = isLabelled ? '' : '; without labels only predictions can be compared'
  const need = sayNumberNeed(isLabelled ? 'mae' : 'meanPrediction', power)
  const unseen = need === null ? '' : `; a gap could still go unseen: ${need}`
  const limit = matters === null ? '' : ` (it matters from ${sayNumber(matters)} on)`
  return {
    status: measures.some(({ status }) => status === 'ok') ? 'ok' : 'insufficient',
    text: `${sayMany(judged, 'group')} by ${column} are treated alike within the limits${gap === null ? '' : `: ${said} at most ${sayNumber(gap)} apart${limit}`}, n ${sayCount(n)}${unlabelled}${rest}${unseen}`,
  }
}

function refuse(
  reason: string,
  { groupColumns, minimumGroupSize, tolerance }: ParametersOf<'fairness'>,
): Answer<'fairness'> {
  const contrast: Contrast = { estimate: noEstimate(0, reason), higher: null, lower: null }
  const numbers: FairnessOfNumbers = {
    tolerance,
    isToleranceNamed: tolerance !== null,
    deviation: null,
    deviationOf: 'labels',
    matters: null,
  }
  const measures = usualContrasts.map(([metric, which]) => measureOf(metric, which, contrast, [], []))
  const column = subjectColumnOf(groupColumns.length > 0 ? groupColumns : ['group'])
  return {
    headline: { status: 'insufficient', text: `Fairness cannot be judged: ${reason}` },
    findings: measures.map((measure) => toFinding({ ...measure, status: 'insufficient' }, column, null, numbers)),
    detail: {
      kind: 'fairness',
      positiveClass: '',
      groupColumns: [...groupColumns],
      groups: [],
      overall: numberRowOf({}, null, 'insufficient'),
      measures: toMetrics(measures),
      minimumGroupSize,
      numbers,
    },
  }
}
