import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'mqtt'
import { makeMessage } from './messages.ts'

export interface Publisher {
  /** Messages that the broker has acknowledged. */
  readonly acknowledged: () => number
  /** Publishes no more than so many messages until it is told of more: a slow machine must not run out of them early. */
  allow(messages: number): void
  /** Resolves when the broker has acknowledged every message. */
  readonly done: Promise<void>
  close(): Promise<void>
}

export interface PublisherOptions {
  readonly url: string
  readonly seed: number
  readonly messages: number
  readonly startAt: number
  readonly perSecond: number
}

/** Publishes with QoS 1; what the broker has not acknowledged when it goes away is sent again when it is back. */
export function startPublisher({ url, seed, messages, startAt, perSecond }: PublisherOptions): Publisher {
  const client = connect(url, { protocolVersion: 5, reconnectPeriod: 100, clientId: `publisher-${seed}` })
  client.on('error', () => {})
  const part = 100
  let acknowledged = 0
  let allowed = 0
  let tellAllowed = () => {}

  async function publishAll() {
    for (let from = 0; from < messages; from += part) {
      while (from >= allowed)
        await new Promise<void>((resolve) => {
          tellAllowed = resolve
        })
      const until = performance.now() + (1000 * part) / perSecond
      const sent = Array.from({ length: Math.min(part, messages - from) }, async (_, offset) => {
        const { topic, payload } = makeMessage(seed, from + offset, startAt)
        await client.publishAsync(topic, payload, { qos: 1 })
        acknowledged++
      })
      await Promise.all(sent)
      if (allowed < messages) await sleep(Math.max(0, until - performance.now()))
    }
  }

  const done = publishAll()
  // Whoever waits for it is told; a run that failed before it waits must end with its own error.
  done.catch(() => {})

  return {
    acknowledged: () => acknowledged,
    allow(count) {
      allowed = Math.max(allowed, count)
      tellAllowed()
    },
    done,
    close: () => client.endAsync(true),
  }
}
