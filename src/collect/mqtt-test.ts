import { type MqttClient, connect as openClient } from 'mqtt'
import type { MqttConfig } from '../contract/connection.ts'
import { toClientOptions } from './mqtt-options.ts'
import { explainMqttError } from './mqtt-problem.ts'
import { filtersOf } from './mqtt-topics.ts'

/** What a broker says about itself when a client connects; null where it says nothing. */
export interface MqttFacts {
  readonly protocol: '3.1.1' | '5'
  readonly isEncrypted: boolean
  /** Whether it holds a session for this client id cannot be tested without taking it; this is what it grants new ones. */
  readonly receiveMaximum: number | null
  readonly maximumPacketBytes: number | null
  readonly maximumQos: number
  readonly hasWildcards: boolean
  readonly hasSharedSubscriptions: boolean | null
  readonly sessionExpirySeconds: number | null
  readonly latencyMs: number
}

export type MqttTest =
  | { readonly ok: true; readonly facts: MqttFacts }
  | { readonly ok: false; readonly problem: string }

/**
 * Connects once beside a running source (own client id, no session), subscribes to the prefix and leaves. Never throws; a
 * problem is one sentence.
 */
export function testMqtt(
  config: MqttConfig,
  password: string | null,
  timeoutMs = 10_000,
  tlsKey: string | null = null,
): Promise<MqttTest> {
  const options = toClientOptions(config, password, tlsKey)
  const startedAt = performance.now()
  return new Promise((resolve) => {
    let lastError: (Error & { code?: number | string }) | null = null
    let client: MqttClient
    try {
      client = openClient(config.url, {
        ...options,
        clientId: `${config.clientId.slice(0, 90)}-test`,
        clean: true,
        connectTimeout: timeoutMs,
        properties: options.properties && { ...options.properties, sessionExpiryInterval: 0 },
      })
    } catch (error) {
      resolve({ ok: false, problem: explainMqttError(error as Error, config) })
      return
    }
    const finish = (result: MqttTest) => {
      client.end(true)
      resolve(result)
    }
    client.on('error', (error) => {
      lastError = error
    })
    client.on('close', () => finish({ ok: false, problem: explainMqttError(lastError, config) }))
    // What arrives before leaving is for the running source, which has its own session.
    client.handleMessage = (_packet, done) => done()
    client.on('connect', (connack) => {
      const said = connack.properties ?? {}
      const facts: MqttFacts = {
        protocol: config.protocolVersion === 5 ? '5' : '3.1.1',
        isEncrypted: /^(mqtts|wss):/.test(config.url),
        receiveMaximum: said.receiveMaximum ?? null,
        maximumPacketBytes: said.maximumPacketSize ?? null,
        maximumQos: said.maximumQoS ?? 2,
        hasWildcards: said.wildcardSubscriptionAvailable ?? true,
        hasSharedSubscriptions: config.protocolVersion === 5 ? (said.sharedSubscriptionAvailable ?? true) : null,
        sessionExpirySeconds: said.sessionExpiryInterval ?? null,
        latencyMs: performance.now() - startedAt,
      }
      const filters = filtersOf(config)
      client.subscribe(filters, { qos: 1, rh: 2 }, (error, granted) => {
        const refused = granted?.findIndex((grant) => Number(grant.qos) >= 128) ?? -1
        const isRefused = error !== null || refused >= 0
        finish(
          isRefused
            ? {
                ok: false,
                problem: `the broker does not let this user read ${filters[Math.max(0, refused)]}; check its access list`,
              }
            : { ok: true, facts },
        )
      })
    })
  })
}
