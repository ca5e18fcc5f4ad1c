import { z } from 'zod'
import { cohort, cohortBucket, cohortId } from '../cohort.ts'
import { heatMap } from '../error-slices.ts'
import { deploymentId, modelId } from '../model.ts'
import { windowSchema } from '../primitives.ts'
import { revisioned } from '../records.ts'
import { command, everyone, query } from '../rpc.ts'
import { labelledSample, sampleKey } from '../sample.ts'

export const slicesApi = {
  /** Error rate of the version that ran, by the values of two columns. */
  'errors.heatMap': query({
    roles: [...everyone],
    input: z.strictObject({ deploymentId, window: windowSchema, columns: z.tuple([z.string(), z.string()]) }),
    output: heatMap,
  }),
  'cohorts.list': query({
    roles: [...everyone],
    input: z.strictObject({ modelId }),
    output: z.array(revisioned(cohort)),
  }),
  'cohorts.save': command({
    roles: ['operator', 'qa-expert', 'administrator'],
    input: z.strictObject({
      id: cohortId.nullable(),
      revision: z.int().nullable(),
      cohort: cohort.omit({ id: true, createdAt: true }),
    }),
    output: revisioned(cohort),
  }),
  /** How a deployment did on a cohort over time; of more samples than can be read the newest. */
  'cohorts.series': query({
    roles: [...everyone],
    input: z.strictObject({
      id: cohortId,
      deploymentId,
      window: windowSchema,
      bucketMs: z.int().min(3_600_000).default(86_400_000),
    }),
    output: z.strictObject({ buckets: z.array(cohortBucket), isCut: z.boolean() }),
  }),
  /** The labelled samples most like one, in the window and of the same version. */
  'samples.nearest': query({
    roles: [...everyone],
    input: z.strictObject({
      deploymentId,
      id: sampleKey,
      window: windowSchema,
      count: z.int().min(1).max(50).default(5),
    }),
    output: z.strictObject({
      /** Labelled samples that were looked at. */
      lookedAt: z.int(),
      nearest: z.array(z.strictObject({ sample: labelledSample, distance: z.number(), isRight: z.boolean() })),
    }),
  }),
} as const
