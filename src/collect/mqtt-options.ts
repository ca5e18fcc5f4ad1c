import type { IClientOptions } from 'mqtt'
import type { MqttConfig } from '../contract/connection.ts'

/** A larger message is cut off by the broker; smaller ones come in whole and those beyond the intake's cap become dead letters. */
const largestPacketBytes = 64 * 1024 * 1024

/** What the client is told. Reconnecting is the source's own, so the client never does it. */
export function toClientOptions(
  config: MqttConfig,
  password: string | null,
  tlsKey: string | null = null,
): IClientOptions {
  return {
    clientId: config.clientId,
    protocolVersion: config.protocolVersion,
    clean: false,
    username: config.username ?? undefined,
    password: password ?? undefined,
    ca: config.caPem ?? undefined,
    cert: config.identity?.certPem,
    key: tlsKey ?? undefined,
    rejectUnauthorized: true,
    keepalive: 30,
    connectTimeout: 10_000,
    reconnectPeriod: 0,
    resubscribe: false,
    // The client would format a line for every packet, only to find that nobody reads it.
    log: () => {},
    properties:
      config.protocolVersion === 5
        ? {
            receiveMaximum: config.receiveMaximum,
            sessionExpiryInterval: config.sessionExpirySeconds,
            maximumPacketSize: largestPacketBytes,
          }
        : undefined,
  }
}
