import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Target } from '../../src/contract/finding.ts'
import { type Building, days, knownAccuracy, openBuilding, roomNames } from '../occupancy/building.ts'
import { answerTo, askNow } from '../occupancy/room-console.ts'
import { openTestConsole, type TestConsole } from '../support/console.ts'
import { type Broker, hasMosquitto, startBroker } from '../support/mosquitto.ts'

const folder = process.env.ASSAY_OCCUPANCY_DATA ?? resolve(import.meta.dirname, '../../../shared/data/occupancy')
const isHere = existsSync(folder) && hasMosquitto
const dark = ['test-dark', 'test2-dark'] as const
const bright = ['test', 'test2'] as const

describe.skipIf(!isHere)('A real room replayed (skipped where mosquitto or ASSAY_OCCUPANCY_DATA is absent)', () => {
  let broker: Broker
  let building: Building
  let console: TestConsole

  const openAlerts = async (target: Target) =>
    (await console.call('alerts.list', { states: ['open'], target })).items.map(({ record }) => record)

  beforeAll(async () => {
    broker = await startBroker()
    console = await openTestConsole()
    building = await openBuilding({ folder, console, brokerUrl: broker.url })
    for (const name of roomNames) await building.play(name)
  }, 300_000)

  afterAll(async () => {
    await building?.close()
    await console?.close()
    await broker?.dispose()
  })

  it('raises an alert for the light sensor that hangs, before any label is there', async () => {
    for (const name of dark) {
      const { device, deployment } = building.room(name)
      await askNow(console, device, ['device'], days)
      const { channels } = await answerTo(console, 'device', device)
      expect(channels.find(({ channel }) => channel === 'light')?.stuck).toHaveLength(1)
      expect((await openAlerts(device)).map(({ subject }) => subject)).toContainEqual({
        metric: 'stuck',
        channel: 'light',
      })
      await askNow(console, deployment, ['performance'], days)
      const { labelled, metrics } = await answerTo(console, 'performance', deployment)
      expect(labelled).toBe(0)
      expect(metrics.accuracy?.value ?? null).toBeNull()
    }
  }, 120_000)

  it('finds no sensor stuck where light comes and goes', async () => {
    for (const name of bright) {
      const { device } = building.room(name)
      await askNow(console, device, ['device'], days)
      const { channels } = await answerTo(console, 'device', device)
      expect(channels.flatMap(({ stuck }) => stuck)).toEqual([])
    }
  }, 120_000)

  it('reports the known accuracy of every period to four digits once labels are there', async () => {
    for (const name of roomNames) {
      const { deployment, period } = building.room(name)
      await building.label(name)
      await askNow(console, deployment, ['performance', 'drift'], days)
      const { metrics } = await answerTo(console, 'performance', deployment)
      expect(metrics.accuracy.value).toBeCloseTo(knownAccuracy[name], 4)
      expect(metrics.accuracy.n).toBe(period.length)
    }
  }, 240_000)

  it('sets the samples of the hanging sensor apart before it asks about drift, and says so', async () => {
    for (const name of dark) {
      const { setApart, features } = await answerTo(console, 'drift', building.room(name).deployment)
      expect(setApart?.faults.map(({ kind, channels }) => ({ kind, channels }))).toEqual([
        { kind: 'stuck', channels: ['light'] },
      ])
      expect(setApart?.n).toBeGreaterThan(0)
      const light = features.find((feature) => feature.name === 'light')
      expect(light?.verdict.isDrifted).toBe(false)
    }
  })

  it('shows that climate has drifted while performance holds, and calls it that', async () => {
    for (const name of bright) {
      const { deployment } = building.room(name)
      const { features } = await answerTo(console, 'drift', deployment)
      const drifted = features.filter(({ verdict }) => verdict.isDrifted).map((feature) => feature.name)
      expect(drifted).toEqual(expect.arrayContaining(['temperature', 'humidity', 'co2']))
      const overview = await console.call('overview.get', {})
      const row = overview.deployments.find(({ target }) => target.id === deployment.id)
      const text = row?.headline.text.toLowerCase() ?? ''
      for (const words of ['drift without damage', 'temperature', 'humidity', 'co2']) expect(text).toContain(words)
      expect(row?.headline.status).not.toBe('breach')
    }
  }, 120_000)

  it('links the fall in accuracy to the sensor that hangs', async () => {
    for (const name of dark) {
      const { deployment, device } = building.room(name)
      const fallen = (await openAlerts(deployment)).find(
        ({ kind, subject }) => kind === 'performance' && subject.metric === 'accuracy',
      )
      const stuck = (await openAlerts(device)).find(({ subject }) => subject.metric === 'stuck')
      expect(fallen?.linkedAlertIds).toContain(stuck?.id)
      expect(stuck?.linkedAlertIds).toContain(fallen?.id)
      expect(fallen?.linkReason).toBeTruthy()
    }
  })

  it('calls it a sensor fault where light hangs, and a shift of the population where the climate changed', async () => {
    const now = Date.now()
    const verdictOf = async (name: (typeof roomNames)[number]) => {
      const { deployment } = building.room(name)
      const window = { from: now - days * 86_400_000, to: now }
      return (await console.call('timeline.get', { deploymentId: deployment.id, window })).verdict
    }
    for (const name of dark) {
      const verdict = await verdictOf(name)
      expect(verdict).toMatchObject({ kind: 'sensor-fault' })
      expect(verdict?.sentence).toMatch(/^Likely a sensor fault since .*Light is stuck/)
    }
    for (const name of bright) {
      const verdict = await verdictOf(name)
      expect(verdict === null || verdict?.kind === 'population-shift').toBe(true)
    }
  })
})
