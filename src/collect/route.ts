import { key as keySchema } from '../contract/primitives.ts'

/** What a message is about: which of the three documented shapes, and whose it is. */
export interface Route {
  readonly kind: 'samples' | 'labels' | 'telemetry'
  /** Deployment key for samples and labels, device key for telemetry. */
  readonly key: string
}

const folders: Record<string, Route['kind'][]> = { deployments: ['samples', 'labels'], devices: ['telemetry'] }

/** Reads `deployments/<key>/samples|labels` or `devices/<key>/telemetry`; null when the path is none of these. */
export function parseRoute(path: string): Route | null {
  const parts = path.split('/')
  if (parts.length !== 3) return null
  const [folder, key, leaf] = parts
  if (!Object.hasOwn(folders, folder)) return null
  const kind = folders[folder].find((candidate) => candidate === leaf)
  return kind && keySchema.safeParse(key).success ? { kind, key } : null
}

/** The path of a route, as `parseRoute` reads it. */
export const pathOf = ({ kind, key }: Route) => `${kind === 'telemetry' ? 'devices' : 'deployments'}/${key}/${kind}`

/** Where a service may push: one of the documented shapes, another's protocol, or what a mapping reads (`key` is its topic). */
export type PushRoute =
  | Route
  | { readonly kind: 'cloudevents' | 'raw'; readonly key: string }
  | { readonly kind: 'metrics' }

/**
 * Reads a push address below its prefix: the documented routes, `deployments/<key>/cloudevents`, `otlp/v1/metrics`, and
 * `raw/<topic>`.
 */
export function parsePushRoute(path: string): PushRoute | null {
  if (path === 'otlp/v1/metrics') return { kind: 'metrics' }
  if (/^raw(\/[A-Za-z0-9._~-]{1,100}){1,10}$/.test(path)) return { kind: 'raw', key: path }
  const [folder, key = '', leaf, ...more] = path.split('/')
  if (folder === 'deployments' && leaf === 'cloudevents' && more.length === 0)
    return keySchema.safeParse(key).success ? { kind: leaf, key } : null
  return parseRoute(path)
}

/** Reads a topic under `prefix`; null when it is not one of the documented topics. */
export function parseTopic(prefix: string, topic: string): Route | null {
  return topic.startsWith(`${prefix}/`) ? parseRoute(topic.slice(prefix.length + 1)) : null
}
