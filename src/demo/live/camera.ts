import { setTimeout as pause } from 'node:timers/promises'
import { drawFrame } from '../park/frame.ts'
import { DEVICE_KEY, FRAMES_TOPIC, MODEL_KEY, SAMPLES_TOPIC } from '../park/names.ts'
import { encodePng } from '../park/png.ts'
import { carriesPicture, sampleOf } from '../park/sample.ts'
import { idOfVisit } from '../park/visitor.ts'
import { type Visit, visitsBetween } from '../park/visits.ts'
import { classify } from './inference.ts'
import type { Publisher } from './publisher.ts'
import type { TimeLapse } from './time-lapse.ts'

const TICK_MS = 100
/** After a pause (a machine that slept) the camera goes on with now instead of catching up. */
const MAX_VISITS_PER_TICK = 60

export interface CameraParts {
  readonly timeLapse: TimeLapse
  readonly endpointUrl: () => string
  readonly publisher: Publisher
  readonly now: () => number
  /** Number that the next sample gets. */
  readonly firstSeq: number
  /** Told of every visit that was published. */
  readonly onSeen: (visit: Visit, at: number) => void
  readonly onProblem: (sentence: string) => void
}

export interface Camera {
  readonly counts: { readonly published: number; readonly failed: number }
  nextSeq(): number
  stop(): Promise<void>
}

/**
 * The camera: takes a frame of every visit, asks the production endpoint, and publishes sample and frame. A frame that the
 * endpoint does not answer for is lost, as its missing sequence number tells.
 */
export function startCamera(parts: CameraParts): Camera {
  const { timeLapse, publisher, now, onSeen, onProblem } = parts
  const stopping = new AbortController()
  const counts = { published: 0, failed: 0 }
  let seq = parts.firstSeq

  async function take(visit: Visit): Promise<void> {
    const at = timeLapse.realAt(visit.at)
    const frame = drawFrame(visit)
    const png = encodePng(frame)
    const number = seq++
    try {
      const inference = await classify(parts.endpointUrl(), MODEL_KEY, png)
      const picture = carriesPicture(number, inference.probabilities) ? png : undefined
      const sample = sampleOf({ visit, frame, at, device: DEVICE_KEY, seq: number, png: picture, ...inference })
      if (!publisher.publish(SAMPLES_TOPIC, sample)) throw new Error('the broker has been away for too long')
      publisher.publish(FRAMES_TOPIC, { id: idOfVisit(visit), at, png: Buffer.from(png).toString('base64') })
      counts.published += 1
      onSeen(visit, at)
    } catch (error) {
      counts.failed += 1
      onProblem(`Frame ${number} was lost: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  async function run(): Promise<void> {
    let seenUntil = timeLapse.storyAt(now())
    while (!stopping.signal.aborted) {
      await pause(TICK_MS, undefined, { signal: stopping.signal }).catch(() => {})
      const until = timeLapse.storyAt(now())
      const visits = visitsBetween(seenUntil, until, timeLapse.visitStory())
      seenUntil = until
      for (const visit of visits.slice(-MAX_VISITS_PER_TICK)) {
        if (stopping.signal.aborted) return
        await take(visit)
      }
    }
  }

  const running = run()
  return {
    counts,
    nextSeq: () => seq,
    async stop() {
      stopping.abort()
      await running
    },
  }
}
