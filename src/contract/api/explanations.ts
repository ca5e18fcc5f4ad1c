import { z } from 'zod'
import { explanationJob, explanationKind, sampleEnvelope, sampleExplanation } from '../explanation.ts'
import { keptExplanation } from '../kept-explanation.ts'
import { deploymentId } from '../model.ts'
import { recordId } from '../primitives.ts'
import { command, everyone, query } from '../rpc.ts'
import { sampleKey } from '../sample.ts'

export const explanationsApi = {
  /**
   * Asks the model that gave a prediction why: the registered file where it can be asked, else the endpoint, within a budget of
   * calls. The job's result is the id of the explanation.
   */
  'explanations.ask': command({
    roles: ['operator', 'product-owner', 'qa-expert', 'administrator'],
    input: z.strictObject({
      deploymentId,
      sampleId: sampleKey,
      what: explanationKind,
      /** `endpoint`: ask the endpoint even where the file could be asked. */
      asks: z.enum(['auto', 'endpoint']).default('auto'),
      /** Most made-up rows; absent: what suits the model that is asked. */
      budgetRows: z.int().min(10).max(100_000_000).optional(),
    }),
    output: explanationJob,
  }),
  /** How far a sample lies from the reference of the version that predicted it; no model is asked. */
  'explanations.envelope': query({
    roles: [...everyone],
    input: z.strictObject({ deploymentId, sampleId: sampleKey }),
    /** `reason`: why it cannot be said. */
    output: z.strictObject({ envelope: sampleEnvelope.nullable(), reason: z.string().nullable() }),
  }),
  /** What was found of a sample so far, the newest of each kind, newest first. */
  'explanations.list': query({
    roles: [...everyone],
    input: z.strictObject({ deploymentId, sampleId: sampleKey }),
    output: z.array(z.strictObject({ kept: keptExplanation, versionName: z.string(), askedBy: z.string().nullable() })),
  }),
  /** What was found; kept with the workspace. */
  'explanations.get': query({
    roles: [...everyone],
    input: z.strictObject({ id: recordId('exp') }),
    output: z.strictObject({ sampleId: sampleKey, explanation: sampleExplanation }),
  }),
} as const
