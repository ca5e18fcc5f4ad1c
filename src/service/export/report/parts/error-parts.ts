import { sayCount, sayEstimate, sayPValue, sayShare } from '../../../../analysis/wording.ts'
import type { HeatMap, SliceCondition } from '../../../../contract/error-slices.ts'
import type { DetailOf } from '../../../../contract/report.ts'
import { type Block, chart, table } from '../document.ts'
import { part, toned } from './blocks.ts'

const asShare = (estimate: Parameters<typeof sayEstimate>[0]) => sayEstimate(estimate, sayShare)

function heatMapOf({ rowColumn, columnColumn, rows, columns, n, overall, cells, reason }: HeatMap): Block[] {
  const title = `Errors by ${rowColumn} and ${columnColumn}`
  if (reason !== null) return part(title, `There is no map: ${reason}`)
  const worse = cells.filter(({ status }) => status === 'warning' || status === 'breach')
  return part(
    title,
    `Error rate by ${rowColumn} (down) and ${columnColumn} (across), n ${sayCount(n)}, ${asShare(overall)} over all; edged where it is worse than the rest after correction`,
    chart({
      type: 'grid',
      measure: `error rate; ${rowColumn} down, ${columnColumn} across`,
      rows: rows.map(({ name }) => name),
      columns: columns.map(({ name }) => name),
      cells: cells.flatMap(({ row, column, errorRate, status }) =>
        errorRate.value === null
          ? []
          : [
              {
                row,
                column,
                value: errorRate.value,
                said: status === 'insufficient' ? 'few' : sayShare(errorRate.value),
                isBad: status === 'warning' || status === 'breach',
              },
            ],
      ),
    }),
    table(
      [
        [rowColumn, 24],
        [columnColumn, 24],
        ['Errors', 14],
        ['Error rate', 24],
        ['Evidence', 14],
      ],
      worse.map(({ row, column, n: rowsIn, errors, errorRate, adjustedPValue }) => [
        rows[row]?.name ?? '',
        columns[column]?.name ?? '',
        `${sayCount(errors)} of ${sayCount(rowsIn)}`,
        asShare(errorRate),
        adjustedPValue === null ? 'not tested' : sayPValue(adjustedPValue),
      ]),
      'No cell is worse than the rest after correction.',
    ),
  )
}

function sayCondition({ column, operator, value }: SliceCondition): string {
  if (operator === 'missing') return `${column} missing`
  return `${column} ${operator} ${Array.isArray(value) ? value.join(', ') : String(value)}`
}

/** What errors are told of beyond the slices that were found. */
export function errorParts({ heatMap, cohorts = [] }: DetailOf<'errors'>): Block[] {
  return [
    ...(heatMap === undefined ? [] : heatMapOf(heatMap)),
    ...(cohorts.length === 0
      ? []
      : part(
          'Cohorts that are followed',
          '',
          table(
            [
              ['Cohort', 34],
              ['Status', 14],
              ['Errors', 14],
              ['Error rate', 22],
              ['Elsewhere', 16],
            ],
            cohorts.map(({ name, conditions, n, errors, errorRate, rest, status }) => [
              `${name}: ${conditions.map(sayCondition).join(' and ')}`,
              toned(status),
              `${sayCount(errors)} of ${sayCount(n)}`,
              asShare(errorRate),
              asShare({ ...rest, interval: null }),
            ]),
            '',
          ),
        )),
  ]
}
