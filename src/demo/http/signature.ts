import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isSameSecret } from './exchange.ts'
import { Refusal } from './refusal.ts'

const MAX_AGE_MS = 5 * 60_000

/**
 * Checks the signature of a received body: header `x-assay-signature: t=<ms>,v1=<hex>` with HMAC-SHA-256 over `<ms>.<body>`.
 * Throws a `Refusal` (401) when it is absent, wrong, or more than five minutes off, which stops replays.
 */
export function checkSignature(headers: IncomingHttpHeaders, body: string, key: string, now: number): void {
  const [, at, given] = /^t=(\d{1,15}),v1=([0-9a-f]{64})$/.exec(String(headers['x-assay-signature'] ?? '')) ?? []
  if (at === undefined) throw new Refusal(401, 'a signature of the form t=<ms>,v1=<hex> is needed')
  if (Math.abs(now - Number(at)) > MAX_AGE_MS) throw new Refusal(401, 'the signature is more than five minutes off')
  const expected = createHmac('sha256', key).update(`${at}.${body}`).digest('hex')
  if (!isSameSecret(given, expected)) throw new Refusal(401, 'the signature does not fit the body')
}
