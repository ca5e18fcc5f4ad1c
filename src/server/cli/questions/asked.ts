import type { AnswerFinding } from '../../../analysis/answer.ts'
import type { Headline } from '../../../contract/primitives.ts'
import type { FileFacts } from '../to-table.ts'

/** One number that a limit may be set on. */
export interface Measured {
  readonly metric: string
  /** Column, class or group that it is of; null for the whole. */
  readonly of: string | null
  readonly value: number | null
  readonly interval: readonly [number, number] | null
  readonly n: number
  /** Adjusted p-value of the test behind it, where there is one. */
  readonly pValue: number | null
  /** Why it has no value, or what it rests on. */
  readonly note?: string
  /** Shown, not judged: a group that is too small. */
  readonly isApart?: boolean
}

/** An analysis of files: what is printed for machines and for people, and what can be judged. */
export interface Asked {
  readonly headline: Headline
  /** The fields that belong to this question. */
  readonly json: object
  readonly files: Readonly<Record<string, FileFacts>>
  readonly parameters: object
  /** Lines for standard error. */
  readonly notes: readonly string[]
  readonly measured: readonly Measured[]
  /** Tables for people, without the headline. */
  readonly text: () => string
}

/** Findings as numbers to judge. */
export const fromFindings = (findings: readonly AnswerFinding[]): Measured[] =>
  findings.map(({ subject, value, interval, n, evidence, message, status }) => ({
    metric: subject.metric,
    of: subject.column ?? subject.className ?? subject.group ?? null,
    value,
    interval,
    n,
    pValue: evidence?.adjustedPValue ?? evidence?.pValue ?? null,
    ...(value === null || status === 'insufficient' ? { note: message } : {}),
  }))

/** Numbers of several sources, the first of equal name kept. */
export function withoutRepeats(measured: readonly Measured[]): Measured[] {
  const seen = new Set<string>()
  return measured.filter(({ metric, of }) => {
    const key = `${metric}\u0000${of ?? ''}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
