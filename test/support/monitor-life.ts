import type { AnswerFinding } from '../../src/analysis/answer.ts'
import type { DraftFinding, Limit, MonitorKind } from '../../src/contract/finding.ts'
import type { Status } from '../../src/contract/primitives.ts'
import { defaultDeploymentLimits } from '../../src/rules/default-limits.ts'
import { judge, matchLimit } from '../../src/rules/limits.ts'
import { hasRecovered, immediately, persists } from '../../src/rules/persistence.ts'
import { atLevel } from '../../src/service/monitoring/evidence-budget.ts'

/** What a new workspace is set to. */
export const alpha = 0.05
export const confidence = 0.95
const minimumN = 30
const { limits } = defaultDeploymentLimits({ task: 'binary', referenceMetrics: { accuracy: 0.9 } })

/** The limit of a new deployment that a number falls under. */
export const limitOf = (kind: MonitorKind, { subject }: AnswerFinding) => matchLimit(limits, kind, subject)

export interface JudgedNumber {
  readonly status: Status
  readonly limit: Limit | null
}

/** A number as the console judges it under the limits of a new deployment, on evidence at a level. */
export function judgeAt(kind: MonitorKind, finding: AnswerFinding, level: number): JudgedNumber {
  const draft: DraftFinding = {
    ...finding,
    ...{ kind, target: { type: 'deployment', id: 'dep_1' }, window: { from: 0, to: 1 }, engine: '' },
  }
  const limit = limitOf(kind, finding)
  if (limit === null) return { status: finding.status, limit }
  return { status: judge(atLevel(draft, level, confidence), limit, { alpha: level, minimumN }), limit }
}

/** Of the looks of one monitor: did any number breach, and which breaches persisted to become alerts? */
export function watchNumbers() {
  const statuses = new Map<string, Status[]>()
  const open = new Set<string>()
  let hasBreached = false
  let alerts = 0
  return {
    /** True when this look opens an alert on the number. */
    take(subject: string, { status, limit }: JudgedNumber): boolean {
      const series = statuses.get(subject) ?? []
      statuses.set(subject, series)
      series.push(status)
      hasBreached ||= status === 'breach'
      const persistence = limit?.persistence ?? immediately
      if (open.has(subject)) {
        if (hasRecovered(series, persistence)) open.delete(subject)
        return false
      }
      if (!persists(series, persistence)) return false
      open.add(subject)
      alerts += 1
      return true
    },
    hasBreached: () => hasBreached,
    /** Alerts opened so far; one that goes on counts once. */
    alerts: () => alerts,
  }
}
