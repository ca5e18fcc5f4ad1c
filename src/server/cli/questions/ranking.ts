import { uninterrupted } from '../../../analysis/answer.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import { analyzeRanking, type RankingAnswer } from '../../../analysis/ranking.ts'
import { parseNumber } from '../../../collect/files/infer-columns.ts'
import type { NumericColumn } from '../../../contract/table.ts'
import { type DataFile, readDataFile, requireColumn } from '../data-file.ts'
import { CliFault } from '../fault.ts'
import { type CommonOptions, parseParameters } from '../options.ts'
import { formatInterval, formatTable, formatValue } from '../output.ts'
import { toTable, typesOf } from '../to-table.ts'
import type { Asked } from './asked.ts'

export interface RankingOptions extends CommonOptions {
  readonly task: 'ranking'
  readonly data: string
  readonly label: string
  readonly query?: string
  readonly score?: string[]
  readonly k?: string[]
}

/** Judges how lists are ranked. */
export async function askRanking(options: RankingOptions): Promise<Asked> {
  const parameters = {
    ...parseParameters(parametersOf.performance, options.set ?? {}),
    k: placesOf(options.k ?? ['10']),
  }
  const { query, label } = options
  const [score] = options.score ?? []
  if (query === undefined || score === undefined || options.score?.length !== 1)
    throw new CliFault('--task ranking needs --query and one --score')
  const file = await readDataFile(options.data)
  requireColumn(file, query, '--query')
  const choice = { columns: [query], categorical: [query] }
  const { table, facts, notes } = toTable(file, choice, typesOf(file, choice), null)
  const lists = table.columns.get(query)
  if (lists === undefined) throw new CliFault(`--query: ${options.data} has no column “${query}”`)
  const answer = analyzeRanking(
    { query: lists, relevance: numbersOf(file, label, '--label'), score: numbersOf(file, score, '--score') },
    parameters,
    uninterrupted,
  )
  const { headline, metrics, ...rest } = answer
  const { confidence, resamples, seed, minimumN, k } = parameters
  return {
    headline,
    json: { task: 'ranking', k, ...rest, metrics },
    files: { data: facts },
    parameters: { k, confidence, resamples, seed, minimumN },
    notes: [
      ...notes,
      ...(rest.leftOut > 0 ? [`${options.data}: ${rest.leftOut} rows without query, relevance or score left out`] : []),
    ],
    measured: Object.entries(metrics).map(([metric, estimate]) => ({ metric, of: null, ...estimate, pValue: null })),
    text: () => textOf(answer),
  }
}

function placesOf(texts: readonly string[]): number[] {
  const places = [...new Set(texts.map(Number))]
  if (places.some((k) => !Number.isInteger(k) || k < 1))
    throw new CliFault('--k takes whole numbers from 1 on, such as 10 or 1,3,10')
  return places
}

function numbersOf(file: DataFile, name: string, option: string): NumericColumn {
  requireColumn(file, name, option)
  if (file.types.get(name) !== 'numeric') throw new CliFault(`${option}: “${name}” holds text; a ranking takes numbers`)
  const cells = file.tabular.cells[file.tabular.columns.indexOf(name)]
  return {
    type: 'numeric',
    values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : parseNumber(cell))),
  }
}

function textOf({ metrics, worst, queries, withoutRelevant, rows }: RankingAnswer): string {
  const head = `ranking; ${queries} queries of ${rows} rows, ${withoutRelevant} without a relevant row\n\n`
  const table = formatTable(
    [
      { title: 'metric' },
      { title: 'value', align: 'right' },
      { title: 'interval', align: 'right' },
      { title: 'queries', align: 'right' },
      { title: '' },
    ],
    Object.entries(metrics).map(([metric, { value, interval, n, note }]) => [
      metric,
      formatValue(value),
      formatInterval(interval),
      String(n),
      note ?? '',
    ]),
  )
  const lists = formatTable(
    [
      { title: 'worst queries' },
      { title: 'ndcg', align: 'right' },
      { title: 'relevant', align: 'right' },
      { title: 'rows', align: 'right' },
    ],
    worst
      .slice(0, 5)
      .map(({ query, ndcg, relevant, items }) => [query, formatValue(ndcg), String(relevant), String(items)]),
  )
  return `${head}${table}${worst.length > 0 ? `\n${lists}` : ''}`
}
