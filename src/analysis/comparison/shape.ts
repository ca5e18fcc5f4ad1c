import type { Estimate } from '../../contract/primitives.ts'

/** One metric of two sets of predictions on the same rows. */
export interface ComparedMetric {
  readonly metric: string
  readonly first: number
  readonly second: number
  /** second − first. */
  readonly difference: Estimate
  /** Of no difference; null where no test fits. */
  readonly pValue: number | null
  readonly method: 'mcnemar' | 'paired-t' | 'paired-delong' | 'paired-bootstrap'
  /** Rows that only one of them got right, for accuracy. */
  readonly onlyFirst?: number
  readonly onlySecond?: number
}
