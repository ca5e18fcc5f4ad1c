import { parseNumber } from '../../collect/files/infer-columns.ts'
import type { Cell } from '../../collect/files.ts'
import type { Task } from '../../contract/model.ts'
import type { DataFile } from './data-file.ts'
import { CliFault } from './fault.ts'
import { suggest } from './near-matches.ts'

const mostClassNumbers = 20

export interface TaskFacts {
  readonly task: Task
  /** In order; empty for a regression. */
  readonly classes: readonly string[]
  readonly positiveClass: string | null
  /** Labels and predictions are numbers and become the texts of these: 1.0 is class `1`. */
  readonly areNumbers: boolean
}

export interface TaskChoice {
  readonly label: string | null
  readonly prediction: string
  readonly task?: Task
  readonly positive?: string
}

/** Tells task, classes and positive class from a file's label and prediction columns; a choice that cannot be meant is a CliFault. */
export function findTask(file: DataFile, { label, prediction, task, positive }: TaskChoice): TaskFacts {
  const columns = label === null ? [prediction] : [label, prediction]
  const areNumbers = columns.every((name) => file.types.get(name) === 'numeric')
  const cellsOf = (name: string) => file.tabular.cells[file.tabular.columns.indexOf(name)]
  const truth = label ?? prediction
  if (
    task === 'regression' ||
    (task === undefined && positive === undefined && areNumbers && isMeasured(cellsOf(truth)))
  ) {
    const text = columns.find((name) => file.types.get(name) !== 'numeric')
    if (text !== undefined) throw new CliFault(`--task regression needs numbers, and ${text} holds text`)
    return { task: 'regression', classes: [], positiveClass: null, areNumbers: true }
  }
  const seen = columns.map((name) => classesOf(cellsOf(name), areNumbers))
  if (areNumbers && label !== null && isMeasured(cellsOf(prediction)))
    throw new CliFault(
      `${prediction} holds fractions or many numbers, but ${label} holds ${seen[0].size} classes: name the predicted class with --prediction and the score with --score, or say --task regression`,
    )
  const classes = [...new Set(seen.flatMap((names) => [...names]))].sort(
    areNumbers ? (a, b) => Number(a) - Number(b) : byCodeUnits,
  )
  const [first, second] = seen
  if (second && first.size > 0 && second.size > 0 && [...first].every((name) => !second.has(name)))
    throw new CliFault(
      `labels and predictions have no class in common: ${label} holds ${sample(first)}, ${prediction} holds ${sample(second)}`,
    )
  const wanted = positive !== undefined && areNumbers ? (asClass(positive, true) ?? positive) : positive
  if (wanted !== undefined && !classes.includes(wanted))
    throw new CliFault(`--positive: no label or prediction is “${positive}”${suggest(wanted, classes)}`)
  const found = task ?? (classes.length <= 2 ? 'binary' : 'multiclass')
  if (found === 'binary' && classes.length > 2)
    throw new CliFault(`--task binary takes two classes, and there are ${classes.length}: ${sample(new Set(classes))}`)
  return {
    task: found,
    classes,
    positiveClass: wanted ?? (found === 'binary' ? (classes.at(-1) ?? null) : null),
    areNumbers,
  }
}

/** A cell's class; null where missing. */
function asClass(cell: Cell, areNumbers: boolean): string | null {
  if (cell === null) return null
  const number = areNumbers ? parseNumber(cell) : Number.NaN
  return Number.isNaN(number) ? String(cell) : String(number)
}

/** The cells with their classes as texts. */
export const toClasses = (cells: readonly Cell[], areNumbers: boolean): Cell[] =>
  cells.map((cell) => asClass(cell, areNumbers))

function classesOf(cells: readonly Cell[], areNumbers: boolean): Set<string> {
  const classes = new Set<string>()
  for (const cell of cells) {
    const name = asClass(cell, areNumbers)
    if (name !== null) classes.add(name)
  }
  return classes
}

/** Whether numbers measure something rather than name classes. */
function isMeasured(cells: readonly Cell[]): boolean {
  const values = new Set<number>()
  for (const cell of cells) {
    if (cell === null) continue
    const value = parseNumber(cell)
    if (Number.isNaN(value)) continue
    if (!Number.isInteger(value)) return true
    values.add(value)
    if (values.size > mostClassNumbers) return true
  }
  return false
}

function sample(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, 5).join(', ')
  return names.size > 5 ? `${shown} and ${names.size - 5} more` : shown
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
