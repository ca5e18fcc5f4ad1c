import protobuf from 'protobufjs'

/* Writes small ONNX files of the kinds that converters write: only for tests, since the product reads and never writes them. */

const schema = `
syntax = "proto3";
package onnx;
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; string name = 8; }
message AttributeProto { string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated float floats = 7; repeated int64 ints = 8;
  repeated bytes strings = 9; int32 type = 20; }
message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5; string domain = 7; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
message TypeProto { TensorTypeProto tensor_type = 1; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message GraphProto { repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message ModelProto { int64 ir_version = 1; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; }
`
const ModelProto = protobuf.parse(schema, { keepCase: true }).root.lookupType('onnx.ModelProto')

type Attribute = string | number | readonly number[] | readonly string[] | { readonly floats: readonly number[] }

export interface TestNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Belongs to `ai.onnx.ml`. */
  readonly isMl?: boolean
  /** Numbers alone are whole; floats are wrapped. */
  readonly attributes?: Readonly<Record<string, Attribute>>
}

function attributeOf([name, value]: [string, Attribute]): object {
  const text = (words: string) => Buffer.from(words)
  if (typeof value === 'number') return { name, type: 2, i: value }
  if (typeof value === 'string') return { name, type: 3, s: text(value) }
  if ('floats' in value) return { name, type: 6, floats: value.floats }
  return typeof value[0] === 'string'
    ? { name, type: 8, strings: (value as readonly string[]).map(text) }
    : { name, type: 7, ints: value }
}

const float = 1
const int64 = 7

/** An ONNX file of these nodes: one float input `X` of `width` values a row. Outputs are named with the type and width they have. */
export function writeOnnx(options: {
  readonly width: number
  readonly nodes: readonly TestNode[]
  readonly constants?: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly values: readonly number[] }>
  >
  readonly outputs: readonly { readonly name: string; readonly width: number | null; readonly isLabel?: boolean }[]
}): Uint8Array {
  const value = (name: string, elementType: number, width: number | null) => ({
    name,
    type: {
      tensor_type: {
        elem_type: elementType,
        shape: { dim: [{ dim_param: 'N' }, ...(width === null ? [] : [{ dim_value: width }])] },
      },
    },
  })
  const model = {
    ir_version: 8,
    opset_import: [
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    graph: {
      name: 'test',
      node: options.nodes.map(({ op, inputs, outputs, isMl = false, attributes = {} }, i) => ({
        ...{ name: `node${i}`, op_type: op, input: inputs, output: outputs, domain: isMl ? 'ai.onnx.ml' : '' },
        attribute: Object.entries(attributes).map(attributeOf),
      })),
      initializer: Object.entries(options.constants ?? {}).map(([name, { dims, values }]) => ({
        ...{ name, dims, data_type: float, float_data: values },
      })),
      input: [value('X', float, options.width)],
      output: options.outputs.map(({ name, width, isLabel = false }) => value(name, isLabel ? int64 : float, width)),
    },
  }
  return ModelProto.encode(ModelProto.fromObject(model)).finish()
}

/** One tree as nested tests: `[feature, threshold, yes, no]`, or the value of a leaf. */
export type NestedTree = number | readonly [feature: number, threshold: number, yes: NestedTree, no: NestedTree]

/** The attributes by which `ai.onnx.ml` tells trees; `prefix` is `class` or `target`. Values belong to output `output`. */
export function treeAttributes(
  trees: readonly NestedTree[],
  prefix: 'class' | 'target',
  output = 0,
): Record<string, Attribute> {
  const nodes: { tree: number; id: number; feature: number; mode: string; value: number; yes: number; no: number }[] =
    []
  const leaves: { tree: number; node: number; weight: number }[] = []
  trees.forEach((root, tree) => {
    let next = 0
    const write = (nested: NestedTree): number => {
      const id = next++
      const node = { tree, id, feature: 0, mode: 'LEAF', value: 0, yes: 0, no: 0 }
      nodes.push(node)
      if (typeof nested === 'number') leaves.push({ tree, node: id, weight: nested })
      else {
        const [feature, threshold, yes, no] = nested
        Object.assign(node, { feature, mode: 'BRANCH_LEQ', value: threshold, yes: write(yes), no: write(no) })
      }
      return id
    }
    write(root)
  })
  return {
    nodes_treeids: nodes.map(({ tree }) => tree),
    nodes_nodeids: nodes.map(({ id }) => id),
    nodes_featureids: nodes.map(({ feature }) => feature),
    nodes_modes: nodes.map(({ mode }) => mode),
    nodes_values: { floats: nodes.map(({ value }) => value) },
    nodes_truenodeids: nodes.map(({ yes }) => yes),
    nodes_falsenodeids: nodes.map(({ no }) => no),
    nodes_missing_value_tracks_true: nodes.map(() => 0),
    [`${prefix}_treeids`]: leaves.map(({ tree }) => tree),
    [`${prefix}_nodeids`]: leaves.map(({ node }) => node),
    [`${prefix}_ids`]: leaves.map(() => output),
    [`${prefix}_weights`]: { floats: leaves.map(({ weight }) => weight) },
  }
}
