import { z } from 'zod'
import { explanationKind, sampleExplanation } from './explanation.ts'
import { deploymentId, versionId } from './model.ts'
import { instant, recordId } from './primitives.ts'
import { sampleKey } from './sample.ts'

/** Why one prediction came out as it did, with all that it was computed from; it stays when the sample is gone. */
export const keptExplanation = z.strictObject({
  id: recordId('exp'),
  deploymentId,
  /** The version that predicted it, and was asked. */
  versionId,
  sampleId: sampleKey,
  what: explanationKind,
  /** Who was to be asked, and about how many made-up rows at most; null: what suits the model. */
  asks: z.enum(['auto', 'endpoint']),
  budgetRows: z.int().nullable(),
  engine: z.string(),
  /** Who asked; null for the console itself. */
  askedBy: recordId('usr').nullable(),
  at: instant,
  explanation: sampleExplanation,
})
export type KeptExplanation = z.infer<typeof keptExplanation>
