import { uninterrupted } from '../../../analysis/answer.ts'
import { type ComparedMetric, pairPredictions } from '../../../analysis/comparison.ts'
import type { Evidence } from '../evidence/shape.ts'
import { tableOf } from '../evidence/tables.ts'
import { confidence, seed } from './result.ts'

/** Candidate minus production on the same rows; a positive difference of an error measure is a loss. */
export interface PairedComparison {
  readonly n: number
  readonly difference: number
  readonly interval: [number, number] | null
  readonly pValue: number | null
  readonly method: ComparedMetric['method']
  /** Rows that only one of them got right, for accuracy. */
  readonly onlyProduction?: number
  readonly onlyCandidate?: number
}

const resamples = 500

/**
 * How much a metric of the candidate differs from production's on the rows that both answered: see `analyzeComparison`. Null for a
 * metric that cannot be compared row by row.
 */
export function comparePaired(metric: string, evidence: Evidence): PairedComparison | null {
  const { task, classes, positiveClass } = evidence.header.schema
  const production = tableOf(evidence, 'production')
  const candidate = tableOf(evidence, 'candidate')
  if (candidate.label === null) return null
  const paired = pairPredictions(
    { label: candidate.label, first: production, second: candidate, task, classes, positiveClass },
    { resamples, seed, confidence, context: uninterrupted },
  ).compare(metric)
  if (paired === null || paired.difference.value === null) return null
  const { difference, pValue, method, onlyFirst, onlySecond } = paired
  return {
    n: difference.n,
    difference: paired.difference.value,
    interval: difference.interval,
    pValue,
    method,
    ...(onlyFirst !== undefined && { onlyProduction: onlyFirst }),
    ...(onlySecond !== undefined && { onlyCandidate: onlySecond }),
  }
}
