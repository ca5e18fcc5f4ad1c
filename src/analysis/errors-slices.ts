import type { DetailOf } from '../contract/report.ts'
import { holm } from '../stats/bonferroni.ts'
import { type DecisionTree, growTree } from '../stats/decision-tree.ts'
import { type BinnedColumn, binColumn } from '../stats/feature-binning.ts'
import { fisherExact } from '../stats/fisher-exact.ts'
import type { InsufficientReason } from '../stats/outcome.ts'
import { createRandom, sampleWithoutReplacement } from '../stats/random.ts'
import { goesFirst } from '../stats/tree-split.ts'
import { AnalysisCancelled, type AnalysisContext, throwIfCancelled } from './answer.ts'
import type { ErrorTarget } from './errors-target.ts'
import { conditionOf, describePath } from './errors-words.ts'
import { shareEstimate } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'
import { type NamedColumn, toTreeColumn } from './tree-columns.ts'

type Detail = DetailOf<'errors'>
export type Slice = Detail['worst'][number]

/** Rows and errors of a node, among all rows and among those kept apart. */
interface Tally {
  readonly n: Float64Array
  readonly errors: Float64Array
  readonly heldN: Float64Array
  readonly heldErrors: Float64Array
}

export type SliceSearch =
  | { readonly status: 'ok'; readonly nodes: Detail['nodes']; readonly worst: Slice[] }
  | { readonly status: 'insufficient'; readonly reason: InsufficientReason; readonly needed: number | null }

/**
 * Grows a tree that gathers errors on a part of the rows and tests its leaves on the part kept apart.
 *
 * A tree always finds something in the rows it grew on. So the leaves with more errors than the whole (at most `maxSlices`, the
 * densest first) are compared with all other rows by Fisher's exact test on rows the tree has never seen, and the p-values
 * corrected by Holm: that any slice is confirmed where errors fall evenly has a probability of at most `alpha`. A confirmed slice
 * also has `minLift` times the error rate of the other rows. Counts of nodes are of all rows; the rates of `worst` are of the rows kept apart, which the choice has not flattered.
 */
export function searchSlices(
  columns: readonly NamedColumn[],
  target: ErrorTarget,
  parameters: ParametersOf<'errors'>,
  context: AnalysisContext,
): SliceSearch {
  const { maxDepth, minLeaf, alpha } = parameters
  const binned: BinnedColumn[] = []
  for (const { column } of columns) {
    throwIfCancelled(context)
    binned.push(binColumn(toTreeColumn(column)))
    context.onProgress((0.6 * binned.length) / columns.length)
  }
  const isHeld = keepApart(target.isError, parameters)
  const grown = target.isError.slice()
  for (let row = 0; row < grown.length; row++) if (isHeld[row]) grown[row] = Number.NaN
  const tree = growTree(binned, grown, { maxDepth, minLeaf, alpha, stop: context.cancellation })
  if (tree.status === 'insufficient') {
    if (tree.reason === 'aborted') throw new AnalysisCancelled()
    return tree
  }
  context.onProgress(0.8)
  const tally = countNodes(tree, binned, target.isError, isHeld)
  return {
    status: 'ok',
    nodes: toNodes(tree, tally, columns, binned, parameters.confidence),
    worst: confirmSlices(tree, tally, columns, binned, parameters),
  }
}

/** Marks the rows on which slices are confirmed: a random share of those whose truth is known. */
function keepApart(isError: Float64Array, { heldOutShare, seed }: ParametersOf<'errors'>): Uint8Array {
  const known = new Uint32Array(isError.length)
  let n = 0
  for (let row = 0; row < isError.length; row++) if (!Number.isNaN(isError[row])) known[n++] = row
  const chosen = sampleWithoutReplacement(createRandom(seed), n, Math.round(n * heldOutShare))
  const isHeld = new Uint8Array(isError.length)
  for (const place of chosen) isHeld[known[place]] = 1
  return isHeld
}

function countNodes(
  tree: DecisionTree,
  binned: readonly BinnedColumn[],
  isError: Float64Array,
  isHeld: Uint8Array,
): Tally {
  const size = tree.nodes.length
  const tally: Tally = {
    n: new Float64Array(size),
    errors: new Float64Array(size),
    heldN: new Float64Array(size),
    heldErrors: new Float64Array(size),
  }
  const first = tree.nodes.map(({ split }) => (split === null ? null : goesFirst(split)))
  for (let row = 0; row < isError.length; row++) {
    const error = isError[row]
    if (Number.isNaN(error)) continue
    for (let node = tree.nodes[0]; ; ) {
      tally.n[node.id]++
      tally.errors[node.id] += error
      if (isHeld[row]) {
        tally.heldN[node.id]++
        tally.heldErrors[node.id] += error
      }
      if (node.split === null || node.children === null) break
      node = tree.nodes[node.children[first[node.id]?.[binned[node.split.column].rows[row]] ? 0 : 1]]
    }
  }
  return tally
}

function toNodes(
  tree: DecisionTree,
  { n, errors }: Tally,
  columns: readonly NamedColumn[],
  binned: readonly BinnedColumn[],
  confidence: number,
): Detail['nodes'] {
  return tree.nodes.map((node) => {
    const parent = node.parent === null ? null : tree.nodes[node.parent]
    const condition =
      parent?.split && conditionOf(parent.split, parent.children?.[0] === node.id, columns[parent.split.column])
    return {
      id: node.id,
      parent: node.parent,
      depth: node.depth,
      condition: condition ?? null,
      description: describePath(tree, node.id, columns, binned),
      n: n[node.id],
      errors: errors[node.id],
      errorRate: shareEstimate(errors[node.id], n[node.id], confidence),
      coverage: errors[0] === 0 ? 0 : errors[node.id] / errors[0],
      isLeaf: node.children === null,
    }
  })
}

function confirmSlices(
  tree: DecisionTree,
  tally: Tally,
  columns: readonly NamedColumn[],
  binned: readonly BinnedColumn[],
  { maxSlices, minLift, alpha, confidence }: ParametersOf<'errors'>,
): Slice[] {
  const { n, errors, heldN, heldErrors } = tally
  const grownRate = (id: number) => (errors[id] - heldErrors[id]) / (n[id] - heldN[id])
  const candidates = tree.nodes
    .filter(({ children, id }) => children === null && grownRate(id) > grownRate(0))
    .map(({ id }) => id)
    .sort((a, b) => grownRate(b) - grownRate(a) || a - b)
    .slice(0, maxSlices)
  const pValues = candidates.map((id) => {
    const restN = heldN[0] - heldN[id]
    const restErrors = heldErrors[0] - heldErrors[id]
    const test = fisherExact(heldErrors[id], heldN[id] - heldErrors[id], restErrors, restN - restErrors)
    return test.status === 'ok' ? test.pValue : null
  })
  const adjusted = holm(pValues)
  const slices = candidates.map((id, i): Slice => {
    const rest = shareEstimate(heldErrors[0] - heldErrors[id], heldN[0] - heldN[id], confidence)
    const errorRate = shareEstimate(heldErrors[id], heldN[id], confidence)
    const isWorse =
      errorRate.value !== null &&
      rest.value !== null &&
      errorRate.value > rest.value &&
      errorRate.value >= minLift * rest.value
    return {
      nodeId: id,
      description: describePath(tree, id, columns, binned),
      errorRate,
      rest,
      // A test that cannot be done confirms nothing.
      adjustedPValue: adjusted[i] ?? 1,
      isConfirmed: isWorse && (adjusted[i] ?? 1) <= alpha,
    }
  })
  return slices.sort(
    (a, b) =>
      Number(b.isConfirmed) - Number(a.isConfirmed) ||
      (b.errorRate.value ?? 0) - (a.errorRate.value ?? 0) ||
      a.nodeId - b.nodeId,
  )
}
