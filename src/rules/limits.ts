import type { DraftFinding, Finding, Limit, MonitorKind, Subject } from '../contract/finding.ts'
import type { Status } from '../contract/primitives.ts'
import { formatNumber, withUnit } from './format.ts'
import { subjectName, subjectSelectors } from './subject.ts'

/** What judging needs besides the limit; from the workspace's settings. */
export interface JudgeOptions {
  /** A test decides when its p-value, adjusted where it is, is at most this. */
  readonly alpha: number
  /** Below this n a number that is estimated from samples is not judged. */
  readonly minimumN: number
}

/**
 * Kinds whose numbers are estimates from samples, so that a small n says little. A gap in telemetry, stale data and a dead
 * endpoint are facts, most of all when n is 0.
 */
const sampledKinds: ReadonlySet<MonitorKind> = new Set([
  'drift',
  'performance',
  'bias',
  'fairness',
  'errors',
  'explanation',
])

const matches = (limit: Limit, kind: MonitorKind, subject: Subject) =>
  limit.kind === kind &&
  subjectSelectors.every(
    (selector) => limit.subject[selector] === undefined || limit.subject[selector] === subject[selector],
  )

/** Rank of a limit's selectors: first how many there are, then which, the metric weighing most. */
function specificity(limit: Limit): number {
  let count = 0
  let which = 0
  subjectSelectors.forEach((selector, index) => {
    if (limit.subject[selector] === undefined) return
    count += 1
    which += 2 ** (subjectSelectors.length - index)
  })
  return count * 1000 + which
}

/**
 * The limit that applies to a number: of those whose selectors all match, the one with most selectors; among equals the one
 * that names the metric, then column, channel, group, class; among identical ones the first. Null when none matches.
 */
export function matchLimit(limits: readonly Limit[], kind: MonitorKind, subject: Subject): Limit | null {
  let best: Limit | null = null
  for (const limit of limits)
    if (matches(limit, kind, subject) && (best === null || specificity(limit) > specificity(best))) best = limit
  return best
}

type Band = { readonly low: number; readonly high: number }

/** Values inside the band are on the safe side of the level; `outside` limits narrow it by the warning margin. */
function bandOf(limit: Limit, level: 'warning' | 'breach'): Band {
  const value = level === 'breach' || limit.warning === null ? limit.breach : limit.warning
  if (limit.direction === 'above') return { low: Number.NEGATIVE_INFINITY, high: value }
  if (limit.direction === 'below') return { low: value, high: Number.POSITIVE_INFINITY }
  const margin = level === 'warning' ? (limit.warning ?? 0) : 0
  return { low: limit.breach + margin, high: (limit.upperBreach ?? Number.POSITIVE_INFINITY) - margin }
}

const isInside = (value: number, band: Band) => value >= band.low && value <= band.high
const isWhollyOutside = (interval: readonly [number, number], band: Band) =>
  interval[1] < band.low || interval[0] > band.high

/** The limit in words: `limit: at least 0.90`. */
export function describeLimit(limit: Pick<Limit, 'direction' | 'breach' | 'upperBreach'>, unit = ''): string {
  const say = (value: number) => withUnit(formatNumber(value), unit)
  if (limit.direction === 'above') return `limit: at most ${say(limit.breach)}`
  if (limit.direction === 'below' || limit.upperBreach === null) return `limit: at least ${say(limit.breach)}`
  return `limit: ${formatNumber(limit.breach)} to ${say(limit.upperBreach)}`
}

/**
 * Judges a number against its limit: effect and evidence. A value at its limit is still inside.
 *
 * - `insufficient`: the analysis said so, there is no value, or n is below the minimum (kinds estimated from samples only).
 * - `ok`: the value is on the safe side of the warning level (of the breach level where there is no warning level).
 * - `breach`: the value is past the breach level AND there is evidence. Evidence is the p-value of the finding's own test
 *   (adjusted where it is) at most `alpha`; without a test, an interval that lies wholly past the warning level (past
 *   the breach level where there is none); without either, the value is a plain fact and suffices.
 * - `warning`: everything between: past the warning level only, or past the breach level without evidence.
 *
 * For `outside`, `breach` and `upperBreach` bound the range and `warning` is the width of the margin inside them in which
 * a warning is given. A drift verdict of the analysis is thereby judged again at the limit's effect threshold, on the same test.
 */
export function judge(
  finding: Pick<DraftFinding, 'kind' | 'value' | 'n' | 'interval' | 'evidence' | 'status'>,
  limit: Limit,
  options: JudgeOptions,
): Status {
  const { value, interval } = finding
  if (finding.status === 'insufficient' || value === null || !Number.isFinite(value)) return 'insufficient'
  if (sampledKinds.has(finding.kind) && finding.n < options.minimumN) return 'insufficient'
  if (isInside(value, bandOf(limit, 'warning'))) return 'ok'
  if (isInside(value, bandOf(limit, 'breach'))) return 'warning'
  const pValue = finding.evidence?.adjustedPValue ?? finding.evidence?.pValue ?? null
  if (pValue !== null) return pValue <= options.alpha ? 'breach' : 'warning'
  if (interval !== null) return isWhollyOutside(interval, bandOf(limit, 'warning')) ? 'breach' : 'warning'
  return 'breach'
}

/** A finding judged; the service adds identity, monitor and instant. */
export type JudgedFinding = Omit<Finding, 'id' | 'monitorId' | 'at'>

/**
 * Judges a draft against the limit that applies to it. Without one the verdict of the analysis stands and `limit` is null. The
 * limit is added to the message, and why a value past it is not called a breach.
 */
export function applyLimits(
  draft: DraftFinding,
  limits: readonly Limit[],
  thresholdSetId: string | null,
  options: JudgeOptions,
): JudgedFinding {
  const limit = matchLimit(limits, draft.kind, draft.subject)
  if (limit === null) return { ...draft, limit: null }
  const status = judge(draft, limit, options)
  const isPast = draft.value !== null && !isInside(draft.value, bandOf(limit, 'breach'))
  let note = describeLimit(limit, draft.unit)
  if (status === 'insufficient' && draft.status !== 'insufficient')
    note += draft.value === null ? '; there is no value to judge' : `; n ${draft.n} is below ${options.minimumN}`
  else if (status === 'warning' && isPast) note += '; past it, but chance could explain that'
  return {
    ...draft,
    status,
    limit: { thresholdSetId, warning: limit.warning, breach: limit.breach, direction: limit.direction },
    message: `${draft.message.replace(/[.;\s]+$/, '')}; ${note}`,
  }
}

const selectorsOf = (limit: Limit) =>
  [limit.kind, ...subjectSelectors.map((selector) => limit.subject[selector] ?? '')].join('\u0000')

/** What is wrong with a set of limits, one sentence each with its place in the list; empty when it can be used. */
export function limitFaults(limits: readonly Limit[]): string[] {
  const faults: string[] = []
  const seen = new Map<string, number>()
  limits.forEach((limit, index) => {
    const { metric, ...place } = limit.subject
    const name = `Limit ${index + 1} (${limit.kind}, ${subjectName({ metric: metric ?? 'any number', ...place })})`
    if (limit.persistence.k > limit.persistence.of)
      faults.push(`${name} asks for ${limit.persistence.k} breaches among only ${limit.persistence.of} findings`)
    if (limit.direction === 'above' && limit.warning !== null && limit.warning > limit.breach)
      faults.push(`${name} warns at ${limit.warning}, after it breaches at ${limit.breach}`)
    if (limit.direction === 'below' && limit.warning !== null && limit.warning < limit.breach)
      faults.push(`${name} warns at ${limit.warning}, after it breaches at ${limit.breach}`)
    if (limit.direction === 'outside') {
      if (limit.upperBreach === null) faults.push(`${name} has no upper end of its range`)
      else if (limit.upperBreach <= limit.breach) faults.push(`${name} has a range that ends before it begins`)
      else if (limit.warning !== null && (limit.warning < 0 || 2 * limit.warning > limit.upperBreach - limit.breach))
        faults.push(`${name} has a warning margin of ${limit.warning} that does not fit into its range`)
    } else if (limit.upperBreach !== null) faults.push(`${name} has an upper end that only "outside" uses`)
    const same = seen.get(selectorsOf(limit))
    if (same !== undefined) faults.push(`${name} repeats limit ${same + 1}, which would win`)
    else seen.set(selectorsOf(limit), index)
  })
  return faults
}
