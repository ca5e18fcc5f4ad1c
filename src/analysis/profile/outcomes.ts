import type { OutcomeSummary, Profile } from '../../contract/profile.ts'
import type { Outcome } from '../../contract/sample.ts'
import { countUp, own, setOwn, sumCounts } from './counts.ts'

export function emptyOutcomes(): OutcomeSummary {
  return {
    labelled: 0,
    confusion: {},
    sumAbsoluteError: 0,
    sumSquaredError: 0,
    sumError: 0,
    sumLabel: 0,
    sumSquaredLabel: 0,
  }
}

/**
 * Counts (`by` 1) or takes back (`by` -1) one labelled prediction. Two numbers are a regression, anything else a
 * classification. The error is prediction minus label.
 */
export function countOutcome(summary: OutcomeSummary, prediction: Outcome, label: Outcome, by: 1 | -1): void {
  summary.labelled += by
  if (typeof prediction === 'number' && typeof label === 'number') {
    const error = prediction - label
    summary.sumAbsoluteError += by * Math.abs(error)
    summary.sumSquaredError += by * error * error
    summary.sumError += by * error
    summary.sumLabel += by * label
    summary.sumSquaredLabel += by * label * label
    return
  }
  const actual = String(label)
  const predicted = own(summary.confusion, actual) ?? {}
  countUp(predicted, String(prediction), by)
  // A corrected label leaves no empty row, so that the summary is the one of the corrected samples.
  if (predicted[String(prediction)] === 0) delete predicted[String(prediction)]
  if (Object.keys(predicted).length === 0) delete summary.confusion[actual]
  else setOwn(summary.confusion, actual, predicted)
}

/** Sum of two outcome summaries. */
export function mergeOutcomes(a: OutcomeSummary, b: OutcomeSummary): OutcomeSummary {
  const confusion: OutcomeSummary['confusion'] = {}
  for (const side of [a, b])
    for (const actual of Object.keys(side.confusion))
      setOwn(confusion, actual, sumCounts(own(confusion, actual) ?? {}, side.confusion[actual]))
  return {
    labelled: a.labelled + b.labelled,
    confusion,
    sumAbsoluteError: a.sumAbsoluteError + b.sumAbsoluteError,
    sumSquaredError: a.sumSquaredError + b.sumSquaredError,
    sumError: a.sumError + b.sumError,
    sumLabel: a.sumLabel + b.sumLabel,
    sumSquaredLabel: a.sumSquaredLabel + b.sumSquaredLabel,
  }
}

/** Bucket of a latency: i for (√2^(i-1), √2^i] milliseconds; 0 and less fall to -20, under a hundredth. */
export function latencyBucket(latencyMs: number): number {
  if (latencyMs <= 0) return -20
  return Math.max(-20, Math.ceil(2 * Math.log2(latencyMs) - 1e-9))
}

/** Sum of two latency summaries. */
export function mergeLatency(a: Profile['latency'], b: Profile['latency']): Profile['latency'] {
  return { n: a.n + b.n, sum: a.sum + b.sum, max: Math.max(a.max, b.max), counts: sumCounts(a.counts, b.counts) }
}
