import { z } from 'zod'
import { instant } from './primitives.ts'

/** What an incident most likely is: of the device, of the world, or of the model; `unclear` where too little was judged. */
export const incidentKind = z.enum(['sensor-fault', 'population-shift', 'model-fault', 'unclear'])
export type IncidentKind = z.infer<typeof incidentKind>

/** The verdict on what happened around a deployment in a window, with what speaks for it and what was ruled out. */
export const incidentVerdict = z.strictObject({
  kind: incidentKind,
  since: instant,
  /** `Likely a sensor fault since 14:20: …` */
  sentence: z.string(),
  /** What it rests on, oldest first. */
  evidence: z.array(
    z.strictObject({ at: instant, role: z.enum(['cause', 'symptom']), title: z.string(), path: z.string().nullable() }),
  ),
  /** Why it is none of the others. */
  ruledOut: z.array(z.string()),
})
export type IncidentVerdict = z.infer<typeof incidentVerdict>
