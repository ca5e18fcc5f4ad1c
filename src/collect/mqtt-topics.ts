import type { MqttConfig } from '../contract/connection.ts'
import { readStatus } from './device-status.ts'
import type { IncomingMessage } from './intake.ts'
import { isSparkplug, sparkplugFilter } from './sparkplug/read-topic.ts'
import { createSparkplugSession } from './sparkplug/session.ts'

/** What to subscribe to: everything under the prefix, shared with other collectors where a group is named, and Sparkplug. */
export function filtersOf({ topicPrefix, shareGroup, sparkplugGroup }: MqttConfig): string[] {
  const documented = `${topicPrefix}/#`
  return [
    shareGroup === undefined ? documented : `$share/${shareGroup}/${documented}`,
    // Never shared: whoever follows a node must see all of its messages.
    ...(sparkplugGroup === undefined ? [] : [sparkplugFilter(sparkplugGroup)]),
  ]
}

/** A message that the source has read itself. */
export type TopicReading = Required<Pick<IncomingMessage, 'route' | 'decoded'>>

/**
 * Reads messages of topics that are not JSON of the documented shapes: Sparkplug B, and the status of a device. Null for all others;
 * an empty list where there is nothing to store.
 */
export function createTopicReader(
  config: MqttConfig,
  publish: (topic: string, payload: Uint8Array) => void,
): (topic: string, payload: Uint8Array, now: number) => readonly TopicReading[] | null {
  const sparkplug = config.sparkplugGroup === undefined ? null : createSparkplugSession({ publish })
  return (topic, payload, now) => {
    if (sparkplug !== null && isSparkplug(topic)) return sparkplug.read(topic, payload, now) ?? []
    const status = readStatus(config.topicPrefix, topic, payload, now)
    return status === null ? null : [status]
  }
}
