import type { DriftFeature } from '../../contract/report.ts'

/** One column of the reference beside the same column of the current data, measured but not judged. */
export interface Comparison {
  readonly name: string
  readonly type: DriftFeature['type']
  readonly role: DriftFeature['role']
  /** Usable values: neither missing nor infinite. */
  readonly n: DriftFeature['n']
  /** Missing and infinite values, which no distribution holds. */
  readonly missing: DriftFeature['missing']
  readonly measures: DriftFeature['measures']
  readonly mean: DriftFeature['mean']
  readonly population?: DriftFeature['population']
  readonly quantiles?: DriftFeature['quantiles']
  readonly frequent?: DriftFeature['frequent']
  readonly bounds?: DriftFeature['bounds']
  /** Measures that cost too much for so many values. */
  readonly leftOut?: DriftFeature['leftOut']
  readonly distribution: DriftFeature['distribution']
  readonly isExact: boolean
  /** The test that decides; null where none can be done. */
  readonly test: ComparisonTest | null
  /** Bins or categories that hold a value on either side. */
  readonly cells: number
  /** Both sides hold one and the same value only: there is nothing to test, and nothing has changed. */
  readonly isSameConstant: boolean
  /** Why the column cannot be compared at all, or null. */
  readonly problem: string | null
}

export interface ComparisonTest {
  /** As a person reads it. */
  readonly name: string
  readonly statistic: number | null
  readonly pValue: number
  /** Why this one. */
  readonly reason?: string
}

/** A column that cannot be compared, and why. */
export function incomparable(
  column: Pick<Comparison, 'name' | 'role' | 'type' | 'n' | 'missing' | 'isExact'>,
  problem: string,
): Comparison {
  return {
    ...column,
    measures: { psi: null, jensenShannon: null },
    mean: undefined,
    distribution:
      column.type === 'numeric'
        ? { type: 'numeric', edges: [], reference: [], current: [] }
        : { type: 'categorical', categories: [], reference: [], current: [] },
    test: null,
    cells: 0,
    isSameConstant: false,
    problem,
  }
}

/** Means of both sides; undefined where values are so huge that a sum is not finite. */
export function meansOf(reference: number, current: number): Comparison['mean'] {
  return Number.isFinite(reference) && Number.isFinite(current) ? { reference, current } : undefined
}
