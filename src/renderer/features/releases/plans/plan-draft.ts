import type { TestPlan } from '../../../../contract/release.ts'

export type PlanDraft = Pick<TestPlan, 'name' | 'modelId' | 'datasetId' | 'validityDays' | 'gates'>

/** What a person may change of a plan. */
export function draftOf({ name, modelId, datasetId, validityDays, gates }: TestPlan): PlanDraft {
  return { name, modelId, datasetId, validityDays, gates }
}
