import type { MappingSpec } from '../../contract/mapping.ts'

/** A mapping for a system that many have, to begin with. */
export interface ReadyMapping {
  readonly id: string
  readonly title: string
  /** What it expects, in a sentence. */
  readonly note: string
  readonly spec: MappingSpec
}

const path = (expression: string) => ({ kind: 'path', path: expression }) as const
const topic = (variable: string) => ({ kind: 'topic', variable }) as const
/** States of switches, as numbers. */
const onOff = { on: '1', off: '0', open: '1', closed: '0' }
const arrival = { kind: 'arrival' } as const

export const readyMappings: readonly ReadyMapping[] = [
  {
    id: 'thingsboard-gateway',
    title: 'ThingsBoard gateway telemetry',
    note: 'Telemetry of many devices in one message: {"Device A": [{"ts": …, "values": {…}}], …}.',
    spec: {
      name: 'ThingsBoard gateway telemetry',
      topic: 'v1/gateway/telemetry',
      format: 'json',
      each: 'items(@)[*].[let $device = @[0] in @[1][*].merge(@, {device: $device})][][]',
      makes: 'telemetry',
      owner: path('device'),
      fields: [
        { to: 'at', from: path('ts') },
        { to: 'values', from: path('values') },
      ],
    },
  },
  {
    id: 'thingsboard-device',
    title: 'ThingsBoard device telemetry',
    note: 'Telemetry of one device with its time: {"ts": …, "values": {…}}. Its own topic names no device: write its key as the constant.',
    spec: {
      name: 'ThingsBoard device telemetry',
      topic: 'v1/devices/me/telemetry',
      format: 'json',
      each: null,
      makes: 'telemetry',
      owner: { kind: 'constant', value: 'device' },
      fields: [
        { to: 'at', from: path('ts') },
        { to: 'values', from: path('values') },
      ],
    },
  },
  {
    id: 'home-assistant-state',
    title: 'Home Assistant states, topic by topic',
    note: 'What the MQTT statestream publishes: the bare state of each entity under its own topic. Each entity becomes a device with one channel.',
    spec: {
      name: 'Home Assistant states',
      topic: 'homeassistant/sensor/{entity}/state',
      format: 'text',
      each: null,
      makes: 'telemetry',
      owner: topic('entity'),
      fields: [
        { to: 'at', from: arrival },
        { to: 'values.state', from: path('@'), translate: onOff },
      ],
    },
  },
  {
    id: 'home-assistant-event',
    title: 'Home Assistant state changes',
    note: 'What the MQTT eventstream publishes: state_changed events with entity, new state and time.',
    spec: {
      name: 'Home Assistant state changes',
      topic: 'homeassistant/events',
      format: 'json',
      each: "[@][?event_type == 'state_changed'].event_data.new_state",
      makes: 'telemetry',
      owner: path('entity_id'),
      fields: [
        { to: 'at', from: path('last_updated || last_changed') },
        { to: 'values.state', from: path('state'), translate: onOff },
      ],
    },
  },
  {
    id: 'aws-iot-shadow',
    title: 'AWS IoT device shadow',
    note: 'Accepted shadow updates: the reported state of a thing with its time in seconds.',
    spec: {
      name: 'AWS IoT device shadow',
      topic: '$aws/things/{thing}/shadow/update/accepted',
      format: 'json',
      each: null,
      makes: 'telemetry',
      owner: topic('thing'),
      fields: [
        { to: 'at', from: path('timestamp'), scale: 1000 },
        { to: 'values', from: path('state.reported') },
        { to: 'seq', from: path('version'), isOptional: true },
      ],
    },
  },
  {
    id: 'predictions',
    title: 'Predictions of a service with its own names',
    note: 'A start for predictions: change the paths to the names that the service uses.',
    spec: {
      name: 'Predictions',
      topic: 'predictions/{model}',
      format: 'json',
      each: null,
      makes: 'samples',
      owner: topic('model'),
      fields: [
        { to: 'id', from: path('request_id') },
        { to: 'at', from: path('timestamp') },
        { to: 'inputs', from: path('features') },
        { to: 'prediction', from: path('output') },
        { to: 'scores', from: path('probabilities'), isOptional: true },
        { to: 'latencyMs', from: path('duration_seconds'), scale: 1000, isOptional: true },
      ],
    },
  },
]
