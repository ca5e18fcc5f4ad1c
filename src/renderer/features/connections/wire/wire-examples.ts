import type { WireLabel, WireSample, WireTelemetry } from '../../../../contract/sample.ts'

const sample: WireSample = {
  id: 'frame-000123',
  at: '2026-11-21T09:30:00.000Z',
  inputs: { brightness: 0.62, breed: 'siamese' },
  prediction: 'cat',
  scores: { cat: 0.91, dog: 0.09 },
  latencyMs: 12.5,
  version: '1.4.0',
  device: 'camera-1',
  seq: 123,
}
const label: WireLabel = { id: 'frame-000123', label: 'cat' }
const telemetry: WireTelemetry = {
  at: '2026-11-21T09:30:00.000Z',
  seq: 88,
  values: { temperature: 21.4, humidity: 48.2 },
}

/** The three documented messages: what each is, its address below the prefix, and an example. One object, or an array of them. */
export const wireExamples = [
  { kind: 'samples', title: 'Predictions', path: 'deployments/<deployment key>/samples', example: sample },
  {
    kind: 'labels',
    title: 'Labels, days later if need be',
    path: 'deployments/<deployment key>/labels',
    example: label,
  },
  { kind: 'telemetry', title: 'Telemetry', path: 'devices/<device key>/telemetry', example: telemetry },
] as const

export const asJson = (value: unknown) => JSON.stringify(value, null, 2)

/** A call that pushes a label, for a shell. */
export function pushExample(origin: string, token: string): string {
  const address = origin.startsWith('http') ? origin : 'http://127.0.0.1:4190'
  return [
    `curl -X POST '${address}/ingest/v1/deployments/<deployment key>/labels' \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify(label)}'`,
  ].join('\n')
}

/** Settings of an OpenTelemetry exporter. */
export function otlpExample(origin: string, token: string): string {
  const address = origin.startsWith('http') ? origin : 'http://127.0.0.1:4190'
  return [
    `OTEL_EXPORTER_OTLP_ENDPOINT=${address}/ingest/v1/otlp`,
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/json',
    `OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer ${token}`,
  ].join('\n')
}

/** The address for an inference logger that takes nothing but an address. */
export function loggerExample(origin: string, token: string): string {
  const { protocol, host } = new URL(origin.startsWith('http') ? origin : 'http://127.0.0.1:4190')
  return `${protocol}//logger:${token}@${host}/ingest/v1/deployments/<deployment key>/cloudevents`
}
