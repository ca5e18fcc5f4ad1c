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

/** Most pairs of label and prediction that one summary may hold. */
export const maxPairs = 5000

type Pair = [label: string, prediction: string]

const isBefore = (a: Readonly<Pair>, b: Readonly<Pair>) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])

/** Number of pairs that a summary holds. */
export function countPairs({ confusion }: OutcomeSummary): number {
  let pairs = 0
  for (const label of Object.keys(confusion)) pairs += Object.keys(confusion[label]).length
  return pairs
}

function lastOf(names: readonly string[]): string {
  let last = ''
  for (const name of names) if (name > last) last = name
  return last
}

function lastPair({ confusion }: OutcomeSummary): Pair {
  const label = lastOf(Object.keys(confusion))
  return [label, lastOf(Object.keys(confusion[label]))]
}

/** Takes a pair out of the table and counts it, and with it all that come after it, as omitted from now on. */
function omit(summary: OutcomeSummary, [label, prediction]: Pair): void {
  const row = summary.confusion[label]
  const { count, from } = summary.omitted ?? { count: 0, from: [label, prediction] }
  const isFirst = isBefore([label, prediction], from)
  summary.omitted = { count: count + row[prediction], from: isFirst ? [label, prediction] : from }
  delete row[prediction]
  if (Object.keys(row).length === 0) delete summary.confusion[label]
}

/**
 * Makes the function that counts (`by` 1) or takes back (`by` -1) one labelled prediction. Two numbers are a regression, anything
 * else a classification. The error is prediction minus label.
 *
 * Of classifications the `maxPairs` pairs that come first by name are kept. A summary that has omitted any remembers the first of
 * them and takes none from there on, so a kept count is exact, whatever the order; where labels are corrected after some were
 * omitted, fewer pairs may be kept than there would be room for. Remembers how many pairs each summary holds. O(1) a call,
 * O(labels + predictions) where a pair gives way to another.
 */
export function makeOutcomeCounter() {
  const sizes = new WeakMap<OutcomeSummary, number>()

  return (summary: OutcomeSummary, prediction: Outcome, label: Outcome, by: 1 | -1): void => {
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
    const [actual, predicted] = [String(label), String(prediction)]
    const { omitted } = summary
    if (omitted !== undefined && !isBefore([actual, predicted], omitted.from)) {
      omitted.count += by
      if (omitted.count === 0) delete summary.omitted
      return
    }
    let size = sizes.get(summary) ?? countPairs(summary)
    const row = own(summary.confusion, actual) ?? {}
    setOwn(summary.confusion, actual, row)
    if (own(row, predicted) === undefined) size++
    countUp(row, predicted, by)
    // A corrected label leaves no empty row, so that the summary is the one of the corrected samples.
    if (row[predicted] === 0) {
      delete row[predicted]
      size--
      if (Object.keys(row).length === 0) delete summary.confusion[actual]
    }
    if (size > maxPairs) {
      omit(summary, lastPair(summary))
      size--
    }
    sizes.set(summary, size)
  }
}

/** Sum of two outcome summaries: of their pairs those that come first by name and that neither has omitted. */
export function mergeOutcomes(a: OutcomeSummary, b: OutcomeSummary): OutcomeSummary {
  const confusion: OutcomeSummary['confusion'] = {}
  for (const side of [a, b])
    for (const actual of Object.keys(side.confusion))
      setOwn(confusion, actual, sumCounts(own(confusion, actual) ?? {}, side.confusion[actual]))
  const merged: OutcomeSummary = {
    labelled: a.labelled + b.labelled,
    confusion,
    sumAbsoluteError: a.sumAbsoluteError + b.sumAbsoluteError,
    sumSquaredError: a.sumSquaredError + b.sumSquaredError,
    sumError: a.sumError + b.sumError,
    sumLabel: a.sumLabel + b.sumLabel,
    sumSquaredLabel: a.sumSquaredLabel + b.sumSquaredLabel,
  }
  keepFirst(merged, a.omitted, b.omitted)
  return merged
}

/** Omits from a sum what either part omits, and what is more than `maxPairs`. */
function keepFirst(sum: OutcomeSummary, a: OutcomeSummary['omitted'], b: OutcomeSummary['omitted']): void {
  const [first, second] = [a ?? b, b ?? a]
  if (first !== undefined && second !== undefined) {
    const count = a !== undefined && b !== undefined ? a.count + b.count : first.count
    sum.omitted = { count, from: [...(isBefore(second.from, first.from) ? second : first).from] }
  } else if (countPairs(sum) <= maxPairs) return
  const pairs: Pair[] = Object.keys(sum.confusion).flatMap((label) =>
    Object.keys(sum.confusion[label]).map((prediction): Pair => [label, prediction]),
  )
  pairs.sort((x, y) => (isBefore(x, y) ? -1 : 1))
  const from = sum.omitted?.from
  pairs.forEach((pair, place) => {
    if (place >= maxPairs || (from !== undefined && !isBefore(pair, from))) omit(sum, pair)
  })
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
