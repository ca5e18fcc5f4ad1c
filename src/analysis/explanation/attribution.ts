import type { AttributionFacts, AttributionUnit } from '../../contract/explanation.ts'
import type { SampleTable } from '../../contract/table.ts'
import { planCoalitions, shapleySolver } from '../../stats/kernel-shap.ts'
import { createRandom, sampleWithoutReplacement } from '../../stats/random.ts'
import { addTreeShap } from '../../stats/tree-shap.ts'
import { type AnalysisContext, throwIfCancelled } from '../answer.ts'
import { takeRows } from '../explanation-rows.ts'
import { sayCount, sayMany } from '../wording.ts'
import { alignRows, mixRow, numbersAt } from './mix-rows.ts'
import { linkedOutputs, type ModelForm, rawOutputs, seenBy } from './model-form.ts'
import { type Combination, combine, type ExplainedOutput, type OutputSpace } from './outputs.ts'
import type { AskedModel } from './predict.ts'

export interface AttributionTask extends OutputSpace {
  /** Samples to explain. */
  readonly rows: SampleTable
  /** One for each of them. */
  readonly outputs: readonly ExplainedOutput[]
  /** Where the values of absent columns come from. */
  readonly background: SampleTable
  readonly backgroundOf: 'reference' | 'window'
  readonly columns: readonly string[]
}

export interface AttributionOptions {
  /** Most background rows. */
  readonly backgroundRows: number
  /** Most made-up rows that the model is asked about, for all samples together. */
  readonly budgetRows: number
  /** `auto`: exact where the form is known; `kernel`: always by asking. */
  readonly method: 'auto' | 'kernel'
  readonly seed: number
}

export interface Attributions extends AttributionFacts {
  /** Samples that were explained: places in the task's rows. */
  readonly explained: Uint32Array
  /** explained x columns */
  readonly values: Float64Array
  /** Mean output over the background, and the output itself: values of a sample sum to the difference. */
  readonly base: Float64Array
  readonly full: Float64Array
}

/** Coalitions of one sample beyond which more say little. */
const mostCoalitions = (columns: number) => 2 * columns + 2048
const fewestBackground = 10
/** Most walks down a tree, at about a microsecond each. */
const mostWalks = 20_000_000
/** Most background rows of a linear model, whose mean alone counts. */
const mostLinearBackground = 2000
/** Rows on which a form is compared with the model, and how far scores may differ: single precision over many trees. */
const comparedRows = 64
const tolerance = 1e-3

/**
 * SHAP: each sample's output less the mean output over a background, shared out among the columns by their Shapley values, where an
 * absent column takes the background rows' values (interventional).
 *
 * Exact in closed form for linear models and trees whose form agrees with the model's own answers; else kernel SHAP against the
 * model, exact while every coalition fits into the budget. The budget is kept by fewer coalitions first, then fewer background
 * rows, then fewer samples. A sentence where it cannot be done.
 * Source: Lundberg and Lee, NeurIPS 30 (2017); Lundberg et al., Nature Machine Intelligence 2 (2020) 56.
 */
export async function attribute(
  model: AskedModel,
  task: AttributionTask,
  options: AttributionOptions,
  context: AnalysisContext,
): Promise<Attributions | string> {
  if (task.rows.n === 0) return 'there is no sample to explain'
  if (task.background.n === 0) return 'there are no rows to compare with'
  if (task.columns.length === 0) return 'the model takes no column that could be explained'
  throwIfCancelled(context)
  const form = options.method === 'auto' && model.form !== null ? await trusted(model, model.form, task) : null
  const combinations = form && task.outputs.map((output) => combine(form, output, task))
  if (form !== null && combinations?.every((each) => each !== null))
    return attributeExactly(form, combinations, task, options, context)
  return await attributeByAsking(model, task, options, context)
}

/** The form, if it gives the scores that the model gives. */
async function trusted(model: AskedModel, form: ModelForm, task: AttributionTask): Promise<ModelForm | null> {
  const table = takeRows(task.background, firstRows(task.background.n, comparedRows))
  const scores = await model.scores(table)
  const classes = task.task === 'regression' ? ['value'] : task.classes
  for (let row = 0; row < table.n; row++) {
    const raw = rawOutputs(form, numbersAt(table, form.columns, row))
    if (form.type === 'linear' && raw.some(Number.isNaN)) continue
    const found = linkedOutputs(raw, form.link, task.task === 'regression' ? 0 : task.classes.length)
    if (found.length !== classes.length) return null
    for (const [k, name] of classes.entries()) {
      const wanted = scores.get(name)?.[row] ?? Number.NaN
      if (!(Math.abs(found[k] - wanted) <= tolerance * Math.max(1, Math.abs(wanted)))) return null
    }
  }
  return form
}

const firstRows = (n: number, most: number) => Uint32Array.from({ length: Math.min(n, most) }, (_, row) => row)

function chooseBackground(task: AttributionTask, most: number, seed: number): SampleTable {
  const { background } = task
  if (background.n <= most) return background
  return takeRows(background, sampleWithoutReplacement(createRandom(seed), background.n, most))
}

/** Fewer background rows where the trees are so many that walking them all would take minutes. */
function affordableBackground(form: ModelForm, { rows }: AttributionTask, wanted: number): number {
  const trees = form.type === 'trees' ? form.outputs.reduce((sum, output) => sum + output.trees.length, 0) : 0
  return Math.max(Math.min(wanted, 2 * fewestBackground), Math.min(wanted, Math.floor(mostWalks / (trees * rows.n))))
}

function attributeExactly(
  form: ModelForm,
  combinations: readonly (Combination | null)[],
  task: AttributionTask,
  { backgroundRows, budgetRows, seed }: AttributionOptions,
  context: AnalysisContext,
): Attributions | string {
  const isLinear = form.type === 'linear'
  const most = isLinear
    ? Math.max(backgroundRows, mostLinearBackground)
    : affordableBackground(form, task, backgroundRows)
  const background = chooseBackground(task, most, seed)
  const isUsable = (row: Float64Array) => !isLinear || row.every((value) => Number.isFinite(value))
  const others = Array.from({ length: background.n }, (_, b) => numbersAt(background, form.columns, b)).filter(isUsable)
  if (others.length === 0) return 'every row to compare with has a missing value, for which the model has no answer'
  const samples = Array.from({ length: task.rows.n }, (_, row) => numbersAt(task.rows, form.columns, row))
  const explained = firstRows(task.rows.n, task.rows.n).filter((row) => isUsable(samples[row]))
  if (explained.length === 0) return 'the sample has a missing value, for which the model has no answer'

  const m = task.columns.length
  const places = task.columns.map((name) => form.columns.indexOf(name))
  const means = form.columns.map((_, j) => others.reduce((sum, other) => sum + other[j] / others.length, 0))
  const seenOthers = form.type === 'trees' ? others.map((other) => seenBy(form, other)) : []
  const rawMeans = form.outputs.map((_, k) =>
    others.reduce((sum, other) => sum + rawOutputs(form, other)[k] / others.length, 0),
  )
  const values = new Float64Array(explained.length * m)
  const base = new Float64Array(explained.length)
  const full = new Float64Array(explained.length)
  explained.forEach((row, i) => {
    throwIfCancelled(context)
    context.onProgress(i / explained.length)
    const { factors, addend } = combinations[row] as Combination
    const raw = rawOutputs(form, samples[row])
    base[i] = factors.reduce((sum, factor, k) => sum + factor * rawMeans[k], addend)
    full[i] = factors.reduce((sum, factor, k) => sum + factor * raw[k], addend)
    const all = new Float64Array(form.columns.length)
    if (form.type === 'linear')
      form.outputs.forEach(({ weights }, k) => {
        for (let j = 0; j < weights.length; j++) all[j] += factors[k] * weights[j] * (samples[row][j] - means[j])
      })
    else {
      const seen = seenBy(form, samples[row])
      form.outputs.forEach(({ trees }, k) => {
        if (factors[k] === 0) return
        for (const tree of trees)
          for (const other of seenOthers) addTreeShap(tree, seen, other, factors[k] / seenOthers.length, all)
      })
    }
    places.forEach((place, j) => {
      values[i * m + j] = place === -1 ? 0 : all[place]
    })
  })
  const what = isLinear ? 'the weights of the linear model' : 'the trees of the model'
  const { unit } = combinations[explained[0]] as Combination
  return {
    ...{ method: form.type, isExact: true, unit, backgroundRows: others.length, askedRows: 0, budgetRows },
    sentence: `Exact, from ${what} in its file, against ${sayBackground(task, others.length)}; contributions in ${sayUnit(unit)}. The file's numbers were compared with the model's own answers first.`,
    ...{ explained, values, base, full },
  }
}

async function attributeByAsking(
  model: AskedModel,
  task: AttributionTask,
  { backgroundRows, budgetRows, seed }: AttributionOptions,
  context: AnalysisContext,
): Promise<Attributions | string> {
  const m = task.columns.length
  const needed = m < 2 ? 0 : Math.min(2 ** Math.min(m, 30) - 2, 2 * m)
  // Answers about the samples themselves and the background come off the budget as well.
  const isEnough = (rows: number, b: number) => rows * needed * b + rows + b <= budgetRows
  let b = Math.min(task.background.n, backgroundRows)
  let n = task.rows.n
  while (b > fewestBackground && !isEnough(n, b)) b--
  while (n > 1 && !isEnough(n, b)) n--
  if (!isEnough(n, b))
    return `${sayCount(needed * b + 1 + b)} made-up rows are needed for one sample of ${sayMany(m, 'column')}, and ${sayCount(budgetRows)} may be asked`
  const ask = async (table: SampleTable) => {
    throwIfCancelled(context)
    const scores = await model.scores(table)
    throwIfCancelled(context)
    return scores
  }
  const chosen = n === task.rows.n ? firstRows(n, n) : sampleWithoutReplacement(createRandom(seed + 1), task.rows.n, n)
  const names = [...new Set(task.outputs.map(({ name }) => name))]
  const drawn = chooseBackground(task, b, seed)
  const drawnScores = await ask(drawn)
  const isAnswered = (row: number) => names.every((name) => Number.isFinite(drawnScores.get(name)?.[row]))
  const answered = firstRows(drawn.n, drawn.n).filter(isAnswered)
  if (answered.length === 0) return 'the model has no answer about the rows to compare with'
  b = answered.length
  const plan = planCoalitions(
    m,
    Math.min(Math.floor((budgetRows - n - b) / (n * b)), mostCoalitions(m)),
    createRandom(seed),
  )
  const solve = shapleySolver(plan)
  const aligned = alignRows(takeRows(task.rows, chosen), takeRows(drawn, answered), task.columns)
  const ofSamples = await ask(aligned.rows)
  const values = new Float64Array(n * m)
  const base = new Float64Array(n)
  const full = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const { name } = task.outputs[chosen[i]]
    base[i] = answered.reduce((sum, row) => sum + (drawnScores.get(name)?.[row] ?? 0) / b, 0)
    full[i] = ofSamples.get(name)?.[i] ?? Number.NaN
    const worth = new Float64Array(plan.count)
    if (plan.count > 0) {
      const scores = (await ask(mixRow(aligned, i, plan.isPresent, plan.count))).get(name) ?? new Float64Array()
      for (let k = 0; k < plan.count; k++) worth[k] = meanOf(scores, k * b, b)
    }
    values.set(solve(worth, base[i], full[i]), i * m)
    context.onProgress((i + 1) / n)
  }
  const askedRows = n * plan.count * b + n + drawn.n
  const unit: AttributionUnit = task.task === 'regression' ? 'value' : 'probability'
  const how = plan.isComplete
    ? `all ${sayCount(plan.count)} combinations of ${sayMany(m, 'column')} were asked, so that the numbers are exact for this background`
    : `${sayCount(plan.count)} combinations of ${sayMany(m, 'column')} were asked, chosen by seed ${seed}; another seed gives slightly other numbers`
  return {
    ...{ method: 'kernel', isExact: plan.isComplete, unit, backgroundRows: b, askedRows, budgetRows },
    sentence: `Kernel SHAP against the ${model.source === 'onnx' ? 'registered model' : 'endpoint'} and ${sayBackground(task, b)}: ${how}; ${sayCount(askedRows)} rows of a budget of ${sayCount(budgetRows)}; contributions in ${sayUnit(unit)}.`,
    ...{ explained: chosen, values, base, full },
  }
}

function meanOf(values: Float64Array, from: number, n: number): number {
  let sum = 0
  for (let i = from; i < from + n; i++) sum += values[i]
  return sum / n
}

const sayBackground = ({ backgroundOf }: AttributionTask, n: number) =>
  `${sayMany(n, 'row')} of the ${backgroundOf === 'reference' ? 'reference' : 'window itself'}`

const sayUnit = (unit: AttributionUnit) =>
  ({
    'log-odds': 'log-odds',
    'raw score': 'raw score of the class',
    probability: 'probability',
    value: 'the predicted number',
  })[unit]
