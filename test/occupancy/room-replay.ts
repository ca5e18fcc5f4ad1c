import { connect, type MqttClient } from 'mqtt'
import { createEndpointClient } from '../../src/collect/endpoint.ts'
import type { EndpointConfig } from '../../src/contract/connection.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { WireLabel, WireSample, WireTelemetry } from '../../src/contract/sample.ts'
import { type RoomMinute, roomChannels } from './room-data.ts'
import { roomClasses } from './room-model.ts'

const batchRows = 500

/** One room's box and the service that asks the model for it, as they would speak to a broker. */
export interface RoomReplay {
  /** Publishes a period's readings, asks the endpoint for each, and publishes the predictions. */
  play(period: readonly RoomMinute[]): Promise<void>
  /** Publishes who was there, as a person would tell later. */
  label(period: readonly RoomMinute[]): Promise<void>
  close(): Promise<void>
}

const inputsOf = ({ values }: RoomMinute) => Object.fromEntries(roomChannels.map(({ name }, i) => [name, values[i]]))
const sampleId = (minute: RoomMinute) => `minute-${minute.at}`

function* batchesOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += batchRows) yield items.slice(start, start + batchRows)
}

/** Connects a room to a broker. `room` is the key of both its device and its deployment. */
export async function connectRoom(options: {
  readonly brokerUrl: string
  readonly topicPrefix: string
  readonly room: string
  readonly endpoint: EndpointConfig
  readonly schema: SchemaSpec
}): Promise<RoomReplay> {
  const { topicPrefix, room, schema } = options
  const client: MqttClient = connect(options.brokerUrl, { clientId: `room-${room}`, protocolVersion: 5 })
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('error', reject)
  })
  const endpoint = createEndpointClient({ config: options.endpoint, secret: null })
  const publish = (topic: string, items: readonly object[]) =>
    client.publishAsync(`${topicPrefix}/${topic}`, JSON.stringify(items), { qos: 1 })

  async function predict(minutes: readonly RoomMinute[]): Promise<WireSample[]> {
    const reply = await endpoint.infer(minutes.map(inputsOf), schema.columns, schema)
    if (!reply.ok) throw new Error(`The endpoint did not answer: ${reply.problem.message}`)
    return minutes.map((minute, i) => ({
      id: sampleId(minute),
      at: minute.at,
      inputs: inputsOf(minute),
      prediction: reply.value[i].prediction,
      ...(reply.value[i].scores && { scores: { ...reply.value[i].scores } }),
      latencyMs: reply.latencyMs / minutes.length,
      device: room,
    }))
  }

  return {
    async play(period) {
      for (const minutes of batchesOf(period)) {
        const telemetry: WireTelemetry[] = minutes.map((minute) => ({ at: minute.at, values: inputsOf(minute) }))
        await publish(`devices/${room}/telemetry`, telemetry)
        await publish(`deployments/${room}/samples`, await predict(minutes))
      }
    },
    async label(period) {
      for (const minutes of batchesOf(period)) {
        const labels: WireLabel[] = minutes.map((minute) => ({
          id: sampleId(minute),
          label: roomClasses[Number(minute.isOccupied)],
        }))
        await publish(`deployments/${room}/labels`, labels)
      }
    },
    close: () => client.endAsync(),
  }
}
