import type { Action } from '../../contract/alert.ts'
import type { DraftFinding, Finding, Limit, Monitor, MonitorKind, Target } from '../../contract/finding.ts'
import type { Report } from '../../contract/report.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import { applyLimits, type JudgeOptions } from '../../rules/limits.ts'
import { keyOf } from '../../rules/subject.ts'
import type { Put } from '../../store/store.ts'
import { effectiveAtOf } from '../actions/effect.ts'
import type { ServiceContext } from '../context.ts'
import { draftOf } from '../session/commit.ts'
import { createTurns } from '../session/in-turn.ts'
import { decideRound, type RoundInput, type RoundOutcome } from './alert-round.ts'
import { atLevel } from './evidence-budget.ts'
import type { Limits } from './limits-in-force.ts'
import type { Notices } from './notices.ts'
import { findingIdOf, newReportId } from './report-ids.ts'

export interface Settled {
  readonly report: Report
  /** Null for a question that a person asked: its numbers are judged and stored, but raise no alerts. */
  readonly monitor: Monitor | null
  readonly at: number
  readonly durationMs: number
  /** The level that evidence must reach at this look; null: that of the settings. */
  readonly level: number | null
  /** False for the past: nobody wants to be told of last month. */
  readonly tellsPeople: boolean
}

export interface Settling {
  /** Judges a report's numbers, stores them, and decides what follows. Returns the report's id. */
  settle(settled: Settled): Promise<string>
  /** Returns alerts to open whose mute has passed while they still breach. */
  reviewMutes(): Promise<void>
}

const dayMs = 86_400_000
const pageSize = 1000
/** Most pages of findings read for one decision. */
const mostPages = 5
const attempts = 5

export function createSettling(context: ServiceContext, limits: Limits, notices: Notices): Settling {
  const { store, events, log, now, newId } = context
  const { records, findings } = store
  // Two monitors must not decide about one alert at the same time, and links join alerts of several targets.
  const inTurn = createTurns()

  function judgeAll(
    drafts: readonly DraftFinding[],
    inForce: Awaited<ReturnType<Limits['inForce']>>,
    options: JudgeOptions & { confidence: number },
  ) {
    return drafts.map((draft) => {
      const judged = applyLimits(
        atLevel(draft, options.alpha, options.confidence),
        inForce.limits,
        inForce.thresholdSetId,
        options,
      )
      // Shown as measured; only the verdict was reached at the look's own level.
      return { ...judged, interval: draft.interval }
    })
  }

  /** Enough of the past to see whether a breach persists, and the newest of every number. */
  async function readHistory(
    target: Target,
    kinds: readonly MonitorKind[],
    numbers: number,
    inForce: readonly Limit[],
    to: number,
  ): Promise<Finding[]> {
    const read = new Map<string, Finding>()
    const keep = (found: readonly Finding[]) => {
      for (const finding of found) {
        // What a person asked besides, about some other window, is no step of a series.
        const isStep = finding.monitorId !== null || !kinds.includes(finding.kind)
        if (finding.window.to <= to && isStep) read.set(finding.id, finding)
      }
    }
    keep(await findings.latest(target))
    for (const kind of kinds) {
      const looks = Math.max(
        1,
        ...inForce.filter((limit) => limit.kind === kind).map(({ persistence }) => persistence.of),
      )
      const wanted = (looks + 2) * Math.max(1, numbers)
      let cursor: string | null = null
      for (let page = 0, seen = 0; page < mostPages && seen < wanted; page += 1) {
        const limit = Math.min(pageSize, wanted - seen)
        const { items, nextCursor } = await findings.list({ target, kind, window: { from: 0, to }, limit, cursor })
        keep(items)
        seen += items.length
        if (nextCursor === null) break
        cursor = nextCursor
      }
    }
    return [...read.values()]
  }

  async function readRound(target: Target, fresh: readonly Finding[], at: number): Promise<RoundInput> {
    const inForce = await limits.inForce(target)
    const kinds = [...new Set(fresh.map(({ kind }) => kind))]
    const [alerts, actions, deployments, connections] = await Promise.all([
      records.list('alert'),
      records.list('action'),
      records.list('deployment'),
      records.list('connection'),
    ])
    // Of many devices only those that this round can name: its target's, and those that feed a deployment.
    const deviceIds = new Set(deployments.flatMap(({ record }) => record.deviceId ?? []))
    if (target.type === 'device') deviceIds.add(target.id)
    const devices = (await Promise.all([...deviceIds].map((id) => records.get('device', id)))).filter(
      (device) => device !== null,
    )
    const monitors = await Promise.all(
      deployments.map(({ record: { id } }) => records.list('monitor', { target: { type: 'deployment', id } })),
    )
    const history = await readHistory(target, kinds, new Set(fresh.map(keyOf)).size, inForce.limits, at)
    const known = new Set(history.map(({ id }) => id))
    const missing = alerts.flatMap(({ record }) =>
      record.target.id === target.id && record.state !== 'resolved' && !known.has(record.lastFindingId)
        ? [record.lastFindingId]
        : [],
    )
    for (const id of missing) {
      const finding = await findings.get(id)
      if (finding !== null) history.push(finding)
    }
    const deploymentOf = new Map(deployments.map(({ record }) => [record.id, record]))
    const deviceOf = new Map(devices.map(({ record }) => [record.id, record]))
    const names = new Map([...deployments, ...devices, ...connections].map(({ record }) => [record.id, record.name]))
    const closed = new Set(alerts.flatMap(({ record }) => (record.state === 'resolved' ? [record.id] : [])))
    const pending = actions.flatMap((action) => {
      const { record } = action
      const verdict = record.recovery?.verdict
      const isClosed = closed.has(record.alertId ?? '')
      if (verdict !== 'pending' && (verdict !== 'not-recovered' || isClosed)) return []
      const deployment = record.deploymentId === null ? null : (deploymentOf.get(record.deploymentId) ?? null)
      const effectiveAt = effectiveAtOf(record, deployment)
      return effectiveAt === null ? [] : [{ action, effectiveAt }]
    })
    const windows = monitors.flat().map(({ record }) => record.windowMs)
    return {
      findings: fresh,
      limits: inForce.limits,
      history,
      alerts,
      feeds: [...deploymentOf.values()].flatMap(({ id, name, deviceId }) => {
        const device = deviceId === null ? undefined : deviceOf.get(deviceId)
        return device === undefined
          ? []
          : [{ deploymentId: id, deploymentName: name, deviceId: device.id, deviceName: device.name }]
      }),
      pending,
      now: at,
      slackMs: Math.max(dayMs, ...windows),
      newAlertId: () => newId('alt'),
      nameOf: ({ id }) => names.get(id) ?? id,
    }
  }

  /** One commit of all that the round changed; false when somebody was faster and it must be decided anew. */
  async function writeRound(
    outcome: RoundOutcome,
    notes: readonly Action[],
    monitor: Monitor | null,
    reportId: string | null,
  ) {
    const told = Map.groupBy(notes, ({ alertId }) => alertId)
    const puts: Put[] = [
      ...outcome.alerts.map(({ alert, revision }): Put => {
        const added = (told.get(alert.id) ?? []).map(({ id }) => id)
        return { kind: 'alert', record: { ...alert, actionIds: [...alert.actionIds, ...added] }, revision }
      }),
      ...outcome.actions,
      ...notes.map((record): Put => ({ kind: 'action', record, revision: null })),
    ]
    if (puts.length === 0) return true
    const result = await records.commit(
      puts,
      draftOf(systemCaller, now(), {
        action: 'system.alerts',
        subject: monitor === null ? null : { kind: 'monitor', id: monitor.id, name: monitor.name },
        details: { reportId, decisions: [...outcome.said] },
      }),
    )
    if (result.status === 'conflict') throw new Error(`Alerts could not be stored: ${result.message}`)
    return result.status === 'committed'
  }

  async function round(
    target: Target,
    fresh: readonly Finding[],
    options: Pick<Settled, 'monitor' | 'at' | 'tellsPeople'> & { reportId: string | null },
  ): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const outcome = decideRound(await readRound(target, fresh, options.at))
      const notes: Action[] = []
      if (options.tellsPeople)
        for (const { alert, what } of outcome.news) notes.push(...(await notices.plan(alert, what, options.at)))
      if (!(await writeRound(outcome, notes, options.monitor, options.reportId))) continue
      notices.send(notes)
      if (options.tellsPeople) await notices.show(outcome.news, options.at)
      return
    }
    log.error({ target, reportId: options.reportId }, 'Alerts changed too often to be decided; the next run decides')
  }

  return {
    async settle({ report, monitor, at, durationMs, level, tellsPeople }) {
      const { target } = report
      const id = newReportId(newId)
      const { defaults } = await context.settings()
      const asked = (name: 'alpha' | 'confidence') => {
        const given = report.parameters[name]
        return typeof given === 'number' ? given : defaults[name]
      }
      const options = { alpha: level ?? asked('alpha'), minimumN: defaults.minimumN, confidence: asked('confidence') }
      const judged = judgeAll(report.findings, await limits.inForce(target), options)
      const fresh: Finding[] = judged.map((finding, index) => ({
        ...finding,
        id: findingIdOf(id, index),
        monitorId: monitor?.id ?? null,
        at,
      }))
      await findings.add({ id, at, monitorId: monitor?.id ?? null, durationMs, report }, fresh)
      if (monitor !== null && fresh.length > 0)
        await inTurn('alerts', () => round(target, fresh, { monitor, at, tellsPeople, reportId: id }))
      events.publish('data.changed', { targets: [target.id], what: ['findings'] })
      return id
    },

    async reviewMutes() {
      const alerts = await records.list('alert')
      const past = alerts.filter(({ record }) => record.state === 'muted' && (record.mutedUntil ?? now()) <= now())
      const targets = new Map(past.map(({ record }) => [record.target.id, record.target]))
      for (const target of targets.values())
        await inTurn('alerts', () => round(target, [], { monitor: null, at: now(), tellsPeople: true, reportId: null }))
    },
  }
}
