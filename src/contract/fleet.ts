import { z } from 'zod'
import { healthRow } from './api/workspace.ts'
import { device, deviceId, deviceVersions } from './device.ts'
import { headline, pageRequest } from './primitives.ts'

/** A device with how it is doing, as it stands in a list. */
export const deviceRow = z.strictObject({ device, health: healthRow, versions: deviceVersions })
export type DeviceRow = z.infer<typeof deviceRow>

export const deviceOrder = z.enum(['name', 'status', 'seen', 'channels', 'alerts', 'version', 'group', 'site'])
export type DeviceOrder = z.infer<typeof deviceOrder>

/** Which devices, in which order. Equals stand by name. */
export const deviceQuery = z.strictObject({
  /** Every word must occur in name, key, site, group, tags, firmware or version; letters of either case. */
  text: z.string().max(200).default(''),
  /** Devices of this group; the empty one is of those without. */
  group: z.string().max(100).nullable().default(null),
  status: headline.shape.status.nullable().default(null),
  sort: deviceOrder.default('status'),
  direction: z.enum(['ascending', 'descending']).default('descending'),
})
export type DeviceQuery = z.infer<typeof deviceQuery>
export const devicePageRequest = z.strictObject({ ...deviceQuery.shape, ...pageRequest.shape })

/** All devices together: whether they are all right, and what they can be narrowed by. */
export const fleet = z.strictObject({
  headline,
  devices: z.int(),
  byStatus: z.record(headline.shape.status, z.int()),
  /** In order of name; the empty one, of devices without a group, last. */
  groups: z.array(z.strictObject({ name: z.string(), devices: z.int() })),
})
export type Fleet = z.infer<typeof fleet>

/** What a device is called, for choices and links. */
export const deviceName = z.strictObject({ id: deviceId, key: device.shape.key, name: device.shape.name })
