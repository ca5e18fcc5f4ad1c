import { z } from 'zod'
import { instant } from './primitives.ts'

/** How a sensor can be wrong so that what it says is of no use. */
export const sensorFaultKind = z.enum(['stuck', 'saturated', 'out-of-range', 'replayed', 'physics', 'clock'])

/** A stretch in which channels of a device cannot be trusted; an empty list of channels means the whole device. */
export const sensorFault = z.strictObject({
  kind: sensorFaultKind,
  channels: z.array(z.string()),
  from: instant,
  to: instant,
  /** `light stood still at 119.1 lx since 2 Mar 2026 14:20 UTC` */
  sentence: z.string(),
})
export type SensorFault = z.infer<typeof sensorFault>

/** Samples that a question left out because a sensor they rest on could not be trusted. */
export const setApart = z.strictObject({ n: z.int(), of: z.int(), faults: z.array(sensorFault.extend({ n: z.int() })) })
export type SetApart = z.infer<typeof setApart>
