import type { OutputOf } from '../../../../contract/api.ts'
import type { ConnectionConfig, ConnectionState } from '../../../../contract/connection.ts'
import type { DeadLetter } from '../../../../contract/sample.ts'
import { dayMs, nowAt } from '../park.ts'

type Row = OutputOf<'connections.list'>[number]

const idle: ConnectionState['counters'] = { received: 0, stored: 0, repeated: 0, refused: 0, lastAt: null, lagMs: null }

const row = (
  id: string,
  name: string,
  config: ConnectionConfig,
  phase: ConnectionState['phase'],
  more: Partial<ConnectionState> = {},
): Row => ({
  revision: 2,
  record: {
    id,
    key: name.toLowerCase().replaceAll(' ', '-'),
    name,
    isEnabled: phase !== 'disabled',
    config,
    createdAt: nowAt - 60 * dayMs,
  },
  state: { connectionId: id, phase, problem: null, since: nowAt - dayMs, counters: idle, probe: null, ...more },
})

const probe = {
  at: nowAt - 20_000,
  isReady: true,
  latencyMs: 14.2,
  errorShare: 0.004,
  probes: 1440,
  serverName: 'park-server',
  serverVersion: '1.2.0',
}

export const connections: Row[] = [
  row(
    'con_broker',
    'Park broker',
    {
      kind: 'mqtt',
      url: 'mqtts://broker.park.example:8883',
      clientId: 'assay-park',
      username: 'assay',
      passwordSecret: 'con_broker/password',
      caPem: null,
      protocolVersion: 5,
      topicPrefix: 'park',
      receiveMaximum: 2000,
      sessionExpirySeconds: 604_800,
      acceptsNewDevices: true,
    },
    'connected',
    {
      counters: {
        received: 1_204_233,
        stored: 1_204_180,
        repeated: 41,
        refused: 12,
        lastAt: nowAt - 4_000,
        lagMs: 132,
      },
    },
  ),
  row(
    'con_endpoint',
    'Production endpoint',
    {
      kind: 'endpoint',
      url: 'http://127.0.0.1:8080',
      protocol: 'oip-v2',
      modelName: 'cat-dog',
      modelVersion: null,
      auth: { kind: 'bearer', secret: 'con_endpoint/auth' },
      timeoutMs: 10_000,
      probeEveryMs: 60_000,
    },
    'connected',
    { probe },
  ),
  row(
    'con_test',
    'Test endpoint',
    {
      kind: 'endpoint',
      url: 'http://127.0.0.1:8081',
      protocol: 'oip-v2',
      modelName: 'cat-dog',
      modelVersion: null,
      auth: { kind: 'none' },
      timeoutMs: 10_000,
      probeEveryMs: 60_000,
    },
    'degraded',
    {
      problem: 'The endpoint answers, but 12 % of the last probes took longer than its patience of 10 s.',
      probe: { ...probe, errorShare: 0.12 },
    },
  ),
  row(
    'con_push',
    'Labelling service',
    { kind: 'ingest', tokenDigest: 'a'.repeat(64), acceptsNewDevices: false },
    'connected',
    { counters: { ...idle, received: 320, stored: 320, lastAt: nowAt - 3_600_000, lagMs: 7_200_000 } },
  ),
  row(
    'con_webhook',
    'Duty channel',
    { kind: 'webhook', url: 'https://hooks.park.example/assay', hmacSecret: 'con_webhook/hmac' },
    'failed',
    { problem: 'The webhook answered 404: check the path of its URL.' },
  ),
  row(
    'con_pipeline',
    'Retraining pipeline',
    {
      kind: 'http-action',
      method: 'POST',
      url: 'http://127.0.0.1:7070/pipelines/retrain',
      headers: { 'X-Team': 'park' },
      bodyTemplate: '{"model": {{modelKey}}, "reason": {{reason}}}',
      auth: { kind: 'none' },
      hmacSecret: 'con_pipeline/hmac',
      poll: {
        url: 'http://127.0.0.1:7070/runs/{{response.run}}',
        everyMs: 5000,
        statePath: 'state',
        succeeded: ['succeeded'],
        failed: ['failed', 'cancelled'],
        resultPath: 'result',
      },
      timeoutMs: 3_600_000,
    },
    'connected',
  ),
  row(
    'con_deploy',
    'Deploy script',
    {
      kind: 'command-action',
      program: '/opt/park/deploy',
      args: ['--wait'],
      workingDirectory: null,
      timeoutMs: 600_000,
    },
    'connected',
  ),
]

const letter = (id: number, code: DeadLetter['code'], reason: string, source: string, payload: string): DeadLetter => ({
  id,
  at: nowAt - id * 1_700_000,
  connectionId: 'con_broker',
  source,
  code,
  reason,
  payloadBase64: btoa(payload),
  payloadBytes: payload.length,
})

export const deadLetters: DeadLetter[] = [
  letter(
    1,
    'schema-mismatch',
    'brightness: expected a number, got "dark"',
    'park/deployments/cat-dog-production/samples',
    '{"id":"f-17","at":"2026-11-21T05:00:00Z","inputs":{"brightness":"dark"},"prediction":"cat"}',
  ),
  letter(
    2,
    'not-json',
    'Unexpected end of JSON input at byte 41',
    'park/devices/camera-1/telemetry',
    '{"at":"2026-11-21T04:59:00Z","values":{"te',
  ),
  letter(
    3,
    'time-out-of-bounds',
    'at: 2031-01-01 lies 4 years ahead; at most 5 minutes are allowed',
    'park/devices/gate-sensor/telemetry',
    '{"at":"2031-01-01T00:00:00Z","values":{"temperature":21}}',
  ),
]
