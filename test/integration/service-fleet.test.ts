import { afterEach, expect, it } from 'vitest'
import { createCleanUp, noLineage, openRoomConsole, roomSchema } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

it('tells which version a device should run and which its newest sample names', async () => {
  const { console, model, version } = await openRoomConsole(cleanUp)
  const next = await console.call('versions.register', {
    ...{ modelId: model.record.id, name: '2.0', lineage: noLineage, schema: roomSchema },
    ...{ referenceDatasetId: null, artifacts: [] },
  })
  const draft = { key: 'box', name: 'Box', site: 'Hall', firmware: '1.2', tags: ['a'], channels: [], group: 'Gates' }
  const save = (id: string | null, revision: number | null, desiredVersionId: string) =>
    console.call('devices.save', { id, revision, device: { ...draft, desiredVersionId } })
  const saved = await save(null, null, next.record.id)
  await expect(save(null, null, 'ver_none')).rejects.toThrow()
  const { token } = await console.call('connections.createIngestToken', {
    ...{ key: 'push', name: 'Push', acceptsNewDevices: false },
  })
  const push = (id: string, at: number, more: object = {}) =>
    fetch(`http://127.0.0.1:${console.headless.server.port}/ingest/v1/deployments/room/samples`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        id,
        at,
        inputs: { temperature: 20, light: 1 },
        prediction: 'empty',
        device: 'box',
        ...more,
      }),
    })
  const versions = async () => (await console.call('devices.list', {})).items[0].versions
  expect(await versions()).toEqual({ desired: '2.0', reported: null, isAsDesired: null })
  const at = Date.now() - 60_000
  await push('a', at)
  expect(await versions()).toEqual({ desired: '2.0', reported: { name: '1.0', at }, isAsDesired: false })
  await push('b', at + 1000, { version: '2.0' })
  // One that comes late says nothing about now.
  await push('c', at - 1000)
  expect(await versions()).toMatchObject({ reported: { name: '2.0' }, isAsDesired: true })
  await save(saved.record.id, saved.revision, version.record.id)
  const { device, versions: own } = await console.call('devices.get', { id: saved.record.id })
  expect(own).toMatchObject({ desired: '1.0', reported: { name: '2.0' }, isAsDesired: false })
  expect(device.record.group).toBe('Gates')
})

it('lists the devices that are asked for a page at a time, and keeps what it says of them current', async () => {
  const { console } = await openRoomConsole(cleanUp)
  const light = {
    ...{ name: 'light', unit: 'lx', range: null, limit: null, stuckAfterMs: null },
    expectedEveryMs: 60_000,
  }
  for (let index = 1; index <= 5; index += 1)
    await console.call('devices.save', {
      ...{ id: null, revision: null },
      device: {
        ...{ key: `box-${index}`, name: `Box ${index}`, site: '', firmware: null, tags: [], channels: [light] },
        ...(index > 3 && { group: 'Gates' }),
      },
    })
  const names = (page: { items: { device: { name: string } }[] }) => page.items.map(({ device }) => device.name)
  const byName = { sort: 'name', direction: 'ascending' } as const
  const first = await console.call('devices.list', { ...byName, limit: 2 })
  expect([names(first), first.total]).toEqual([['Box 1', 'Box 2'], 5])
  const second = await console.call('devices.list', { ...byName, limit: 2, cursor: first.nextCursor })
  expect(names(second)).toEqual(['Box 3', 'Box 4'])
  const last = await console.call('devices.list', { ...byName, limit: 2, cursor: second.nextCursor })
  expect([names(last), last.nextCursor]).toEqual([['Box 5'], null])
  await expect(console.call('devices.list', { cursor: 'nowhere' })).rejects.toThrow('cursor')
  expect(names(await console.call('devices.list', { group: 'Gates', text: 'box 5' }))).toEqual(['Box 5'])
  expect(await console.call('devices.fleet', {})).toMatchObject({
    headline: { status: 'unknown' },
    ...{ devices: 5, byStatus: { unknown: 5, ok: 0 } },
    groups: [
      { name: 'Gates', devices: 2 },
      { name: '', devices: 3 },
    ],
  })

  // Telemetry of an hour ago: the device is known to be silent at once.
  const { token } = await console.call('connections.createIngestToken', {
    ...{ key: 'push', name: 'Push', acceptsNewDevices: false },
  })
  const sent = await fetch(`http://127.0.0.1:${console.headless.server.port}/ingest/v1/devices/box-4/telemetry`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ at: Date.now() - 3_600_000, values: { light: 1 } }),
  })
  expect(sent.status).toBe(202)
  const silent = await console.call('devices.list', { status: 'breach' })
  expect(names(silent)).toEqual(['Box 4'])
  expect(silent.items[0].health.headline.text).toMatch(/has been silent for 60 minutes/)
  const overview = await console.call('overview.get', {})
  expect(overview.headline.text).toMatch(/^Box 4 has been silent/)
  expect([overview.deviceCount, overview.devices[0].name]).toEqual([5, 'Box 4'])
  // A changed device stands in its new group at once.
  const { device } = await console.call('devices.get', { id: silent.items[0].device.id })
  const { id, createdAt: _createdAt, ...draft } = device.record
  await console.call('devices.save', { id, revision: device.revision, device: { ...draft, group: 'Yard' } })
  expect(names(await console.call('devices.list', { group: 'Yard' }))).toEqual(['Box 4'])
})
