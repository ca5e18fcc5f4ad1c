import type { Link, ModelForm } from '../../../analysis/explanation/model-form.ts'
import { type Affine, affineInput, followAffine, followCoefficients } from './affine.ts'
import { readEnsemble } from './trees.ts'
import { type OnnxGraph, type OnnxNode, OnnxReadFault, type OnnxTensor, readOnnxGraph } from './wire.ts'

const mostColumns = 5000
const mostOutputs = 1000
const singlePrecision = 1

/**
 * What an ONNX file computes from its numeric `columns`, where it is linear or an ensemble of trees behind steps that shift
 * and scale; null for anything else. The caller compares it with the runtime's answers before relying on it.
 */
export function readModelForm(bytes: Uint8Array, columns: readonly string[]): ModelForm | null {
  if (columns.length === 0 || columns.length > mostColumns) return null
  try {
    return follow(readOnnxGraph(bytes), columns)
  } catch (error) {
    if (error instanceof OnnxReadFault) return null
    throw error
  }
}

function follow(graph: OnnxGraph, columns: readonly string[]): ModelForm | null {
  const values = new Map<string, Affine>()
  const width = columns.length
  if (graph.inputs.length === 1 && (width > 1 || graph.inputs[0].name !== columns[0]))
    values.set(graph.inputs[0].name, affineInput(width, 0, width))
  else
    for (const { name } of graph.inputs) {
      const place = columns.indexOf(name)
      if (place === -1) return null
      values.set(name, affineInput(width, place, 1))
    }
  const isSingle = graph.inputs.every(({ elementType }) => elementType === singlePrecision)
  const constants = new Map<string, OnnxTensor>(graph.initializers)
  let form: ModelForm | null = null
  let last: Affine | null = null
  for (const node of graph.nodes) {
    if (node.op === 'Constant') {
      const tensor = node.attributes.get('value')?.tensor
      if (tensor) constants.set(node.outputs[0], tensor)
      continue
    }
    const value = values.get(node.inputs[0])
    const found = value && endOf(node, value, { columns, isSingle })
    if (found) {
      if (form !== null) return null
      form = found
      continue
    }
    const next = followAffine(
      node,
      (name) => values.get(name),
      (name) => constants.get(name),
    )
    if (next === null) {
      // What works on the outputs of the end (labels, maps, normalising) changes nothing that is compared later.
      if (value !== undefined) return null
      if (form !== null) form = withNormalisation(form, node)
      continue
    }
    if (next.width > mostOutputs && next.width > width) return null
    values.set(node.outputs[0], next)
    last = next
  }
  return form ?? (last === null ? null : linearForm(last, 'identity', { columns, isSingle }))
}

interface Facts {
  readonly columns: readonly string[]
  readonly isSingle: boolean
}

function linearForm({ columns: n, width, weights, bias }: Affine, link: Link, facts: Facts): ModelForm {
  return {
    type: 'linear',
    ...facts,
    link,
    outputs: Array.from({ length: width }, (_, k) => ({
      weights: Float64Array.from({ length: n }, (_, j) => weights[j * width + k]),
      bias: bias[k],
    })),
  }
}

const links: Readonly<Record<string, Link>> = {
  NONE: 'identity',
  '': 'identity',
  LOGISTIC: 'sigmoid',
  SOFTMAX: 'softmax',
}

/** The form that a node completes, when it does. */
function endOf(node: OnnxNode, value: Affine, facts: Facts): ModelForm | null {
  const { op, attributes } = node
  if (op === 'Softmax') return linearForm(value, 'softmax', facts)
  if (op === 'Sigmoid') return linearForm(value, 'sigmoid', facts)
  if (op === 'LinearClassifier') {
    const outputs = (attributes.get('coefficients')?.floats.length ?? 0) / value.width
    const link = links[attributes.get('post_transform')?.s ?? 'NONE']
    const scores = Number.isInteger(outputs) && outputs > 0 ? followCoefficients(node, value, outputs) : null
    return scores === null || link === undefined ? null : withMirror(linearForm(scores, link, facts))
  }
  if (op !== 'TreeEnsembleClassifier' && op !== 'TreeEnsembleRegressor') return null
  const ensemble = readEnsemble(node)
  const axes = scaleOf(value)
  const link = ensemble && links[ensemble.transform]
  if (ensemble === null || axes === null || link === undefined || link === null) return null
  return { type: 'trees', ...facts, ...axes, link, outputs: ensemble.outputs }
}

/** Two logistic outputs that mirror each other are one: the second decides. */
function withMirror(form: ModelForm): ModelForm {
  if (form.type !== 'linear' || form.link !== 'sigmoid' || form.outputs.length !== 2) return form
  const [first, second] = form.outputs
  const isMirrored = first.weights.every((weight, j) => weight === -second.weights[j]) && first.bias === -second.bias
  return isMirrored ? { ...form, outputs: [second] } : form
}

/** Logistic outputs that a following step makes sum to one. */
const withNormalisation = (form: ModelForm, { op }: OnnxNode): ModelForm =>
  op === 'Normalizer' && form.link === 'sigmoid' && form.outputs.length > 1 ? { ...form, link: 'sigmoid-shares' } : form

/** Scale and shift of columns that were neither mixed nor put in another order; null otherwise. */
function scaleOf({ columns, width, weights, bias }: Affine): { scale: Float64Array; shift: Float64Array } | null {
  if (width !== columns) return null
  const scale = new Float64Array(width)
  for (let j = 0; j < columns; j++)
    for (let k = 0; k < width; k++) {
      if (j === k) scale[k] = weights[j * width + k]
      else if (weights[j * width + k] !== 0) return null
    }
  return { scale, shift: bias }
}
