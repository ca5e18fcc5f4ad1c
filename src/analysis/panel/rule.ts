import type { PanelVerdict } from '../../contract/drift-detail.ts'
import type { DriftFeature } from '../../contract/report.ts'
import type { Column } from '../../contract/table.ts'
import type { PanelSamples } from './samples.ts'

/** All that a rule may look at. */
export interface RuleInput {
  readonly samples: PanelSamples
  /** The reference in the order of its rows, for rules that cut it into chunks; codes are those of the samples' categories. */
  readonly referenceRows: Column
  readonly role: DriftFeature['role']
  /** Inputs that are tested together. */
  readonly features: number
}

/** What a rule says, without a comparison with ours. */
export interface RuleResult extends Omit<PanelVerdict, 'rule' | 'sentence'> {
  readonly kind: 'p-value' | 'distance'
  /** What is peculiar about the rule, as a clause. */
  readonly trait: string
}

export interface Rule {
  readonly name: string
  readonly judge: (input: RuleInput) => RuleResult
}

/** A number against a threshold; without a number there is no verdict. */
export function judged(
  of: Pick<RuleResult, 'kind' | 'measure' | 'value' | 'threshold' | 'firesWhen' | 'trait'>,
): RuleResult {
  const { value, threshold, firesWhen } = of
  if (value === null || threshold === null || !Number.isFinite(value) || !Number.isFinite(threshold))
    return { ...of, value: null, threshold: finite(threshold), verdict: 'none' }
  const fires = {
    below: value < threshold,
    'at most': value <= threshold,
    above: value > threshold,
    'at least': value >= threshold,
  }[firesWhen]
  return { ...of, verdict: fires ? 'drift' : 'no drift' }
}

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null)
