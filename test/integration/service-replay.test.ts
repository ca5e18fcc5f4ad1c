import { afterEach, describe, expect, it } from 'vitest'
import { createCleanUp, openRoomConsole } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

describe('dead letters of pushes', () => {
  it('are taken once what they name is registered; what is still wrong keeps its new reason', async () => {
    const { console, deployment } = await openRoomConsole(cleanUp)
    const { connection, token } = await console.call('connections.createIngestToken', {
      ...{ key: 'push', name: 'Push', acceptsNewDevices: false },
    })
    const push = (path: string, body: unknown) =>
      fetch(`http://127.0.0.1:${console.headless.server.port}/ingest/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const at = Date.now() - 1000
    const sample = { at, inputs: { temperature: 20, light: 100 }, prediction: 'empty', device: 'box' }
    await push('deployments/room/samples', [
      { ...sample, id: 'a' },
      { ...sample, id: 'b', prediction: 'crowded' },
    ])
    const letters = { connectionId: connection.record.id }
    expect((await console.call('deadLetters.list', letters)).items.map(({ code }) => code).sort()).toEqual([
      'unknown-device',
      'unknown-device',
    ])
    await console.call('devices.save', {
      ...{ id: null, revision: null },
      device: { key: 'box', name: 'Box', site: '', firmware: null, tags: [], channels: [] },
    })
    const outcome = await console.call('deadLetters.replay', { ids: null, ...letters, reason: 'The box is registered' })
    expect(outcome).toMatchObject({ taken: 1, refused: 1 })
    expect(outcome.reasons[0].reason).toContain('crowded')
    const window = { from: 0, to: Date.now() + 1000 }
    const { items } = await console.call('samples.list', { deploymentId: deployment.record.id, window })
    expect(items.map(({ id }) => id)).toEqual(['a'])
    const open = await console.call('deadLetters.list', { ...letters, filter: { state: 'open' } })
    expect(open.items).toHaveLength(1)
    expect(open.items[0].replay).toMatchObject({ status: 'refused' })
    expect(open.total).toBe(1)
  })
})
