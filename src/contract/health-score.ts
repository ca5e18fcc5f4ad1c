import { z } from 'zod'

/** 100 for a channel of which nothing is wrong, less what each part takes; the parts add up to what is lost, up to 100. */
export const healthScore = z.strictObject({
  value: z.number().min(0).max(100),
  parts: z.array(
    z.strictObject({
      part: z.enum(['silent', 'stuck', 'impossible', 'range', 'shifted', 'limit', 'jumps', 'coarser', 'jitter']),
      lost: z.number().min(0).max(100),
      sentence: z.string(),
    }),
  ),
})
export type HealthScore = z.infer<typeof healthScore>
