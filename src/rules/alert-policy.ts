import type { Alert } from '../contract/alert.ts'
import type { Finding, Limit, Target } from '../contract/finding.ts'
import { alertTitle, severityOf } from './alert-text.ts'
import { driftWithoutDamage } from './drift-without-damage.ts'
import { matchLimit } from './limits.ts'
import { hasRecovered, immediately, orderSeries, persists } from './persistence.ts'
import { keyOf } from './subject.ts'

export interface AlertPolicyInput {
  /** The new findings, judged. */
  readonly findings: readonly Finding[]
  /** Active limits of the target. */
  readonly limits: readonly Limit[]
  /** Recent findings of the same targets, of any number; may contain the new ones. At least `of` of each number are needed. */
  readonly history: readonly Finding[]
  /** Alerts of these targets that are not resolved. */
  readonly openAlerts: readonly Alert[]
  /** Alerts that people resolved: what was known by then counts no more towards a new alert of the same number. */
  readonly resolvedAlerts?: readonly Alert[]
  readonly now: number
  readonly newAlertId: () => string
  readonly nameOf: (target: Target) => string
}

/**
 * What to do about one number. `alert` is the whole record as it should be stored; `isNews` says whether people are told.
 * `nothing` carries the reason, so that a page can say why a breach raised no alert.
 */
export type AlertDecision =
  | {
      /** `reopen`: a mute has passed and the number still breaches. */
      readonly type: 'open' | 'update' | 'reopen' | 'recover'
      readonly key: string
      readonly alert: Alert
      readonly isNews: boolean
      readonly why: string
    }
  | {
      readonly type: 'nothing'
      readonly key: string
      readonly alert: null
      readonly isNews: false
      readonly why: string
    }

/**
 * Decides about every number among the new findings, in the order of its first appearance; then returns to open every alert
 * whose mute has passed and whose number still breaches, even where no finding is new. Asked twice with the same input it
 * decides the same; asked again after its decisions were stored, it decides nothing new.
 */
export function decideAlerts(input: AlertPolicyInput): AlertDecision[] {
  const bySubject = Map.groupBy([...input.history, ...input.findings], keyOf)
  const fresh = new Set(input.findings.map((finding) => finding.id))
  const openByKey = new Map(input.openAlerts.filter((a) => a.state !== 'resolved').map((a) => [a.dedupeKey, a]))
  const latest = [...bySubject.values()].map((series) => orderSeries(series).at(-1) as Finding)
  const keys = new Set(input.findings.map(keyOf))
  for (const alert of openByKey.values())
    if (alert.state === 'muted' && isMutePast(alert, input.now) && bySubject.has(alert.dedupeKey))
      keys.add(alert.dedupeKey)
  return [...keys].map((key) =>
    decideOne(key, orderSeries(bySubject.get(key) ?? []), openByKey.get(key) ?? null, fresh, latest, input),
  )
}

const isMutePast = (alert: Alert, now: number) => alert.mutedUntil !== null && alert.mutedUntil <= now

function decideOne(
  key: string,
  series: readonly Finding[],
  open: Alert | null,
  fresh: ReadonlySet<string>,
  latest: readonly Finding[],
  input: AlertPolicyInput,
): AlertDecision {
  const nothing = (why: string): AlertDecision => ({ type: 'nothing', key, alert: null, isNews: false, why })
  const newest = series.findLast((finding) => finding.status !== 'insufficient')
  if (newest === undefined) return nothing('Nothing could be judged yet')
  const limit = matchLimit(input.limits, newest.kind, newest.subject)
  const persistence = limit?.persistence ?? immediately

  if (open === null) {
    if (!fresh.has(newest.id)) return nothing('A later finding has already been judged')
    if (newest.status !== 'breach') return nothing(`The newest judged finding is ${newest.status}`)
    const resolvedAt = newestResolution(input.resolvedAlerts ?? [], key)
    const counted = series.filter((finding) => finding.at > resolvedAt).map((finding) => finding.status)
    if (!persists(counted, persistence))
      return nothing(`It must breach ${persistence.k} times among ${persistence.of} findings before it is an alert`)
    const alert = openAlert(key, series, newest, limit, latest, input)
    return { type: 'open', key, alert, isNews: true, why: newest.message }
  }
  if (newest.window.to < lastSeenEnd(open, input)) return nothing('A later finding has already been judged')

  const statuses = series.map((finding) => finding.status)
  const since = series.filter((finding) => finding.window.to > lastSeenEnd(open, input))
  const isAwake = open.state === 'muted' && isMutePast(open, input.now)

  if (hasRecovered(statuses, persistence)) {
    const times = persistence.k === 1 ? 'The newest finding is ok' : `The last ${persistence.k} findings are ok`
    const alert: Alert = {
      ...continueAlert(open, since, newest, latest, input.now),
      state: 'resolved',
      mutedUntil: null,
      resolution: { at: input.now, userId: null, how: 'recovered', reason: `${times}: ${newest.message}` },
    }
    return { type: 'recover', key, alert, isNews: open.state !== 'muted', why: times }
  }
  if (isAwake && newest.status === 'breach') {
    const alert: Alert = { ...continueAlert(open, since, newest, latest, input.now), state: 'open', mutedUntil: null }
    return { type: 'reopen', key, alert, isNews: true, why: 'The mute has passed and it still breaches' }
  }
  if (newest.id === open.lastFindingId) return nothing('The alert has seen these findings already')
  const alert = continueAlert(open, since, newest, latest, input.now)
  const why = newest.status === 'breach' ? 'It still breaches' : 'It no longer breaches, but has not recovered for good'
  return { type: 'update', key, alert, isNews: false, why }
}

const newestResolution = (alerts: readonly Alert[], key: string) =>
  Math.max(
    Number.NEGATIVE_INFINITY,
    ...alerts.flatMap((a) => (a.dedupeKey === key && a.resolution !== null ? a.resolution.at : [])),
  )

/** End of the window of the last finding that the alert has seen; where history no longer holds it, when the alert began. */
const lastSeenEnd = (alert: Alert, input: AlertPolicyInput) =>
  [...input.history, ...input.findings].find((finding) => finding.id === alert.lastFindingId)?.window.to ??
  alert.beganAt

/** The alert after the findings since its last one, of which `newest` is the last that could be judged. */
export function continueAlert(
  alert: Alert,
  since: readonly Finding[],
  newest: Finding,
  latest: readonly Finding[],
  now: number,
): Alert {
  return {
    ...alert,
    message: alertMessage(newest, latest),
    lastFindingId: newest.id,
    occurrences: alert.occurrences + since.filter((finding) => finding.status === 'breach').length,
    updatedAt: now,
  }
}

function openAlert(
  key: string,
  series: readonly Finding[],
  newest: Finding,
  limit: Limit | null,
  latest: readonly Finding[],
  input: AlertPolicyInput,
): Alert {
  const judged = series.filter((finding) => finding.status !== 'insufficient')
  const recent = judged.slice(-(limit?.persistence.of ?? 1))
  const breaches = recent.filter((finding) => finding.status === 'breach')
  return {
    id: input.newAlertId(),
    state: 'open',
    severity: severityOf(limit),
    kind: newest.kind,
    target: newest.target,
    subject: newest.subject,
    dedupeKey: key,
    title: alertTitle(newest, input.nameOf(newest.target)),
    message: alertMessage(newest, latest),
    firstFindingId: breaches[0].id,
    lastFindingId: newest.id,
    occurrences: breaches.length,
    beganAt: beginningOf(breaches[0], judged),
    openedAt: input.now,
    updatedAt: input.now,
    mutedUntil: null,
    assigneeId: null,
    linkedAlertIds: [],
    linkReason: null,
    comments: [],
    actionIds: [],
    resolution: null,
  }
}

/**
 * When the breach began, in event time: where the last window before it that did not breach ended, if that lies inside the first
 * breaching window (windows of a moving monitor overlap), else where that window begins.
 */
function beginningOf(first: Finding, judged: readonly Finding[]): number {
  const before = judged.slice(0, judged.indexOf(first)).findLast((finding) => finding.status !== 'breach')
  if (before === undefined) return first.window.from
  const isInside = before.window.to > first.window.from && before.window.to < first.window.to
  return isInside ? before.window.to : first.window.from
}

/** What an alert says of its newest finding: the finding's own sentence, with the good news where there is some in `latest`. */
export function alertMessage(newest: Finding, latest: readonly Finding[]): string {
  if (newest.kind !== 'drift' || newest.status !== 'breach') return newest.message
  const sameTarget = latest.filter((f) => f.target.type === newest.target.type && f.target.id === newest.target.id)
  const calm = driftWithoutDamage([newest, ...sameTarget.filter((finding) => finding.kind === 'performance')])
  return calm === null ? newest.message : `${newest.message.replace(/[.\s]+$/, '')}. ${calm}.`
}
