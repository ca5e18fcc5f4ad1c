import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { AskedModel } from '../../../analysis/explanation/predict.ts'
import { isMissingAt, takeRows } from '../../../analysis/explanation-rows.ts'
import { isBlobKind } from '../../../contract/blob.ts'
import type { SchemaSpec } from '../../../contract/model.ts'
import type { CategoricalColumn, Column, SampleTable } from '../../../contract/table.ts'
import { type Answers, findQuickReader, isSameAnswer, type QuickReader, readAnswers } from './answers.ts'
import {
  allocate,
  type FeedArray,
  type FeedInput,
  feedsOf,
  planFeeds,
  type Runtime,
  tensorOf,
  writeColumn,
} from './feeds.ts'
import { readModelForm } from './form.ts'

/** Rows that go through the model at once: few enough for its input to stay near the processor. */
const batchRows = 10_000
/** Rows on which the quick reading of outputs is compared with the full one. */
const comparedRows = 200

/** A model in this thread. */
export interface OnnxModel extends AskedModel {
  close(): Promise<void>
}

/**
 * Opens an ONNX file over tables; a sentence where it cannot be used: it does not load, takes pictures, or its inputs and outputs
 * are not what the schema declares. It is tried on the first rows of `sample`.
 */
export async function openOnnxModel(
  bytes: Uint8Array,
  schema: SchemaSpec,
  sample: SampleTable,
): Promise<OnnxModel | string> {
  const inputs = schema.columns.filter(({ role }) => role === 'input')
  if (inputs.length === 0 || inputs.some(({ type }) => isBlobKind(type))) return 'it does not take columns of a table'
  const runtime = await import('onnxruntime-node')
  let session: InferenceSession
  try {
    session = await runtime.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 })
  } catch {
    return 'the file is not an ONNX model that can be loaded'
  }
  try {
    return await openTried({ runtime, session, schema, bytes }, sample)
  } catch (error) {
    await session.release()
    return error instanceof Error ? error.message : String(error)
  }
}

interface Opened {
  readonly runtime: Runtime
  readonly session: InferenceSession
  readonly schema: SchemaSpec
  readonly bytes: Uint8Array
}

async function openTried(
  { runtime, session, schema, bytes }: Opened,
  sample: SampleTable,
): Promise<OnnxModel | string> {
  const inputs = schema.columns.filter(({ role }) => role === 'input')
  const names = inputs.map(({ name }) => name)
  const tensors = session.inputMetadata.flatMap((input) => (input.isTensor ? [input] : []))
  const plan = planFeeds(tensors, names)
  if (plan === null || tensors.length < session.inputMetadata.length) {
    await session.release()
    return `it does not take the columns ${names.slice(0, 5).join(', ')}`
  }
  // Maps and sequences, which some converters add, cannot be read here; the tensors beside them can.
  const all = session.outputMetadata.flatMap((output) => (output.isTensor ? [output.name] : []))
  let quick: QuickReader | null = null

  async function run(feeds: Record<string, Tensor>, n: number, needsScores: boolean): Promise<Answers> {
    const results = await session.run(feeds, quick === null ? all : [quick.output])
    return quick === null ? readAnswers(results, n, schema) : quick.read(results[quick.output], n, needsScores)
  }
  async function answerAll(
    table: SampleTable,
    feedsPlan: readonly FeedInput[],
    needsScores: boolean,
  ): Promise<Answers[]> {
    const answers: Answers[] = []
    for (let from = 0; from < table.n; from += batchRows) {
      const to = Math.min(table.n, from + batchRows)
      answers.push(await run(feedsOf(runtime, feedsPlan, table, from, to), to - from, needsScores))
    }
    return answers
  }

  const whole = takeRows(sample, wholeRows(sample, names))
  const tried = whole.n
  if (tried > 0) {
    const results = await session.run(feedsOf(runtime, plan, whole, 0, tried), all)
    const reader = findQuickReader(results, tried, schema)
    const careful = readAnswers(results, tried, schema)
    if (reader !== null && isSameAnswer(reader.read(results[reader.output], tried, true), careful)) quick = reader
  }

  const isNumeric = inputs.every(({ type }) => type === 'numeric')
  return {
    source: 'onnx',
    form: isNumeric ? readModelForm(bytes, names) : null,
    close: () => session.release(),
    predict: async (table) => columnOf(await answerAll(table, plan, false), table.n, schema),
    scores: async (table) => scoresOf(await answerAll(table, plan, true), table.n, schema),
    openShuffler(rows) {
      // One matrix, in which a column is written in another order and written back: the rest stays as it is.
      const blocks: { from: number; to: number; arrays: FeedArray[]; feeds: Record<string, Tensor> }[] = []
      for (let from = 0; from < rows.n; from += batchRows) {
        const to = Math.min(rows.n, from + batchRows)
        const arrays = plan.map(({ type, columns }) => allocate(type, (to - from) * columns.length))
        const feeds = Object.fromEntries(
          plan.map(({ name, type, columns, rest }, i) => {
            columns.forEach((column, offset) => {
              writeColumn(rows.columns.get(column), arrays[i], { offset, stride: columns.length, from, to })
            })
            return [name, tensorOf(runtime, type, arrays[i], [to - from, ...rest])]
          }),
        )
        blocks.push({ from, to, arrays, feeds })
      }
      let moved: string | null = null
      const write = (name: string, order?: Uint32Array) => {
        const place = plan.findIndex(({ columns }) => columns.includes(name))
        if (place === -1) return
        const { columns } = plan[place]
        for (const { from, to, arrays } of blocks)
          writeColumn(rows.columns.get(name), arrays[place], {
            ...{ offset: columns.indexOf(name), stride: columns.length, from, to },
            ...(order === undefined ? {} : { order }),
          })
      }
      return async (name, order) => {
        if (moved !== null && moved !== name) write(moved)
        write(name, order)
        moved = name
        const answers: Answers[] = []
        for (const { from, to, feeds } of blocks) answers.push(await run(feeds, to - from, false))
        return columnOf(answers, rows.n, schema)
      }
    },
  }
}

/** The first rows without a missing value: of others a model may have nothing to say. */
function wholeRows(table: SampleTable, names: readonly string[]): Uint32Array {
  const columns = names.flatMap((name) => table.columns.get(name) ?? [])
  const rows: number[] = []
  for (let row = 0; row < table.n && rows.length < comparedRows; row++)
    if (columns.every((column) => !isMissingAt(column, row))) rows.push(row)
  return Uint32Array.from(rows)
}

function columnOf(answers: readonly Answers[], n: number, { task, classes }: SchemaSpec): Column {
  if (task === 'regression') {
    const values = new Float64Array(n)
    let at = 0
    for (const each of answers) {
      values.set(each.values, at)
      at += each.values.length
    }
    return { type: 'numeric', values }
  }
  const codes = new Int32Array(n)
  let at = 0
  for (const each of answers) {
    codes.set(each.codes, at)
    at += each.codes.length
  }
  return { type: 'categorical', codes, categories: classes } satisfies CategoricalColumn
}

/** Without scores, the class answered has all of it. */
function scoresOf(answers: readonly Answers[], n: number, { task, classes }: SchemaSpec): Map<string, Float64Array> {
  if (task === 'regression') {
    const column = columnOf(answers, n, { task, classes } as SchemaSpec)
    return new Map([['value', column.type === 'numeric' ? column.values : new Float64Array(n)]])
  }
  const k = classes.length
  const columns = classes.map(() => new Float64Array(n))
  let at = 0
  for (const { codes, scores } of answers) {
    for (let row = 0; row < codes.length; row++, at++)
      for (let c = 0; c < k; c++) columns[c][at] = scores === null ? (codes[row] === c ? 1 : 0) : scores[row * k + c]
  }
  return new Map(classes.map((name, c) => [name, columns[c]]))
}
