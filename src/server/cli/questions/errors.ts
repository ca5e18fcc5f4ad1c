import { uninterrupted } from '../../../analysis/answer.ts'
import { analyzeErrors } from '../../../analysis/errors.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { CliFault } from '../fault.ts'
import { suggest } from '../near-matches.ts'
import { type CommonOptions, type OutcomeOptions, parseParameters } from '../options.ts'
import { formatInterval, formatPValue, formatTable, formatValue } from '../output.ts'
import { type Asked, fromFindings } from './asked.ts'
import { readOutcomes } from './outcomes.ts'

export type ErrorsOptions = OutcomeOptions & CommonOptions & { readonly heatmap?: string[] }
type Detail = DetailOf<'errors'>

/** Looks for where predictions are wrong. */
export async function askErrors(options: ErrorsOptions): Promise<Asked> {
  const { heatmap, columns = null } = options
  if (heatmap !== undefined && (heatmap.length !== 2 || heatmap[0] === heatmap[1]))
    throw new CliFault('--heatmap takes two columns, as --heatmap age,sex')
  const parameters = parseParameters(parametersOf.errors, {
    columns,
    ...(heatmap && { heatMap: heatmap }),
    ...options.set,
  })
  // A column of the map may be one that describes no slice.
  const read = columns && [...new Set([...columns, ...(heatmap ?? [])])]
  const { table, task, facts, notes } = await readOutcomes(options, read)
  const absent = heatmap?.find((name) => !table.columns.has(name))
  if (absent !== undefined)
    throw new CliFault(
      `--heatmap: there is no column “${absent}” to map by${suggest(absent, [...table.columns.keys()])}`,
    )
  const answer = analyzeErrors({ current: table, task: task.task }, parameters, uninterrupted)
  const { kind: _, ...detail } = answer.detail
  return {
    headline: answer.headline,
    json: detail,
    files: { data: facts },
    parameters,
    notes,
    measured: fromFindings(answer.findings),
    text: () => textOf(answer.detail),
  }
}

function textOf({ n, errors, nodes, worst, heatMap }: Detail): string {
  const slices = formatTable(
    [
      { title: 'worst slices' },
      { title: 'error rate', align: 'right' },
      { title: 'interval', align: 'right' },
      { title: 'n', align: 'right' },
      { title: 'elsewhere', align: 'right' },
      { title: 'p adjusted', align: 'right' },
      { title: '' },
    ],
    worst.map(({ description, errorRate, rest, adjustedPValue, isConfirmed }) => [
      description,
      formatValue(errorRate.value),
      formatInterval(errorRate.interval),
      String(errorRate.n),
      formatValue(rest.value),
      formatPValue(adjustedPValue),
      isConfirmed ? 'confirmed' : 'not confirmed',
    ]),
  )
  const tree = formatTable(
    [
      { title: 'errors' },
      { title: 'rows', align: 'right' },
      { title: 'error rate', align: 'right' },
      { title: 'share of errors', align: 'right' },
      { title: 'where' },
    ],
    inOrder(nodes).map((node) => [
      String(node.errors),
      String(node.n),
      formatValue(node.errorRate.value),
      formatValue(node.coverage),
      '  '.repeat(node.depth) + sayCondition(node.condition),
    ]),
  )
  const said = `${errors} errors in ${n} labelled rows; rates of slices are of rows kept apart from the search\n\n`
  return said + (worst.length > 0 ? `${slices}\n` : '') + tree + (heatMap ? `\n${heatTable(heatMap)}` : '')
}

/** Error rates with the rows they rest on; a star marks what is worse than the rest, brackets what rests on too little. */
function heatTable({ rowColumn, columnColumn, rows, columns, cells, reason }: NonNullable<Detail['heatMap']>): string {
  if (reason !== null) return `no map of errors: ${reason}\n`
  const said = rows.map((level, row) => [
    level.name,
    ...columns.map((_, column) => {
      const cell = cells.find((each) => each.row === row && each.column === column)
      if (cell === undefined) return '-'
      const text = `${formatValue(cell.errorRate.value)} of ${cell.n}`
      return cell.status === 'insufficient' ? `(${text})` : cell.status === 'warning' ? `${text} *` : text
    }),
  ])
  const titles = columns.map(({ name }) => ({ title: name, align: 'right' as const }))
  const table = formatTable([{ title: `${rowColumn} \\ ${columnColumn}` }, ...titles], said)
  return `${table}error rate and rows; * worse than the rest after correction, ( ) too few rows to be judged\n`
}

/** What sets a node apart from its parent; the tree's shape says the rest. */
function sayCondition(condition: Detail['nodes'][number]['condition']): string {
  if (condition === null) return 'all rows'
  const { column, operator, value } = condition
  if (Array.isArray(value))
    return `${column} ${operator} ${value.slice(0, 5).join(', ')}${value.length > 5 ? ` and ${value.length - 5} more` : ''}`
  if (value === null) return operator === 'missing' ? `${column} missing` : `${column} not missing`
  return `${column} ${operator} ${formatValue(value)}`
}

/** Parents before their children, each subtree together. */
function inOrder(nodes: Detail['nodes'], parent: number | null = null): Detail['nodes'] {
  return nodes.filter((node) => node.parent === parent).flatMap((node) => [node, ...inOrder(nodes, node.id)])
}
