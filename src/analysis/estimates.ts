import type { Subject } from '../contract/finding.ts'
import type { Estimate, Status } from '../contract/primitives.ts'
import type { InsufficientReason, Interval, Outcome, Estimate as Statistic } from '../stats/outcome.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import type { AnswerFinding } from './answer.ts'

/* From what statistics return to what crosses borders: numbers that are finite, or null with a note that says why. */

const reasons: Record<InsufficientReason, string> = {
  'too-few': 'too few values',
  constant: 'all values are the same',
  'one-class': 'only one class is present',
  aborted: 'the computation was stopped',
  undefined: 'it is undefined on these values',
}
export const sayReason = (reason: InsufficientReason): string => reasons[reason]

/** No number, and why. */
export const noEstimate = (n: number, note: string): Estimate => ({ value: null, n, interval: null, note })

/** A number without an interval; what is not finite becomes null. */
export function plainEstimate(value: number | null, n: number, note?: string): Estimate {
  if (value === null || !Number.isFinite(value)) return noEstimate(n, note ?? reasons.undefined)
  return note === undefined ? { value, n, interval: null } : { value, n, interval: null, note }
}

/** A number with an interval of which neither end may be infinite. */
export function intervalEstimate(
  value: number | null,
  n: number,
  { low, high }: Interval | { low: number; high: number },
): Estimate {
  const plain = plainEstimate(value, n)
  return plain.value !== null && Number.isFinite(low) && Number.isFinite(high)
    ? { ...plain, interval: [low, high] }
    : plain
}

/** What a statistic returned; `n` is said where it has none itself. */
export function estimateOf(outcome: Outcome<Statistic>, n: number): Estimate {
  if (outcome.status === 'insufficient') return noEstimate(n, reasons[outcome.reason])
  return intervalEstimate(outcome.value, outcome.n, outcome.interval)
}

/** A share with Wilson's interval; null for n = 0. */
export const shareEstimate = (hits: number, n: number, confidence: number): Estimate =>
  estimateOf(wilsonInterval(hits, n, confidence), n)

/** A finding of one number. */
export function findingOf(
  subject: Subject,
  estimate: Estimate,
  rest: {
    readonly status: Status
    readonly message: string
    readonly unit?: string
    readonly evidence?: AnswerFinding['evidence']
  },
): AnswerFinding {
  const { value, n, interval } = estimate
  const { status, message, unit = '', evidence = null } = rest
  return { subject, value, unit, n, interval, status, evidence, message }
}

const order: readonly Status[] = ['insufficient', 'ok', 'warning', 'breach']

/** The gravest of statuses; `insufficient` only where nothing else is known. */
export const worstStatus = (statuses: readonly Status[]): Status =>
  order[statuses.reduce((worst, status) => Math.max(worst, order.indexOf(status)), 0)]
