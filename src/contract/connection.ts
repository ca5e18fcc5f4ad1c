import { z } from 'zod'
import { endpointProtocol, jsonTemplate } from './endpoint.ts'
import { instant, key, recordId, secretName, title } from './primitives.ts'
import { scrapePick } from './scrape.ts'
import { tlsIdentity } from './tls.ts'

export const connectionId = recordId('con')

const http = z.url({ protocol: /^https?$/ })

export const endpointAuth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), secret: secretName }),
  z.strictObject({ kind: z.literal('basic'), username: z.string().max(200), secret: secretName }),
  z.strictObject({ kind: z.literal('header'), header: z.string().regex(/^[A-Za-z0-9-]{1,100}$/), secret: secretName }),
])

/** A broker from which predictions, labels and telemetry arrive. */
export const mqttConfig = z.strictObject({
  kind: z.literal('mqtt'),
  url: z.url({ protocol: /^(mqtt|mqtts|ws|wss)$/ }),
  /** Fixed, so that the broker keeps the session while the console is away. */
  clientId: z.string().min(1).max(100),
  username: z.string().max(200).nullable(),
  passwordSecret: secretName.nullable(),
  /** PEM of the authority that signed the broker's certificate, where it is not a public one. */
  caPem: z.string().max(20_000).nullable(),
  /** Our own certificate, where the broker asks for one. */
  identity: z.strictObject({ certPem: z.string().min(1).max(20_000), keySecret: secretName }).optional(),
  /** Collectors of one group share the messages under the prefix: each message comes to one of them. */
  shareGroup: z
    .string()
    .regex(/^[^/#+\s\0]{1,50}$/)
    .optional(),
  /** Sparkplug B is read of this group of edge nodes; `+` means all. */
  sparkplugGroup: z
    .string()
    .regex(/^([^/#+\0]{1,100}|\+)$/)
    .optional(),
  protocolVersion: z.union([z.literal(4), z.literal(5)]).default(5),
  /** Prefix of the documented topics: `<prefix>/deployments/<key>/samples`, `…/labels`, `<prefix>/devices/<key>/telemetry`. */
  topicPrefix: z.string().regex(/^[^#+\0]{1,100}$/),
  receiveMaximum: z.int().min(1).max(65_535).default(2000),
  sessionExpirySeconds: z.int().min(0).max(4_294_967_295).default(604_800),
  /** Telemetry of a device never seen before registers it; otherwise it is refused into the dead letters. */
  acceptsNewDevices: z.boolean().default(false),
})
export type MqttConfig = z.infer<typeof mqttConfig>

/** A model that is served over HTTP. */
export const endpointConfig = z.strictObject({
  kind: z.literal('endpoint'),
  url: http,
  /** `oip-v2` is the Open Inference Protocol v2; `json` asks by `template`. */
  protocol: endpointProtocol,
  template: jsonTemplate.optional(),
  tls: tlsIdentity.optional(),
  modelName: z.string().min(1).max(200),
  modelVersion: z.string().max(100).nullable(),
  auth: endpointAuth,
  timeoutMs: z.int().min(100).max(120_000).default(10_000),
  probeEveryMs: z.int().min(1000).max(86_400_000).default(60_000),
})
export type EndpointConfig = z.infer<typeof endpointConfig>

/** A token with which a service may push samples, labels and telemetry to the console over HTTP. */
export const ingestConfig = z.strictObject({
  kind: z.literal('ingest'),
  /** SHA-256 of the token; the token is shown once, when made. */
  tokenDigest: z.string().regex(/^[0-9a-f]{64}$/),
  acceptsNewDevices: z.boolean().default(false),
})

/** An exporter whose metrics in Prometheus' text format are scraped into channels of one device. */
export const prometheusConfig = z.strictObject({
  kind: z.literal('prometheus'),
  /** With the path, mostly `/metrics`. */
  url: http,
  deviceKey: key,
  picks: z
    .array(scrapePick)
    .min(1)
    .max(200)
    .refine((picks) => new Set(picks.map(({ channel }) => channel)).size === picks.length, {
      error: 'every channel needs a name of its own',
    }),
  auth: endpointAuth,
  tls: tlsIdentity.optional(),
  everyMs: z.int().min(1000).max(86_400_000).default(15_000),
  timeoutMs: z.int().min(100).max(120_000).default(10_000),
  acceptsNewDevices: z.boolean().default(false),
})
export type PrometheusConfig = z.infer<typeof prometheusConfig>

/** A folder on this machine whose files bring predictions or labels of one deployment. */
export const folderConfig = z.strictObject({
  kind: z.literal('folder'),
  /** Absolute. */
  path: z.string().regex(/^(\/|[A-Za-z]:[\\/]|\\\\)[^\0]{0,999}$/, { error: 'the whole path of a folder' }),
  deploymentKey: key,
  what: z.enum(['samples', 'labels']),
  everyMs: z.int().min(1000).max(86_400_000).default(10_000),
})
export type FolderConfig = z.infer<typeof folderConfig>

/** Where alerts are sent as signed JSON. */
export const webhookConfig = z.strictObject({
  kind: z.literal('webhook'),
  url: http,
  /** Key of the HMAC-SHA-256 over `<timestamp>.<body>`. */
  hmacSecret: secretName.nullable(),
})

/**
 * A pipeline or deployment system reached over HTTP: one call starts the work, polling tells how it ends. Templates fill
 * `{{name}}` from the action's variables; in bodies values are inserted as JSON, in URLs percent-encoded.
 */
export const httpActionConfig = z.strictObject({
  kind: z.literal('http-action'),
  method: z.enum(['POST', 'PUT', 'PATCH']),
  url: z.string().min(1).max(2000),
  headers: z.record(z.string(), z.string()),
  bodyTemplate: z.string().max(20_000),
  auth: endpointAuth,
  hmacSecret: secretName.nullable(),
  poll: z
    .strictObject({
      url: z.string().min(1).max(2000),
      everyMs: z.int().min(200).max(600_000),
      /** Dot path to the state in the reply, and its values that mean the end. */
      statePath: z.string().max(200),
      succeeded: z.array(z.string()).min(1),
      failed: z.array(z.string()).min(1),
      /** Dot path to an object that is recorded as the outcome (for retraining: the registered version). */
      resultPath: z.string().max(200).nullable(),
    })
    .nullable(),
  timeoutMs: z.int().min(1000).max(86_400_000),
})

/** A program on this machine, run without a shell; variables arrive as environment `ASSAY_<NAME>`. */
export const commandActionConfig = z.strictObject({
  kind: z.literal('command-action'),
  program: z.string().min(1).max(1000),
  args: z.array(z.string().max(2000)).max(100),
  workingDirectory: z.string().max(1000).nullable(),
  timeoutMs: z.int().min(1000).max(86_400_000),
})

export const connectionConfig = z.discriminatedUnion('kind', [
  mqttConfig,
  endpointConfig,
  ingestConfig,
  prometheusConfig,
  folderConfig,
  webhookConfig,
  httpActionConfig,
  commandActionConfig,
])
export type ConnectionConfig = z.infer<typeof connectionConfig>

export const connection = z.strictObject({
  id: connectionId,
  key,
  name: title,
  isEnabled: z.boolean(),
  config: connectionConfig,
  createdAt: instant,
})
export type Connection = z.infer<typeof connection>

/** What a connection is doing now; kept in memory, counters also in the store. */
export const connectionState = z.strictObject({
  connectionId,
  phase: z.enum(['disabled', 'connecting', 'connected', 'degraded', 'failed']),
  /** Plain sentence saying what is wrong and what to check, null when all is well. */
  problem: z.string().nullable(),
  since: instant,
  counters: z.strictObject({
    received: z.int(),
    stored: z.int(),
    repeated: z.int(),
    refused: z.int(),
    /** Held apart now, because their event time lies in the future. */
    held: z.int().optional(),
    lastAt: instant.nullable(),
    /** Arrival time minus event time of the newest item, ms. */
    lagMs: z.number().nullable(),
  }),
  /** Endpoints: what the last probes saw. */
  probe: z
    .strictObject({
      at: instant,
      isReady: z.boolean(),
      latencyMs: z.number().nullable(),
      errorShare: z.number().nullable(),
      probes: z.int(),
      serverName: z.string().nullable(),
      serverVersion: z.string().nullable(),
    })
    .nullable(),
})
export type ConnectionState = z.infer<typeof connectionState>
