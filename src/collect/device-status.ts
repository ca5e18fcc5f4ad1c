import { z } from 'zod'
import { instant, key as keySchema } from '../contract/primitives.ts'
import { decodeJson } from './decode-json.ts'
import type { TopicReading } from './mqtt-topics.ts'
import { onlineChannel } from './sparkplug/session.ts'

const message = z.strictObject({
  status: z.enum(['online', 'offline']),
  at: z.union([instant, z.iso.datetime({ offset: true })]).optional(),
})
const limits = { maxBytes: 1000, maxDepth: 4 }

/**
 * Reads `<prefix>/devices/<key>/status`: the words `online` and `offline`, or `{"status": "offline", "at": …}`. Devices set it as
 * their last will, so that the broker says when they are gone. It becomes the channel `online`, 1 or 0. Null for other topics.
 */
export function readStatus(prefix: string, topic: string, payload: Uint8Array, now: number): TopicReading | null {
  if (!topic.endsWith('/status') || !topic.startsWith(`${prefix}/devices/`)) return null
  const key = topic.slice(prefix.length + '/devices/'.length, -'/status'.length)
  if (!keySchema.safeParse(key).success) return null
  const route = { kind: 'telemetry' as const, key }
  const word = payload.length <= 20 ? Buffer.from(payload).toString('utf8').trim().toLowerCase() : ''
  let said = message.safeParse({ status: word })
  if (!said.success) {
    const decoded = decodeJson(payload, limits)
    if (decoded.refusal === null) said = message.safeParse(decoded.json)
  }
  if (!said.success) {
    const reason = 'a status is the word online or offline, or an object like {"status": "offline"}'
    return { route, decoded: { refusal: { code: 'wrong-shape', reason } } }
  }
  const { status, at = now } = said.data
  return { route, decoded: { json: { at, values: { [onlineChannel]: status === 'online' ? 1 : 0 } }, refusal: null } }
}
