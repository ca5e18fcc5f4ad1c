import type { Finding, MonitorKind } from '../../contract/finding.ts'
import type { Status } from '../../contract/primitives.ts'
import { leadingPerformance } from '../../rules/headline.ts'

const severity: Record<Status, number> = { breach: 3, warning: 2, ok: 1, insufficient: 0 }

/** Numbers that stand for a kind where nothing is worse, the first that there is. */
const standing: Partial<Record<MonitorKind, readonly string[]>> = {
  drift: ['driftedShare'],
  integrity: ['missingShare', 'missingColumns', 'freshnessMs'],
  bias: ['shareDifference'],
  fairness: ['demographicParityDifference', 'equalizedOddsDifference'],
  errors: ['worstSliceErrorRate'],
  endpoint: ['errorShare', 'latencyP95Ms'],
}

function leadingOfKind(kind: MonitorKind, findings: readonly Finding[]): Finding | null {
  if (kind === 'performance') return leadingPerformance(findings)
  const overall = kind === 'drift' ? findings.find((finding) => finding.subject.metric === 'driftedShare') : undefined
  if (overall !== undefined) return overall
  const worst = findings.reduce((a, b) => (severity[b.status] > severity[a.status] ? b : a))
  if (severity[worst.status] > severity.ok) return worst
  for (const metric of standing[kind] ?? []) {
    const found = findings.find((finding) => finding.subject.metric === metric)
    if (found !== undefined) return found
  }
  return worst
}

/** Of the newest findings of a target, the one number of each kind that a list shows: the worst, or the one that stands for all. */
export function leadingFindings(findings: readonly Finding[]): Finding[] {
  const byKind = Map.groupBy(findings, (finding) => finding.kind)
  return [...byKind].flatMap(([kind, ofKind]) => leadingOfKind(kind, ofKind) ?? [])
}
