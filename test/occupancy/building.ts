import { endpointConfig } from '../../src/contract/connection.ts'
import type { Target } from '../../src/contract/finding.ts'
import { startOipServer } from '../../src/demo/server/oip-server.ts'
import type { TestConsole } from '../support/console.ts'
import { addRoom, connectBuilding, registerRoomModel, roomSchema, topicPrefix } from './room-console.ts'
import { type RoomMinute, readRoomFile } from './room-data.ts'
import { trainRoomModel, withLightStuck } from './room-model.ts'
import { connectRoom, type RoomReplay } from './room-replay.ts'

/** Each period is a room of its own; in the dark ones the light sensor hangs at its training mean. */
export const roomNames = ['train', 'test', 'test2', 'test-dark', 'test2-dark'] as const
export type RoomName = (typeof roomNames)[number]

/** What a linear discriminant of the five readings is known to reach. */
export const knownAccuracy: Readonly<Record<RoomName, number>> = {
  train: 0.9878,
  test: 0.979,
  test2: 0.9876,
  'test-dark': 0.6353,
  'test2-dark': 0.7894,
}

/** Longer than the longest period. */
export const days = 8

export interface Room {
  readonly deployment: Target
  readonly device: Target
  readonly period: readonly RoomMinute[]
  readonly replay: RoomReplay
}

export interface Building {
  room(name: RoomName): Room
  /** Replays a room's period; resolves when all of its predictions are stored. */
  play(name: RoomName): Promise<void>
  /** Tells who was there; resolves when all labels are stored. */
  label(name: RoomName): Promise<void>
  close(): Promise<void>
}

/** Moves a period so that its last minute is a minute ago. */
function untilNow(period: readonly RoomMinute[]): RoomMinute[] {
  const shift = Date.now() - 60_000 - period[period.length - 1].at
  return period.map((minute) => ({ ...minute, at: minute.at + shift }))
}

/** Trains and serves the model, and connects five rooms to the console through a broker. */
export async function openBuilding(options: {
  readonly folder: string
  readonly console: TestConsole
  readonly brokerUrl: string
}): Promise<Building> {
  const { folder, console, brokerUrl } = options
  const training = readRoomFile(folder, 'datatraining.txt')
  const test = readRoomFile(folder, 'datatest.txt')
  const test2 = readRoomFile(folder, 'datatest2.txt')
  const periods: Record<RoomName, readonly RoomMinute[]> = {
    train: training,
    test,
    test2,
    'test-dark': withLightStuck(test, training),
    'test2-dark': withLightStuck(test2, training),
  }
  const { model, onnx } = trainRoomModel(training)
  const server = await startOipServer({ modelName: 'occupancy', onnxBytes: onnx, version: '1.0.0' })
  const endpoint = endpointConfig.parse({
    kind: 'endpoint',
    url: server.url,
    protocol: 'oip-v2',
    modelName: 'occupancy',
    modelVersion: null,
    auth: { kind: 'none' },
  })
  const ids = await registerRoomModel(console, { model, onnx, training })
  const endpointId = await connectBuilding(console, brokerUrl, endpoint)
  const rooms = new Map<RoomName, Room>()
  for (const name of roomNames) {
    const targets = await addRoom(console, name, { ...ids, endpointId })
    const replay = await connectRoom({ brokerUrl, topicPrefix, room: name, endpoint, schema: roomSchema })
    rooms.set(name, { ...targets, period: untilNow(periods[name]), replay })
  }

  function room(name: RoomName): Room {
    const found = rooms.get(name)
    if (found === undefined) throw new Error(`There is no room ${name}`)
    return found
  }

  async function stored({ deployment }: Room): Promise<{ n: number; labelled: number }> {
    const { buckets } = await console.call('performance.series', {
      deploymentId: deployment.id,
      window: { from: Date.now() - (days + 1) * 86_400_000, to: Date.now() + 60_000 },
      bucketMs: 3_600_000,
      metrics: ['accuracy'],
    })
    return buckets.reduce((sum, { n, labelled }) => ({ n: sum.n + n, labelled: sum.labelled + labelled }), {
      n: 0,
      labelled: 0,
    })
  }

  async function waitFor(name: RoomName, what: 'n' | 'labelled'): Promise<void> {
    const expected = room(name).period.length
    let seen = 0
    for (let i = 0; i < 600; i++) {
      seen = (await stored(room(name)))[what]
      if (seen === expected) return
      await new Promise((done) => setTimeout(done, 100))
    }
    throw new Error(`Of ${expected} predictions of ${name}, ${seen} are ${what === 'n' ? 'stored' : 'labelled'}`)
  }

  return {
    room,
    async play(name) {
      await room(name).replay.play(room(name).period)
      await waitFor(name, 'n')
    },
    async label(name) {
      await room(name).replay.label(room(name).period)
      await waitFor(name, 'labelled')
    },
    async close() {
      for (const { replay } of rooms.values()) await replay.close()
      await server.close()
    },
  }
}
