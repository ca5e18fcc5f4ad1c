import { connect, type IClientPublishOptions, type MqttClient } from 'mqtt'
import { createIntake, type IntakeOptions } from '../../src/collect/intake.ts'
import { createMqttSource, type MqttSource, type SourceEvent, type SourceState } from '../../src/collect/mqtt.ts'
import { type MqttConfig, mqttConfig } from '../../src/contract/connection.ts'
import { makeDirectory, makeSink, timeBounds } from '../support/intake-double.ts'
import { type Broker, type BrokerOptions, startBroker } from '../support/mosquitto.ts'

const undo: (() => Promise<unknown>)[] = []

/** Closes what the test opened, in reverse order. */
export async function cleanUp(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step()
}
export const later = (step: () => Promise<unknown>): void => void undo.push(step)

export async function broker(options?: BrokerOptions): Promise<Broker> {
  const started = await startBroker(options)
  undo.push(() => started.dispose())
  return started
}

export async function until(condition: () => boolean, what: string) {
  for (let i = 0; i < 1000; i++) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`waited in vain for ${what}`)
}

export const configOf = (url: string, more: Partial<MqttConfig> = {}): MqttConfig =>
  mqttConfig.parse({
    kind: 'mqtt',
    url,
    clientId: 'console',
    username: null,
    passwordSecret: null,
    caPem: null,
    topicPrefix: 'park',
    ...more,
  })

/** A source on a broker, with a store in memory. */
export function collect(
  config: MqttConfig,
  more: {
    password?: string
    tlsKey?: string
    acceptsNewDevices?: boolean
    append?: IntakeOptions['append']
    sink?: ReturnType<typeof makeSink>
    expectsSession?: boolean
  } = {},
) {
  const sink = more.sink ?? makeSink()
  const states: SourceState[] = []
  const events: SourceEvent[] = []
  const intake = createIntake({
    append: more.append ?? sink.append,
    putBlob: sink.putBlob,
    resolve: makeDirectory({ acceptsNewDevices: more.acceptsNewDevices }),
    now: Date.now,
    timeBounds,
    limits: { retryMs: { first: 5, longest: 20 }, batchMessages: 100, transactionElements: 100 },
  })
  const source: MqttSource = createMqttSource({
    connectionId: 'con_1',
    config,
    password: more.password ?? null,
    tlsKey: more.tlsKey ?? null,
    intake,
    onState: (state) => states.push(state),
    onEvent: (event) => events.push(event),
    now: Date.now,
    random: Math.random,
    backOffMs: { first: 20, longest: 100 },
    expectsSession: more.expectsSession,
  })
  source.start()
  const stop = async () => {
    await source.stop()
    await intake.close(0)
  }
  undo.push(stop)
  const connected = () => until(() => states.at(-1)?.phase === 'connected', `connection; ${states.at(-1)?.problem}`)
  return { sink, intake, source, states, events, stop, connected }
}

export async function publisher(url: string, more: object = {}): Promise<MqttClient> {
  const client = connect(url, { protocolVersion: 5, ...more })
  undo.push(() => client.endAsync(true))
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject))
  return client
}

export const sampleOf = (id: string, more: object = {}) =>
  JSON.stringify({ id, at: Date.now(), inputs: { temperature: 20, window: 'open' }, prediction: 'empty', ...more })
export const samples = 'park/deployments/room/samples'
export const qos1: IClientPublishOptions = { qos: 1 }
