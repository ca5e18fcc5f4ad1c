import type { PanelVerdict, VerdictPanel } from '../../contract/drift-detail.ts'
import type { DriftFeature } from '../../contract/report.ts'
import type { Column } from '../../contract/table.ts'
import { finitePart, sortSample } from '../../stats/sorted-sample.ts'
import { countCategories } from '../drift/categorical.ts'
import { sayCount, sayList, sayMany, sayNumber, sayPValue } from '../wording.ts'
import type { RuleInput, RuleResult } from './rule.ts'
import { rules } from './rules.ts'
import type { PanelSamples } from './samples.ts'

/**
 * The default rules of other tools on two samples that were judged, each with its number, threshold and verdict, and why it
 * differs from ours. Both columns must be of one type and hold values. `features` inputs were tested together. O(n log n).
 */
export function buildVerdictPanel(
  { reference, current }: { readonly reference: Column; readonly current: Column },
  feature: DriftFeature,
  features: number,
  alpha: number,
): VerdictPanel | undefined {
  const input = toInput(reference, current, feature, features)
  if (input === null) return undefined
  const verdicts = rules.map(({ name, judge }): PanelVerdict => {
    const { kind, trait, ...result } = judge(input)
    return { rule: name, ...result, sentence: explain({ kind, trait, ...result }, feature, features, alpha) }
  })
  return { sentence: sumUp(verdicts, feature), rules: verdicts }
}

function toInput(reference: Column, current: Column, { role }: DriftFeature, features: number): RuleInput | null {
  if (reference.type === 'numeric' && current.type === 'numeric') {
    const finite = (column: Float64Array) => ({ values: finitePart(sortSample(column)).values, missing: 0 })
    const samples: PanelSamples = {
      type: 'numeric',
      reference: finite(reference.values),
      current: finite(current.values),
    }
    return { samples, referenceRows: reference, role, features }
  }
  if (reference.type === 'categorical' && current.type === 'categorical') {
    // The reference's categories come first in the union, so that its codes need no change.
    const counts = countCategories(reference, current)
    const samples: PanelSamples = { type: 'categorical', reference: counts.reference, current: counts.current }
    return { samples, referenceRows: reference, role, features }
  }
  return null
}

/** One sentence: the same verdict or why not. */
function explain(result: RuleResult, { verdict, n }: DriftFeature, features: number, alpha: number): string {
  const { kind, measure, value, threshold, trait } = result
  if (value === null || threshold === null) return 'It has no number for these samples.'
  const fires = result.verdict === 'drift'
  const withheld = verdict.status === 'insufficient'
  if (result.verdict === 'possible') return `It leaves the matter open: ${trait}.`
  if (fires === verdict.isDrifted && !withheld) return `It agrees: ${trait}.`
  const { effect } = verdict
  const size = effect.value === null ? 'no size' : `an effect of ${sayNumber(effect.value)}`
  const isEvident = verdict.adjustedPValue !== null && verdict.adjustedPValue <= alpha
  const counts = `${sayCount(n.reference)} and ${sayCount(n.current)} values`
  if (withheld) {
    const needed = verdict.neededN === null ? '' : `, for about ${sayCount(verdict.neededN)} values a side are needed`
    return `It ${fires ? 'decides' : 'sees none'} where the console holds back${needed}; ${trait}.`
  }
  if (fires && kind === 'p-value')
    return isEvident
      ? `It asks only whether anything differs: ${counts} show ${size}, which the console's limit of ${sayNumber(effect.threshold)} lets pass; ${trait}.`
      : features > 1
        ? `It tests each column as though it were alone: after correction over ${sayMany(features, 'column')} the console sees no evidence; ${trait}.`
        : `Its test sees evidence where the console's sees none (${verdict.test}); ${trait}.`
  if (fires)
    return isEvident
      ? `By its measure the change is beyond its limit: ${measure} ${sayNumber(value)} against ${sayNumber(threshold)}, while the console sees ${size} within ${sayNumber(effect.threshold)}; ${trait}.`
      : `It asks for no evidence: ${counts} reach its limit by chance${verdict.adjustedPValue === null ? '' : ` (${verdict.test} ${sayPValue(verdict.adjustedPValue)})`}; ${trait}.`
  if (kind === 'p-value')
    return `Its test is weaker here: ${sayPValue(value)} against ${sayNumber(threshold)}, where the console has ${verdict.test} ${sayPValue(verdict.adjustedPValue ?? 1)}; ${trait}.`
  return `Its limit lets this change pass: ${measure} ${sayNumber(value)} against ${sayNumber(threshold)}, where the console has ${size} over ${sayNumber(effect.threshold)}; ${trait}.`
}

function sumUp(verdicts: readonly PanelVerdict[], { verdict }: DriftFeature): string {
  const fired = verdicts.filter((each) => each.verdict === 'drift').map(({ rule }) => rule)
  const judging = verdicts.filter((each) => each.verdict !== 'none').length
  const ours = verdict.isDrifted
    ? 'The console calls it drift'
    : verdict.status === 'insufficient'
      ? 'The console holds back'
      : 'The console calls it no drift'
  if (fired.length === 0) return `${ours}; none of ${judging} other default rules fires.`
  if (fired.length === judging) return `${ours}; all ${judging} other default rules fire.`
  return `${ours}; of ${judging} other default rules ${sayList(fired, 7)} ${fired.length === 1 ? 'fires' : 'fire'}.`
}
