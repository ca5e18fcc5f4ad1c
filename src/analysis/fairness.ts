import type { DetailOf } from '../contract/report.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { createRandom } from '../stats/random.ts'
import { type AnalysisContext, type Answer, type AnswerFinding, throwIfCancelled } from './answer.ts'
import { findingOf, noEstimate } from './estimates.ts'
import type { GapOptions } from './fairness-contrasts.ts'
import { controlFor, toMetrics } from './fairness-control.ts'
import { countGroups, type Grouping, labelledOf, matchClass, sizeOf } from './fairness-groups.ts'
import { compareWithPrivileged, findPrivileged } from './fairness-impact.ts'
import { type RateEstimate, rateEstimator } from './fairness-intervals.ts'
import { type Judged, markExtremes, refusalOfColumns, statusOfMeasure, subjectColumnOf } from './fairness-judging.ts'
import { comparedRates, type FairnessMeasure, type JudgedGroup, measureFairness } from './fairness-measures.ts'
import { type Frame, frameOf, sayContrast } from './fairness-metrics.ts'
import { analyzeNumericFairness } from './fairness-of-numbers.ts'
import { needOf, type Power, sayNeed } from './fairness-power.ts'
import { groupRowOf, nameOfGroup, valuesOf } from './fairness-rows.ts'
import { calibrateGroup, positiveScores, rowsByGroup } from './fairness-scores.ts'
import { type ClassMetric, isClassMetric, type ParametersOf } from './parameters.ts'
import { capitalise, sayCount, sayEstimate, sayList, sayMany, sayNumber } from './wording.ts'

export interface FairnessInput {
  readonly current: SampleTable
  readonly classes: readonly string[]
  /** The outcome whose rates are compared (one against the rest); null: the second class of two. */
  readonly positiveClass: string | null
}

type Detail = DetailOf<'fairness'>
type Judgement = Judged<FairnessMeasure>

/** Metrics that are framed where none are named. */
const usualMetrics = comparedRates.map(({ metric }) => metric as ClassMetric)
const calibrationBins = 10

/**
 * Compares how a model treats groups of people or things: selection, error rates, precision and accuracy of every group with
 * intervals, and the usual measures of the largest gap between groups with simultaneous bootstrap intervals; any metric by
 * group with its difference, ratio and worst group; selection against a privileged group; calibration of scores by group; the same within
 * and over the levels of control columns; and how many rows a group needs for a gap that matters to be found.
 *
 * Groups are the values of the group columns together; a missing value is a group of its own that is shown, not judged, as are
 * groups below `minimumGroupSize` rows. A numeric column of more than twelve values is cut into quarters. A measure's status without
 * limits: `breach` when its whole interval lies past `maxDifference` or `minRatio`, `warning` when only the value does. What
 * cannot be asked (no prediction, no such column, no class to compare) is answered `insufficient` with the reason. Where there
 * are no classes and predictions are numbers, their errors are compared instead (`analyzeNumericFairness`).
 * O(n · columns + levels · resamples · groups²).
 */
export function analyzeFairness(
  input: FairnessInput,
  parameters: ParametersOf<'fairness'>,
  context: AnalysisContext,
): Answer<'fairness'> {
  throwIfCancelled(context)
  const { current } = input
  if (input.classes.length === 0 && input.positiveClass === null && current.prediction?.type === 'numeric')
    return analyzeNumericFairness(current, parameters, context)
  const { groupColumns, controlColumns, confidence, minimumGroupSize, maxGroups } = parameters
  const positiveClass = input.positiveClass ?? (input.classes.length === 2 ? input.classes[1] : null)
  const columnsOf = (names: readonly string[]) => names.map((name) => current.columns.get(name) ?? null)
  const refusal = refusalOf(input, positiveClass, parameters)
  if (refusal !== null || positiveClass === null || current.prediction === null)
    return refuse(refusal ?? '', positiveClass ?? '', parameters)

  const predicted = matchClass(current.prediction, positiveClass)
  const labelled = current.label && matchClass(current.label, positiveClass)
  const grouping = countGroups(columnsOf(groupColumns) as Column[], predicted, labelled, maxGroups)
  context.onProgress(0.3)
  throwIfCancelled(context)
  const isJudged = grouping.groups.map((group) => !group.hasMissing && sizeOf(group.counts) >= minimumGroupSize)
  const names = grouping.groups.map((group) => nameOfGroup(groupColumns, group.values))
  const judged = grouping.groups.flatMap(({ counts }, group): JudgedGroup[] =>
    isJudged[group] ? [{ group, strata: [counts] }] : [],
  )
  const options: GapOptions = {
    confidence,
    resamples: parameters.resamples,
    random: createRandom(parameters.seed),
    check: () => throwIfCancelled(context),
  }
  const rate = rateEstimator(parameters)
  const toJudgement = (measure: FairnessMeasure) => ({ ...measure, status: statusOfMeasure(measure, parameters) })
  const usual = measureFairness(judged, names, options)
  const privileged = findPrivileged(grouping, judged, parameters)
  const impact = compareWithPrivileged(grouping, judged, names, privileged, options)
  context.onProgress(0.5)

  const scores = positiveScores(current, input.classes, positiveClass)
  const scored =
    scores === null ? null : rowsByGroup(grouping.groupOfRow, grouping.groups.length, scores, labelled ?? null)
  const framed = (metric: ClassMetric): Frame =>
    frameOf(
      metric,
      grouping.groups.map(({ counts }, group) => ({ counts, scored: scored?.[group] ?? null })),
      {
        counts: grouping.overall,
        scored: scores && { scores: withoutUnpredicted(scores, predicted), labels: labelled ?? noLabels(scores) },
      },
      judged.map(({ group }) => group),
      options,
      rate,
    )
  const frames = (
    parameters.metrics.length > 0 ? [...new Set(parameters.metrics)].filter(isClassMetric) : usualMetrics
  ).map(framed)
  const isCalibrated = scored !== null && labelledOf(grouping.overall) > 0
  const asked = parameters.metrics.length > 0 ? frames.flatMap((frame) => measuresOf(frame, names)) : []
  const measures = withoutRepeats([
    ...usual,
    ...(parameters.privileged === null ? [] : [impact.measure]),
    ...asked,
  ]).map(toJudgement)
  // Told, and judged only where it is asked for: no limit comes with it.
  const told = withoutRepeats([
    ...measures,
    impact.measure,
    ...(isCalibrated ? measuresOf(framed('calibrationBias'), names) : []),
  ])
  context.onProgress(0.7)

  const controlled =
    controlColumns.length === 0
      ? null
      : controlFor(
          {
            groupColumns,
            controlColumns,
            grouping,
            levels: countGroups(columnsOf(controlColumns) as Column[], predicted, labelled, maxGroups),
            predicted,
            labelled,
            names,
            minimumGroupSize,
          },
          options,
          rate,
        )
  context.onProgress(1)

  const values = grouping.groups.map((group) => valuesOf(groupColumns, group.values))
  const power = needOf(
    grouping.groups.flatMap(({ counts, hasMissing }, group) => (hasMissing ? [] : [{ values: values[group], counts }])),
    grouping.overall,
    parameters,
  )
  const groups = grouping.groups.map(({ counts }, group) =>
    groupRowOf(values[group], counts, isJudged[group] ? 'ok' : 'insufficient', rate),
  )
  const detail: Detail = {
    kind: 'fairness',
    positiveClass,
    groupColumns: [...groupColumns],
    groups: markExtremes(groups, measures),
    overall: groupRowOf({}, grouping.overall, sizeOf(grouping.overall) > 0 ? 'ok' : 'insufficient', rate),
    measures: toMetrics(told),
    minimumGroupSize,
    frames: frames.map(({ metric, overall, byGroup, difference, ratio, worst }) => ({
      metric,
      overall,
      byGroup: [...byGroup],
      difference: difference.estimate,
      ratio: ratio.estimate,
      worst: worst === null ? null : values[worst],
    })),
    power,
    ...(impact.detail && { disparateImpact: impact.detail }),
    ...(controlled && { control: controlled.control }),
    ...(isCalibrated && {
      calibration: scored.map((rows, group) => calibrateGroup(values[group], rows, calibrationBins, confidence, rate)),
    }),
  }
  const subjectColumn = subjectColumnOf(groupColumns)
  const combined = (controlled?.combined ?? []).map(toJudgement)
  const given = `${groupColumns.join(' × ')} given ${controlColumns.join(' × ')}`.slice(0, 100)
  return {
    headline: headlineOf(measures, combined, grouping, judged.length, subjectColumn, controlColumns, power),
    findings: [
      ...measures.map((measure) => toFinding(measure, subjectColumn, power)),
      ...combined.map((measure) => toFinding(measure, given, null)),
    ],
    detail,
  }
}

const withoutUnpredicted = (scores: Float64Array, predicted: Int8Array) =>
  scores.map((score, row) => (predicted[row] < 0 ? Number.NaN : score))
const noLabels = ({ length }: Float64Array) => new Int8Array(length).fill(-1)

/** The difference and ratio of a metric that was asked for, as measures on which limits can be set. */
function measuresOf(frame: Frame, names: readonly string[]): FairnessMeasure[] {
  // The ratio of two biases about 0 means nothing.
  const isBias = frame.metric === 'calibrationBias'
  const contrasts = isBias ? (['difference'] as const) : (['difference', 'ratio'] as const)
  return contrasts.map((which) => {
    const contrast = frame[which]
    return {
      // How far apart the groups' observed shares lie from their mean scores is known as the difference in calibration.
      metric: `${isBias ? 'calibration' : frame.metric}${capitalise(which)}`,
      isRatio: which === 'ratio',
      estimate: contrast.estimate,
      extremes: extremesOf(frame, contrast),
      sentence: sayContrast(frame, contrast, names),
      rates: [],
    }
  })
}

function extremesOf({ byGroup }: Frame, { higher, lower }: Frame['difference']): FairnessMeasure['extremes'] {
  if (higher === null || lower === null) return null
  const end = (group: number) => ({ group, rate: byGroup[group].value ?? 0, n: byGroup[group].n })
  return { higher: end(higher), lower: end(lower) }
}

/** The first of equal name: an asked metric may already be among the usual measures. */
const withoutRepeats = (measures: readonly FairnessMeasure[]) =>
  measures.filter(({ metric }, i) => measures.findIndex((other) => other.metric === metric) === i)

/** Why the question cannot be asked of these samples; null when it can. */
function refusalOf(
  { current, classes }: FairnessInput,
  positiveClass: string | null,
  parameters: ParametersOf<'fairness'>,
): string | null {
  const { groupColumns, privileged, metrics } = parameters
  const ofColumns = refusalOfColumns(current.columns, parameters, sayList)
  if (ofColumns !== null) return ofColumns
  const strange = metrics.filter((metric) => !isClassMetric(metric))
  if (strange.length > 0) return `${sayList(strange)} is measured of predicted numbers, and these are classes`
  if (privileged !== null) {
    const unsaid = groupColumns.filter((name) => !Object.hasOwn(privileged, name))
    const strange = Object.keys(privileged).filter((name) => !groupColumns.includes(name))
    if (strange.length > 0) return `the privileged group names ${sayList(strange)}, which groups nothing`
    if (unsaid.length > 0) return `the privileged group needs a value of ${sayList(unsaid)}`
  }
  if (current.prediction === null) return 'the samples have no predictions'
  if (positiveClass === null)
    return classes.length === 0
      ? 'rates are compared for a class, and a regression has none'
      : `which of ${sayMany(classes.length, 'class', 'classes')} is compared is not said`
  return null
}

const sayMeasure = (metric: string) =>
  capitalise(
    metric.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`),
  )

function toFinding(measure: Judgement, column: string, power: Power | null): AnswerFinding {
  const { metric, isRatio, estimate, sentence, status, rates } = measure
  const said = `${sayMeasure(metric)} by ${column}`
  // Where nothing is found it matters whether anything could have been.
  const need = power !== null && (status === 'ok' || status === 'insufficient') ? sayNeed(rates, power) : null
  const message = `${
    estimate.value === null
      ? `${said}: ${estimate.note ?? 'no value'}`
      : `${said} is ${sayEstimate(estimate)}, n ${sayCount(estimate.n)}: ${sentence}`
  }${need === null ? '' : `; ${need}`}`
  return findingOf({ metric, column }, estimate, { status, message, unit: isRatio ? 'ratio' : 'share' })
}

function headlineOf(
  measures: readonly Judgement[],
  combined: readonly Judgement[],
  grouping: Grouping,
  judged: number,
  column: string,
  controlColumns: readonly string[],
  power: Power,
): Answer<'fairness'>['headline'] {
  const n = sizeOf(grouping.overall)
  const apart = grouping.groups.length + grouping.leftOut - judged
  const rest = apart > 0 ? `; ${sayMany(apart, 'group')} too small, missing or too many to be judged` : ''
  if (judged < 2) {
    const need = sayNeed(comparedRates.slice(0, 1), power)
    const text = `Fairness by ${column} cannot be judged: ${sayMany(judged, 'group')} of ${grouping.groups.length} large enough, n ${sayCount(n)}${need === null ? '' : `; ${need}`}`
    return { status: 'insufficient', text }
  }
  const given = controlColumns.join(' × ')
  const past = measures.filter(({ status }) => status === 'breach')
  const near = measures.filter(({ status }) => status === 'warning')
  const [worst] = past.length > 0 ? past : near
  if (worst) {
    const adjusted = combined.find(({ metric }) => metric === worst.metric)
    const among = adjusted === undefined ? '' : `; given ${given} it is ${sayEstimate(adjusted.estimate)}`
    return {
      status: past.length > 0 ? 'breach' : 'warning',
      text: `${sayMeasure(worst.metric)} by ${column} is ${sayEstimate(worst.estimate)}: ${worst.sentence}${past.length > 0 ? '' : '; chance could explain that'}${among}${rest}`,
    }
  }
  const hidden =
    combined.find(({ status }) => status === 'breach') ?? combined.find(({ status }) => status === 'warning')
  if (hidden)
    return {
      status: hidden.status,
      text: `${sayMeasure(hidden.metric)} by ${column} given ${given} is ${sayEstimate(hidden.estimate)}, though not over all rows together: ${hidden.sentence}${rest}`,
    }
  const largest = measures.find(({ metric }) => metric === 'demographicParityDifference')
  const gap = largest?.estimate.value ?? null
  const labels = labelledOf(grouping.overall)
  const unlabelled = labels === 0 ? '; without labels only selection rates can be compared' : ''
  const need = sayNeed(labels === 0 ? comparedRates.slice(0, 1) : comparedRates, power)
  const unseen = need === null ? '' : `; a gap could still go unseen: ${need}`
  return {
    status: measures.some(({ status }) => status === 'ok') ? 'ok' : 'insufficient',
    text: `${sayMany(judged, 'group')} by ${column} are treated alike within the limits${gap === null ? '' : `: selection rates at most ${sayNumber(gap)} apart`}, n ${sayCount(n)}${unlabelled}${rest}${unseen}`,
  }
}

function refuse(reason: string, positiveClass: string, parameters: ParametersOf<'fairness'>): Answer<'fairness'> {
  const { groupColumns, minimumGroupSize } = parameters
  const rate: RateEstimate = rateEstimator(parameters)
  const estimate = noEstimate(0, reason)
  const measures = measureFairness([], [], null).map((measure) => ({ ...measure, estimate }))
  const column = subjectColumnOf(groupColumns.length ? groupColumns : ['group'])
  return {
    headline: { status: 'insufficient', text: `Fairness cannot be judged: ${reason}` },
    findings: measures.map((measure) => toFinding({ ...measure, status: 'insufficient' }, column, null)),
    detail: {
      kind: 'fairness',
      positiveClass,
      groupColumns: [...groupColumns],
      groups: [],
      overall: groupRowOf({}, null, 'insufficient', rate),
      measures: Object.fromEntries(measures.map(({ metric }) => [metric, estimate])),
      minimumGroupSize,
    },
  }
}
