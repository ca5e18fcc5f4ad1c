import { z } from 'zod'
import { sliceCondition } from './error-slices.ts'
import { modelId } from './model.ts'
import { estimate, instant, prose, recordId } from './primitives.ts'

export const cohortId = recordId('coh')

/** A slice of a model's samples that somebody saved, to follow how the model does on it. */
export const cohort = z.strictObject({
  id: cohortId,
  modelId,
  /** Unique within the model; findings bear it as their group. */
  name: z.string().trim().min(1).max(100),
  /** A row is in it when it meets all. */
  conditions: z.array(sliceCondition).min(1).max(20),
  note: prose.default(''),
  /** Whether answers about errors give a finding on it; switched off, it keeps its past. */
  isFollowed: z.boolean(),
  createdAt: instant,
})
export type Cohort = z.infer<typeof cohort>

/** How a model did on a cohort in a span of time. */
export const cohortBucket = z.strictObject({
  from: instant,
  /** Samples in the cohort, labelled or not. */
  n: z.int(),
  /** Of those labelled, the share that is wrong. */
  errorRate: estimate,
  /** The same of all other samples. */
  rest: estimate,
})
export type CohortBucket = z.infer<typeof cohortBucket>
