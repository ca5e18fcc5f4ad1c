import { z } from 'zod'
import { storyEvent } from '../live/time-lapse.ts'

const secret = z.string().min(16).max(200)

/** Everything that guards a door of the park. Made once, kept in the console's secret store. */
export const parkSecrets = z.strictObject({
  brokerPassword: secret,
  serverToken: secret,
  pipelineToken: secret,
  pipelineKey: secret,
  deployToken: secret,
  deployKey: secret,
  webhookKey: secret,
  controlToken: secret,
})
export type ParkSecrets = z.infer<typeof parkSecrets>

export const BROKER_USER = 'petpark'

/** From the console to the park, over the pipe between the programs. */
export const toPark = z.discriminatedUnion('type', [
  /** Servers, broker and services; the camera still sleeps. */
  z.strictObject({
    type: z.literal('start'),
    folder: z.string(),
    secrets: parkSecrets,
    programs: z.strictObject({ inference: z.string(), retrain: z.string() }),
  }),
  /** Camera, box and keeper begin. `first…` are numbers that history has used up. */
  z.strictObject({
    type: z.literal('open'),
    firstSampleSeq: z.int().min(0),
    firstTelemetrySeq: z.int().min(0),
    isScheduled: z.boolean(),
    speed: z.number(),
  }),
  z.strictObject({ type: z.literal('trigger'), event: storyEvent }),
])
export type ToPark = z.infer<typeof toPark>

export const parkUrls = z.strictObject({
  broker: z.string(),
  test: z.string(),
  production: z.string(),
  /** Pipeline, deploy step, pager and story control. */
  systems: z.string(),
})
export type ParkUrls = z.infer<typeof parkUrls>

export const fromPark = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started'), urls: parkUrls }),
  z.strictObject({ type: z.literal('opened') }),
  z.strictObject({ type: z.literal('failed'), message: z.string() }),
  /** Something an operator of the park would want to know. */
  z.strictObject({ type: z.literal('problem'), sentence: z.string() }),
])
export type FromPark = z.infer<typeof fromPark>
