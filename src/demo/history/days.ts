import type { WireLabel, WireSample, WireTelemetry } from '../../contract/sample.ts'
import { boxTelemetryAt } from '../park/camera-box.ts'
import { channelsOf } from '../park/channels.ts'
import { DEVICE_KEY } from '../park/names.ts'
import { encodePng } from '../park/png.ts'
import { carriesPicture, sampleOf } from '../park/sample.ts'
import { DEFAULT_STORY } from '../park/story.ts'
import { idOfVisit } from '../park/visitor.ts'
import { type Visit, visitsBetween } from '../park/visits.ts'
import type { Archive } from '../pipeline/archive.ts'
import { uniformOf } from '../random.ts'
import type { Classifier } from '../server/classifier.ts'
import { type Calendar, humidityReadAt, storyOfHistory } from './calendar.ts'
import { seeVisits } from './draw.ts'

const HOUR_MS = 3_600_000
const TELEMETRY_EVERY_MS = 5 * 60_000
const LABELLED_SHARE = 0.95

/** What came in on one day of history. */
export interface HistoryDay {
  readonly samples: WireSample[]
  readonly labels: WireLabel[]
  readonly telemetry: WireTelemetry[]
}

/** Numbers that rise from day to day. */
export interface Counters {
  sampleSeq: number
  telemetrySeq: number
}

/** Draws one span of history, classified by the version that ran; its frames go to the pipeline's memory as well. */
export async function drawDay(given: {
  readonly calendar: Calendar
  readonly from: number
  readonly to: number
  readonly classifier: Classifier
  readonly archive: Archive | null
  readonly counters: Counters
}): Promise<HistoryDay> {
  const { calendar, from, to, classifier, archive, counters } = given
  const day: HistoryDay = { samples: [], labels: [], telemetry: [] }
  for (const { visit, frame, probabilities, prediction } of await seeVisits(visitsOf(calendar, from, to), classifier)) {
    const seq = counters.sampleSeq++
    day.samples.push(
      sampleOf({
        visit,
        frame,
        at: visit.at,
        probabilities,
        prediction,
        version: classifier.version,
        device: DEVICE_KEY,
        seq,
        png: carriesPicture(seq, probabilities) ? encodePng(frame) : undefined,
      }),
    )
    const id = idOfVisit(visit)
    archive?.add({ id, at: visit.at, pixels: frame.pixels })
    if (uniformOf(visit.seed, 42) >= LABELLED_SHARE) continue
    // The keeper went through the pictures some hours later.
    const labelledAt = Math.round(visit.at + (2 + 6 * uniformOf(visit.seed, 43)) * HOUR_MS)
    day.labels.push({ id, label: visit.species, at: Math.min(labelledAt, calendar.history.to) })
    archive?.label(id, visit.species)
  }
  for (let at = Math.ceil(from / TELEMETRY_EVERY_MS) * TELEMETRY_EVERY_MS; at < to; at += TELEMETRY_EVERY_MS) {
    const values = channelsOf(boxTelemetryAt(at, DEFAULT_STORY))
    const { humidity } = channelsOf(boxTelemetryAt(humidityReadAt(calendar, at), DEFAULT_STORY))
    day.telemetry.push({ at, seq: counters.telemetrySeq++, values: { ...values, humidity } })
  }
  return day
}

/** Visits of a span whose story may change at midnight. */
function visitsOf(calendar: Calendar, from: number, to: number): Visit[] {
  const { darkDay } = calendar
  const cuts = [from, ...(darkDay ? [darkDay.from, darkDay.to].filter((at) => at > from && at < to) : []), to]
  return cuts.slice(1).flatMap((end, index) => {
    return visitsBetween(cuts[index], end, storyOfHistory(calendar, cuts[index]))
  })
}
