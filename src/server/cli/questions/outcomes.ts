import type { SampleTable } from '../../../contract/table.ts'
import { readDataFile, requireColumn } from '../data-file.ts'
import { CliFault } from '../fault.ts'
import { type CommonOptions, type OutcomeOptions, splitPair } from '../options.ts'
import { findTask, type TaskFacts } from '../task.ts'
import { type FileFacts, toTable, typesOf } from '../to-table.ts'

export interface Outcomes {
  readonly table: SampleTable
  readonly task: TaskFacts
  readonly facts: FileFacts
  readonly notes: readonly string[]
}

/**
 * Reads a file with labels and predictions. `columns`: features to read besides; null: all that look like one.
 */
export async function readOutcomes(
  options: OutcomeOptions & CommonOptions,
  columns: readonly string[] | null,
): Promise<Outcomes> {
  const file = await readDataFile(options.data)
  requireColumn(file, options.label, '--label')
  requireColumn(file, options.prediction, '--prediction')
  const task = findTask(file, options)
  const choice = {
    label: options.label,
    prediction: options.prediction,
    scores: scoresOf(options.score ?? [], task),
    ...(columns === null ? {} : { columns }),
    ...(options.ignore === undefined ? {} : { ignore: options.ignore }),
    ...(options.numeric === undefined ? {} : { numeric: options.numeric }),
    ...(options.categorical === undefined ? {} : { categorical: options.categorical }),
  }
  const { table, facts, notes } = toTable(file, choice, typesOf(file, choice), task)
  return { table, task, facts, notes }
}

/** Score columns by class: `column` (of the positive class), or `class=column` each. */
export function scoresOf(given: readonly string[], { task, classes, positiveClass }: TaskFacts): Map<string, string> {
  const scores = new Map<string, string>()
  for (const text of given) {
    const pair = splitPair(text)
    if (pair !== null && classes.includes(pair[0])) scores.set(pair[0], pair[1])
    else if (task === 'regression') throw new CliFault('--score: a regression has no classes, and so no scores')
    else if (positiveClass !== null && given.length === 1) scores.set(positiveClass, text)
    else
      throw new CliFault(
        `--score ${text}: say which class it is the score of, as class=column; classes are ${classes.slice(0, 10).join(', ')}`,
      )
  }
  return scores
}
