import type { Alert } from '../contract/alert.ts'
import { formatInstant } from './format.ts'
import { subjectName } from './subject.ts'

/** What is known about which device feeds which deployment. */
export interface Feed {
  readonly deploymentId: string
  readonly deploymentName: string
  readonly deviceId: string
  readonly deviceName: string
}

/** New links of one alert; the service stores them on the record. */
export interface LinkDecision {
  readonly alertId: string
  readonly linkedAlertIds: string[]
  readonly linkReason: string
}

/** Questions about a deployment that a faulty sensor can answer. */
const symptoms = new Set<Alert['kind']>(['integrity', 'drift', 'performance', 'bias', 'fairness', 'errors'])
/** Device numbers that look ahead and so explain nothing that has already happened. */
const outlooks = new Set(['daysToLimit', 'trend'])

const endOf = (alert: Alert, now: number) => alert.resolution?.at ?? now

/** Faults that say most about wrong inputs first: a value that stands still explains more than one that is late. */
const telling = [/stuck/i, /shift/i, /range/i, /outlier/i, /gap/i]
const rankOf = ({ subject }: Alert) => {
  const rank = telling.findIndex((pattern) => pattern.test(subject.metric))
  return rank === -1 ? telling.length : rank
}

/** What the sensor did, in words: `the light channel of room-1 was stuck`. */
function faultOf(device: Alert, deviceName: string): string {
  const where =
    device.subject.channel === undefined ? deviceName : `the ${device.subject.channel} channel of ${deviceName}`
  if (/stuck/i.test(device.subject.metric)) return `${where} was stuck`
  if (/shift/i.test(device.subject.metric)) return `${where} shifted suddenly`
  if (/gap/i.test(device.subject.metric)) return `${where} fell silent`
  if (/range/i.test(device.subject.metric)) return `${where} left its range`
  return `${where} was at fault (${subjectName({ metric: device.subject.metric })})`
}

/**
 * Finds alerts that are one incident: a fault of a device, and a symptom on a deployment that this device feeds, overlapping in event
 * time. The fault must not have begun later than the symptom by more than `slackMs` (the length of the monitor's window: a
 * symptom's beginning is known no better), because what comes after cannot explain. Both alerts get the link and the sentence,
 * which says "likely": the console sees a coincidence in time along a known wire, not a cause. Of several faults the most telling one is named. Returns only alerts whose
 * links change. O(devices × symptoms).
 */
export function linkAlerts(
  alerts: readonly Alert[],
  feeds: readonly Feed[],
  options: { readonly now: number; readonly slackMs?: number },
): LinkDecision[] {
  const { now, slackMs = 86_400_000 } = options
  const links = new Map<string, { ids: Set<string>; reason: string | null; isChanged: boolean }>()
  for (const alert of alerts)
    links.set(alert.id, { ids: new Set(alert.linkedAlertIds), reason: alert.linkReason, isChanged: false })
  const faults = alerts.filter(
    ({ target, kind, subject }) => target.type === 'device' && kind === 'device' && !outlooks.has(subject.metric),
  )
  const ranks = new Map(faults.map((fault) => [fault.id, rankOf(fault)]))
  const link = (from: string, to: string, reason: string) => {
    const entry = links.get(from)
    if (entry === undefined || entry.ids.has(to)) return
    const best = Math.min(...[...entry.ids].map((id) => ranks.get(id) ?? Number.POSITIVE_INFINITY))
    if (entry.reason === null || (ranks.get(to) ?? Number.POSITIVE_INFINITY) < best) entry.reason = reason
    entry.ids.add(to)
    entry.isChanged = true
  }

  const symptomsByDeployment = Map.groupBy(
    alerts.filter((alert) => alert.target.type === 'deployment' && symptoms.has(alert.kind)),
    (alert) => alert.target.id,
  )
  for (const fault of faults) {
    for (const feed of feeds) {
      if (feed.deviceId !== fault.target.id) continue
      for (const symptom of symptomsByDeployment.get(feed.deploymentId) ?? []) {
        const isTogether = fault.beganAt < endOf(symptom, now) && symptom.beganAt < endOf(fault, now)
        if (!isTogether || fault.beganAt > symptom.beganAt + slackMs) continue
        const reason =
          `One incident: ${faultOf(fault, feed.deviceName)} from ${formatInstant(fault.beganAt, now)}, and ` +
          `${subjectName(symptom.subject)} of ${feed.deploymentName}, which it feeds, breached from ` +
          `${formatInstant(symptom.beganAt, now)}. The sensor is the likely cause.`
        link(fault.id, symptom.id, reason)
        link(symptom.id, fault.id, reason)
      }
    }
  }
  return [...links].flatMap(([alertId, entry]) =>
    entry.isChanged ? [{ alertId, linkedAlertIds: [...entry.ids], linkReason: entry.reason ?? '' }] : [],
  )
}
