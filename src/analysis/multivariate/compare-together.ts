import type { MultivariateDrift } from '../../contract/drift-detail.ts'
import type { Status } from '../../contract/primitives.ts'
import { benjaminiHochberg } from '../../stats/benjamini-hochberg.ts'
import type { Insufficient } from '../../stats/outcome.ts'
import type { AnalysisContext, AnswerFinding } from '../answer.ts'
import type { ColumnPair } from '../drift/pairs.ts'
import { estimateOf, findingOf, noEstimate, sayReason } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { sayCount, sayEstimate, sayList, sayNumber, sayPValue } from '../wording.ts'
import { domainAuc } from './domain-auc.ts'
import { poolColumns } from './pooled-columns.ts'
import { reconstructionShift } from './reconstruction-shift.ts'

/** Columns that are listed as those by which the sides differ. */
const mostListed = 10

/**
 * Compares all inputs of both sides together: what single columns cannot show, that their relations have changed.
 *
 * A breach is an effect above its threshold (area under the ROC curve of a classifier, shift of the reconstruction error) with a test
 * that survives Benjamini–Hochberg over both. Findings: `domainAuc` and `reconstructionShift`. See the two for their costs.
 */
export function compareTogether(
  pairs: readonly ColumnPair[],
  parameters: ParametersOf<'drift'>,
  context: AnalysisContext,
): { readonly detail: MultivariateDrift; readonly findings: AnswerFinding[] } {
  const { alpha, seed, domainThreshold, reconstructionThreshold } = parameters
  const pooled = poolColumns(pairs, parameters.multivariateRows, seed)
  const auc = domainAuc(pooled, parameters, context)
  const shift = reconstructionShift(pooled, parameters)
  const [adjustedAuc, adjustedShift] = benjaminiHochberg([
    auc.status === 'ok' ? auc.pValue : null,
    shift.status === 'ok' ? shift.pValue : null,
  ])
  const n = Math.min(pooled.rows.reference, pooled.rows.current)
  const top = auc.status === 'ok' ? auc.top.slice(0, mostListed) : []
  const aucStatus = auc.status === 'ok' ? statusOf(auc.value, domainThreshold, adjustedAuc, alpha) : 'insufficient'
  const shiftStatus =
    shift.status === 'ok'
      ? statusOf(Math.abs(shift.shift.value), reconstructionThreshold, adjustedShift, alpha)
      : 'insufficient'
  const aucEstimate = auc.status === 'ok' ? estimateOf(auc, n) : noEstimate(n, whyNot(auc))
  const shiftEstimate =
    shift.status === 'ok' ? estimateOf({ status: 'ok', ...shift.shift }, n) : noEstimate(n, whyNot(shift))
  const by = top.length === 0 ? '' : `, most of all by ${sayList(top.map(({ column }) => column))}`
  const aucSentence =
    auc.status === 'insufficient'
      ? `Whether a classifier can tell the window from the reference is unknown: ${whyNot(auc)}.`
      : aucStatus === 'ok'
        ? `A classifier can hardly tell the window from the reference: area under the ROC curve ${sayEstimate(aucEstimate)}, limit ${sayNumber(domainThreshold)}.`
        : `A classifier tells the window from the reference with an area under the ROC curve of ${sayEstimate(aucEstimate)}, limit ${sayNumber(domainThreshold)} (${sayPValue(adjustedAuc ?? 1)})${by}.`
  const shiftSentence =
    shift.status === 'insufficient'
      ? `Whether the relations between the columns hold is unknown: ${whyNot(shift)}.`
      : shiftStatus === 'ok'
        ? `The relations between the columns hold: the reconstruction error moved by ${sayEstimate(shiftEstimate)} deviations, limit ${sayNumber(reconstructionThreshold)}.`
        : `The relations between the columns have changed: the reconstruction error moved by ${sayEstimate(shiftEstimate)} deviations, limit ${sayNumber(reconstructionThreshold)} (${sayPValue(adjustedShift ?? 1)}).`
  const detail: MultivariateDrift = {
    columns: [...pooled.names],
    rows: pooled.rows,
    domainClassifier: {
      status: aucStatus,
      auc: aucEstimate,
      threshold: domainThreshold,
      pValue: auc.status === 'ok' ? auc.pValue : null,
      adjustedPValue: adjustedAuc,
      top,
      sentence: aucSentence,
    },
    reconstruction: {
      status: shiftStatus,
      components: shift.status === 'ok' ? shift.components : 0,
      explained: shift.status === 'ok' ? shift.explained : 0,
      reference:
        shift.status === 'ok' ? estimateOf({ status: 'ok', ...shift.reference }, n) : noEstimate(n, whyNot(shift)),
      current: shift.status === 'ok' ? estimateOf({ status: 'ok', ...shift.current }, n) : noEstimate(n, whyNot(shift)),
      shift: shiftEstimate,
      threshold: reconstructionThreshold,
      pValue: shift.status === 'ok' ? shift.pValue : null,
      adjustedPValue: adjustedShift,
      sentence: shiftSentence,
    },
  }
  const evidence = (test: string, pValue: number | null, adjustedPValue: number | null) =>
    pValue === null ? null : { test, statistic: null, pValue, adjustedPValue, isExact: true }
  return {
    detail,
    findings: [
      findingOf({ metric: 'domainAuc' }, aucEstimate, {
        status: aucStatus,
        evidence: evidence('rank sums of folds', detail.domainClassifier.pValue, adjustedAuc),
        message: aucSentence,
      }),
      findingOf({ metric: 'reconstructionShift' }, shiftEstimate, {
        status: shiftStatus,
        evidence: evidence('Welch', detail.reconstruction.pValue, adjustedShift),
        message: shiftSentence,
      }),
    ],
  }
}

function statusOf(effect: number, threshold: number, adjustedPValue: number | null, alpha: number): Status {
  if (effect <= threshold) return 'ok'
  return adjustedPValue !== null && adjustedPValue <= alpha ? 'breach' : 'insufficient'
}

const whyNot = ({ reason, n, needed }: Insufficient): string =>
  needed === null ? sayReason(reason) : `${sayCount(n)} rows of at least ${sayCount(needed)}`
