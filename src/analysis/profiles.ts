import { isBlobKind } from '../contract/blob.ts'
import type { SchemaSpec } from '../contract/model.ts'
import type { Binning, CategoricalSummary, Profile } from '../contract/profile.ts'
import type { Answer } from './answer.ts'
import { type Comparison, incomparable } from './drift/comparison.ts'
import { describeDrift } from './drift/describe.ts'
import { compareSummaries } from './drift/summaries.ts'
import type { ParametersOf } from './parameters.ts'
import { own, setOwn } from './profile/counts.ts'
import { maxPairs } from './profile/outcomes.ts'

export { mergeProfiles } from './profile/fold.ts'
export { profileOfTable } from './profile/of-table.ts'

export interface ProfileDriftInput {
  readonly reference: Profile
  /** Of any span: the sum of its hourly profiles. */
  readonly current: Profile
  /** How both were binned; columns that it omits (blobs) are left out. */
  readonly binning: Binning
  readonly schema: SchemaSpec | null
}

/**
 * The question of {@link analyzeDrift} answered from profiles, at a cost that does not depend on the number of samples.
 *
 * Judged by the same rules; what differs is said in `compareSummaries`: measures of shares are exact, tests are of
 * the bins, and KS and Wasserstein are approximate, with certain bounds. Covers inputs, prediction and, for
 * classifications, labels; scores are not in profiles. `isExact` is false throughout. O(columns · bins).
 */
export function analyzeDriftFromProfiles(
  { reference, current, binning, schema }: ProfileDriftInput,
  parameters: ParametersOf<'drift'>,
): Answer<'drift'> {
  const skipped = new Set([
    ...binning.omitted,
    ...(schema?.columns.filter((spec) => isBlobKind(spec.type)).map((spec) => spec.name) ?? []),
  ])
  const names = new Set(parameters.columns ?? [...Object.keys(reference.columns), ...Object.keys(current.columns)])
  const comparisons: Comparison[] = []
  for (const name of names)
    if (!skipped.has(name))
      comparisons.push(
        compareSummaries(
          name,
          'feature',
          own(reference.columns, name) ?? null,
          own(current.columns, name) ?? null,
          parameters,
        ),
      )
  if (parameters.includePrediction && reference.prediction.n > 0 && current.prediction.n > 0)
    comparisons.push(compareSummaries('prediction', 'prediction', reference.prediction, current.prediction, parameters))
  const [labels, labelsNow] = [labelsOf(reference), labelsOf(current)]
  if (parameters.includeLabel && labels !== null && labelsNow !== null)
    comparisons.push(
      labels.overflow + labelsNow.overflow === 0
        ? compareSummaries('label', 'label', labels, labelsNow, parameters)
        : incomparable(
            {
              name: 'label',
              role: 'label',
              type: 'categorical',
              n: { reference: labels.n, current: labelsNow.n },
              missing: { reference: 0, current: 0 },
              isExact: false,
            },
            `profiles keep ${maxPairs} pairs of label and prediction, and there are more`,
          ),
    )
  return describeDrift(comparisons, parameters)
}

/** Labels of a classification as a summary; null when there are none. */
function labelsOf({ outcomes, n }: Profile): CategoricalSummary | null {
  const all = own(outcomes, '')
  if (all === undefined) return null
  const counts: Record<string, number> = {}
  let labelled = 0
  for (const actual of Object.keys(all.confusion)) {
    const count = Object.values(all.confusion[actual]).reduce((sum, hits) => sum + hits, 0)
    setOwn(counts, actual, count)
    labelled += count
  }
  const overflow = all.omitted?.count ?? 0
  labelled += overflow
  // A label that has not come yet is no missing value.
  return labelled === 0 || n === 0
    ? null
    : { type: 'categorical', n: labelled, missing: 0, unseen: 0, counts, overflow }
}
