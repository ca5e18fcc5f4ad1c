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
