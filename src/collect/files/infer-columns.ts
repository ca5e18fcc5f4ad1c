import type { ColumnMapping, ColumnRole, SchemaSpec } from '../../contract/model.ts'
import { parseTime } from './parse-time.ts'
import type { Cell, Tabular } from './tabular.ts'

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const infinitePattern = /^[+-]?inf(inity)?$/i

/** The number that a cell holds, NaN when it holds none. Infinite values are numbers here: analyses count them. */
export function parseNumber(cell: string | number): number {
  if (typeof cell === 'number') return cell
  if (numberPattern.test(cell)) return Number(cell)
  return infinitePattern.test(cell) ? (cell.startsWith('-') ? -Infinity : Infinity) : Number.NaN
}

const looked = 20_000
/** A column is what this share of its values is; the others become errors of their rows. */
const usualShare = 0.95

/** Spread over the file, so that a file sorted by something is judged fairly. */
function* sampled(cells: readonly Cell[]): Generator<string | number> {
  const step = Math.max(1, Math.floor(cells.length / looked))
  for (let i = 0; i < cells.length; i += step) {
    const cell = cells[i]
    if (cell !== null) yield cell
  }
}

interface Look {
  readonly seen: number
  readonly numbers: number
  readonly times: number
  readonly isUnique: boolean
  readonly isDigest: boolean
}

function look(cells: readonly Cell[]): Look {
  let seen = 0
  let numbers = 0
  let times = 0
  let digests = 0
  const values = new Set<Cell>()
  for (const cell of sampled(cells)) {
    seen++
    values.add(cell)
    if (!Number.isNaN(parseNumber(cell))) numbers++
    else if (typeof cell === 'string' && parseTime(cell) !== null) times++
    else if (typeof cell === 'string' && /^[0-9a-f]{64}$/.test(cell)) digests++
  }
  return { seen, numbers, times, isUnique: values.size === seen, isDigest: seen > 0 && digests === seen }
}

const named: [ColumnRole, RegExp][] = [
  ['id', /^(id|ids|sample_?id|row|row_?id|uuid|guid|index|inference_?id|request_?id)$/i],
  ['time', /^(at|time|timestamp|ts|date|datetime|event_?time|created_?at|time_?stamp)$/i],
  ['prediction', /^(prediction|predictions|pred|predicted|y_?pred|y_?hat|predicted_?(class|label)|output)$/i],
  ['label', /^(label|labels|target|y|y_?true|ground_?truth|actual|truth|true_?label)$/i],
  ['latency', /^(latency(_?ms)?|duration_?ms|inference_?(time_?)?ms)$/i],
  ['group', /^(sex|gender|race|ethnicity|ethnic_?group|nationality|religion)$/i],
]
const scoreName = /^(?:scores?|prob|probability|proba|p|y_pred_proba|predicted_probability)(?:[._-](.+))?$/i

function roleOf(name: string, seen: Look, schema: SchemaSpec | null): { role: ColumnRole; className?: string } {
  const declared = schema?.columns.find((column) => column.name === name || `inputs.${column.name}` === name)
  if (declared) return { role: declared.isGroup && declared.role === 'context' ? 'group' : 'feature' }
  const score = scoreName.exec(name)
  if (score && seen.numbers === seen.seen && seen.seen > 0) {
    const className = score[1] ?? schema?.positiveClass ?? (schema?.task === 'regression' ? 'value' : undefined)
    return className ? { role: 'score', className } : { role: 'score' }
  }
  for (const [role, pattern] of named) {
    if (!pattern.test(name)) continue
    if (role === 'time' && Math.max(seen.times, seen.numbers) < usualShare * seen.seen) continue
    if (role === 'id' && !seen.isUnique) continue
    return { role }
  }
  if (seen.seen === 0) return { role: 'ignore' }
  // With a schema, a column that it does not declare is not the model's.
  return { role: schema ? 'ignore' : 'feature' }
}

/**
 * Guesses how each column is to be read; a person edits the guess. Numeric: at least 95 of 100 values are numbers (the others
 * become errors of their rows). Roles follow declared names first, then usual names; score columns carry their class's name.
 */
export function inferColumns(tabular: Tabular, schema: SchemaSpec | null = null): ColumnMapping[] {
  const taken = new Set<ColumnRole>()
  return tabular.columns.map((name, index): ColumnMapping => {
    const seen = look(tabular.cells[index])
    const guess = roleOf(name, seen, schema)
    const declared = schema?.columns.find((column) => column.name === name || `inputs.${column.name}` === name)
    let { role } = guess
    // One column each; a second one is left to the person.
    if (['id', 'time', 'prediction', 'label', 'latency'].includes(role)) {
      if (taken.has(role)) role = schema ? 'ignore' : 'feature'
      taken.add(role)
    }
    const isOutcome = role === 'prediction' || role === 'label'
    const isNumeric = seen.seen > 0 && seen.numbers >= usualShare * seen.seen
    const type =
      declared?.type ??
      (isOutcome && schema
        ? schema.task === 'regression'
          ? 'numeric'
          : 'categorical'
        : role === 'id' || role === 'time' || role === 'group'
          ? 'categorical'
          : isNumeric
            ? 'numeric'
            : 'categorical')
    return { name, role, type, ...(guess.className && role === 'score' ? { className: guess.className } : {}) }
  })
}
