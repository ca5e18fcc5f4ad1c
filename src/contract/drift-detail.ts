import { z } from 'zod'
import { estimate } from './primitives.ts'

/* Parts of the detail of drift that have a shape of their own. */

/** Change of a population's mean, or of the category whose share moved most. */
export const populationChange = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('mean'),
    reference: estimate,
    current: estimate,
    /** Now minus then. */
    difference: estimate,
  }),
  z.strictObject({
    type: z.literal('share'),
    category: z.string(),
    reference: estimate,
    current: estimate,
    /** Now minus then; the interval holds for all categories together. */
    difference: estimate,
  }),
])
export type PopulationChange = z.infer<typeof populationChange>

/** What the default rule of another tool says about the same two samples. */
export const panelVerdict = z.strictObject({
  /** As people know the tool. */
  rule: z.string(),
  /** What its number is. */
  measure: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  /** Where the number must lie to fire. */
  firesWhen: z.enum(['below', 'at most', 'above', 'at least']),
  verdict: z.enum(['drift', 'possible', 'no drift', 'none']),
  /** Why it agrees or not with the console. */
  sentence: z.string(),
})
export type PanelVerdict = z.infer<typeof panelVerdict>
export const verdictPanel = z.strictObject({ sentence: z.string(), rules: z.array(panelVerdict) })
export type VerdictPanel = z.infer<typeof verdictPanel>
