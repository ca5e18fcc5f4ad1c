import { boxTelemetryAt } from '../park/camera-box.ts'
import { channelsOf } from '../park/channels.ts'
import { TELEMETRY_TOPIC } from '../park/names.ts'
import type { Publisher } from './publisher.ts'
import type { TimeLapse } from './time-lapse.ts'

const EVERY_MS = 2000

/** The camera's box: publishes its six kinds of readings every two seconds until stopped. */
export function startBox(parts: {
  readonly timeLapse: TimeLapse
  readonly publisher: Publisher
  readonly now: () => number
  readonly firstSeq: number
}): { nextSeq(): number; stop(): void } {
  let seq = parts.firstSeq
  const report = () => {
    const at = parts.now()
    const values = channelsOf(boxTelemetryAt(at, parts.timeLapse.boxStory()))
    parts.publisher.publish(TELEMETRY_TOPIC, { at, seq: seq++, values })
  }
  report()
  const timer = setInterval(report, EVERY_MS)
  return { nextSeq: () => seq, stop: () => clearInterval(timer) }
}
