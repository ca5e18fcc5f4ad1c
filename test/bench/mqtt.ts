import { connect } from 'mqtt'
import { createIntake } from '../../src/collect/intake.ts'
import { createMqttSource } from '../../src/collect/mqtt.ts'
import { mqttConfig } from '../../src/contract/connection.ts'
import type { IntakeBatch, IntakeResult } from '../../src/contract/intake.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import { startBroker } from '../support/mosquitto.ts'

/** Ten numeric features: with ids and times a sample is about 300 bytes of JSON. */
export const benchSchema: SchemaSpec = schemaSpec.parse({
  task: 'binary',
  classes: ['no', 'yes'],
  positiveClass: 'yes',
  columns: Array.from({ length: 10 }, (_, i) => ({ name: `feature_${i}`, type: 'numeric', role: 'input' })),
})

export interface MqttBench {
  readonly messages: number
  readonly payloadBytes: number
  /** Messages per second of a bare client that acknowledges without storing, and of the intake; medians of the rounds. */
  readonly barePerSecond: number
  readonly intakePerSecond: number
  readonly ratio: number
}

/**
 * Drains a broker's backlog of QoS 1 messages with a bare client and through the source and the intake, by turns.
 * `append` is the sink (default: one that stores nothing); its store must know deployment `dep_bench` and version `ver_bench`.
 */
export async function benchMqtt(options: {
  readonly messages: number
  readonly rounds?: number
  readonly append?: (batch: IntakeBatch) => Promise<IntakeResult>
}): Promise<MqttBench> {
  const { messages } = options
  const startAt = Date.now() - 3_600_000
  const payload = (round: number, i: number) =>
    JSON.stringify({
      id: `r${round}-${String(i).padStart(9, '0')}`,
      at: startAt + i,
      inputs: Object.fromEntries(benchSchema.columns.map(({ name }, k) => [name, ((i * (k + 7)) % 1009) / 100])),
      prediction: i % 3 ? 'no' : 'yes',
      scores: { no: 0.4, yes: 0.6 },
    })
  // Saving its sessions every second, as the brokers of tests do, would take the processor from both sides.
  const broker = await startBroker({ isPersistent: false })

  /** Leaves the messages in the session of a client that is away; each client has topics of its own. */
  async function fill(clientId: string, round: number) {
    const session = await connectClient(clientId)
    await session.subscribeAsync(`${clientId}/#`, { qos: 1, rh: 2 })
    await session.endAsync()
    const from = connect(broker.url, { protocolVersion: 5 })
    for (let i = 0; i < messages; i += 2000) {
      const part = Array.from({ length: Math.min(2000, messages - i) }, (_, k) =>
        from.publishAsync(`${clientId}/deployments/bench/samples`, payload(round, i + k), { qos: 1 }),
      )
      await Promise.all(part)
    }
    await from.endAsync()
  }

  function connectClient(clientId: string) {
    const client = connect(broker.url, {
      protocolVersion: 5,
      clientId,
      clean: false,
      reconnectPeriod: 0,
      resubscribe: false,
      properties: { receiveMaximum: 5000, sessionExpiryInterval: 3600 },
    })
    return new Promise<typeof client>((resolve, reject) =>
      client.once('connect', () => resolve(client)).once('error', reject),
    )
  }

  async function drainBare(round: number): Promise<number> {
    await fill('bare', round)
    const startedAt = performance.now()
    let seen = 0
    const done = Promise.withResolvers<void>()
    const client = connect(broker.url, {
      protocolVersion: 5,
      clientId: 'bare',
      clean: false,
      properties: { receiveMaximum: 5000, sessionExpiryInterval: 3600 },
    })
    client.on('message', () => {
      if (++seen === messages) done.resolve()
    })
    await done.promise
    const seconds = (performance.now() - startedAt) / 1000
    await client.endAsync()
    return messages / seconds
  }

  async function drainIntake(round: number): Promise<number> {
    await fill('console', round)
    let durable = 0
    const done = Promise.withResolvers<void>()
    const none = { stored: 0, repeated: 0 }
    const append = options.append ?? (async () => ({ samples: none, labels: { ...none, waiting: 0 }, telemetry: none }))
    const intake = createIntake({
      append: async (batch) => {
        const result = await append(batch)
        durable += batch.samples.length
        if (batch.deadLetters.length) done.reject(new Error(batch.deadLetters[0].reason))
        if (durable >= messages) done.resolve()
        return result
      },
      putBlob: () => Promise.reject(new Error('no pictures here')),
      resolve: {
        deploymentId: () => 'dep_bench',
        version: () => ({ versionId: 'ver_bench', schema: benchSchema }),
        deviceId: () => null,
        acceptsNewDevices: () => false,
        registerDevice: () => Promise.reject(new Error('no devices here')),
      },
      now: Date.now,
      timeBounds: () => ({ maxFutureMs: 3_600_000, maxPastMs: 86_400_000 }),
    })
    const source = createMqttSource({
      connectionId: 'con_bench',
      config: mqttConfig.parse({
        kind: 'mqtt',
        url: broker.url,
        clientId: 'console',
        username: null,
        passwordSecret: null,
        caPem: null,
        topicPrefix: 'console',
        receiveMaximum: 5000,
      }),
      password: null,
      intake,
      onState: (state) => {
        if (state.phase === 'failed') done.reject(new Error(state.problem ?? 'failed'))
      },
      now: Date.now,
      random: () => 0.5,
    })
    const startedAt = performance.now()
    source.start()
    await done.promise
    const seconds = (performance.now() - startedAt) / 1000
    await source.stop()
    await intake.close(0)
    return messages / seconds
  }

  try {
    const bare: number[] = []
    const through: number[] = []
    for (let round = 0; round < (options.rounds ?? 3); round++) {
      bare.push(await drainBare(2 * round))
      through.push(await drainIntake(2 * round + 1))
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]
    const barePerSecond = Math.round(median(bare))
    const intakePerSecond = Math.round(median(through))
    const payloadBytes = payload(1, 12345).length
    return { messages, payloadBytes, barePerSecond, intakePerSecond, ratio: intakePerSecond / barePerSecond }
  } finally {
    await broker.dispose()
  }
}

if (process.argv[1] === import.meta.filename)
  console.log(JSON.stringify(await benchMqtt({ messages: Number(process.argv[2] ?? 50_000), rounds: 3 })))
