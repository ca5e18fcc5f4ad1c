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
  const versions = async () => (await console.call('devices.list', {}))[0].versions
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
