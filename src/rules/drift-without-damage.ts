import type { Finding } from '../contract/finding.ts'
import { formatCount, formatEstimate, formatList } from './format.ts'
import { metricName } from './subject.ts'

const overlaps = (a: Finding, b: Finding) => a.window.from < b.window.to && b.window.from < a.window.to

/**
 * The sentence for drift that does no harm, or null when that cannot be claimed. Takes the newest findings of one deployment.
 *
 * It is claimed only when some drift breaches, and performance was judged on labels of a time that overlaps the drift, and
 * every such judgement is ok. Performance that is insufficient, unlabelled or of another time proves nothing.
 */
export function driftWithoutDamage(findings: readonly Finding[]): string | null {
  const drifts = findings.filter((finding) => finding.kind === 'drift' && finding.status === 'breach')
  if (drifts.length === 0) return null
  const performance = findings.filter(
    (finding) =>
      finding.kind === 'performance' &&
      finding.status !== 'insufficient' &&
      drifts.some((drift) => overlaps(drift, finding)),
  )
  if (performance.length === 0 || performance.some((finding) => finding.status !== 'ok')) return null
  const columns = [...new Set(drifts.flatMap((drift) => drift.subject.column ?? []))]
  const leading =
    performance.find((finding) => finding.subject.metric === 'accuracy') ??
    performance.find((finding) => finding.limit !== null) ??
    performance[0]
  const what = columns.length > 0 ? formatList(columns) : 'The data'
  const verb = columns.length === 1 ? 'has' : columns.length === 0 ? 'has' : 'have'
  const number = `${metricName(leading.subject.metric)} ${formatEstimate(leading)}, n ${formatCount(leading.n)}`
  return `${what} ${verb} drifted while performance holds (${number}): drift without damage`
}
