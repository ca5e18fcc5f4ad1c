import { describe, expect, it } from 'vitest'
import type { Device } from '../../contract/device.ts'
import { type DeviceQuery, deviceQuery } from '../../contract/fleet.ts'
import { chooseEntries, type EntryFacts, entryOf, type FleetEntry } from './fleet-entry.ts'

const now = Date.UTC(2026, 0, 2)
const channel = { unit: '', range: null, limit: null, stuckAfterMs: null }
const device = (name: string, changes: Partial<Device> = {}): Device => ({
  ...{ id: `dev_${name}`, key: name, name, site: '', firmware: null, tags: [], channels: [], createdAt: 0 },
  ...changes,
})
const entry = (name: string, changes: Partial<Device> = {}, known: Partial<FleetEntry> = {}) =>
  entryOf(device(name, changes), { standing: 'ok', lastSeenAt: now, ...known })

const facts: EntryFacts = {
  now,
  openAlerts: (id) => (id === 'dev_box-2' ? 3 : 0),
  versions: ({ id }) =>
    id === 'dev_box-2'
      ? { desired: '2.0', reported: '1.0', isAsDesired: false }
      : { desired: null, reported: '3.0', isAsDesired: null },
}
const rhythm = [{ ...channel, name: 'light', expectedEveryMs: 60_000 }]
const entries = [
  entry('box-10', { group: 'gates', site: 'Hall', tags: ['Outdoor'] }, { standing: 'warning' }),
  entry('box-2', { group: 'gates', firmware: '1.2' }),
  entry('silent', { channels: rhythm }, { lastSeenAt: now - 3_600_000 }),
  entry('new', {}, { lastSeenAt: null, standing: 'unknown' }),
]
const names = (query: Partial<DeviceQuery>) =>
  chooseEntries(entries, deviceQuery.parse(query), facts).map(({ name }) => name)

describe('chooseEntries', () => {
  it('stands the worst first, silence before what was found, equals by name', () =>
    expect(names({})).toEqual(['silent', 'box-10', 'new', 'box-2']))

  it('finds every word, whatever its case, in what is written of a device and in its versions', () => {
    expect(names({ text: 'OUTDOOR hall' })).toEqual(['box-10'])
    expect(names({ text: 'outdoor 1.2' })).toEqual([])
    expect(names({ text: ' 2.0 ' })).toEqual(['box-2'])
  })

  it('narrows by group, by none, and by status', () => {
    expect(names({ group: 'gates', sort: 'name', direction: 'ascending' })).toEqual(['box-2', 'box-10'])
    expect(names({ group: '', status: 'breach' })).toEqual(['silent'])
  })

  it('orders both ways and leaves what is not known last', () => {
    expect(names({ sort: 'seen', direction: 'ascending' })).toEqual(['silent', 'box-2', 'box-10', 'new'])
    expect(names({ sort: 'seen', direction: 'descending' })).toEqual(['box-2', 'box-10', 'silent', 'new'])
    expect(names({ sort: 'site', direction: 'descending' })[0]).toBe('box-10')
    expect(names({ sort: 'alerts' })[0]).toBe('box-2')
    expect(names({ sort: 'version' })[0]).toBe('box-2')
    expect(names({ sort: 'channels' })[0]).toBe('silent')
    expect(names({ sort: 'group', direction: 'ascending' }).slice(2)).toEqual(['new', 'silent'])
  })
})
