import { type MqttClient, connect as openClient } from 'mqtt'
import type { MqttConfig } from '../contract/connection.ts'
import { toClientOptions } from './mqtt-options.ts'
import { explainMqttError } from './mqtt-problem.ts'

export interface Heard {
  readonly source: string
  readonly payload: Uint8Array
}

/** Heard at most so many: enough to see how messages look. */
const mostHeard = 200

/**
 * Hears a topic filter for a while as another client without a session, beside a running source, whose messages it does not
 * touch. Retained messages count: they show what a quiet topic looks like. Never throws; a problem is one sentence.
 */
export function listenMqtt(
  config: MqttConfig,
  secrets: { readonly password: string | null; readonly tlsKey: string | null },
  filter: string,
  ms: number,
  signal?: AbortSignal,
): Promise<{ readonly heard: readonly Heard[]; readonly problem: string | null }> {
  const options = toClientOptions(config, secrets.password, secrets.tlsKey)
  return new Promise((resolve) => {
    const heard: Heard[] = []
    let lastError: (Error & { code?: number | string }) | null = null
    let client: MqttClient
    try {
      client = openClient(config.url, {
        ...options,
        clientId: `${config.clientId.slice(0, 88)}-listen`,
        clean: true,
        properties: options.properties && { ...options.properties, sessionExpiryInterval: 0 },
      })
    } catch (error) {
      resolve({ heard, problem: explainMqttError(error as Error, config) })
      return
    }
    const finish = (problem: string | null) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      client.end(true)
      resolve({ heard, problem })
    }
    const stop = () => finish(null)
    const timer = setTimeout(stop, ms)
    signal?.addEventListener('abort', stop)
    client.on('error', (error) => {
      lastError = error
    })
    client.on('close', () => finish(explainMqttError(lastError, config)))
    client.handleMessage = (packet, done) => {
      const { payload } = packet
      heard.push({ source: packet.topic, payload: typeof payload === 'string' ? Buffer.from(payload) : payload })
      if (heard.length >= mostHeard) finish(null)
      done()
    }
    client.on('connect', () => {
      client.subscribe(filter, { qos: 0 }, (error, granted) => {
        if (error || granted?.some((grant) => Number(grant.qos) >= 128))
          finish(`the broker does not let this user read ${filter}; check its access list`)
      })
    })
  })
}
