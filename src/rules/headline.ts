import type { Alert } from '../contract/alert.ts'
import type { Finding } from '../contract/finding.ts'
import type { Headline, Status } from '../contract/primitives.ts'
import { driftWithoutDamage } from './drift-without-damage.ts'
import {
  capitalise,
  formatCount,
  formatDuration,
  formatEstimate,
  formatInstant,
  formatList,
  formatNumber,
  withUnit,
} from './format.ts'
import { metricName, subjectName } from './subject.ts'

const leadingMetrics = ['accuracy', 'rmse', 'mae', 'r2', 'f1']

/** The number that stands for performance: accuracy where there is one. Groups and classes never lead. */
export function leadingPerformance(findings: readonly Finding[]): Finding | null {
  const overall = findings.filter(
    ({ kind, subject }) => kind === 'performance' && subject.group === undefined && subject.className === undefined,
  )
  for (const metric of leadingMetrics) {
    const found = overall.find((finding) => finding.subject.metric === metric)
    if (found !== undefined) return found
  }
  return overall.find((finding) => finding.limit !== null) ?? overall[0] ?? null
}

const numberAndLimit = (finding: Finding): string => {
  const number = `${metricName(finding.subject.metric)} ${formatEstimate(finding)}`
  if (finding.limit === null || finding.limit.direction === 'outside') return number
  return `${number}, limit ${withUnit(formatNumber(finding.limit.breach, twoDecimals(finding.limit.breach)), finding.unit)}`
}
const twoDecimals = (value: number) => (Math.abs(value) < 1 && Math.round(value * 100) === value * 100 ? 2 : undefined)

/** What the sensor did, as a cause: `after a knock on camera-1`, `after the light channel of room-1 was stuck`. */
function causeOf(alert: Alert, deviceName: string): string {
  const { metric, channel } = alert.subject
  if (/shift/i.test(metric) && channel !== undefined && /acc|gyro|tilt/i.test(channel))
    return `after a knock on ${deviceName}`
  const where = channel === undefined ? deviceName : `the ${channel} channel of ${deviceName}`
  if (/stuck/i.test(metric)) return `after ${where} was stuck`
  if (/gap/i.test(metric)) return `after ${where} fell silent`
  if (/shift/i.test(metric)) return `after ${where} shifted`
  return `after a fault on ${where}`
}

/** The worst status of a target's current findings; `unknown` without any. */
export const standingOf = (findings: readonly { readonly status: Status }[]): Headline['status'] => {
  for (const status of ['breach', 'warning', 'ok'] as const)
    if (findings.some((f) => f.status === status)) return status
  return findings.length > 0 ? 'insufficient' : 'unknown'
}

const isOpen = (alert: Alert) => alert.state !== 'resolved'
const sinceOf = (alerts: readonly Alert[], kind: Alert['kind'], now: number) => {
  const begun = alerts.filter((alert) => alert.kind === kind && isOpen(alert)).map((alert) => alert.beganAt)
  return begun.length === 0 ? '' : ` since ${formatInstant(Math.min(...begun), now)}`
}

const troubles: Partial<Record<Finding['kind'], string>> = {
  integrity: 'receives data with faults',
  bias: 'favours some classes more than its reference',
  fairness: 'treats groups differently',
  errors: 'fails more in some slices',
  explanation: 'decides for other reasons than before',
  endpoint: 'has trouble answering',
}

/** How a deployment is doing, in one sentence. */
export interface DeploymentState {
  readonly name: string
  readonly environment: 'test' | 'production'
  /** Newest finding of every number. */
  readonly findings: readonly Finding[]
  readonly alerts: readonly Alert[]
  /** Alerts of the device that feeds it, and the device's name. */
  readonly device: { readonly name: string; readonly alerts: readonly Alert[] } | null
  readonly lastSampleAt: number | null
  /** Silence longer than this is said first; null where no rhythm is expected. */
  readonly silentAfterMs: number | null
  readonly now: number
}

/**
 * Says what is wrong, since when, after what, and the leading number with its interval and limit; what cannot be judged is said to be
 * so. The worst finding decides the status; drift, and a shift of predicted classes with it, is a warning while performance
 * holds.
 */
export function deploymentHeadline(state: DeploymentState): Headline {
  const { findings, now } = state
  const place = `${state.name} in ${state.environment}`
  if (state.lastSampleAt === null && findings.length === 0)
    return { status: 'unknown', text: `${place} has not sent any samples yet` }

  const silentMs = state.lastSampleAt === null ? null : now - state.lastSampleAt
  const isSilent = state.silentAfterMs !== null && silentMs !== null && silentMs > state.silentAfterMs
  const silence = isSilent ? `no samples for ${formatDuration(silentMs)}` : null
  if (findings.length === 0)
    return {
      status: isSilent ? 'warning' : 'unknown',
      text:
        silence === null
          ? `${place} sends samples, but nothing has been judged yet`
          : `${place}: ${silence}, and nothing has been judged yet`,
    }

  const performance = leadingPerformance(findings)
  const number = performance === null || performance.value === null ? null : numberAndLimit(performance)
  const unjudged =
    performance === null || performance.status === 'insufficient'
      ? 'performance cannot be judged yet: too few labels'
      : null
  const close = silence === null ? '' : `; ${silence}`
  const calm = driftWithoutDamage(findings)
  const breaches = findings.filter((finding) => finding.status === 'breach')
  const breached = new Set(breaches.map((finding) => finding.kind))
  const reasons = breaches.filter(({ kind }) => kind === 'explanation')
  const isAboutSamples = reasons.length > 0 && reasons.every(({ subject }) => subject.metric === 'outOfEnvelopeShare')
  const others = [...breached].flatMap((kind) =>
    kind === 'explanation' && isAboutSamples ? 'decides about what its reference never showed' : (troubles[kind] ?? []),
  )

  // Predicted classes that follow a world in which performance holds are no fault of the model either.
  if (calm !== null && [...breached].every((kind) => kind === 'drift' || kind === 'bias')) {
    const classes = breached.has('bias') ? '; predicted classes have shifted with it' : ''
    return { status: 'warning', text: `${place}: ${calm}${sinceOf(state.alerts, 'drift', now)}${classes}${close}` }
  }
  if (breaches.length === 0) {
    // Where somebody said which numbers matter, the others may differ a little from the reference.
    const limited = new Set(findings.flatMap(({ kind, limit }) => (limit === null ? [] : [kind])))
    const warnings = findings.filter(
      ({ kind, limit, status }) => status === 'warning' && (limit !== null || !limited.has(kind)),
    )
    if (warnings.length > 0) {
      const which = formatList([...new Set(warnings.map((finding) => subjectName(finding.subject)))], 3)
      const rest = [number, unjudged].filter((part) => part !== null).join('; ')
      return { status: 'warning', text: `${place} needs a look: ${which} near the limit${rest && `; ${rest}`}${close}` }
    }
    if (standingOf(findings) === 'insufficient')
      return {
        status: isSilent ? 'warning' : 'insufficient',
        text: `${place} has too few samples to be judged${close}`,
      }
    if (unjudged !== null)
      return { status: isSilent ? 'warning' : 'ok', text: `${place} shows no fault, but ${unjudged}${close}` }
    return {
      status: isSilent ? 'warning' : 'ok',
      text: `${place} is as it should be${number === null ? '' : `; ${number}`}${close}`,
    }
  }

  const verbs: string[] = []
  if (breached.has('performance')) {
    const fallen = breaches.find((finding) => finding.kind === 'performance') as Finding
    const name = performance?.status === 'breach' ? metricName(performance.subject.metric) : subjectName(fallen.subject)
    verbs.push(`is past its limit on ${name}${sinceOf(state.alerts, 'performance', now)}`)
  }
  if (breached.has('drift')) verbs.push(`has drifted${sinceOf(state.alerts, 'drift', now)}`)
  verbs.push(...others)
  const cause = findCause(state)
  const tail = [number, unjudged].filter((part) => part !== null).join('; ')
  return {
    status: 'breach',
    text: `${place} ${formatList(verbs, 3)}${cause === null ? '' : `, ${cause}`}${tail && `; ${tail}`}${close}`,
  }
}

/** The device's fault that is linked to an alert of the deployment; a mere coincidence of faults is not called a cause. */
function findCause(state: DeploymentState): string | null {
  if (state.device === null) return null
  const linked = new Set(state.alerts.filter(isOpen).flatMap((alert) => alert.linkedAlertIds))
  const faults = state.device.alerts.filter((alert) => linked.has(alert.id)).sort((a, b) => a.beganAt - b.beganAt)
  return faults.length === 0 ? null : causeOf(faults[0], state.device.name)
}

/** What a device's headline says in one word: never heard and silent go before what was found. */
export function deviceStatus(state: {
  readonly standing: Headline['status']
  readonly lastSeenAt: number | null
  readonly silentAfterMs: number | null
  readonly now: number
}): Headline['status'] {
  if (state.lastSeenAt === null) return 'unknown'
  const isSilent = state.silentAfterMs !== null && state.now - state.lastSeenAt > state.silentAfterMs
  return isSilent ? 'breach' : state.standing
}

/** How a device is doing: which channels are at fault and how, since when, and when it was last heard. */
export function deviceHeadline(state: {
  readonly name: string
  readonly findings: readonly Finding[]
  readonly alerts: readonly Alert[]
  readonly lastSeenAt: number | null
  readonly silentAfterMs: number | null
  readonly now: number
}): Headline {
  const { name, findings, now, lastSeenAt } = state
  if (lastSeenAt === null) return { status: 'unknown', text: `${name} has not been heard from yet` }
  const silentMs = now - lastSeenAt
  if (state.silentAfterMs !== null && silentMs > state.silentAfterMs)
    return {
      status: 'breach',
      text: `${name} has been silent for ${formatDuration(silentMs)}, since ${formatInstant(lastSeenAt, now)}`,
    }
  const status = standingOf(findings)
  if (status === 'unknown') return { status, text: `${name} reports, but nothing has been judged yet` }
  if (status === 'insufficient') return { status, text: `${name} has reported too little to be judged` }
  const channels = new Set(findings.flatMap((finding) => finding.subject.channel ?? []))
  if (status === 'ok')
    return {
      status,
      text: `${name} is healthy${channels.size > 0 ? `: ${formatCount(channels.size)} ${channels.size === 1 ? 'channel' : 'channels'} as they should be` : ''}`,
    }
  const bad = findings.filter((finding) => finding.status === status)
  const what = bad.length === 1 ? stripPoint(bad[0].message) : formatList([...new Set(bad.map(faultName))], 4)
  const since = sinceOf(state.alerts, 'device', now)
  const verb = status === 'breach' ? 'has a fault' : 'needs a look'
  return { status, text: `${name} ${verb}${status === 'breach' ? since : ''}: ${what}` }
}

const stripPoint = (text: string) => text.replace(/[.\s]+$/, '')
const faultName = ({ subject }: Finding) =>
  subject.channel === undefined ? metricName(subject.metric) : `${subject.channel} (${metricName(subject.metric)})`

/** The first sentence of the overview: how many are well, which is worst, and what waits. */
export function workspaceHeadline(state: {
  readonly deployments: readonly { readonly name: string; readonly headline: Headline }[]
  readonly devices: readonly { readonly name: string; readonly headline: Headline }[]
  /** Connections with a problem: name and sentence. */
  readonly connectionProblems: readonly { readonly name: string; readonly problem: string }[]
  readonly openAlerts: { readonly critical: number; readonly warning: number }
}): Headline {
  const all = [...state.deployments, ...state.devices]
  if (all.length === 0)
    return { status: 'unknown', text: 'Nothing is watched yet: connect a broker or an endpoint, or import a file' }
  const waiting = state.openAlerts.critical + state.openAlerts.warning
  const parts: string[] = []
  if (waiting > 0) {
    const critical = state.openAlerts.critical > 0 ? ` (${formatCount(state.openAlerts.critical)} critical)` : ''
    parts.push(`${formatCount(waiting)} open ${waiting === 1 ? 'alert' : 'alerts'}${critical}`)
  }
  if (state.connectionProblems.length === 1)
    parts.push(`connection ${state.connectionProblems[0].name}: ${stripPoint(state.connectionProblems[0].problem)}`)
  else if (state.connectionProblems.length > 1)
    parts.push(`${formatCount(state.connectionProblems.length)} connections have problems`)
  const tail = parts.length > 0 ? `; ${parts.join('; ')}` : ''

  for (const status of ['breach', 'warning'] as const) {
    const bad = all.filter((item) => item.headline.status === status)
    if (bad.length === 1) return { status, text: `${stripPoint(bad[0].headline.text)}${tail}` }
    if (bad.length > 1) {
      const what = status === 'breach' ? 'are past a limit' : 'need a look'
      return {
        status,
        text: `${formatList(bad.map((item) => item.name))} ${what}. ${capitalise(stripPoint(bad[0].headline.text))}${tail}`,
      }
    }
  }
  const unsure = all.filter((item) => item.headline.status === 'unknown' || item.headline.status === 'insufficient')
  if (unsure.length === all.length) return { status: 'insufficient', text: `Nothing can be judged yet${tail}` }
  const hasTrouble = waiting > 0 || state.connectionProblems.length > 0
  const well = all.length - unsure.length
  const count = (n: number, one: string, many: string) => `${formatCount(n)} ${n === 1 ? one : many}`
  const text =
    unsure.length === 0
      ? `All ${count(state.deployments.length, 'deployment', 'deployments')} and ${count(state.devices.length, 'device', 'devices')} are as they should be`
      : `${formatCount(well)} of ${formatCount(all.length)} are as they should be; ${formatList(unsure.map((item) => item.name))} cannot be judged yet`
  return { status: hasTrouble ? 'warning' : 'ok', text: `${text}${tail}` }
}
