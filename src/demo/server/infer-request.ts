import { z } from 'zod'
import { Refusal } from '../http/refusal.ts'
import { PIXEL_SCALE } from '../model/image-features.ts'
import type { OnnxDescription } from '../model/onnx-metadata.ts'
import { FRAME_VALUES } from '../park/frame.ts'
import { decodePng } from '../park/png.ts'

const MAX_ROWS = 4096
const MAX_BASE64_CHARACTERS = 24 * 1024
const NUMERIC_TYPES = ['FP32', 'FP64', 'INT8', 'INT16', 'INT32', 'UINT8', 'UINT16', 'UINT32']

const tensorShape = z.looseObject({
  name: z.string().max(200),
  shape: z.array(z.int().min(0)).min(1).max(4),
  datatype: z.string().max(16),
  parameters: z.record(z.string(), z.unknown()).optional(),
  data: z.array(z.unknown()),
})
const requestShape = z.looseObject({
  id: z.string().max(200).optional(),
  inputs: z.array(tensorShape).min(1).max(1000),
  outputs: z.array(z.looseObject({ name: z.string().max(200) })).optional(),
})

type InputTensor = z.infer<typeof tensorShape>

/** One inference request, ready to run. */
export interface InferRequest {
  id?: string
  rows: number
  /** rows x inputs. */
  values: Float64Array
  /** Outputs asked for; all when absent. */
  outputs?: string[]
}

/** True when the model takes frames: one column for each pixel value, without names. */
export function takesFrames(description: OnnxDescription): boolean {
  return description.inputNames === undefined && description.inputs === FRAME_VALUES
}

/** Reads the body of an `infer` call for a model; throws a `Refusal` (400) that names the tensor and the place. */
export function readInferRequest(text: string, description: OnnxDescription): InferRequest {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Refusal(400, 'the body is not JSON')
  }
  const parsed = requestShape.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Refusal(400, `${issue.path.join('.') || 'body'}: ${issue.message}`)
  }
  const { id, inputs, outputs } = parsed.data
  return { id, ...readRows(inputs, description), outputs: outputs?.map(({ name }) => name) }
}

function readRows(inputs: InputTensor[], description: OnnxDescription): { rows: number; values: Float64Array } {
  const whole = inputs.find(({ name }) => name === description.inputName)
  if (whole) {
    if (inputs.length > 1) throw new Refusal(400, `${whole.name} must be the only input`)
    return whole.datatype === 'BYTES' ? readFrames(whole, description) : readMatrix(whole, description.inputs)
  }
  const names = description.inputNames
  if (!names) throw new Refusal(400, `input ${description.inputName} is missing`)
  return readColumns(inputs, names)
}

function readFrames(tensor: InputTensor, description: OnnxDescription): { rows: number; values: Float64Array } {
  const { name, shape, parameters, data } = tensor
  if (!takesFrames(description)) throw new Refusal(400, `${name}: this model takes numbers, not BYTES`)
  const contentType = parameters?.content_type
  if (contentType !== undefined && contentType !== 'base64') {
    throw new Refusal(400, `${name}: content_type must be base64`)
  }
  const rows = shape[0]
  checkRows(name, rows)
  if (shape.length > 2 || (shape[1] ?? 1) !== 1) throw new Refusal(400, `${name}: shape must be [N] or [N, 1]`)
  const frames = flatten(name, data, rows)
  const values = new Float64Array(rows * FRAME_VALUES)
  frames.forEach((text, row) => {
    if (typeof text !== 'string') throw new Refusal(400, `${name}[${row}] is not a base64 string`)
    if (text.length > MAX_BASE64_CHARACTERS) throw new Refusal(400, `${name}[${row}] is too long for a frame`)
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new Refusal(400, `${name}[${row}] is not base64`)
    const decoded = decodePng(Buffer.from(text, 'base64'))
    if (!decoded.ok) throw new Refusal(400, `${name}[${row}]: ${decoded.reason}`)
    const { pixels } = decoded.frame
    for (let value = 0; value < FRAME_VALUES; value++) values[row * FRAME_VALUES + value] = pixels[value] * PIXEL_SCALE
  })
  return { rows, values }
}

function readMatrix(tensor: InputTensor, columns: number): { rows: number; values: Float64Array } {
  const { name, shape } = tensor
  if (shape.length !== 2 || shape[1] !== columns) {
    throw new Refusal(400, `${name}: shape is [${shape.join(', ')}], expected [N, ${columns}]`)
  }
  checkRows(name, shape[0])
  return { rows: shape[0], values: readNumbers(tensor, shape[0] * columns) }
}

function readColumns(inputs: InputTensor[], names: string[]): { rows: number; values: Float64Array } {
  const given = new Map<string, InputTensor>()
  for (const tensor of inputs) {
    if (!names.includes(tensor.name)) throw new Refusal(400, `there is no input ${tensor.name}`)
    if (given.has(tensor.name)) throw new Refusal(400, `input ${tensor.name} is given twice`)
    given.set(tensor.name, tensor)
  }
  const missing = names.filter((name) => !given.has(name))
  if (missing.length > 0) throw new Refusal(400, `input ${missing.join(', ')} is missing`)
  const rows = inputs[0].shape[0]
  const values = new Float64Array(checkRows(inputs[0].name, rows) * names.length)
  names.forEach((name, column) => {
    const tensor = given.get(name) as InputTensor
    const { shape } = tensor
    if (shape.length > 2 || shape[0] !== rows || (shape[1] ?? 1) !== 1) {
      throw new Refusal(400, `${name}: shape is [${shape.join(', ')}], expected [${rows}] or [${rows}, 1]`)
    }
    readNumbers(tensor, rows).forEach((value, row) => {
      values[row * names.length + column] = value
    })
  })
  return { rows, values }
}

function readNumbers({ name, datatype, data }: InputTensor, count: number): Float64Array {
  if (!NUMERIC_TYPES.includes(datatype)) throw new Refusal(400, `${name}: datatype ${datatype} is not supported`)
  const items = flatten(name, data, count)
  return Float64Array.from(items, (item, index) => {
    if (typeof item !== 'number') {
      throw new Refusal(400, `${name}[${index}] is ${item === null ? 'null' : `a ${typeof item}`}, expected a number`)
    }
    const stored = datatype === 'FP32' ? Math.fround(item) : item
    if (!Number.isFinite(stored)) throw new Refusal(400, `${name}[${index}] is not a finite ${datatype}`)
    return item
  })
}

/** Flat or nested row-major data as one list of `count` items. */
function flatten(name: string, data: unknown[], count: number): unknown[] {
  const items = data.flat(3)
  if (items.some(Array.isArray)) throw new Refusal(400, `${name}: data is nested too deeply`)
  if (items.length !== count)
    throw new Refusal(400, `${name}: shape asks for ${count} values, data has ${items.length}`)
  return items
}

function checkRows(name: string, rows: number): number {
  if (rows < 1 || rows > MAX_ROWS) throw new Refusal(400, `${name}: N is ${rows}, expected 1 to ${MAX_ROWS}`)
  return rows
}
