import type { ConnectionConfig } from '../../../../contract/connection.ts'
import type { ScrapePick } from '../../../../contract/scrape.ts'
import type { ConnectionKind } from '../connection-words.ts'

/** A scraped channel that a form begins with. */
export const blankPick: ScrapePick = {
  ...{ channel: 'load', metric: 'node_load1', labels: {}, as: 'value', combine: 'sum', factor: 1, offset: 0 },
}

/** The configuration that a form begins with. Ingest connections are made with their token instead. */
export function blankConfig(kind: Exclude<ConnectionKind, 'ingest'>): ConnectionConfig {
  switch (kind) {
    case 'mqtt':
      return {
        kind,
        url: 'mqtt://localhost:1883',
        clientId: `assay-${crypto.randomUUID().slice(0, 8)}`,
        username: null,
        passwordSecret: null,
        caPem: null,
        protocolVersion: 5,
        topicPrefix: 'assay',
        receiveMaximum: 2000,
        sessionExpirySeconds: 604_800,
        acceptsNewDevices: false,
      }
    case 'endpoint':
      return {
        kind,
        url: 'http://localhost:8080',
        protocol: 'oip-v2',
        modelName: '',
        modelVersion: null,
        auth: { kind: 'none' },
        timeoutMs: 10_000,
        probeEveryMs: 60_000,
      }
    case 'prometheus':
      return {
        ...{ kind, url: 'http://localhost:9100/metrics', deviceKey: '', picks: [blankPick], auth: { kind: 'none' } },
        ...{ everyMs: 15_000, timeoutMs: 10_000, acceptsNewDevices: true },
      }
    case 'folder':
      return { kind, path: '', deploymentKey: '', what: 'samples', everyMs: 10_000 }
    case 'webhook':
      return { kind, url: '', hmacSecret: null }
    case 'http-action':
      return {
        kind,
        method: 'POST',
        url: '',
        headers: {},
        bodyTemplate:
          '{\n  "model": {{modelKey}},\n  "deployment": {{deploymentKey}},\n  "version": {{targetVersionName}},\n  "reason": {{reason}},\n  "correlationId": {{correlationId}}\n}',
        auth: { kind: 'none' },
        hmacSecret: null,
        poll: null,
        timeoutMs: 3_600_000,
      }
    case 'command-action':
      return { kind, program: '', args: [], workingDirectory: null, timeoutMs: 3_600_000 }
  }
}

/** What a person sees while a secret's place in the configuration is filled. The service keeps it under a name of its own. */
export const secretNames = { password: 'password', auth: 'auth', hmac: 'hmac', tlsKey: 'tlsKey' } as const
