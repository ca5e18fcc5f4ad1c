import type { PrometheusConfig } from '../../contract/connection.ts'
import { createCaller, type EndpointResult } from '../http-call.ts'
import { createTlsFetch } from '../tls-fetch.ts'
import { type Exposition, parseExposition } from './parse-exposition.ts'
import { namesOf } from './read-channels.ts'

export interface ScrapeSecrets {
  readonly auth: string | null
  /** Private key of our certificate. */
  readonly tlsKey: string | null
}

/** A function that scrapes once; never throws, every failure is a value with a sentence. */
export function createScrape(
  config: PrometheusConfig,
  secrets: ScrapeSecrets,
  fetcher?: typeof fetch,
): (signal?: AbortSignal) => Promise<EndpointResult<Exposition>> {
  const http = createCaller(config, secrets.auth, config.tls ? createTlsFetch(config.tls, secrets.tlsKey) : fetcher)
  const wanted = namesOf(config.picks)
  return async (signal) => {
    const reply = await http.call('', { expects: 'text', accept: 'text/plain;version=0.0.4,*/*;q=0.1', signal })
    if (!reply.ok) return reply
    const read = parseExposition(String(reply.value), (name) => wanted.has(name))
    if (read.count > 0 || read.faultCount === 0) return { ...reply, value: read }
    const message = `what answers holds no metrics: line ${read.faults[0].line}: ${read.faults[0].message}`
    return { ok: false, problem: { kind: 'shape', message, status: 200 }, latencyMs: reply.latencyMs }
  }
}
