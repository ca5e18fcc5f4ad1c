import { afterEach, describe, expect, it } from 'vitest'
import type { Target } from '../../src/contract/finding.ts'
import { createMonitoring } from '../../src/service/monitoring/monitoring.ts'
import type { Collection, ProbeRecord } from '../../src/service/rooms.ts'
import { createCleanUp } from './service-collection-room.ts'
import { addPark, addPerson, dawn, dayMs, hourMs, openWorld, until } from './service-monitoring-world.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const minuteMs = 60_000

/** A world whose monitors run when the test moves the clock on. */
async function open(probes: ProbeRecord[] = []) {
  const world = await openWorld({ clock: { at: dawn } })
  cleanUp.later(() => world.remove())
  cleanUp.later(() => world.close())
  const collection: Pick<Collection, 'probes' | 'onArrival' | 'arrivalLags'> = {
    onArrival: world.collection.onArrival,
    arrivalLags: () => [-5 * minuteMs, -5 * minuteMs + 40],
    probes: (_, { from, to }) => probes.filter(({ at }) => at >= from && at < to),
  }
  let next: (() => void) | null = null
  const monitoring = createMonitoring(world.context, collection, {
    schedule: (callback) => {
      next = callback
      return () => {
        next = null
      }
    },
  })
  cleanUp.later(() => monitoring.close())
  const { findings, records, samples } = world.context.store
  const newestOf = async (target: Target, metric: string) =>
    (await findings.latest(target)).find(({ subject }) => subject.metric === metric) ?? null
  return {
    world,
    monitoring,
    newestOf,
    alerts: async () => (await records.list('alert')).map(({ record }) => record),
    /** Moves the clock and waits until a number has been found as of less than an hour before. */
    async goTo(at: number, target: Target, metric: string) {
      world.clock.at = at
      return await until(async () => {
        next?.()
        const finding = await newestOf(target, metric)
        return finding !== null && finding.window.to > at - hourMs ? finding : null
      }, metric)
    },
    report: async (deviceId: string, from: number, to: number) =>
      await samples.append({
        ...{ samples: [], labels: [], deadLetters: [], counters: [] },
        telemetry: Array.from({ length: (to - from) / minuteMs }, (_, i) => ({
          ...{ deviceId, channel: 'light', at: from + i * minuteMs, value: 100 + ((i * 37) % 50) },
        })),
      }),
  }
}

describe('a device that stops reporting', () => {
  it('raises an alert although nothing comes in that could ask, and keeps it for as long as it is silent', async () => {
    const { world, monitoring, goTo, alerts, report, newestOf } = await open()
    const park = await addPark(world)
    const { id } = park.device
    await monitoring.addDefaults(park.deviceTarget, await addPerson(world))
    await report(id, dawn, dawn + 6 * hourMs)
    await monitoring.start()
    const well = await goTo(dawn + 6 * hourMs, park.deviceTarget, 'silentForMs')
    expect(well.status).toBe('ok')
    expect(await alerts()).toEqual([])
    const clock = await newestOf(park.deviceTarget, 'clockSkewMs')
    expect(clock).toMatchObject({ value: 5 * minuteMs - 20, n: 2, status: 'breach' })

    const silent = await goTo(dawn + 8 * hourMs + 11 * minuteMs, park.deviceTarget, 'silentForMs')
    expect(silent).toMatchObject({ status: 'breach', unit: 'ms', value: 131 * minuteMs, limit: null })
    const titled = async (title: string) => (await alerts()).filter((alert) => alert.title === title)
    await until(async () => (await titled('No data on camera-1')).length === 1, 'the alert')

    // Its last reading lies further back than what a question about its health reads.
    const later = await goTo(dawn + 30 * dayMs, park.deviceTarget, 'silentForMs')
    expect(later.status).toBe('breach')
    expect(later.value).toBeGreaterThan(29 * dayMs)
    expect((await titled('No data on camera-1'))[0].state).toBe('open')
    await report(id, dawn + 30 * dayMs, dawn + 31 * dayMs)
    await goTo(dawn + 31 * dayMs, park.deviceTarget, 'silentForMs')
    await until(async () => (await titled('No data on camera-1'))[0].state === 'resolved', 'the recovery')
  })
})

describe('a device that numbers its messages', () => {
  it('raises an alert for those that never come', async () => {
    const { world, monitoring, goTo, alerts, report } = await open()
    const park = await addPark(world)
    const { id: deviceId } = park.device
    await monitoring.addDefaults(park.deviceTarget, await addPerson(world))
    await report(deviceId, dawn, dawn + 6 * hourMs)
    const numbers = Array.from({ length: 100 }, (_, seq) => ({
      deviceId,
      at: dawn + (120 + seq) * minuteMs,
      seq,
      lost: 0,
    }))
    await world.context.store.samples.append({
      ...{ samples: [], labels: [], telemetry: [], deadLetters: [], counters: [] },
      numbers: numbers.filter(({ seq }) => seq < 40 || seq >= 60),
    })
    await monitoring.start()
    const lost = await goTo(dawn + 6 * hourMs, park.deviceTarget, 'lostShare')
    expect(lost).toMatchObject({
      value: 0.2,
      n: 100,
      unit: 'share',
      status: 'breach',
      limit: { breach: 0.05, warning: 0.01 },
    })
    await until(async () => (await alerts()).find(({ title }) => title === 'Lost messages on camera-1'), 'the alert')
  })
})

describe('an endpoint that stops answering', () => {
  it('raises an alert from the third failure in a row on', async () => {
    const probes = Array.from({ length: 240 }, (_, i) => ({
      ...{ at: dawn + i * minuteMs, isReady: i < 200, latencyMs: i < 200 ? 5 : null, clockSkewMs: 240_000 },
    }))
    const { world, monitoring, goTo, alerts, newestOf } = await open(probes)
    const connectionId = world.context.newId('con')
    const target: Target = { type: 'connection', id: connectionId }
    await world.commit([
      {
        kind: 'connection',
        revision: null,
        record: {
          ...{ id: connectionId, key: 'server', name: 'server', isEnabled: true, createdAt: dawn },
          config: {
            ...{
              kind: 'endpoint',
              protocol: 'mlflow',
              url: 'http://127.0.0.1:9',
              modelName: 'pets',
              modelVersion: null,
            },
            ...{ auth: { kind: 'none' }, timeoutMs: 1000, probeEveryMs: minuteMs },
          },
        },
      },
    ])
    await monitoring.addDefaults(target, await addPerson(world))
    await monitoring.start()
    expect((await goTo(dawn + 3 * hourMs, target, 'silentForMs')).status).toBe('ok')
    expect((await newestOf(target, 'flaps'))?.value).toBe(0)
    expect(await newestOf(target, 'clockSkewMs')).toMatchObject({ value: 240_000, n: 60, status: 'breach' })
    const silent = await goTo(dawn + 4 * hourMs, target, 'silentForMs')
    expect(silent).toMatchObject({ status: 'breach', value: 41 * minuteMs })
    expect((await newestOf(target, 'flaps'))?.value).toBe(1)
    await until(async () => (await alerts()).some(({ title }) => title === 'No answer on server'), 'the alert')
  })
})
