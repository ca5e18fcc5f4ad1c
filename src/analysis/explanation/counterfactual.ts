import type { SampleCounterfactuals } from '../../contract/explanation.ts'
import type { ColumnSpec } from '../../contract/model.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { type AnalysisContext, throwIfCancelled } from '../answer.ts'
import { isMissingAt, textAt } from '../explanation-rows.ts'
import { sayCount, sayList, sayMany, sayNumber } from '../wording.ts'
import { type ChangeSpace, changeSpaces } from './change-space.ts'
import { tableOf } from './mix-rows.ts'
import type { OutputSpace } from './outputs.ts'
import type { AskedModel } from './predict.ts'
import { type InputValue, sayValue, valueAt } from './sample.ts'

export interface CounterfactualTask extends OutputSpace {
  /** The one sample. */
  readonly row: SampleTable
  readonly columns: readonly string[]
  readonly specs: readonly ColumnSpec[]
  /** Tells ranges where none are declared, and what a large change is. */
  readonly reference: SampleTable
}

/** Most columns that change together, states that are followed, and answers that are shown. */
const mostChanges = 4
const beamWidth = 8
const mostShown = 5
/** Halvings of a change until it is as small as it can be. */
const refinements = 8

type Changes = ReadonlyMap<string, InputValue>
interface Tried {
  readonly changes: Changes
  readonly prediction: string
  /** Highest score of a class other than the first prediction. */
  readonly score: number
  readonly distance: number
}

/**
 * The smallest changes of declared inputs that make the model predict another class.
 *
 * A beam search: from the sample, and from the states that came closest, every other value of every column is tried; states that flip
 * are made smaller, by giving back single columns and by halving numeric changes. Values stay within declared ranges and categories (else
 * within those of the reference); a distance is Σ |change| / robust spread of the reference, 1 for another category. The search
 * is deterministic and stops at `budgetRows` made-up rows; it may miss the smallest change, never report one that does not flip.
 */
export async function findCounterfactuals(
  model: AskedModel,
  task: CounterfactualTask,
  budgetRows: number,
  context: AnalysisContext,
): Promise<SampleCounterfactuals | string> {
  if (task.task === 'regression') return 'a regression has no other class that it could have predicted'
  const { row, columns, classes } = task
  const prediction = await model.predict(row)
  if (isMissingAt(prediction, 0)) return 'the model has no answer about this sample: a value is missing'
  const before = textAt(prediction, 0)
  const spaces = changeSpaces(task.reference, row, columns, task.specs)
  if (spaces.length === 0) return 'no column has another value that it could take'
  const spaceOf = new Map(spaces.map((space) => [space.column, space]))
  const distanceOf = (changes: Changes) =>
    [...changes].reduce((sum, [column, value]) => sum + (spaceOf.get(column) as ChangeSpace).distance(value), 0)
  let askedRows = 1

  /** Tries many states at once; as many as the budget allows. */
  async function tryAll(states: readonly Changes[]): Promise<Tried[]> {
    throwIfCancelled(context)
    const affordable = states.slice(0, Math.max(0, budgetRows - askedRows))
    if (affordable.length === 0) return []
    askedRows += affordable.length
    const table = changedRows(row, columns, affordable)
    const scores = await model.scores(table)
    context.onProgress(Math.min(1, askedRows / budgetRows))
    return affordable.map((changes, i) => {
      let best = ''
      let other = Number.NEGATIVE_INFINITY
      let highest = Number.NEGATIVE_INFINITY
      for (const name of classes) {
        const score = scores.get(name)?.[i] ?? Number.NaN
        if (score > highest) {
          highest = score
          best = name
        }
        if (name !== before && score > other) other = score
      }
      return { changes, prediction: best, score: other, distance: distanceOf(changes) }
    })
  }
  const flips = ({ prediction: now }: Tried) => now !== '' && now !== before

  const flipped: Tried[] = []
  let beam: Changes[] = [new Map()]
  for (let depth = 1; depth <= mostChanges && beam.length > 0; depth++) {
    const seen = new Set<string>()
    const next = beam.flatMap((state) =>
      spaces
        .filter(({ column }) => !state.has(column))
        .flatMap(({ column, values }) => values.map((value) => new Map(state).set(column, value)))
        .filter((changes) => {
          const key = keyOf(changes)
          return !seen.has(key) && seen.add(key)
        }),
    )
    const tried = await tryAll(next)
    flipped.push(...tried.filter(flips))
    // Enough short answers make longer ones uninteresting.
    if (flipped.length > 0 && depth >= 2) break
    beam = tried
      .filter((each) => !flips(each) && Number.isFinite(each.score))
      .sort((a, b) => b.score - a.score || a.distance - b.distance)
      .slice(0, beamWidth)
      .map(({ changes }) => changes)
  }

  const smallest = [...bestBySet(flipped).values()].sort((a, b) => a.distance - b.distance).slice(0, 2 * mostShown)
  const refined: Tried[] = []
  for (const each of smallest) refined.push(await makeSmaller(each))
  const found = [...bestBySet(refined).values()].sort((a, b) => a.distance - b.distance).slice(0, mostShown)

  async function makeSmaller(start: Tried): Promise<Tried> {
    let best = start
    for (const column of start.changes.keys()) {
      if (best.changes.size === 1) break
      const fewer = new Map(best.changes)
      fewer.delete(column)
      const [without] = await tryAll([fewer])
      if (without !== undefined && flips(without)) best = without
    }
    for (const column of best.changes.keys()) {
      const space = spaceOf.get(column) as ChangeSpace
      let kept = best.changes.get(column) ?? null
      let back = space.own
      for (let step = 0; step < refinements; step++) {
        const middle = space.between(back, kept)
        if (middle === null || middle === kept || middle === back) break
        const [tried] = await tryAll([new Map(best.changes).set(column, middle)])
        if (tried === undefined) break
        if (flips(tried)) {
          best = tried
          kept = middle
        } else back = middle
      }
    }
    return best
  }

  const unitOf = (column: string) => task.specs.find(({ name }) => name === column)?.unit
  const shown = found.map(({ changes, prediction: now, score, distance }) => {
    const listed = [...changes].map(([column, to]) => ({ column, from: (spaceOf.get(column) as ChangeSpace).own, to }))
    const said = listed.map(
      ({ column, from, to }) => `${column} ${sayValue(to, unitOf(column))} instead of ${sayValue(from)}`,
    )
    return {
      ...{ prediction: now, score: Number.isFinite(score) ? score : null, distance, changes: listed },
      sentence: `With ${sayList(said)} it would have been ${now}`,
    }
  })
  const cost = `${sayCount(askedRows)} made-up rows of a budget of ${sayCount(budgetRows)} were asked`
  return {
    ...{ kind: 'counterfactuals', prediction: before, askedRows, budgetRows, found: shown },
    sentence:
      shown.length === 0
        ? `No change of up to ${sayMany(mostChanges, 'column')} within the declared ranges was found that gives another prediction; ${cost}.`
        : `The smallest changes found that give another prediction, within declared ranges (those of the reference where none are declared); sizes are in robust spreads of the reference, the smallest ${sayNumber(shown[0].distance)}; ${cost}.`,
  }
}

const keyOf = (changes: Changes) => JSON.stringify([...changes].sort(([a], [b]) => (a < b ? -1 : 1)))

/** The nearest state of each set of columns. */
function bestBySet(states: readonly Tried[]): Map<string, Tried> {
  const best = new Map<string, Tried>()
  for (const each of states) {
    const key = [...each.changes.keys()].sort().join('\u0000')
    const known = best.get(key)
    if (known === undefined || each.distance < known.distance) best.set(key, each)
  }
  return best
}

/** The sample once for each state, with its changes. */
function changedRows(row: SampleTable, columns: readonly string[], states: readonly Changes[]): SampleTable {
  const changed = new Map<string, Column>()
  for (const name of columns) {
    const own = row.columns.get(name) as Column
    const value = valueAt(own)
    const valuesOf = (changes: Changes) => (changes.has(name) ? (changes.get(name) ?? null) : value)
    if (own.type === 'numeric') {
      const values = Float64Array.from(states, (state) => Number(valuesOf(state) ?? Number.NaN))
      changed.set(name, { type: 'numeric', values })
    } else {
      const texts = states.map((state) => valuesOf(state))
      const categories = [...new Set(texts.flatMap((text) => (text === null ? [] : [String(text)])))]
      const codes = Int32Array.from(texts, (text) => (text === null ? -1 : categories.indexOf(String(text))))
      changed.set(name, { type: 'categorical', codes, categories })
    }
  }
  return tableOf(states.length, changed)
}
