import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { makeService } from '../fault/service.ts'
import { makeRandom } from '../suites/store/store-data.ts'
import { openTestConsole } from '../support/console.ts'
import { findFreePort } from '../support/mosquitto.ts'
import { createCleanUp, openRoomConsole } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const seed = 20_261_121
const exchanges = 150

describe('a console that is killed between the halves of exchanges', () => {
  it(`has each as one sample in the end (seed ${seed})`, { timeout: 120_000 }, async () => {
    const random = makeRandom(seed)
    const workspacePath = await mkdtemp(join(tmpdir(), 'events-kill-'))
    cleanUp.later(() => rm(workspacePath, { recursive: true, force: true }))
    const own = createCleanUp()
    const { console, deployment } = await openRoomConsole(own, { workspacePath })
    const { token } = await console.call('connections.createIngestToken', {
      ...{ key: 'push', name: 'Push', acceptsNewDevices: false },
    })
    await own.run()

    const port = await findFreePort()
    const service = makeService(workspacePath, port)
    cleanUp.later(() => service.kill())
    const bodies = {
      request: { instances: [{ temperature: 21, light: 300, window: 'open' }] },
      response: { predictions: ['occupied'] },
    }
    type Half = { id: string; half: keyof typeof bodies }
    /** Whether it was acknowledged. */
    const send = ({ id, half }: Half) =>
      fetch(`http://127.0.0.1:${port}/ingest/v1/deployments/room/cloudevents`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...{ 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': 'room' },
          'ce-type': `org.kubeflow.serving.inference.${half}`,
        },
        body: JSON.stringify(bodies[half]),
      }).then(
        async ({ status, body }) => {
          await body?.cancel()
          return status === 200
        },
        () => false,
      )
    /** Sends all, four at a time, and kills the console once so many are acknowledged. Returns those that were not. */
    async function sendAndKill(halves: readonly Half[], killAfter: number): Promise<Half[]> {
      expect(await service.start()).toBe(true)
      const rest = [...halves]
      const lost: Half[] = []
      let acknowledged = 0
      let killed: Promise<void> | null = null
      const sender = async () => {
        for (let half = rest.shift(); half !== undefined; half = rest.shift()) {
          if (killed !== null || !(await send(half))) lost.push(half)
          else if (++acknowledged === killAfter) killed = service.kill()
        }
      }
      await Promise.all([sender(), sender(), sender(), sender()])
      await (killed ?? service.kill())
      return lost
    }

    // Either half first; never again what was acknowledged, but always what was not.
    const ids = Array.from({ length: exchanges }, (_, i) => `e${i}`)
    const isAskedFirst = ids.map(() => random() < 0.5)
    const halfOf = (isFirst: boolean) => (id: string, i: number) =>
      ({ id, half: isFirst === isAskedFirst[i] ? 'request' : 'response' }) as const
    let left: Half[] = ids.map(halfOf(true))
    left = await sendAndKill(left, Math.floor(exchanges * (0.3 + 0.4 * random())))
    expect(left.length).toBeGreaterThan(0)
    expect(await sendAndKill(left, Number.POSITIVE_INFINITY)).toEqual([])
    left = ids.map(halfOf(false))
    left = await sendAndKill(left, Math.floor(exchanges * (0.3 + 0.4 * random())))
    expect(left.length).toBeGreaterThan(0)
    // Some come a second time although they were acknowledged.
    expect(await sendAndKill([...left, ...ids.slice(0, 20).map(halfOf(true))], Number.POSITIVE_INFINITY)).toEqual([])

    const after = await openTestConsole({ workspacePath })
    cleanUp.later(() => after.close())
    const window = { from: 0, to: Date.now() + 60_000 }
    const found = await after.call('samples.list', { deploymentId: deployment.record.id, window, limit: 200 })
    expect(found.items.map(({ id }) => id).sort()).toEqual([...ids].sort())
    expect((await after.call('deadLetters.list', { connectionId: null })).items).toEqual([])
    const [{ state }] = await after.call('connections.list', {})
    expect(state.counters).toMatchObject({ received: exchanges, stored: exchanges, repeated: 0, refused: 0 })
  })
})
