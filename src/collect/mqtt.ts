import { type IConnackPacket, type IPublishPacket, type MqttClient, connect as openClient } from 'mqtt'
import type { MqttConfig } from '../contract/connection.ts'
import type { Intake } from './intake.ts'
import { withholdAcknowledgements } from './mqtt-acknowledge.ts'
import { toClientOptions } from './mqtt-options.ts'
import { explainMqttError, explainReasonCode } from './mqtt-problem.ts'
import { createTopicReader, filtersOf } from './mqtt-topics.ts'
import { parseTopic, type Route } from './route.ts'

export { testMqtt } from './mqtt-test.ts'

export interface SourceState {
  readonly phase: 'connecting' | 'connected' | 'degraded' | 'failed'
  /** What is wrong and what to check; null when all is well. */
  readonly problem: string | null
  readonly since: number
}

/** Something an operator should know that is no state. */
export interface SourceEvent {
  readonly kind: 'possible-loss'
  readonly at: number
  readonly text: string
}

export interface MqttSourceOptions {
  readonly connectionId: string
  readonly config: MqttConfig
  readonly password: string | null
  /** Private key of our certificate. */
  readonly tlsKey?: string | null
  readonly intake: Intake
  /** Topics of mappings, besides the documented ones under the prefix. */
  readonly filters?: readonly string[]
  /** Topics no longer wanted, which the session may still hold. */
  readonly formerFilters?: readonly string[]
  readonly onState: (state: SourceState) => void
  readonly onEvent?: (event: SourceEvent) => void
  readonly now: () => number
  /** Uniform in [0, 1): spreads reconnecting clients. */
  readonly random: () => number
  /** The broker should still know this client from an earlier run: a forgotten session is then a possible loss. */
  readonly expectsSession?: boolean
  readonly backOffMs?: { readonly first: number; readonly longest: number }
}

export interface MqttSource {
  start(): void
  /** Closes the connection; what is not yet durable stays unacknowledged and comes again next time. */
  stop(): Promise<void>
  /** Retained messages skipped: they are a topic's last state, not something that happened now. */
  readonly retainedSkipped: () => number
}

/** Waits before attempt `n` (from 0): doubling, at most `longest`, and between half and all of it by chance. */
export function backOff(attempt: number, random: () => number, wait: { first: number; longest: number }): number {
  const full = Math.min(wait.longest, wait.first * 2 ** Math.min(attempt, 30))
  return Math.round(full * (0.5 + random() / 2))
}

/**
 * A broker as a way in. Everything under the prefix is subscribed with QoS 1 in a persistent session, and each message is
 * acknowledged only when the intake has made it durable (or has kept it as a dead letter). Every connection is a new client,
 * so that nothing of a closed one lives on; the broker sends again what was not acknowledged.
 */
export function createMqttSource(options: MqttSourceOptions): MqttSource {
  const { config, intake, connectionId } = options
  const wait = options.backOffMs ?? { first: 500, longest: 30_000 }
  const readTopic = createTopicReader(config, (topic, payload) => void client?.publish(topic, Buffer.from(payload)))
  const routes = new Map<string, Route | null>()
  let client: MqttClient | null = null
  let timer: NodeJS.Timeout | null = null
  let attempt = 0
  let isStopped = true
  let hadSession = options.expectsSession ?? false
  let retained = 0

  const report = (phase: SourceState['phase'], problem: string | null) =>
    options.onState({ phase, problem, since: options.now() })

  function routeOf(topic: string): Route | null {
    const known = routes.get(topic)
    if (known !== undefined) return known
    const route = parseTopic(config.topicPrefix, topic)
    // Remembered topics are bounded: a sender may invent them without end.
    if (routes.size >= 20_000) routes.clear()
    routes.set(topic, route)
    return route
  }

  function take(packet: IPublishPacket): Promise<unknown> | null {
    if (packet.retain) {
      retained++
      return null
    }
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
    const { topic } = packet
    const message = { connectionId, via: 'mqtt', source: topic, payload }
    const readings = readTopic(topic, payload, options.now())
    if (readings?.length === 0) return null
    const durable =
      readings === null
        ? intake.offer({ ...message, route: routeOf(topic) })
        : Promise.all(readings.map((reading) => intake.offer({ ...message, ...reading })))
    // Without acknowledgement (QoS 0) nobody else looks at the outcome.
    if (packet.qos === 0) durable.catch(() => {})
    return durable
  }

  function subscribe(to: MqttClient, connack: IConnackPacket) {
    const filters = [...filtersOf(config), ...(options.filters ?? [])]
    if (hadSession && !connack.sessionPresent)
      options.onEvent?.({
        kind: 'possible-loss',
        at: options.now(),
        text: 'the broker no longer knew this session: messages sent while the console was away may be lost',
      })
    hadSession = true
    // One that the session does not hold is none to give up, and no fault.
    if (options.formerFilters?.length) to.unsubscribe([...options.formerFilters], () => {})
    // Retained messages are not asked for (MQTT 5); where the broker sends them all the same they are skipped.
    to.subscribe(filters, { qos: 1, rh: 2 }, (error, granted) => {
      if (isStopped || to !== client) return
      const refused = granted?.findIndex((grant) => Number(grant.qos) >= 128) ?? -1
      const refusedCode = refused < 0 ? undefined : Number(granted?.[refused].qos)
      if (error || refusedCode !== undefined) {
        const why = refusedCode === undefined || refusedCode === 128 ? error?.message : explainReasonCode(refusedCode)
        report(
          refused > 0 ? 'degraded' : 'failed',
          `the broker does not let this user read ${filters[Math.max(0, refused)]}; check its access list (${why ?? 'refused'})`,
        )
        return
      }
      attempt = 0
      report('connected', null)
    })
  }

  /** A certificate or key that cannot be used is found out before anything is sent. */
  function openOrReport(): MqttClient | null {
    try {
      return openClient(config.url, toClientOptions(config, options.password, options.tlsKey ?? null))
    } catch (error) {
      report('failed', explainMqttError(error as Error, config))
      timer = setTimeout(open, wait.longest)
      return null
    }
  }

  function open() {
    timer = null
    report('connecting', null)
    let lastError: (Error & { code?: number | string }) | null = null
    let isEnded = false
    const current = openOrReport()
    if (current === null) return
    client = current
    withholdAcknowledgements(current, take, () => (intake.isFull(connectionId) ? intake.whenRoom(connectionId) : null))
    current.on('connect', (connack) => subscribe(current, connack))
    current.on('error', (error) => {
      lastError = error
    })
    current.on('disconnect', (packet) => {
      const code = packet.reasonCode ?? 0
      lastError = Object.assign(new Error(`disconnected with reason code ${code}`), { code })
    })
    current.on('close', () => {
      if (isEnded) return
      isEnded = true
      current.end(true)
      if (isStopped || current !== client) return
      report('failed', explainMqttError(lastError, config))
      timer = setTimeout(open, backOff(attempt++, options.random, wait))
    })
  }

  return {
    start() {
      if (!isStopped) return
      isStopped = false
      attempt = 0
      open()
    },
    async stop() {
      isStopped = true
      if (timer) clearTimeout(timer)
      timer = null
      const last = client
      client = null
      if (last) await last.endAsync(!last.connected)
    },
    retainedSkipped: () => retained,
  }
}
