import type { SchemaSpec } from '../../../contract/model.ts'
import { createTableBuilder, readJsonLines } from '../json-lines.ts'
import { type Cell, ErrorList, type Tabular } from '../tabular.ts'
import { type CapturedSide, readAzureml } from './azureml.ts'
import { type CapturedRecord, CaptureFault } from './records.ts'
import { type CapturedInference, readSagemaker } from './sagemaker.ts'

export type CaptureKind = 'sagemaker' | 'azureml'

/** Tells a capture file by its beginning; null when it is none. */
export function captureKindOf(head: Uint8Array): CaptureKind | null {
  const text = Buffer.from(head.subarray(0, 16_384)).toString('utf8')
  if (!/^\uFEFF?\s*\{/.test(text)) return null
  if (/"captureData"\s*:/.test(text) && text.length > 0) return 'sagemaker'
  return /"type"\s*:\s*"azureml\.inference\./.test(text) ? 'azureml' : null
}

/** Sides that wait for the other, bounded: a file is read once, from its beginning. */
const mostWaiting = 200_000

const isList = (record: CapturedRecord): record is readonly Cell[] => Array.isArray(record)

/** Names of positions: those that the schema declares, in its order, where there are as many, else by number. */
function nameCells(record: CapturedRecord, declared: readonly string[], word: string): [string, Cell][] {
  if (!isList(record)) return Object.entries(record)
  const names = declared.length === record.length ? declared : record.map((_, i) => `${word}_${i + 1}`)
  return record.map((cell, i) => [names[i], cell])
}

/** Outputs: one value is the prediction; one for each class are scores, of which the highest is the prediction. */
function nameOutputs(record: CapturedRecord, schema: SchemaSpec | null): [string, Cell][] {
  if (!isList(record)) return Object.entries(record)
  if (record.length !== 1) {
    const classes = schema?.classes ?? []
    const scores = record.map((cell) => (cell === null || cell === '' ? Number.NaN : Number(cell)))
    if (classes.length !== record.length || !scores.every(Number.isFinite)) return nameCells(record, [], 'output')
    const best = scores.indexOf(Math.max(...scores))
    return [['prediction', classes[best]], ...classes.map((name, i): [string, Cell] => [`score.${name}`, scores[i]])]
  }
  const [value] = record
  const score = Number(value)
  const { classes = [], positiveClass = null } = schema ?? {}
  const isShare = value !== null && value !== '' && score >= 0 && score <= 1 && !Number.isInteger(score)
  if (classes.length === 2 && isShare) {
    const positive = positiveClass ?? classes[1]
    const other = classes.find((name) => name !== positive) ?? classes[0]
    return [
      ['prediction', score >= 0.5 ? positive : other],
      [`score.${positive}`, score],
      [`score.${other}`, 1 - score],
    ]
  }
  const isCode = classes.length > 0 && !classes.includes(String(value)) && Number.isInteger(score) && score in classes
  return [['prediction', isCode ? classes[score] : value]]
}

/**
 * Reads what a serving platform captured as a table: id, time, the inputs and the outputs, a row for each prediction. Inputs without
 * names get those of the schema, in its order, where there are as many. A line that cannot be read is reported and left out.
 */
export async function readCapture(
  source: AsyncIterable<Uint8Array>,
  kind: CaptureKind,
  schema: SchemaSpec | null,
): Promise<Tabular> {
  const errors = new ErrorList()
  const table = createTableBuilder()
  const declared = (schema?.columns ?? []).filter(({ role }) => role === 'input').map(({ name }) => name)
  const waiting = new Map<string, CapturedSide & { readonly line: number }>()

  function add(line: number, { id, time, inputs, outputs }: CapturedInference) {
    if (inputs.length !== outputs.length)
      throw new CaptureFault(`${inputs.length} inputs but ${outputs.length} outputs were captured`)
    for (const [i, input] of inputs.entries())
      table.addRow(line, (put) => {
        put('id', inputs.length === 1 ? id : `${id}.${i}`)
        put('time', time)
        const named = nameCells(input, declared, 'input')
        const taken = new Set(['id', 'time', ...named.map(([name]) => name)])
        for (const [name, cell] of named)
          put(['id', 'time'].includes(name) ? `inputs.${name}` : name.slice(0, 200), cell)
        for (const [name, cell] of nameOutputs(outputs[i], schema))
          put((taken.has(name) ? `output.${name}` : name).slice(0, 200), cell)
      })
  }

  function join(line: number, side: CapturedSide) {
    const other = waiting.get(side.id)
    if (other?.side === side.side) throw new CaptureFault(`the ${side.side} of ${side.id} come twice`)
    if (other === undefined) {
      if (waiting.size >= mostWaiting) throw new CaptureFault('too many events wait for their other side')
      waiting.set(side.id, { ...side, line })
      return
    }
    waiting.delete(side.id)
    const [input, output] = side.side === 'inputs' ? [side, other] : [other, side]
    add(line, { id: side.id, time: input.time, inputs: input.records, outputs: output.records })
  }

  for await (const { line, value } of readJsonLines(source, errors))
    try {
      if (kind === 'sagemaker') add(line, readSagemaker(value))
      else join(line, readAzureml(value))
    } catch (error) {
      if (!(error instanceof CaptureFault)) throw error
      errors.add(line, null, error.message)
    }
  for (const { line, side, id } of waiting.values())
    errors.add(line, null, `the ${side === 'inputs' ? 'outputs' : 'inputs'} of ${id} are not in this file`)
  return table.finish(errors)
}
