import type { Cohort, CohortBucket } from '../contract/cohort.ts'
import type { CohortErrors } from '../contract/error-slices.ts'
import type { SampleTable } from '../contract/table.ts'
import { fisherExact } from '../stats/fisher-exact.ts'
import type { AnswerFinding } from './answer.ts'
import type { ErrorTarget } from './errors-target.ts'
import { findingOf, noEstimate, shareEstimate } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'
import { matchRows } from './slice-rows.ts'
import { sayCount, sayEstimate, sayShare } from './wording.ts'

export type FollowedCohort = Pick<Cohort, 'id' | 'name' | 'conditions'>

/**
 * Error rates of saved slices against those of all other rows, with Wilson's intervals. Below `minLeaf` labelled rows a cohort is
 * `insufficient`; without a limit it is a `warning` when its errors are `minLift` times as frequent as elsewhere and Fisher's exact
 * test agrees at `alpha`. No correction: a cohort was chosen before these rows were looked at, each for its own sake.
 * O(cohorts · n · conditions).
 */
export function measureCohorts(
  table: SampleTable,
  target: ErrorTarget,
  cohorts: readonly FollowedCohort[],
  { confidence, minLeaf, alpha, minLift }: ParametersOf<'errors'>,
): CohortErrors[] {
  return cohorts.map(({ id, name, conditions }) => {
    const isIn = matchRows(table, conditions)
    const { n, errors } = tally(target, (row) => isIn[row] === 1)
    const [restN, restErrors] = [target.n - n, target.errors - errors]
    const rest = shareEstimate(restErrors, restN, confidence)
    const errorRate = n === 0 ? noEstimate(0, 'no labelled sample is in it') : shareEstimate(errors, n, confidence)
    const test = fisherExact(errors, n - errors, restErrors, restN - restErrors)
    const isWorse =
      errorRate.value !== null &&
      rest.value !== null &&
      errorRate.value > rest.value &&
      errorRate.value >= minLift * rest.value &&
      test.status === 'ok' &&
      test.pValue <= alpha
    const status = n < minLeaf ? 'insufficient' : isWorse ? 'warning' : 'ok'
    return { id, name, conditions: [...conditions], n, errors, errorRate, rest, status }
  })
}

/** One finding a cohort, with its name as the group, so that limits apply to all cohorts or to one. */
export const cohortFindings = (cohorts: readonly CohortErrors[]): AnswerFinding[] =>
  cohorts.map(({ name, n, errorRate, rest, status }) =>
    findingOf({ metric: 'cohortErrorRate', group: name }, errorRate, {
      status,
      unit: 'share',
      message:
        errorRate.value === null
          ? `${name}: ${errorRate.note ?? 'no value'}`
          : `The error rate of ${name} is ${sayEstimate(errorRate, sayShare)}, ${rest.value === null ? 'and nothing lies outside' : `${sayShare(rest.value)} elsewhere`}, n ${sayCount(n)}`,
    }),
  )

/**
 * How a model does on a slice over time: per bucket of event time the samples in it, and the share of the labelled ones that are
 * wrong, inside and outside. Buckets without samples are left out. O(n · conditions).
 */
export function followCohort(
  table: SampleTable,
  target: ErrorTarget,
  conditions: Cohort['conditions'],
  { from, bucketMs, confidence }: { readonly from: number; readonly bucketMs: number; readonly confidence: number },
): CohortBucket[] {
  const { at } = table
  if (at === null) return []
  const isIn = matchRows(table, conditions)
  type Bucket = { n: number; labelled: number; errors: number; restLabelled: number; restErrors: number }
  const buckets = new Map<number, Bucket>()
  for (let row = 0; row < table.n; row++) {
    const place = Math.floor((at[row] - from) / bucketMs)
    const bucket = buckets.get(place) ?? { n: 0, labelled: 0, errors: 0, restLabelled: 0, restErrors: 0 }
    buckets.set(place, bucket)
    const error = target.isError[row]
    if (isIn[row] === 1) bucket.n++
    if (Number.isNaN(error)) continue
    if (isIn[row] === 1) {
      bucket.labelled++
      bucket.errors += error
    } else {
      bucket.restLabelled++
      bucket.restErrors += error
    }
  }
  const rate = (hits: number, n: number) =>
    n === 0 ? noEstimate(0, 'no labelled sample') : shareEstimate(hits, n, confidence)
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([place, { n, labelled, errors, restLabelled, restErrors }]) => ({
      from: from + place * bucketMs,
      n,
      errorRate: rate(errors, labelled),
      rest: rate(restErrors, restLabelled),
    }))
}

function tally({ isError }: ErrorTarget, isIn: (row: number) => boolean): { n: number; errors: number } {
  let n = 0
  let errors = 0
  for (let row = 0; row < isError.length; row++) {
    if (Number.isNaN(isError[row]) || !isIn(row)) continue
    n++
    errors += isError[row]
  }
  return { n, errors }
}
