import type { Estimate, Status } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { benjaminiHochberg } from '../stats/benjamini-hochberg.ts'
import { newcombeInterval } from '../stats/newcombe.ts'
import { twoSidedZ } from '../stats/normal-distribution.ts'
import { twoProportionZ } from '../stats/two-proportion-z.ts'
import type { Answer, AnswerFinding } from './answer.ts'
import { judgeTargets, objectionTo } from './bias-targets.ts'
import { findingOf, intervalEstimate, noEstimate, shareEstimate, worstStatus } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'
import { type ClassList, classCodes, listClasses, tooManyClasses } from './performance/codes.ts'
import { sayCount, sayEstimate, sayNumber, sayPValue, sayShare } from './wording.ts'

export interface BiasInput {
  readonly current: SampleTable
  /** Null only where target shares are declared. */
  readonly reference: SampleTable | null
  readonly classes: readonly string[]
}

type ClassRow = DetailOf<'bias'>['classes'][number]
interface Counts {
  readonly current: Float64Array
  readonly reference: Float64Array
  readonly n: { readonly current: number; readonly reference: number }
}
interface JudgedClass {
  readonly row: ClassRow
  readonly pValue: number | null
  readonly adjustedPValue: number | null
  readonly statistic: number | null
  readonly status: Status
}

/**
 * Whether the model calls some classes more often, and others less, than in the reference.
 *
 * Per class: its share of the predictions now and then (Wilson), their difference (Newcombe) and ratio (Katz, on the logarithm),
 * and a z-test of the two shares, corrected by Benjamini–Hochberg across classes. A class is a `breach` when its share moved by
 * more than `threshold` and the test is significant; below `minimumN` predictions on a side everything is `insufficient`.
 *
 * The sentence takes the class that gained most, g, and the one that lost most, l: "calls 30 % more g than l" means that the odds
 * g : l among predictions are 1.3 times those of the reference, with the interval of that odds ratio (Woolf). It is claimed
 * only when both classes' shares moved significantly, whatever the threshold; and it says whether labels, where there are
 * enough on both sides, moved the same way, in which case the world changed rather than the model. Where target shares are
 * declared they take the reference's place (see `answerAgainstTargets`). O(n + classes log classes).
 */
export function analyzeBias(
  { current, reference, classes: declared }: BiasInput,
  parameters: ParametersOf<'bias'>,
): Answer<'bias'> {
  const classes = listClasses(declared, [
    current.prediction,
    reference?.prediction ?? null,
    current.label,
    reference?.label ?? null,
  ])
  const obstacle = tooManyClasses(classes)
  if (obstacle !== null) return refuse(obstacle)
  if (parameters.targetShares !== null)
    return answerAgainstTargets(current, classes, parameters.targetShares, parameters)
  if (reference === null) return refuse('there is neither a reference nor a declared share')
  const predicted = countBoth(current.prediction, reference.prediction, classes)
  const labelled = countBoth(current.label, reference.label, classes)
  const judged = judgeClasses(predicted, classes, parameters)
  const status = worstStatus(judged.map((one) => one.status))
  const sentence = sentenceOf(judged, predicted, labelled, parameters)
  const { confidence } = parameters
  const hasLabels = labelled.n.current > 0 && labelled.n.reference > 0
  const detail: DetailOf<'bias'> = {
    kind: 'bias',
    classes: judged.map(({ row }) => row),
    sentence,
    labelShares: hasLabels
      ? classes.names.map((className, c) => ({
          className,
          current: shareEstimate(labelled.current[c], labelled.n.current, confidence),
          reference: shareEstimate(labelled.reference[c], labelled.n.reference, confidence),
        }))
      : [],
  }
  return { headline: { status, text: sentence }, findings: judged.flatMap(findingsOf), detail }
}

/**
 * The shares of predicted classes against declared ones (see `judgeTargets`): the declared share stands where the reference's does,
 * without an interval, since nobody measured it. Classes without one are shown and not judged.
 */
function answerAgainstTargets(
  { prediction, label }: SampleTable,
  classes: ClassList,
  targetShares: Readonly<Record<string, number>>,
  { confidence, alpha, threshold, minimumN }: ParametersOf<'bias'>,
): Answer<'bias'> {
  const objection = objectionTo(targetShares, classes.names)
  if (objection !== null) return refuse(objection)
  const { current, n } = countBoth(prediction, null, classes)
  const labels = countBoth(label, null, classes)
  const isEnough = n.current >= minimumN
  const judged = judgeTargets([...current], n.current, classes.names, targetShares, {
    confidence,
    alpha,
    maxDifference: threshold,
  })
  const declared = (target: number | null): Estimate =>
    target === null ? noEstimate(0, 'no share is declared') : { value: target, n: 0, interval: null, note: 'declared' }
  const rows = judged.map(({ className, share, target, difference }, c): ClassRow => {
    const gap =
      difference ?? noEstimate(n.current, n.current === 0 ? 'there are no predictions' : 'no share is declared')
    const factor = (value: number) => (target === null || target === 0 ? null : value / target)
    const ratio = share.value === null ? null : factor(share.value)
    const [low, high] = share.interval ?? [Number.NaN, Number.NaN]
    return {
      className,
      current: shareEstimate(current[c], n.current, confidence),
      reference: declared(target),
      ratio:
        ratio === null
          ? noEstimate(n.current, 'no share to divide by')
          : intervalEstimate(ratio, n.current, { low: factor(low) ?? Number.NaN, high: factor(high) ?? Number.NaN }),
      difference: gap,
    }
  })
  const statuses = judged.map(({ status, target }) => (!isEnough || target === null ? 'insufficient' : status))
  const off = judged.filter((_, c) => statuses[c] === 'breach' || statuses[c] === 'warning')
  const far = ({ difference }: (typeof judged)[number]) => Math.abs(difference?.value ?? 0)
  const worst = off.length === 0 ? null : off.reduce((most, each) => (far(each) > far(most) ? each : most))
  const sentence = !isEnough
    ? `Too few predictions to hold against declared shares (${sayCount(n.current)}; at least ${sayCount(minimumN)} are needed)`
    : worst === null
      ? `The model calls the classes within ${sayNumber(threshold)} of their declared shares, n ${sayCount(n.current)}`
      : `The model calls ${worst.className} in ${sayEstimate(worst.share, sayShare)} of cases, and ${sayShare(worst.target ?? 0)} is declared, n ${sayCount(n.current)}`
  const findings = rows.flatMap(({ className, difference, ratio, current: share }, c) => {
    const { adjustedPValue, target } = judged[c]
    if (target === null) return []
    const status = statuses[c]
    const evidence =
      isEnough && adjustedPValue !== null
        ? { test: 'binomial', statistic: null, pValue: null, adjustedPValue, isExact: true }
        : null
    const message = `${className} is ${sayEstimate(share, sayShare)} of the predictions, ${sayShare(target)} is declared (n ${sayCount(n.current)})`
    return [
      findingOf({ metric: 'shareDifference', className }, difference, { status, evidence, message }),
      findingOf({ metric: 'shareRatio', className }, ratio, {
        status: ratio.value === null ? 'insufficient' : status,
        evidence,
        message,
      }),
    ]
  })
  return {
    headline: { status: worstStatus(statuses), text: sentence },
    findings,
    detail: {
      kind: 'bias',
      classes: rows,
      sentence,
      labelShares:
        labels.n.current === 0
          ? []
          : judged.map(({ className, target }, c) => ({
              className,
              current: shareEstimate(labels.current[c], labels.n.current, confidence),
              reference: declared(target),
            })),
    },
  }
}

function refuse(reason: string): Answer<'bias'> {
  const text = `Bias of the predictions cannot be judged: ${reason}`
  return {
    headline: { status: 'insufficient', text },
    findings: [],
    detail: { kind: 'bias', classes: [], sentence: text, labelShares: [] },
  }
}

function countBoth(current: Column | null, reference: Column | null, classes: ClassList): Counts {
  const count = (column: Column | null) => {
    const counts = new Float64Array(classes.names.length)
    if (column !== null) for (const code of classCodes(column, classes)) if (code >= 0) counts[code]++
    return counts
  }
  const total = (counts: Float64Array) => counts.reduce((sum, hits) => sum + hits, 0)
  const [now, before] = [count(current), count(reference)]
  return { current: now, reference: before, n: { current: total(now), reference: total(before) } }
}

function judgeClasses(
  { current, reference, n }: Counts,
  { names }: ClassList,
  parameters: ParametersOf<'bias'>,
): JudgedClass[] {
  const { confidence, alpha, threshold, minimumN } = parameters
  const isEnough = Math.min(n.current, n.reference) >= minimumN
  const tests = names.map((_, c) => twoProportionZ(reference[c], n.reference, current[c], n.current))
  const pValues = tests.map((test) => (isEnough && test.status === 'ok' ? test.pValue : null))
  const adjusted = benjaminiHochberg(pValues)
  return names.map((className, c) => {
    const interval = newcombeInterval(reference[c], n.reference, current[c], n.current, confidence)
    const fewest = Math.min(n.current, n.reference)
    const difference =
      interval.status === 'ok'
        ? intervalEstimate(interval.value, fewest, interval.interval)
        : noEstimate(fewest, 'there are no predictions on one side')
    const p = adjusted[c]
    const hasMoved = difference.value !== null && Math.abs(difference.value) > threshold && p !== null && p <= alpha
    const test = tests[c]
    return {
      row: {
        className,
        current: shareEstimate(current[c], n.current, confidence),
        reference: shareEstimate(reference[c], n.reference, confidence),
        ratio: shareRatio(current[c], n.current, reference[c], n.reference, confidence),
        difference,
      },
      pValue: pValues[c],
      adjustedPValue: p,
      statistic: test.status === 'ok' ? test.statistic : null,
      status: !isEnough ? 'insufficient' : hasMoved ? 'breach' : 'ok',
    }
  })
}

/** Ratio of two shares with Katz's interval: exp(ln r ± z √((1 − p)/x + (1 − q)/y)). Without hits on a side it has none. */
function shareRatio(hits: number, n: number, referenceHits: number, referenceN: number, confidence: number): Estimate {
  const fewest = Math.min(n, referenceN)
  if (n === 0 || referenceHits === 0) return noEstimate(fewest, 'the class does not occur on one side')
  const [p, q] = [hits / n, referenceHits / referenceN]
  const value = p / q
  if (hits === 0) return { value, n: fewest, interval: null, note: 'the class does not occur any more' }
  const margin = twoSidedZ(confidence) * Math.sqrt((1 - p) / hits + (1 - q) / referenceHits)
  return intervalEstimate(value, fewest, { low: value * Math.exp(-margin), high: value * Math.exp(margin) })
}

function findingsOf({ row, status, pValue, adjustedPValue, statistic }: JudgedClass): AnswerFinding[] {
  const { className, current, reference, ratio, difference } = row
  const evidence =
    pValue === null ? null : { test: 'two proportions', statistic, pValue, adjustedPValue, isExact: true }
  const share = (estimate: Estimate) => (estimate.value === null ? 'no share' : sayShare(estimate.value))
  const how = adjustedPValue === null ? '' : `, ${sayPValue(adjustedPValue)}`
  const counts = `n ${sayCount(current.n)} and ${sayCount(reference.n)}${how}`
  const message = `${className} is ${share(current)} of the predictions, ${share(reference)} in the reference (${counts})`
  const statusOf = ({ value }: Estimate): Status => (value === null ? 'insufficient' : status)
  return [
    findingOf({ metric: 'shareDifference', className }, difference, {
      status: statusOf(difference),
      evidence,
      message,
    }),
    findingOf({ metric: 'shareRatio', className }, ratio, { status: statusOf(ratio), evidence, message }),
  ]
}

function sentenceOf(
  judged: readonly JudgedClass[],
  predicted: Counts,
  labelled: Counts,
  { alpha, confidence, minimumN }: ParametersOf<'bias'>,
): string {
  const { n } = predicted
  if (Math.min(n.current, n.reference) < minimumN)
    return `Too few predictions to compare classes (${sayCount(n.current)} now, ${sayCount(n.reference)} in the reference; at least ${sayCount(minimumN)} are needed)`
  const order = [...judged.keys()].sort((a, b) => differenceOf(judged[b]) - differenceOf(judged[a]))
  const [gained, lost] = [order[0], order[order.length - 1]]
  const hasMoved = (c: number) => (judged[c].adjustedPValue ?? 1) <= alpha
  if (gained === lost || !hasMoved(gained) || !hasMoved(lost))
    return 'The model calls the classes as often as in the reference, as far as these numbers can tell'
  const [g, l] = [judged[gained].row.className, judged[lost].row.className]
  const { current, reference } = predicted
  const moved = labelsMoved(labelled, gained, { alpha, minimumN })
  if (current[lost] === 0 || reference[gained] === 0 || reference[lost] === 0)
    return `The model calls ${g} in ${sayShare(current[gained] / n.current)} of cases, ${sayShare(reference[gained] / n.reference)} in the reference, and ${l} in ${sayShare(current[lost] / n.current)}, before ${sayShare(reference[lost] / n.reference)}${moved}`
  const odds = current[gained] / current[lost]
  const before = reference[gained] / reference[lost]
  const ratio = odds / before
  const margin =
    twoSidedZ(confidence) *
    Math.sqrt(1 / current[gained] + 1 / current[lost] + 1 / reference[gained] + 1 / reference[lost])
  const more = (factor: number) => `${Math.round((factor - 1) * 100)} %`
  const ends = [ratio * Math.exp(-margin), ratio * Math.exp(margin)]
  const [how, low, high] =
    ratio < 2
      ? [`${more(ratio)} more ${g} than ${l}`, ...ends.map(more)]
      : [`${sayNumber(ratio)} times as many ${g} as ${l}`, ...ends.map(sayNumber)]
  return `The model calls ${how}, against the reference: ${sayNumber(odds)} to 1 now, ${sayNumber(before)} to 1 then (${sayShare(confidence)} interval ${low} to ${high})${moved}`
}

const differenceOf = ({ row }: JudgedClass) => row.difference.value ?? 0

/** Whether the class that gained gained among labels too; says nothing where labels are few. */
function labelsMoved(
  { current, reference, n }: Counts,
  gained: number,
  { alpha, minimumN }: { readonly alpha: number; readonly minimumN: number },
): string {
  if (Math.min(n.current, n.reference) < minimumN) return ''
  const test = twoProportionZ(reference[gained], n.reference, current[gained], n.current)
  return test.status === 'ok' && test.pValue <= alpha && test.difference > 0
    ? '; the labels moved the same way'
    : '; the labels did not move that way'
}
