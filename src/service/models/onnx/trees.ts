import type { ShapTree, TreeComparison } from '../../../stats/tree-shap.ts'
import type { OnnxNode } from './wire.ts'

const comparisons: Readonly<Record<string, TreeComparison>> = {
  BRANCH_LEQ: '<=',
  BRANCH_LT: '<',
  BRANCH_GTE: '>=',
  BRANCH_GT: '>',
  BRANCH_EQ: '==',
  BRANCH_NEQ: '!=',
}

export interface Ensemble {
  readonly outputs: { readonly trees: readonly ShapTree[]; readonly base: number }[]
  readonly transform: string
}

/** The trees of a TreeEnsembleClassifier or TreeEnsembleRegressor, one list an output; null where they are of another make. */
export function readEnsemble({ op, attributes }: OnnxNode): Ensemble | null {
  const ints = (name: string) => attributes.get(name)?.ints ?? new Float64Array()
  const floats = (name: string) => {
    const attribute = attributes.get(name)
    return attribute?.floats.length
      ? attribute.floats
      : (attributes.get(`${name}_as_tensor`)?.tensor?.values ?? new Float64Array())
  }
  const isClassifier = op === 'TreeEnsembleClassifier'
  const prefix = isClassifier ? 'class' : 'target'
  const treeIds = ints('nodes_treeids')
  const nodeIds = ints('nodes_nodeids')
  const features = ints('nodes_featureids')
  const yes = ints('nodes_truenodeids')
  const no = ints('nodes_falsenodeids')
  const modes = attributes.get('nodes_modes')?.strings ?? []
  const thresholds = floats('nodes_values')
  const missing = ints('nodes_missing_value_tracks_true')
  const n = nodeIds.length
  if (n === 0 || [treeIds, features, yes, no, modes, thresholds].some(({ length }) => length !== n)) return null
  if (modes.some((mode) => mode !== 'LEAF' && !Object.hasOwn(comparisons, mode))) return null

  const places = new Map<string, number>()
  const members = new Map<number, number[]>()
  for (let i = 0; i < n; i++) {
    const list = members.get(treeIds[i]) ?? []
    places.set(`${treeIds[i]} ${nodeIds[i]}`, list.length)
    list.push(i)
    members.set(treeIds[i], list)
  }
  const leafTrees = ints(`${prefix}_treeids`)
  const leafNodes = ints(`${prefix}_nodeids`)
  const leafOutputs = ints(`${prefix}_ids`)
  const leafWeights = floats(`${prefix}_weights`)
  const distinct = new Set(leafOutputs)
  const classes = Math.max(
    ints('classlabels_int64s').length || ints('classlabels_ints').length,
    attributes.get('classlabels_strings')?.strings.length ?? 0,
  )
  // With two classes and weights for only one of them, the single sum is that of the second class.
  const isSingle = isClassifier ? classes === 2 && distinct.size === 1 : distinct.size === 1
  const count = isSingle ? 1 : isClassifier ? classes : attributes.get('n_targets')?.i || 1
  const base = floats('base_values')
  const isAverage = attributes.get('aggregate_function')?.s === 'AVERAGE'
  if (!isClassifier && !['SUM', 'AVERAGE', ''].includes(attributes.get('aggregate_function')?.s ?? '')) return null

  const outputs = Array.from({ length: count }, (_, output) => ({
    trees: [...members.entries()].map(([treeId, list]) => {
      const placeOf = (node: number) => places.get(`${treeId} ${node}`) ?? -1
      const isLeaf = (i: number) => modes[i] === 'LEAF'
      const value = new Float64Array(list.length)
      return {
        id: treeId,
        output,
        feature: Int32Array.from(list, (i) => (isLeaf(i) ? -1 : features[i])),
        threshold: Float64Array.from(list, (i) => thresholds[i]),
        comparison: list.map((i) => comparisons[modes[i]] ?? '<='),
        yes: Int32Array.from(list, (i) => (isLeaf(i) ? 0 : placeOf(yes[i]))),
        no: Int32Array.from(list, (i) => (isLeaf(i) ? 0 : placeOf(no[i]))),
        missingYes: Uint8Array.from(list, (i) => (missing.length === n ? missing[i] : 0)),
        value,
      }
    }),
    base: base.length === count ? base[output] : 0,
  }))
  const byTree = outputs.map(({ trees }) => new Map(trees.map((tree) => [tree.id, tree])))
  for (let i = 0; i < leafNodes.length; i++) {
    const tree = byTree[isSingle ? 0 : leafOutputs[i]]?.get(leafTrees[i])
    const place = places.get(`${leafTrees[i]} ${leafNodes[i]}`)
    if (tree === undefined || place === undefined) return null
    tree.value[place] += isAverage ? leafWeights[i] / members.size : leafWeights[i]
  }
  const isSound = outputs.every(({ trees }) => trees.every(isTree))
  return isSound ? { outputs, transform: attributes.get('post_transform')?.s ?? 'NONE' } : null
}

/** Every node is reached from the root once, so that no walk goes round in circles. */
function isTree({ feature, yes, no }: ShapTree): boolean {
  const seen = new Uint8Array(feature.length)
  const open = [0]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!(node >= 0 && node < feature.length) || seen[node] === 1) return false
    seen[node] = 1
    if (feature[node] >= 0) open.push(yes[node], no[node])
  }
  return true
}
