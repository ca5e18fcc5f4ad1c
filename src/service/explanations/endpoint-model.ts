import { throwIfCancelled } from '../../analysis/answer.ts'
import type { AskedModel } from '../../analysis/explanation/predict.ts'
import type { EndpointClient, InferOutput, InferRow, InferValue } from '../../collect/endpoint.ts'
import type { SchemaSpec } from '../../contract/model.ts'
import type { SampleTable } from '../../contract/table.ts'

/** Rows that go to an endpoint in one call. */
const rowsPerCall = 200

/** An endpoint that did not answer; the sentence is the client's. */
export class EndpointSilent extends Error {}

/** Predictions of rows, in several calls one after the other. Rejects with EndpointSilent. */
export async function inferAll(
  client: EndpointClient,
  schema: SchemaSpec,
  rows: readonly InferRow[],
  signal: AbortSignal,
): Promise<InferOutput[]> {
  const columns = schema.columns.filter(({ role }) => role === 'input')
  const outputs: InferOutput[] = []
  for (let from = 0; from < rows.length; from += rowsPerCall) {
    throwIfCancelled({ cancellation: signal, onProgress: () => {} })
    const reply = await client.infer(rows.slice(from, from + rowsPerCall), columns, schema, signal)
    if (!reply.ok) throw new EndpointSilent(`The endpoint did not answer: ${reply.problem.message}`)
    outputs.push(...reply.value)
  }
  return outputs
}

/** An endpoint over tables as a model that can be asked about made-up rows, never about more than `budgetRows` in all. */
export function endpointModel(
  client: EndpointClient,
  schema: SchemaSpec,
  signal: AbortSignal,
  budgetRows: number,
): AskedModel {
  const inputs = schema.columns.flatMap(({ name, role }) => (role === 'input' ? [name] : []))
  let askedRows = 0
  const ask = async (table: SampleTable) => {
    askedRows += table.n
    if (askedRows > budgetRows)
      throw new EndpointSilent(`The budget of ${budgetRows} rows does not suffice for this question: allow more`)
    return inferAll(client, schema, rowsOf(table, inputs), signal)
  }
  const { classes, task } = schema
  return {
    ...{ source: 'endpoint', openShuffler: null, form: null },
    async predict(table) {
      const outputs = await ask(table)
      if (task === 'regression')
        return { type: 'numeric', values: Float64Array.from(outputs, ({ prediction }) => Number(prediction)) }
      const codes = Int32Array.from(outputs, ({ prediction }) => classes.indexOf(String(prediction)))
      return { type: 'categorical', codes, categories: classes }
    },
    async scores(table) {
      const outputs = await ask(table)
      if (task === 'regression')
        return new Map([['value', Float64Array.from(outputs, ({ prediction }) => Number(prediction))]])
      const scoreOf = ({ prediction, scores }: InferOutput, name: string) =>
        scores === null ? (prediction === name ? 1 : 0) : (scores[name] ?? Number.NaN)
      return new Map(classes.map((name) => [name, Float64Array.from(outputs, (output) => scoreOf(output, name))]))
    },
  }
}

function rowsOf(table: SampleTable, inputs: readonly string[]): InferRow[] {
  return Array.from({ length: table.n }, (_, row) => {
    const values: Record<string, InferValue> = {}
    for (const name of inputs) {
      const column = table.columns.get(name)
      if (column === undefined) values[name] = null
      else if (column.type === 'numeric') values[name] = Number.isNaN(column.values[row]) ? null : column.values[row]
      else values[name] = column.codes[row] < 0 ? null : column.categories[column.codes[row]]
    }
    return values
  })
}
