import { z } from 'zod'
import { ModelProto } from './onnx-schema.ts'

const stringList = z.array(z.string()).min(1)
const integer = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(Number)

const modelShape = z.object({
  graph: z.object({
    input: z
      .array(
        z.object({
          name: z.string(),
          type: z.object({
            tensor_type: z.object({
              elem_type: z.int(),
              shape: z.object({ dim: z.array(z.object({ dim_value: integer.optional() })) }),
            }),
          }),
        }),
      )
      .min(1),
  }),
  metadata_props: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
})

/** What an ONNX file says about the classifier inside. */
export interface OnnxDescription {
  inputName: string
  /** Columns of the input. */
  inputs: number
  /** True for double precision, false for single. */
  isDouble: boolean
  classes: string[]
  /** Names of the columns; absent for frames. */
  inputNames?: string[]
  metadata: Record<string, string>
}

/** Reads names and sizes from a classifier's ONNX bytes; throws one clear sentence when they are something else. */
export function describeOnnx(bytes: Uint8Array): OnnxDescription {
  let plain: unknown
  try {
    plain = ModelProto.toObject(ModelProto.decode(bytes), { longs: String, arrays: true })
  } catch {
    throw new Error('the artifact is not an ONNX file')
  }
  const parsed = modelShape.safeParse(plain)
  if (!parsed.success) throw new Error('the artifact is not an ONNX file with one graph and its inputs')
  const { graph, metadata_props } = parsed.data
  const metadata = Object.fromEntries(metadata_props.map(({ key, value }) => [key, value]))
  const { name, type } = graph.input[0]
  const { elem_type, shape } = type.tensor_type
  const inputs = shape.dim[1]?.dim_value
  if (graph.input.length !== 1 || shape.dim.length !== 2 || !inputs || (elem_type !== 1 && elem_type !== 11)) {
    throw new Error('the model must have one float or double input of shape [N, columns]')
  }
  const classes = readList(metadata, 'classes')
  if (!classes) throw new Error('the model names no classes in its metadata')
  const inputNames = readList(metadata, 'inputNames')
  if (inputNames && inputNames.length !== inputs) {
    throw new Error(`the model names ${inputNames.length} inputs but takes ${inputs}`)
  }
  return { inputName: name, inputs, isDouble: elem_type === 11, classes, inputNames, metadata }
}

function readList(metadata: Record<string, string>, key: string): string[] | undefined {
  const text = metadata[key]
  if (text === undefined) return undefined
  try {
    return stringList.parse(JSON.parse(text))
  } catch {
    throw new Error(`the model's metadata entry ${key} is not a JSON list of names`)
  }
}
