import type { Task } from '../contract/model.ts'
import type { DetailOf } from '../contract/report.ts'
import type { SampleTable } from '../contract/table.ts'
import { type AnalysisContext, type Answer, throwIfCancelled } from './answer.ts'
import { cohortFindings, type FollowedCohort, measureCohorts } from './errors-cohorts.ts'
import { mapErrors } from './errors-heatmap.ts'
import { type Slice, searchSlices } from './errors-slices.ts'
import { type ErrorTarget, findErrors } from './errors-target.ts'
import { findingOf, noEstimate, shareEstimate } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'
import { describingColumns } from './tree-columns.ts'
import { sayCount, sayEstimate, sayList, sayMany, sayNumber, sayShare } from './wording.ts'

export interface ErrorsInput {
  readonly current: SampleTable
  readonly task: Task
  /** Saved slices that are measured as well. */
  readonly cohorts?: readonly FollowedCohort[]
}

type Detail = DetailOf<'errors'>

/**
 * Finds where a model errs: a tree over the inputs that gathers errors, and its worst leaves confirmed on rows that the tree has
 * not seen (see `searchSlices`). For a regression large errors count (see `findErrors`).
 *
 * One finding, `worstSliceErrorRate`: the error rate, on the rows kept apart, of the worst confirmed slice, or of all rows where no
 * slice stands out. Without limits a confirmed slice is a `warning`. `insufficient` without labels or predictions, or with
 * fewer than twice `minLeaf` rows to grow on. Each saved slice gives a finding besides, `cohortErrorRate` (see `measureCohorts`), and
 * two columns that are named a map of the error rate over their values (see `mapErrors`). O(n · (columns + cohorts)).
 */
export function analyzeErrors(
  { current, task, cohorts = [] }: ErrorsInput,
  parameters: ParametersOf<'errors'>,
  context: AnalysisContext,
): Answer<'errors'> {
  throwIfCancelled(context)
  const target = findErrors(current, task, parameters.errorThreshold)
  const answered = findSlices(current, target, parameters, context)
  if (target === null) return answered
  const { heatMap } = parameters
  const measured = measureCohorts(current, target, cohorts, parameters)
  return {
    headline: answered.headline,
    findings: [...answered.findings, ...cohortFindings(measured)],
    detail: {
      ...answered.detail,
      ...(heatMap && { heatMap: mapErrors(current, target, heatMap, parameters) }),
      ...(measured.length > 0 && { cohorts: measured }),
    },
  }
}

function findSlices(
  current: SampleTable,
  target: ErrorTarget | null,
  parameters: ParametersOf<'errors'>,
  context: AnalysisContext,
): Answer<'errors'> {
  if (target === null || target.n === 0) {
    return refuse(
      current.prediction === null
        ? 'the samples have no predictions'
        : current.label === null || target !== null
          ? 'no sample has a label'
          : 'predictions and labels of a regression must be numbers',
    )
  }
  const unknown = (parameters.columns ?? []).filter((name) => !current.columns.has(name))
  if (unknown.length > 0) return refuse(`the samples have no column ${sayList(unknown)}`, target, parameters)
  // So many that half of those not kept apart can go to either side of a split.
  const needed = Math.ceil((2 * parameters.minLeaf) / (1 - parameters.heldOutShare))
  if (target.n < needed)
    return refuse(`${sayMany(target.n, 'labelled sample')}, ${sayCount(needed)} needed`, target, parameters)
  if (target.errors === 0 || target.errors === target.n) return answerEven(target, parameters, null)
  const columns = describingColumns(current, parameters.columns)
  if (columns.length === 0) return answerEven(target, parameters, 'no column describes the samples')
  const search = searchSlices(columns, target, parameters, context)
  context.onProgress(1)
  // All errors fell among the rows kept apart, or none did.
  if (search.status === 'insufficient') return refuse('too few errors', target, parameters)
  return answer({ ...detailOf(target, parameters), nodes: search.nodes, worst: search.worst }, target)
}

const detailOf = ({ n, errors }: ErrorTarget, { confidence }: ParametersOf<'errors'>): Detail => ({
  kind: 'errors',
  n,
  errors,
  overall: shareEstimate(errors, n, confidence),
  nodes: [
    {
      id: 0,
      parent: null,
      depth: 0,
      condition: null,
      description: 'all rows',
      n,
      errors,
      errorRate: shareEstimate(errors, n, confidence),
      coverage: errors === 0 ? 0 : 1,
      isLeaf: true,
    },
  ],
  worst: [],
})

const whatErrs = ({ threshold }: ErrorTarget) =>
  threshold === null ? '' : ` (errors larger than ${sayNumber(threshold)})`

function answer(detail: Detail, target: ErrorTarget): Answer<'errors'> {
  const [worst] = detail.worst.filter(({ isConfirmed }) => isConfirmed)
  if (worst === undefined) {
    const text = `Errors are spread evenly: no slice stands out from the error rate ${sayEstimate(detail.overall, sayShare)}${whatErrs(target)}, n ${sayCount(detail.n)}`
    return { headline: { status: 'ok', text }, findings: [toFinding(detail.overall, 'ok', text)], detail }
  }
  const text = `The model errs most where ${worst.description}: ${describeSlice(worst, detail)}${whatErrs(target)}`
  const others = detail.worst.filter(({ isConfirmed }) => isConfirmed).length - 1
  return {
    headline: { status: 'warning', text: others > 0 ? `${text}; ${sayMany(others, 'further slice')} confirmed` : text },
    findings: [toFinding(worst.errorRate, 'warning', `${text}, n ${sayCount(worst.errorRate.n)}`)],
    detail,
  }
}

function describeSlice({ errorRate, rest, nodeId }: Slice, { nodes, n }: Detail): string {
  const node = nodes[nodeId]
  return `error rate ${sayEstimate(errorRate, sayShare)} against ${sayEstimate({ ...rest, interval: null }, sayShare)} elsewhere, ${sayShare(node.coverage)} of all errors in ${sayShare(node.n / n)} of the samples`
}

const toFinding = (estimate: Detail['overall'], status: 'ok' | 'warning' | 'insufficient', message: string) =>
  findingOf({ metric: 'worstSliceErrorRate' }, estimate, { status, message, unit: 'share' })

/** No error, or nothing but errors, or no column to tell rows apart. */
function answerEven(target: ErrorTarget, parameters: ParametersOf<'errors'>, why: string | null): Answer<'errors'> {
  const detail = detailOf(target, parameters)
  const said = why ?? (target.errors === 0 ? 'there is no error' : 'every prediction is an error')
  const text = `No slice stands out: ${said} among ${sayMany(target.n, 'labelled sample')}`
  return { headline: { status: 'ok', text }, findings: [toFinding(detail.overall, 'ok', text)], detail }
}

function refuse(reason: string, target?: ErrorTarget, parameters?: ParametersOf<'errors'>): Answer<'errors'> {
  const text = `Where the model errs cannot be said: ${reason}`
  const estimate = noEstimate(target?.n ?? 0, reason)
  const detail: Detail =
    target && parameters
      ? detailOf(target, parameters)
      : { kind: 'errors', n: 0, errors: 0, overall: estimate, nodes: [], worst: [] }
  return {
    headline: { status: 'insufficient', text },
    findings: [toFinding(estimate, 'insufficient', text)],
    detail,
  }
}
