import { isBlobKind } from '../../../contract/blob.ts'
import type { Column, SampleTable } from '../../../contract/table.ts'
import type { Answer, Evidence, EvidenceHeader } from './shape.ts'

type Cell = number | string | null

const numberOf = (cell: Cell): number => {
  if (typeof cell === 'number') return cell
  return cell === 'Infinity' ? Number.POSITIVE_INFINITY : cell === '-Infinity' ? Number.NEGATIVE_INFINITY : Number.NaN
}

/** How a number of a table stands in the evidence. */
export const cellOfNumber = (value: number): Cell =>
  Number.isNaN(value) ? null : Number.isFinite(value) ? value : String(value)

const numericColumn = (cells: readonly Cell[]): Column => ({
  type: 'numeric',
  values: Float64Array.from(cells, numberOf),
})

/** Categories in order of their code units, so that the order of the rows does not matter. */
function categoricalColumn(cells: readonly Cell[]): Column {
  const texts = cells.map((cell) => (cell === null ? null : String(cell)))
  const categories = [...new Set(texts.filter((text) => text !== null))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const codes = new Map(categories.map((name, code) => [name, code]))
  return {
    type: 'categorical',
    codes: Int32Array.from(texts, (text) => (text === null ? -1 : (codes.get(text) ?? -1))),
    categories,
  }
}

const outcomeColumn = ({ schema }: EvidenceHeader, cells: readonly Cell[]): Column =>
  schema.task === 'regression' ? numericColumn(cells) : categoricalColumn(cells)

export const isAnswered = (answer: Answer | null): answer is Exclude<Answer, { problem: unknown }> =>
  answer !== null && 'prediction' in answer

/** Columns of the test set as rows hold them, in the form that analyses take; pictures are left out. */
export function inputColumns({ header, rows }: Evidence): Map<string, Column> {
  const columns = new Map<string, Column>()
  header.columns.forEach(({ name, type }, place) => {
    if (isBlobKind(type)) return
    const cells = rows.map((row) => row.values[place])
    columns.set(name, type === 'numeric' ? numericColumn(cells) : categoricalColumn(cells))
  })
  return columns
}

/** The test set with the answers of one version, as analyses take it. Rows without an answer miss prediction and scores. */
export function tableOf(evidence: Evidence, who: 'candidate' | 'production'): SampleTable {
  const { header, rows } = evidence
  const answers = rows.map((row) => row[who])
  const scores = new Map<string, Float64Array>()
  if (answers.some((answer) => isAnswered(answer) && answer.scores !== null))
    header.schema.classes.forEach((name, place) => {
      scores.set(
        name,
        Float64Array.from(answers, (answer) =>
          isAnswered(answer) ? (answer.scores?.[place] ?? Number.NaN) : Number.NaN,
        ),
      )
    })
  return {
    n: rows.length,
    columns: inputColumns(evidence),
    ids: null,
    at: null,
    prediction: outcomeColumn(
      header,
      answers.map((answer) => (isAnswered(answer) ? answer.prediction : null)),
    ),
    label: outcomeColumn(
      header,
      rows.map((row) => row.label),
    ),
    scores,
    latencyMs: null,
  }
}
