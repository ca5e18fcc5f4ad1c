import type { Finding } from '../contract/finding.ts'
import { formatCount, formatEstimate, formatList } from './format.ts'
import { metricName } from './subject.ts'

const overlaps = (a: Finding, b: Finding) => a.window.from < b.window.to && b.window.from < a.window.to

/** What comes out of the model, or is known only afterwards: it drifts because the inputs do. */
const isOutcome = (column: string) => column === 'prediction' || column === 'label' || column.startsWith('score:')

/** Columns that drifted, the furthest first; inputs alone where there are any. */
function driftedColumns(drifts: readonly Finding[]): string[] {
  const furthestFirst = [...drifts].sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const columns = [...new Set(furthestFirst.flatMap((drift) => drift.subject.column ?? []))]
  const inputs = columns.filter((column) => !isOutcome(column))
  return inputs.length > 0 ? inputs : columns
}

/**
 * Whether performance holds: no number of it breaches, and those that somebody set a limit on are ok (all of them where nobody
 * did). A measure without a limit that differs a little from the reference is no damage.
 */
function holds(performance: readonly Finding[]): boolean {
  const limited = performance.filter((finding) => finding.limit !== null)
  const deciding = limited.length > 0 ? limited : performance
  return deciding.every(({ status }) => status === 'ok') && performance.every(({ status }) => status !== 'breach')
}

/**
 * The sentence for drift that does no harm, or null when that cannot be claimed. Takes the newest findings of one deployment.
 *
 * It is claimed only when some drift breaches, and performance was judged on labels of a time that overlaps the drift, and
 * holds. Performance that is insufficient, unlabelled or of another time proves nothing.
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
  if (performance.length === 0 || !holds(performance)) return null
  const columns = driftedColumns(drifts)
  const leading =
    performance.find((finding) => finding.subject.metric === 'accuracy') ??
    performance.find((finding) => finding.limit !== null) ??
    performance[0]
  const what = columns.length > 0 ? formatList(columns, 6) : 'The data'
  const verb = columns.length > 1 ? 'have' : 'has'
  const number = `${metricName(leading.subject.metric)} ${formatEstimate(leading)}, n ${formatCount(leading.n)}`
  return `${what} ${verb} drifted while performance holds (${number}): drift without damage`
}
