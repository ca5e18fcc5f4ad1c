import type { ConnectionConfig } from '../../../../contract/connection.ts'

/** Secrets of a form by the name that the configuration has for them. */
export type Secrets = {
  typed: (name: string) => string
  isStored: (name: string) => boolean
  type: (name: string, value: string) => void
}

/** What each kind's fields are given. */
export type ConfigFieldsProps<K extends ConnectionConfig['kind']> = {
  config: Extract<ConnectionConfig, { kind: K }>
  problems: ReadonlyMap<string, string>
  secrets: Secrets
  onChange: (config: Extract<ConnectionConfig, { kind: K }>) => void
}

/** Names of the secrets that a configuration refers to. */
export function secretNamesOf(config: ConnectionConfig): string[] {
  const names: (string | null)[] = []
  if (config.kind === 'mqtt') names.push(config.passwordSecret, config.identity?.keySecret ?? null)
  if ('auth' in config && config.auth.kind !== 'none') names.push(config.auth.secret)
  if (config.kind === 'webhook' || config.kind === 'http-action') names.push(config.hmacSecret)
  if ('tls' in config) names.push(config.tls?.keySecret ?? null)
  return names.filter((name) => name !== null)
}
