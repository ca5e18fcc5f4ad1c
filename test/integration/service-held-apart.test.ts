import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openTestConsole, type TestConsole } from '../support/console.ts'
import { createCleanUp, openRoomConsole, roomDeployment, stateOf, until } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const hour = 3_600_000
const inputs = { temperature: 20, light: 100 }

async function openPush(workspacePath?: string) {
  const { console, deployment, model, version } = await openRoomConsole(cleanUp, { workspacePath })
  const { connection, token } = await console.call('connections.createIngestToken', {
    ...{ key: 'push', name: 'Push', acceptsNewDevices: true },
  })
  const push = async (path: string, body: unknown, to: TestConsole = console) => {
    const reply = await fetch(`http://127.0.0.1:${to.headless.server.port}/ingest/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: reply.status, body: await reply.json() }
  }
  return { console, push, model, version, deploymentId: deployment.record.id, id: connection.record.id }
}

const timesOf = async ({ call }: TestConsole, deploymentId: string) => {
  const window = { from: 0, to: Date.now() + 400 * 24 * hour }
  const { items } = await call('samples.list', { deploymentId, window })
  return items.map(({ id, at }) => [id, at])
}

describe('what comes ahead of its time', () => {
  it('is held apart durably, once, and released by itself into its hour when that has come', async () => {
    const workspacePath = mkdtempSync(join(tmpdir(), 'assay-held-'))
    cleanUp.later(async () => rmSync(workspacePath, { recursive: true, force: true }))
    const { console: first, push, deploymentId, id } = await openPush(workspacePath)
    const now = Date.now()
    const early = { id: 'early', at: now + 3 * hour, inputs, prediction: 'empty' }
    const sent = [early, { ...early, id: 'now', at: now }, { ...early, id: 'far', at: now + 100 * hour }]
    for (const _ of [1, 2])
      expect(await push('deployments/room/samples', sent)).toMatchObject({
        status: 202,
        body: { accepted: 1, refused: 0, held: 2, errors: [] },
      })
    expect((await stateOf(first, id)).counters).toMatchObject({ stored: 1, repeated: 1, refused: 0, held: 2 })
    const held = { connectionId: id, filter: { state: 'held' as const } }
    const { items } = await first.call('deadLetters.list', held)
    expect(items.map(({ code, aheadAt, reason }) => [code, aheadAt, reason])).toEqual([
      ['ahead-of-time', now + 100 * hour, expect.stringContaining('4.2 days in the future')],
      ['ahead-of-time', now + 3 * hour, expect.stringContaining('3 h in the future')],
    ])
    expect((await first.call('deadLetters.list', { ...held, filter: { state: 'open' } })).items).toEqual([])
    // Released too early it stays held apart.
    const tooEarly = await first.call('deadLetters.replay', { ids: null, ...held, reason: 'Is it time yet?' })
    expect(tooEarly).toMatchObject({ taken: 0, refused: 2 })

    // The hour comes nearer: a tolerance of four hours is as good as waiting for one.
    const { settings } = await first.call('settings.get', {})
    const timeBounds = { ...settings.record.timeBounds, maxFutureMs: 101 * hour }
    await first.call('settings.update', { revision: settings.revision, changes: { timeBounds } })
    await first.close()
    const second = await openTestConsole({ workspacePath })
    cleanUp.later(() => second.close())
    await until(async () => (await timesOf(second, deploymentId)).length === 2, 'the release')
    expect(await timesOf(second, deploymentId)).toEqual([
      ['early', now + 3 * hour],
      ['now', now],
    ])
    const profiles = await second.call('deadLetters.list', { ...held, filter: { state: 'taken' } })
    expect(profiles.items[0]).toMatchObject({ code: 'ahead-of-time', replay: { status: 'taken' } })
    // What came further ahead than a day waits for a person, though its time has come.
    expect((await stateOf(second, id)).counters).toMatchObject({ held: 1, stored: 2 })
    await second.call('deadLetters.replay', { ids: null, ...held, reason: 'The sender says so' })
    expect((await timesOf(second, deploymentId)).map(([each]) => each)).toEqual(['far', 'early', 'now'])
    expect((await stateOf(second, id)).counters.held ?? 0).toBe(0)
  })

  it('is released by a person as much earlier as the clock was ahead, or discarded; both are recorded', async () => {
    const { console, push, id } = await openPush()
    const now = Date.now()
    const points = Array.from({ length: 150 }, (_, i) => ({ at: now + 5 * hour + i * 1000, values: { heat: i } }))
    expect(await push('devices/box/telemetry', points)).toMatchObject({ status: 202, body: { accepted: 0, held: 150 } })
    expect(await push('devices/box/telemetry', [{ at: now, values: { heat: 1 } }])).toMatchObject({ status: 202 })
    const held = { connectionId: id, filter: { state: 'held' as const } }
    const { total } = await console.call('deadLetters.list', held)
    // Those beyond the first hundred of a message share a letter.
    expect(total).toBe(101)
    const shifted = { ids: null, ...held, shiftMs: 5 * hour, reason: 'The box was five hours ahead' }
    expect(await console.call('deadLetters.replay', shifted)).toMatchObject({ taken: 101, refused: 0 })
    const [{ device }] = (await console.call('devices.list', {})).items
    const series = await console.call('telemetry.series', {
      ...{ deviceId: device.id, channels: ['heat'], maxPoints: 1000 },
      window: { from: now - hour, to: now + hour },
    })
    expect(series[0].at.slice(0, 3)).toEqual([now, now + 1000, now + 2000])
    expect(series[0].at).toHaveLength(150)

    await push('devices/box/telemetry', [{ at: now + 9 * hour, values: { heat: 1 } }])
    const discarded = await console.call('deadLetters.discard', { ids: null, ...held, reason: 'A test of the box' })
    expect(discarded).toEqual({ discarded: 1 })
    expect((await console.call('deadLetters.list', held)).items).toEqual([])
    expect((await stateOf(console, id)).counters.held ?? 0).toBe(0)
    const settled = await console.call('deadLetters.list', { ...held, filter: { state: 'discarded' } })
    expect(settled.items[0]).toMatchObject({ code: 'ahead-of-time', discardedAt: expect.any(Number) })
    const { items: entries } = await console.call('audit.list', { limit: 2 })
    expect(entries.map(({ entry }) => [entry.action, entry.reason])).toEqual([
      ['deadLetters.discard', 'A test of the box'],
      ['deadLetters.replay', 'The box was five hours ahead'],
    ])
  })
})

describe('long dead letters', () => {
  it('are kept whole, so that they can be replayed', async () => {
    const { console, push, model, version, id } = await openPush()
    const at = Date.now() - 1000
    const rows = Array.from({ length: 3000 }, (_, i) => ({ id: `s${i}`, at, inputs, prediction: 'empty' }))
    await push('deployments/hall/samples', rows)
    const { items } = await console.call('deadLetters.list', { connectionId: id })
    expect(items[0]).toMatchObject({ code: 'unknown-deployment', isKeptWhole: true })
    expect(items[0].payloadBytes).toBeGreaterThan(200_000)
    expect(Buffer.from(items[0].payloadBase64, 'base64')).toHaveLength(16 * 1024)
    await console.call('deployments.create', { ...roomDeployment(model.record.id, version.record.id), key: 'hall' })
    const outcome = await console.call('deadLetters.replay', {
      ...{ ids: [items[0].id], connectionId: id, reason: 'The hall is registered' },
    })
    expect(outcome).toEqual({ taken: 1, refused: 0, reasons: [] })
    expect((await stateOf(console, id)).counters.stored).toBe(3000)
  })
})
