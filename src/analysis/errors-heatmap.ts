import type { HeatMap, SliceCondition } from '../contract/error-slices.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { holm } from '../stats/bonferroni.ts'
import { fisherExact } from '../stats/fisher-exact.ts'
import type { ErrorTarget } from './errors-target.ts'
import { noEstimate, shareEstimate } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'
import { sayList, sayNumber } from './wording.ts'

/** Most spans of a number, and most categories beside `other`. */
const mostLevels = 8

interface Levels {
  readonly levels: HeatMap['rows']
  /** Each row's place in `levels`. */
  readonly codes: Int32Array
}

/**
 * Error rate by the values of two columns: numbers in up to eight spans of about as many rows each, categories by themselves, the
 * eight most frequent apart and the others together, missing values as a level of their own.
 *
 * Each cell has Wilson's interval; one with fewer than `minLeaf` labelled rows is `insufficient`. The others are compared with all
 * rows outside by Fisher's exact test, corrected by Holm over the cells tested: a `warning` is a cell that is worse at level `alpha` and
 * `minLift` times as bad as the rest. The columns were chosen before the rows were looked at, so all rows serve. O(n + cells).
 */
export function mapErrors(
  table: SampleTable,
  target: ErrorTarget,
  [rowColumn, columnColumn]: readonly [string, string],
  { confidence, minLeaf, alpha, minLift }: ParametersOf<'errors'>,
): HeatMap {
  const absent = [rowColumn, columnColumn].filter((name) => !table.columns.has(name))
  const overall = shareEstimate(target.errors, target.n, confidence)
  const none = (reason: string): HeatMap => ({
    ...{ rowColumn, columnColumn, rows: [], columns: [], n: target.n, cells: [], reason },
    overall: target.n === 0 ? noEstimate(0, reason) : overall,
  })
  if (absent.length > 0) return none(`the samples have no column ${sayList(absent)}`)
  if (rowColumn === columnColumn) return none('it takes two columns')
  if (target.n === 0) return none('no sample has a label')
  const rows = levelsOf(rowColumn, table.columns.get(rowColumn) as Column)
  const columns = levelsOf(columnColumn, table.columns.get(columnColumn) as Column)
  const width = columns.levels.length
  const counts = new Float64Array(rows.levels.length * width)
  const errors = new Float64Array(counts.length)
  for (let row = 0; row < table.n; row++) {
    const error = target.isError[row]
    if (Number.isNaN(error)) continue
    const cell = rows.codes[row] * width + columns.codes[row]
    counts[cell]++
    errors[cell] += error
  }
  const filled = [...counts.keys()].filter((cell) => counts[cell] > 0)
  const pValues = filled.map((cell) => {
    if (counts[cell] < minLeaf) return null
    const [restN, restErrors] = [target.n - counts[cell], target.errors - errors[cell]]
    const test = fisherExact(errors[cell], counts[cell] - errors[cell], restErrors, restN - restErrors)
    return test.status === 'ok' ? test.pValue : null
  })
  const adjusted = holm(pValues)
  return {
    ...{ rowColumn, columnColumn, rows: rows.levels, columns: columns.levels, n: target.n, overall, reason: null },
    cells: filled.map((cell, i) => {
      const restN = target.n - counts[cell]
      const rest = restN === 0 ? 0 : (target.errors - errors[cell]) / restN
      const rate = errors[cell] / counts[cell]
      const isWorse = rate > rest && rate >= minLift * rest && (adjusted[i] ?? 1) <= alpha
      return {
        row: Math.floor(cell / width),
        column: cell % width,
        n: counts[cell],
        errors: errors[cell],
        errorRate: shareEstimate(errors[cell], counts[cell], confidence),
        adjustedPValue: adjusted[i],
        status: counts[cell] < minLeaf ? 'insufficient' : isWorse ? 'warning' : 'ok',
      }
    }),
  }
}

/** Levels with at least one row, in order; missing last. */
function levelsOf(name: string, column: Column): Levels {
  const { levels, codes } = column.type === 'numeric' ? spansOf(name, column.values) : namesOf(name, column)
  const isPresent = new Uint8Array(levels.length)
  for (const code of codes) isPresent[code] = 1
  const place = new Int32Array(levels.length)
  const kept = levels.filter((_, code) => isPresent[code] === 1)
  let next = 0
  for (let code = 0; code < levels.length; code++) if (isPresent[code] === 1) place[code] = next++
  return { levels: kept, codes: codes.map((code) => place[code]) }
}

const missingLevel = (column: string): HeatMap['rows'][number] => ({
  name: 'missing',
  conditions: [{ column, operator: 'missing', value: null }],
})

function namesOf(name: string, { codes, categories }: Extract<Column, { type: 'categorical' }>): Levels {
  const counts = new Float64Array(categories.length)
  for (const code of codes) if (code >= 0) counts[code]++
  const shown = [...categories.keys()]
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, mostLevels)
    .sort((a, b) => (categories[a] < categories[b] ? -1 : 1))
  const place = new Int32Array(categories.length).fill(shown.length)
  shown.forEach((code, level) => {
    place[code] = level
  })
  return {
    levels: [
      ...shown.map((code) => ({
        name: categories[code],
        conditions: [{ column: name, operator: 'in', value: [categories[code]] } satisfies SliceCondition],
      })),
      // “Not in” would take missing values too.
      { name: 'other', conditions: null },
      missingLevel(name),
    ],
    codes: codes.map((code) => (code < 0 ? shown.length + 1 : place[code])),
  }
}

function spansOf(name: string, values: Float64Array): Levels {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const edges = [
    ...new Set(
      Array.from({ length: mostLevels - 1 }, (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / mostLevels) - 1]),
    ),
  ].filter((edge) => edge !== undefined && edge < sorted[sorted.length - 1])
  const levels = [...edges, null].map((edge, span) => {
    const conditions: SliceCondition[] = []
    if (span > 0) conditions.push({ column: name, operator: '>', value: edges[span - 1] })
    if (edge !== null) conditions.push({ column: name, operator: '<=', value: edge })
    // Without an edge every number is meant, and those that are missing are not.
    const isAll = conditions.length === 0
    const said =
      edge === null
        ? isAll
          ? 'any number'
          : `> ${sayNumber(edges[span - 1])}`
        : span === 0
          ? `≤ ${sayNumber(edge)}`
          : `${sayNumber(edges[span - 1])} to ${sayNumber(edge)}`
    return { name: said, conditions: isAll ? null : conditions }
  })
  const codes = Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return levels.length
    let span = 0
    while (span < edges.length && value > edges[span]) span++
    return span
  })
  return { levels: [...levels, missingLevel(name)], codes }
}
