import type { BackTest, Finding, Limit } from '../contract/finding.ts'
import type { Status, Window } from '../contract/primitives.ts'
import { formatCount } from './format.ts'
import { type JudgeOptions, judge, matchLimit } from './limits.ts'
import { hasRecovered, immediately, orderSeries, persists } from './persistence.ts'
import { keyOf } from './subject.ts'

const weekMs = 7 * 86_400_000

/** An alert that would have been: open over `[from, to)` of event time. */
interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Status of a stored finding under other limits. Without a limit the analysis's own verdict stands, where it is still known: a
 * finding that was judged by a limit then has lost it, and unlimited numbers raise nothing.
 */
function judgeAgain(finding: Finding, limit: Limit | null, options: JudgeOptions): Status {
  if (limit !== null) return judge(finding, limit, options)
  if (finding.status === 'insufficient') return 'insufficient'
  return finding.limit === null ? finding.status : 'ok'
}

/** Alerts that the limits would have raised on one number, by the rules of the alert policy. */
function replaySeries(series: readonly Finding[], limits: readonly Limit[], options: JudgeOptions): Span[] {
  const spans: Span[] = []
  const statuses: Status[] = []
  let openedAt: number | null = null
  const limit = series.length > 0 ? matchLimit(limits, series[0].kind, series[0].subject) : null
  const persistence = limit?.persistence ?? immediately
  // Rules look back over at most `of` judged findings, so that a long history costs no more than it has findings.
  const memory = Math.max(persistence.k, persistence.of)
  for (const finding of series) {
    const status = judgeAgain(finding, limit, options)
    if (status === 'insufficient') continue
    statuses.push(status)
    if (statuses.length > memory) statuses.shift()
    if (openedAt === null && persists(statuses, persistence)) openedAt = finding.window.to
    else if (openedAt !== null && hasRecovered(statuses, persistence)) {
      spans.push({ from: openedAt, to: finding.window.to })
      openedAt = null
    }
  }
  if (openedAt !== null) spans.push({ from: openedAt, to: Number.POSITIVE_INFINITY })
  return spans
}

const unmatched = (spans: readonly Span[], others: readonly Span[]) =>
  spans.filter((span) => !others.some((other) => other.from < span.to && span.from < other.to)).length

/**
 * Replays stored findings against proposed limits and against the present ones, with the alert policy's persistence and recovery.
 * `alerts` and `current` count alerts that would have opened, by week of event time from the window's beginning (the last
 * week may be short). `silenced` counts alerts of the present limits during which the proposed ones have no alert on the same
 * number; `added` the other way round. Findings outside the window (by the end of their own) are left out. The note says
 * how much history stood behind it. What is not replayed: mutes and people's decisions.
 */
export function backTestLimits(input: {
  readonly findings: readonly Finding[]
  readonly proposed: readonly Limit[]
  readonly current: readonly Limit[]
  readonly window: Window
  readonly options: JudgeOptions
}): BackTest {
  const { proposed, current, window, options } = input
  const inside = input.findings.filter((finding) => finding.window.to > window.from && finding.window.to <= window.to)
  const weeks = Array.from({ length: Math.ceil((window.to - window.from) / weekMs) }, (_, index) => ({
    from: window.from + index * weekMs,
    alerts: 0,
    current: 0,
  }))
  // A window's end is exclusive, so what ends at a week's border is of the week before.
  const weekOf = (at: number) =>
    weeks[Math.min(weeks.length - 1, Math.max(0, Math.ceil((at - window.from) / weekMs) - 1))]

  let silenced = 0
  let added = 0
  let unlimited = 0
  let lost = 0
  const numbers = Map.groupBy(inside, keyOf)
  for (const unordered of numbers.values()) {
    const series = orderSeries(unordered)
    const proposedSpans = replaySeries(series, proposed, options)
    const currentSpans = replaySeries(series, current, options)
    for (const span of proposedSpans) weekOf(span.from).alerts += 1
    for (const span of currentSpans) weekOf(span.from).current += 1
    silenced += unmatched(currentSpans, proposedSpans)
    added += unmatched(proposedSpans, currentSpans)
    if (matchLimit(proposed, series[0].kind, series[0].subject) === null) {
      unlimited += 1
      if (series.some((finding) => finding.limit !== null)) lost += 1
    }
  }
  return {
    window,
    findings: inside.length,
    weeks,
    silenced,
    added,
    note: noteOf(inside, numbers.size, unlimited, lost, window),
  }
}

function noteOf(inside: readonly Finding[], numbers: number, unlimited: number, lost: number, window: Window): string {
  if (inside.length === 0)
    return 'No findings are stored for this time, so the back-test says nothing about these limits.'
  const count = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${formatCount(n)} ${many}`)
  const parts = [`Replayed ${count(inside.length, 'finding', 'findings')} of ${count(numbers, 'number', 'numbers')}.`]
  const first = inside.reduce((least, finding) => Math.min(least, finding.window.to), Number.POSITIVE_INFINITY)
  const days = Math.floor((window.to - first) / 86_400_000)
  if (first - window.from > 2 * 86_400_000)
    parts.push(`History reaches back only ${count(days, 'day', 'days')}; what lies before is unknown.`)
  if (unlimited > 0) {
    const rest = lost > 0 ? `, ${formatCount(lost)} of which had one and would raise nothing` : ''
    parts.push(`No proposed limit applies to ${count(unlimited, 'number', 'numbers')}${rest}.`)
  }
  return parts.join(' ')
}
