import type { RawMessage } from '../contract/mapping.ts'

export interface KeptMessage {
  readonly at: number
  readonly source: string
  readonly isDocumented: boolean
  /** First bytes, a copy: the buffer of a socket would be held by it. */
  readonly payload: Uint8Array
  readonly bytes: number
}

const mostTopics = 100
const mostOfTopic = 10
const keptBytes = 16 * 1024
/** Topics change places at most this often, so that a flood costs nothing. */
const restMs = 200

export interface RecentMessages {
  note(connectionId: string, message: { at: number; source: string; isDocumented: boolean; payload: Uint8Array }): void
  /** Newest first. */
  of(connectionId: string): readonly KeptMessage[]
}

/** The last messages of each topic in memory, for whoever maps them: a hundred topics a connection, ten messages a topic, 16 KiB each. */
export function createRecentMessages(): RecentMessages {
  const connections = new Map<string, Map<string, KeptMessage[]>>()
  return {
    note(connectionId, { at, source, isDocumented, payload }) {
      let topics = connections.get(connectionId)
      if (topics === undefined) {
        topics = new Map()
        connections.set(connectionId, topics)
      }
      const known = topics.get(source)
      if (known !== undefined && at - known[0].at < restMs && known.length >= mostOfTopic) return
      const kept = known ?? []
      if (known === undefined) {
        topics.set(source, kept)
        if (topics.size > mostTopics)
          for (const oldest of topics.keys()) {
            topics.delete(oldest)
            break
          }
      }
      kept.unshift({
        at,
        source,
        isDocumented,
        payload: Uint8Array.from(payload.subarray(0, keptBytes)),
        bytes: payload.length,
      })
      if (kept.length > mostOfTopic) kept.pop()
    },
    of: (connectionId) => [...(connections.get(connectionId)?.values() ?? [])].flat().sort((a, b) => b.at - a.at),
  }
}

export const toRawMessage = ({ payload, ...message }: KeptMessage): RawMessage => ({
  ...message,
  source: message.source.slice(0, 1000),
  text: Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8').toWellFormed(),
})
