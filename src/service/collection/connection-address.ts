import type { ConnectionConfig } from '../../contract/connection.ts'

/** Scheme, host and port of an address; all of it where it is a template that cannot be taken apart. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

/** Every place to which a connection sends its secrets. */
function placesOf(config: ConnectionConfig): string[] {
  switch (config.kind) {
    case 'mqtt':
    case 'endpoint':
    case 'prometheus':
    case 'webhook':
      return [placeOf(config.url)]
    case 'http-action':
      return [placeOf(config.url), ...(config.poll === null ? [] : [placeOf(config.poll.url)])]
    case 'ingest':
    case 'folder':
    case 'command-action':
      return []
  }
}

/** Whether a stored secret may go where the new configuration sends it: only to places to which it went before. */
export function keepsPlaces(before: ConnectionConfig, after: ConnectionConfig): boolean {
  const known = new Set(placesOf(before))
  return before.kind === after.kind && placesOf(after).every((place) => known.has(place))
}
