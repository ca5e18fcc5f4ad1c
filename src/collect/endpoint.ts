import type { EndpointConfig } from '../contract/connection.ts'
import { createJsonClient } from './endpoints/json.ts'
import { createMlflowClient } from './endpoints/mlflow.ts'
import { createOipV2Client } from './endpoints/oip-v2.ts'
import type { AdapterParts, EndpointClient } from './endpoints/port.ts'
import { createTfServingClient } from './endpoints/tf-serving.ts'
import { createTorchServeClient } from './endpoints/torchserve.ts'
import { createCaller } from './http-call.ts'
import { watchClock } from './server-clock.ts'
import { createTlsFetch } from './tls-fetch.ts'

export type { EndpointClient } from './endpoints/port.ts'
export type { EndpointProblem, EndpointResult } from './http-call.ts'
export type { InferOutput, InferRow, InferValue, ModelMetadata } from './inference-tensors.ts'

const adapters: Record<EndpointConfig['protocol'], (parts: AdapterParts) => EndpointClient> = {
  'oip-v2': createOipV2Client,
  'tf-serving': createTfServingClient,
  torchserve: createTorchServeClient,
  mlflow: createMlflowClient,
  json: createJsonClient,
}

/**
 * Client of one served model. Never throws: a failure is a value with a sentence. One attempt a call, limited in time and size;
 * whoever calls decides about trying again.
 */
export function createEndpointClient(options: {
  readonly config: EndpointConfig
  readonly secret: string | null
  /** Private key of the client's certificate. */
  readonly tlsKey?: string | null
  readonly fetch?: typeof fetch
  /** Told how far the server's clock is ahead of `now`, ms, with each reply that carries a date. */
  readonly onClockSkew?: (skewMs: number) => void
  readonly now?: () => number
}): EndpointClient {
  const { config, secret } = options
  const plain = config.tls ? createTlsFetch(config.tls, options.tlsKey ?? null) : options.fetch
  const { onClockSkew, now } = options
  const fetcher = onClockSkew && now ? watchClock(plain, now, onClockSkew) : plain
  return adapters[config.protocol]({ config, http: createCaller(config, secret, fetcher) })
}

/**
 * Whether a protocol has words for versions and tensors. Of a server without them, what it serves is the word of whoever set up the
 * connection.
 */
export const saysVersions = (protocol: EndpointConfig['protocol']): boolean =>
  protocol === 'oip-v2' || protocol === 'tf-serving'
