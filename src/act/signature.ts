import { createHmac } from 'node:crypto'

export const signatureHeader = 'x-assay-signature'
export const correlationHeader = 'x-assay-correlation-id'

/**
 * Value of the signature header: `t=<ms>,v1=<hex>`, HMAC-SHA-256 with the shared key over `<ms>.<body>` in UTF-8. A receiver
 * recomputes it over the bytes it got and refuses instants that are too old, which stops replays.
 */
export function signBody(key: string, body: string, atMs: number): string {
  const hex = createHmac('sha256', key).update(`${atMs}.${body}`).digest('hex')
  return `t=${atMs},v1=${hex}`
}
