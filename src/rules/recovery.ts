import type { Action, Alert } from '../contract/alert.ts'
import type { Finding } from '../contract/finding.ts'
import { keyOf, subjectKey } from './subject.ts'

export type Recovery = NonNullable<Action['recovery']>

/** What an action is later measured by: the alert's number as it was before. `last` is the newest judged finding, if there is one. */
export function startRecovery(alert: Pick<Alert, 'subject'>, last: Finding | null): Recovery {
  return {
    subject: alert.subject,
    before: last?.value ?? null,
    after: null,
    verdict: 'pending',
    findingId: null,
    checkedAt: null,
  }
}

/**
 * Did the number recover after the action? Looks at findings of the same number, oldest first, that were not insufficient:
 *
 * - one whose window lies wholly after the action decides: ok is `recovered`, warning and breach are `not-recovered`;
 * - one whose window began before but lies at least half after the action decides only for the better: the old data in it
 *   can hide a recovery but hardly fake one.
 *
 * Otherwise it stays pending. `recovered` does not change: later findings tell of later things. `not-recovered` becomes `recovered`
 * by a later finding that is ok: some remedies take their time. Who asks stops asking when the alert is closed.
 */
export function judgeRecovery(input: {
  readonly recovery: Recovery
  readonly kind: Alert['kind']
  readonly target: Alert['target']
  readonly finishedAt: number
  readonly findings: readonly Finding[]
  readonly now: number
}): Recovery {
  const { recovery, finishedAt } = input
  if (recovery.verdict === 'recovered') return recovery
  const key = subjectKey(input.kind, input.target, recovery.subject)
  const later = input.findings
    .filter((f) => keyOf(f) === key && f.status !== 'insufficient' && f.window.to > finishedAt && f.at >= finishedAt)
    .sort((a, b) => a.window.to - b.window.to || a.at - b.at)
  const decides = ({ status, window: { from, to } }: Finding) => {
    const shareAfter = (to - Math.max(from, finishedAt)) / (to - from)
    return shareAfter === 1 || (status === 'ok' && shareAfter >= 0.5)
  }
  const deciding = later.filter(decides)
  const recovered = deciding.find(({ status }) => status === 'ok')
  const first = recovery.verdict === 'pending' ? deciding[0] : undefined
  const finding = recovered ?? first
  if (finding === undefined) return recovery
  return {
    ...recovery,
    after: finding.value,
    verdict: finding === recovered ? 'recovered' : 'not-recovered',
    findingId: finding.id,
    checkedAt: input.now,
  }
}
