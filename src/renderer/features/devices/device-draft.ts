import type { Channel, Device } from '../../../contract/device.ts'

export type DeviceDraft = Omit<Device, 'id' | 'createdAt'>

export const blankDevice: DeviceDraft = { key: '', name: '', site: '', firmware: null, tags: [], channels: [] }

/** What a person may change of a device. */
export function draftOf({ id: _, createdAt: __, ...draft }: Device): DeviceDraft {
  return draft
}

export const blankChannel: Channel = {
  name: '',
  unit: '',
  range: null,
  limit: null,
  expectedEveryMs: null,
  stuckAfterMs: null,
}

/** The channels with one in the place of the one called `name`, or added. */
export function withChannel(channels: readonly Channel[], name: string | null, channel: Channel): Channel[] {
  return channels.some((each) => each.name === name)
    ? channels.map((each) => (each.name === name ? channel : each))
    : [...channels, channel]
}
