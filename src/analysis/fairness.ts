import type { Status } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { createRandom } from '../stats/random.ts'
import { type AnalysisContext, type Answer, type AnswerFinding, throwIfCancelled } from './answer.ts'
import { findingOf, noEstimate } from './estimates.ts'
import { countGroups, type Grouping, labelledOf, matchClass, sizeOf } from './fairness-groups.ts'
import { type FairnessMeasure, measureFairness } from './fairness-measures.ts'
import { groupRowOf, nameOfGroup } from './fairness-rows.ts'
import type { ParametersOf } from './parameters.ts'
import { capitalise, sayCount, sayEstimate, sayList, sayMany, sayNumber } from './wording.ts'

export interface FairnessInput {
  readonly current: SampleTable
  readonly classes: readonly string[]
  /** The outcome whose rates are compared (one against the rest); null: the second class of two. */
  readonly positiveClass: string | null
}

type Judgement = FairnessMeasure & { readonly status: Status }

/**
 * Compares how a model treats groups of people or things: selection, error rates, precision and accuracy of every group with
 * Wilson intervals, and the usual measures of the largest gap between groups with simultaneous bootstrap intervals.
 *
 * Groups are the values of the group columns together; a missing value is a group of its own that is shown, not judged, as are
 * groups below `minimumGroupSize` rows. A numeric column of more than twelve values is cut into quarters. A measure's status without
 * limits: `breach` when its whole interval lies past `maxDifference` or `minRatio`, `warning` when only the value does. What
 * cannot be asked (no prediction, no such column, no class to compare) is answered `insufficient` with the reason. O(n · columns).
 */
export function analyzeFairness(
  input: FairnessInput,
  parameters: ParametersOf<'fairness'>,
  context: AnalysisContext,
): Answer<'fairness'> {
  throwIfCancelled(context)
  const { current } = input
  const { groupColumns, confidence, minimumGroupSize } = parameters
  const positiveClass = input.positiveClass ?? (input.classes.length === 2 ? input.classes[1] : null)
  const columns = groupColumns.map((name) => current.columns.get(name) ?? null)
  const refusal = refusalOf(input, positiveClass, groupColumns, columns)
  if (refusal !== null || positiveClass === null || current.prediction === null)
    return refuse(refusal ?? '', positiveClass ?? '', parameters)

  const predicted = matchClass(current.prediction, positiveClass)
  const labelled = current.label && matchClass(current.label, positiveClass)
  const grouping = countGroups(columns as Column[], predicted, labelled, parameters.maxGroups)
  context.onProgress(0.5)
  throwIfCancelled(context)
  const isJudged = grouping.groups.map((group) => !group.hasMissing && sizeOf(group.counts) >= minimumGroupSize)
  const names = grouping.groups.map((group) => nameOfGroup(groupColumns, group.values))
  const judged = grouping.groups.flatMap(({ counts }, group) => (isJudged[group] ? [{ group, counts }] : []))
  const measures = measureFairness(judged, names, {
    confidence,
    resamples: parameters.resamples,
    random: createRandom(parameters.seed),
    check: () => throwIfCancelled(context),
  }).map((measure) => ({ ...measure, status: statusOf(measure, parameters) }))
  context.onProgress(1)

  const groups = grouping.groups.map(({ values, counts }, group) =>
    groupRowOf(
      Object.fromEntries(groupColumns.map((column, i) => [column, values[i]])),
      counts,
      isJudged[group] ? 'ok' : 'insufficient',
      confidence,
    ),
  )
  const detail: DetailOf<'fairness'> = {
    kind: 'fairness',
    positiveClass,
    groupColumns: [...groupColumns],
    groups: markExtremes(groups, measures),
    overall: groupRowOf({}, grouping.overall, sizeOf(grouping.overall) > 0 ? 'ok' : 'insufficient', confidence),
    measures: Object.fromEntries(measures.map(({ metric, estimate }) => [metric, estimate])),
    minimumGroupSize,
  }
  const subjectColumn = subjectColumnOf(groupColumns)
  return {
    headline: headlineOf(measures, grouping, judged.length, subjectColumn),
    findings: measures.map((measure) => toFinding(measure, subjectColumn)),
    detail,
  }
}

/** Why the question cannot be asked of these samples; null when it can. */
function refusalOf(
  { current, classes }: FairnessInput,
  positiveClass: string | null,
  groupColumns: readonly string[],
  columns: readonly (Column | null)[],
): string | null {
  const absent = groupColumns.filter((_, i) => columns[i] === null)
  if (groupColumns.length === 0) return 'no group column is named'
  if (absent.length > 0) return `the samples have no column ${sayList(absent)}`
  if (current.prediction === null) return 'the samples have no predictions'
  if (positiveClass === null)
    return classes.length === 0
      ? 'rates are compared for a class, and a regression has none'
      : `which of ${sayMany(classes.length, 'class', 'classes')} is compared is not said`
  return null
}

function statusOf(measure: FairnessMeasure, { maxDifference, minRatio }: ParametersOf<'fairness'>): Status {
  const { value, interval } = measure.estimate
  if (value === null || interval === null) return 'insufficient'
  if (measure.isRatio) return value >= minRatio ? 'ok' : interval[1] < minRatio ? 'breach' : 'warning'
  return value <= maxDifference ? 'ok' : interval[0] > maxDifference ? 'breach' : 'warning'
}

/** A group that makes a gap bears its status. */
function markExtremes(groups: DetailOf<'fairness'>['groups'], measures: readonly Judgement[]) {
  const marked = groups.map((row) => ({ ...row }))
  for (const { status, extremes } of measures) {
    if (extremes === null || (status !== 'warning' && status !== 'breach')) continue
    for (const { group } of [extremes.higher, extremes.lower])
      if (marked[group].status !== 'breach') marked[group].status = status
  }
  return marked
}

const sayMeasure = (metric: string) =>
  capitalise(
    metric.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`),
  )

/** Group columns as the column of a subject, so that each grouping has its own series. */
const subjectColumnOf = (groupColumns: readonly string[]) => groupColumns.join(' × ').slice(0, 100)

function toFinding({ metric, isRatio, estimate, sentence, status }: Judgement, column: string): AnswerFinding {
  const said = `${sayMeasure(metric)} by ${column}`
  const message =
    estimate.value === null
      ? `${said}: ${estimate.note ?? 'no value'}`
      : `${said} is ${sayEstimate(estimate)}, n ${sayCount(estimate.n)}: ${sentence}`
  return findingOf({ metric, column }, estimate, { status, message, unit: isRatio ? 'ratio' : 'share' })
}

function headlineOf(
  measures: readonly Judgement[],
  grouping: Grouping,
  judged: number,
  column: string,
): Answer<'fairness'>['headline'] {
  const n = sizeOf(grouping.overall)
  const apart = grouping.groups.length + grouping.leftOut - judged
  const rest = apart > 0 ? `; ${sayMany(apart, 'group')} too small, missing or too many to be judged` : ''
  if (judged < 2) {
    const text = `Fairness by ${column} cannot be judged: ${sayMany(judged, 'group')} of ${grouping.groups.length} large enough, n ${sayCount(n)}`
    return { status: 'insufficient', text }
  }
  const past = measures.filter(({ status }) => status === 'breach')
  const near = measures.filter(({ status }) => status === 'warning')
  const [worst] = past.length > 0 ? past : near
  if (worst)
    return {
      status: past.length > 0 ? 'breach' : 'warning',
      text: `${sayMeasure(worst.metric)} by ${column} is ${sayEstimate(worst.estimate)}: ${worst.sentence}${past.length > 0 ? '' : '; chance could explain that'}${rest}`,
    }
  const largest = measures.find(({ metric }) => metric === 'demographicParityDifference')
  const gap = largest?.estimate.value ?? null
  const labels = labelledOf(grouping.overall)
  const unlabelled = labels === 0 ? '; without labels only selection rates can be compared' : ''
  return {
    status: measures.some(({ status }) => status === 'ok') ? 'ok' : 'insufficient',
    text: `${sayMany(judged, 'group')} by ${column} are treated alike within the limits${gap === null ? '' : `: selection rates at most ${sayNumber(gap)} apart`}, n ${sayCount(n)}${unlabelled}${rest}`,
  }
}

function refuse(reason: string, positiveClass: string, parameters: ParametersOf<'fairness'>): Answer<'fairness'> {
  const { groupColumns, minimumGroupSize } = parameters
  const estimate = noEstimate(0, reason)
  const measures = measureFairness([], [], null).map((measure) => ({ ...measure, estimate }))
  const column = subjectColumnOf(groupColumns.length ? groupColumns : ['group'])
  return {
    headline: { status: 'insufficient', text: `Fairness cannot be judged: ${reason}` },
    findings: measures.map((measure) => toFinding({ ...measure, status: 'insufficient' }, column)),
    detail: {
      kind: 'fairness',
      positiveClass,
      groupColumns: [...groupColumns],
      groups: [],
      overall: groupRowOf({}, null, 'insufficient', parameters.confidence),
      measures: Object.fromEntries(measures.map(({ metric }) => [metric, estimate])),
      minimumGroupSize,
    },
  }
}
