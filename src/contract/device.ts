import { z } from 'zod'
import { instant, key, recordId, title } from './primitives.ts'

export const deviceId = recordId('dev')

/** One measured quantity of a device. `range` is what the sensor can honestly report; `limit` is what the device endures. */
export const channel = z.strictObject({
  name: z.string().min(1).max(100),
  unit: z.string().max(20),
  range: z.tuple([z.number(), z.number()]).nullable(),
  limit: z.strictObject({ value: z.number(), direction: z.enum(['above', 'below']) }).nullable(),
  /** A gap longer than this is a fault; null where the channel has no rhythm. */
  expectedEveryMs: z.int().min(1).nullable(),
  /** A value unchanged for this long is a stuck sensor; null where standing still is normal. */
  stuckAfterMs: z.int().min(1).nullable(),
})
export type Channel = z.infer<typeof channel>

export const device = z.strictObject({
  id: deviceId,
  key,
  name: title,
  site: z.string().max(200),
  firmware: z.string().max(100).nullable(),
  tags: z.array(z.string().min(1).max(50)).max(50),
  channels: z.array(channel).max(500),
  /** Devices that are looked at and changed together. */
  group: z.string().trim().max(100).optional(),
  /** Version of the model that it should run; what it does run is told by its samples. */
  desiredVersionId: recordId('ver').nullable().optional(),
  createdAt: instant,
})
/** The model version that a device should run, and the one that its newest sample names. */
export const deviceVersions = z.strictObject({
  desired: z.string().nullable(),
  reported: z.strictObject({ name: z.string(), at: instant }).nullable(),
  /** Null where one of the two is not known. */
  isAsDesired: z.boolean().nullable(),
})
export type DeviceVersions = z.infer<typeof deviceVersions>

export type Device = z.infer<typeof device>
