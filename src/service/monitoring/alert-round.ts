import type { Action, Alert } from '../../contract/alert.ts'
import type { Finding, Limit } from '../../contract/finding.ts'
import type { Revisioned } from '../../contract/records.ts'
import { type Feed, linkAlerts } from '../../rules/alert-links.ts'
import { type AlertDecision, alertMessage, decideAlerts } from '../../rules/alert-policy.ts'
import { judgeRecovery } from '../../rules/recovery.ts'
import { keyOf, subjectKey } from '../../rules/subject.ts'
import type { Put } from '../../store/store.ts'
import type { News } from './notices.ts'

/** Everything that alerts are decided on, read at one instant. */
export interface RoundInput {
  readonly findings: readonly Finding[]
  readonly limits: readonly Limit[]
  /** Recent findings of the same target, with the newest of every number. */
  readonly history: readonly Finding[]
  readonly alerts: readonly Revisioned<'alert'>[]
  readonly feeds: readonly Feed[]
  /** Actions whose effect is still open, with the instant from which it can show. */
  readonly pending: readonly { readonly action: Revisioned<'action'>; readonly effectiveAt: number }[]
  readonly now: number
  /** A symptom's beginning is known to within its monitor's window. */
  readonly slackMs: number
  readonly newAlertId: () => string
  readonly nameOf: (target: Finding['target']) => string
}

export interface RoundOutcome {
  /** Alerts to be stored, as they are afterwards; revision null for new ones. */
  readonly alerts: readonly { readonly alert: Alert; readonly revision: number | null }[]
  readonly actions: readonly Put[]
  /** What people are told. */
  readonly news: readonly News[]
  /** For the audit log. */
  readonly said: readonly string[]
}

/** An alert that goes on breaching is written anew at most this often, so that a busy monitor does not fill the log. */
const refreshMs = 10 * 60_000
/** Alerts that ended longer ago belong to other incidents. */
const linkedForMs = 30 * 86_400_000

/** Decides what a target's new findings change: alerts, their links and messages, and whether actions helped. Pure. */
export function decideRound(input: RoundInput): RoundOutcome {
  const { findings, limits, history, now, newAlertId, nameOf } = input
  const byId = new Map(input.alerts.map((item) => [item.record.id, item]))
  const all = input.alerts.map(({ record }) => record)
  const decisions = decideAlerts({
    findings,
    limits,
    history,
    openAlerts: all.filter((alert) => alert.state !== 'resolved' && isAbout(alert, findings, history)),
    resolvedAlerts: all.filter((alert) => alert.state === 'resolved'),
    now,
    newAlertId,
    nameOf,
  })
  const changed = new Map<string, Alert>()
  const news: News[] = []
  const said: string[] = []
  for (const decision of decisions) {
    if (decision.type === 'nothing' || !isWorthWriting(decision, byId, [...history, ...findings], now)) continue
    changed.set(decision.alert.id, decision.alert)
    said.push(`${decision.type} ${decision.alert.id}: ${decision.why}`)
    if (decision.isNews && decision.type !== 'update') news.push({ alert: decision.alert, what: decision.type })
  }

  for (const alert of refreshedMessages(all, changed, findings, history)) {
    changed.set(alert.id, { ...alert, updatedAt: now })
    said.push(`message ${alert.id}`)
  }

  const current = [...new Map([...all.map((alert) => [alert.id, alert] as const), ...changed]).values()]
  const recent = current.filter(({ resolution }) => resolution === null || resolution.at > now - linkedForMs)
  for (const { alertId, linkedAlertIds, linkReason } of linkAlerts(recent, input.feeds, input)) {
    const alert = changed.get(alertId) ?? byId.get(alertId)?.record
    if (alert === undefined) continue
    changed.set(alertId, { ...alert, linkedAlertIds, linkReason, updatedAt: now })
    said.push(`link ${alertId}: ${linkedAlertIds.join(', ')}`)
  }

  return {
    alerts: [...changed.values()].map((alert) => ({ alert, revision: byId.get(alert.id)?.revision ?? null })),
    actions: judgeActions(input, said),
    // As stored in the end, with links.
    news: news.map(({ alert, what }) => ({ alert: changed.get(alert.id) ?? alert, what })),
    said,
  }
}

/** Only alerts of the targets of this round are decided about. */
function isAbout(alert: Alert, findings: readonly Finding[], history: readonly Finding[]): boolean {
  const target = findings[0]?.target ?? history[0]?.target
  return target !== undefined && alert.target.type === target.type && alert.target.id === target.id
}

/** Going on is worth a line only now and then, or when the number crossed its limit. */
function isWorthWriting(
  decision: Exclude<AlertDecision, { type: 'nothing' }>,
  before: ReadonlyMap<string, Revisioned<'alert'>>,
  seen: readonly Finding[],
  now: number,
): boolean {
  if (decision.type !== 'update') return true
  const known = before.get(decision.alert.id)?.record
  if (known === undefined || now - known.updatedAt >= refreshMs) return true
  const statusOf = (id: string) => seen.find((finding) => finding.id === id)?.status
  return statusOf(known.lastFindingId) !== statusOf(decision.alert.lastFindingId)
}

/** Drift that proves harmless (or no longer) once performance has been judged: the open alerts say so. */
function refreshedMessages(
  alerts: readonly Alert[],
  changed: ReadonlyMap<string, Alert>,
  findings: readonly Finding[],
  history: readonly Finding[],
): Alert[] {
  if (!findings.some(({ kind }) => kind === 'performance')) return []
  const newest = new Map<string, Finding>()
  for (const finding of [...history, ...findings]) {
    const known = newest.get(keyOf(finding))
    if (known === undefined || finding.window.to >= known.window.to) newest.set(keyOf(finding), finding)
  }
  return alerts.flatMap((alert) => {
    if (alert.kind !== 'drift' || alert.state === 'resolved' || changed.has(alert.id)) return []
    if (!isAbout(alert, findings, history)) return []
    const drift = newest.get(alert.dedupeKey)
    if (drift === undefined) return []
    const message = alertMessage(drift, [...newest.values()])
    return message === alert.message ? [] : [{ ...alert, message }]
  })
}

function judgeActions(input: RoundInput, said: string[]): Put[] {
  const alertOf = new Map(input.alerts.map(({ record }) => [record.id, record]))
  return input.pending.flatMap(({ action, effectiveAt }): Put[] => {
    const { record, revision } = action
    const alert = record.alertId === null ? undefined : alertOf.get(record.alertId)
    if (alert === undefined || record.recovery === null) return []
    const key = subjectKey(alert.kind, alert.target, record.recovery.subject)
    if (!input.findings.some((finding) => keyOf(finding) === key)) return []
    const recovery: NonNullable<Action['recovery']> = judgeRecovery({
      recovery: record.recovery,
      kind: alert.kind,
      target: alert.target,
      finishedAt: effectiveAt,
      findings: [...input.history, ...input.findings],
      now: input.now,
    })
    if (recovery === record.recovery) return []
    said.push(`${recovery.verdict} after ${record.id}`)
    return [{ kind: 'action', record: { ...record, recovery }, revision }]
  })
}
