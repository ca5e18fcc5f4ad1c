import { afterEach, describe, expect, it } from 'vitest'
import { createCleanUp, faultsOf, openRoomConsole, stateOf } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

/** A console with the model `room` in production and a push token. */
async function openPushed(acceptsNewDevices = false) {
  const { console, deployment } = await openRoomConsole(cleanUp)
  const made = await console.call('connections.createIngestToken', { key: 'push', name: 'Push', acceptsNewDevices })
  const origin = `http://127.0.0.1:${console.headless.server.port}/ingest/v1`
  const push = async (path: string, headers: Record<string, string>, body: unknown) => {
    const response = await fetch(`${origin}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { console, deployment, push, token: made.token, connectionId: made.connection.record.id }
}

describe('an inference logger', () => {
  it('pushes both halves of an inference with the token in its address, and they are one sample', async () => {
    const { console, deployment, push, token, connectionId } = await openPushed()
    const headers = (half: string, password = token) => ({
      authorization: `Basic ${Buffer.from(`logger:${password}`).toString('base64')}`,
      ...{ 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': 'room' },
      'ce-type': `org.kubeflow.serving.inference.${half}`,
    })
    const path = 'deployments/room/cloudevents'
    const request = { instances: [{ temperature: 21, light: 300, window: 'open' }] }
    expect(await push(path, headers('request', 'x'.repeat(43)), request)).toMatchObject({ status: 401 })
    expect(await push(path, headers('request'), request)).toMatchObject({ status: 200, body: { waiting: 1 } })
    expect(await push(path, headers('response'), { predictions: ['occupied'] })).toMatchObject({
      ...{ status: 200, body: { accepted: 1, refused: 0 } },
    })
    const { sample } = await console.call('samples.get', { deploymentId: deployment.record.id, id: 'e1' })
    expect(sample).toMatchObject({ prediction: 'occupied', inputs: { temperature: 21, light: 300, window: 'open' } })
    expect((await stateOf(console, connectionId)).counters).toMatchObject({ received: 1, stored: 1, refused: 0 })
    expect(faultsOf(console)).toEqual([])
  })
})
