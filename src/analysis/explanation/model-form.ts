import { type ShapTree, treeValue } from '../../stats/tree-shap.ts'

/** How scores follow from the raw outputs of a form. */
export type Link = 'identity' | 'sigmoid' | 'softmax' | 'sigmoid-shares'

interface FormFacts {
  /** Numeric columns in the order in which weights and trees count them. */
  readonly columns: readonly string[]
  readonly link: Link
  /** The file computes in single precision: values are rounded so before they meet a threshold. */
  readonly isSingle: boolean
}

/** Raw outputs that are weighted sums of the columns. */
export interface LinearForm extends FormFacts {
  readonly type: 'linear'
  readonly outputs: readonly { readonly weights: Float64Array; readonly bias: number }[]
}

/** Raw outputs that are sums over trees, of columns that may have been shifted and scaled. */
export interface TreeForm extends FormFacts {
  readonly type: 'trees'
  readonly scale: Float64Array
  readonly shift: Float64Array
  readonly outputs: readonly { readonly trees: readonly ShapTree[]; readonly base: number }[]
}

/**
 * The inside of a model where it is known: one raw output for each class in the schema's order, or a single one (the second of two
 * classes, or the value of a regression).
 */
export type ModelForm = LinearForm | TreeForm

/** The row as the form's trees see it. */
export function seenBy(form: TreeForm, row: Float64Array): Float64Array {
  const round = form.isSingle ? Math.fround : (value: number) => value
  return row.map((value, i) => round(round(value) * form.scale[i] + form.shift[i]))
}

/** Raw outputs for one row of the form's columns. */
export function rawOutputs(form: ModelForm, row: Float64Array): Float64Array {
  if (form.type === 'linear')
    return Float64Array.from(form.outputs, ({ weights, bias }) => {
      let sum = bias
      for (let i = 0; i < weights.length; i++) sum += weights[i] * row[i]
      return sum
    })
  const seen = seenBy(form, row)
  return Float64Array.from(form.outputs, ({ trees, base }) =>
    trees.reduce((sum, tree) => sum + treeValue(tree, seen), base),
  )
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))

/** The scores, one a class of `classes` (two where a single output stands for the second), or the value of a regression. */
export function linkedOutputs(raw: Float64Array, link: Link, classes: number): Float64Array {
  if (classes === 0 || link === 'identity')
    return classes === 2 && raw.length === 1 ? Float64Array.of(1 - raw[0], raw[0]) : raw
  if (link === 'softmax') {
    const highest = Math.max(...raw)
    const powers = raw.map((value) => Math.exp(value - highest))
    const total = powers.reduce((sum, value) => sum + value, 0)
    return powers.map((value) => value / total)
  }
  const shares = raw.map(sigmoid)
  if (raw.length === 1) return classes === 2 ? Float64Array.of(1 - shares[0], shares[0]) : shares
  if (link === 'sigmoid') return shares
  const total = shares.reduce((sum, value) => sum + value, 0)
  return shares.map((value) => value / total)
}
