import { type OnnxDeclared, OnnxReadFault, readOnnxGraph } from './wire.ts'

/** What an ONNX file says of its inputs and outputs, for where no schema declares them. */
export interface OnnxDescription {
  readonly inputs: readonly OnnxDeclared[]
  /** Names of the packed columns, where the file notes them. */
  readonly columnNames: readonly string[] | null
  /** Names of the classes, where the file tells them. */
  readonly classes: readonly string[] | null
  /** Values a row of the widest output of floating point; null where it is left open. */
  readonly scoreWidth: number | null
}

const mostNames = 10_000

/** Reads the description; null for what is no ONNX file that is read here. */
export function describeOnnx(bytes: Uint8Array): OnnxDescription | null {
  try {
    const { nodes, inputs, outputs, metadata } = readOnnxGraph(bytes)
    let classes: readonly string[] | null = namesIn(metadata.get('classes'))
    for (const { attributes } of nodes) {
      const words = attributes.get('classlabels_strings')?.strings ?? []
      const numbers = (attributes.get('classlabels_int64s') ?? attributes.get('classlabels_ints'))?.ints ?? []
      if (words.length > 0) classes = words
      else if (numbers.length > 0) classes ??= Array.from(numbers, String)
    }
    const widths = outputs.filter(({ elementType }) => isFloat(elementType)).map(({ shape }) => shape[1] ?? 1)
    return {
      ...{ inputs, classes, columnNames: namesIn(metadata.get('inputNames')) },
      scoreWidth: widths.length === 0 || widths.includes(-1) ? null : Math.max(...widths),
    }
  } catch (error) {
    if (error instanceof OnnxReadFault) return null
    throw error
  }
}

const isFloat = (elementType: number) => elementType === 1 || elementType === 11

/** A note that is a JSON array of names. */
function namesIn(note: string | undefined): string[] | null {
  if (note === undefined) return null
  try {
    const parsed: unknown = JSON.parse(note)
    const isNames =
      Array.isArray(parsed) && parsed.length <= mostNames && parsed.every((name) => typeof name === 'string')
    return isNames && parsed.length > 0 ? parsed : null
  } catch {
    return null
  }
}
