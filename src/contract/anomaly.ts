import { z } from 'zod'
import { instant } from './primitives.ts'

const score = z.number().min(0).max(1)

/** A stretch that a person should look at. */
export const anomaly = z.strictObject({ from: instant, to: instant, score, reason: z.string() })
export type AnomalySpan = z.infer<typeof anomaly>

/** How unusual readings were over a window, each by those before it: the highest score in each step; null without a reading. */
export const anomalyCourse = z.strictObject({
  from: instant,
  stepMs: z.int().min(1),
  scores: z.array(score.nullable()),
})
export type AnomalyCourse = z.infer<typeof anomalyCourse>

/** The channels of a device taken together. */
export const jointAnomalies = z.strictObject({
  channels: z.array(z.string()),
  anomalies: z.array(anomaly),
  course: anomalyCourse,
})
