import type { Task } from '../contract/model.ts'
import type { Estimate, Status } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { createRandom, sampleWithoutReplacement } from '../stats/random.ts'
import { type AnalysisContext, type Answer, throwIfCancelled } from './answer.ts'
import { findingOf, noEstimate, worstStatus } from './estimates.ts'
import { compareAttributions } from './explanation/attribution-drift.ts'
import { partialDependence } from './explanation/dependence.ts'
import { rankDrivers } from './explanation/drivers.ts'
import { judgeEnvelope } from './explanation/envelope.ts'
import { explainRows } from './explanation/global.ts'
import type { AskedModel } from './explanation/predict.ts'
import { trustFindings } from './explanation/trust-findings.ts'
import { type Importances, permutationImportance } from './explanation-permutation.ts'
import { isMissingAt, takeRows, textAt } from './explanation-rows.ts'
import { fitSurrogate } from './explanation-surrogate.ts'
import type { ParametersOf } from './parameters.ts'
import { describingColumns } from './tree-columns.ts'
import { sayCount, sayEstimate, sayList, sayMany, sayNumber, sayShare } from './wording.ts'

export interface ExplanationInput {
  readonly current: SampleTable
  readonly task: Task
  readonly classes: readonly string[]
  readonly positiveClass: string | null
  /** The model itself; null: a surrogate is fitted to the stored predictions. */
  readonly model: AskedModel | null
  /** Columns that the model takes; absent: all. */
  readonly inputs?: readonly string[]
  /** What samples are compared with where contributions are shared out; null: the samples themselves. */
  readonly reference?: SampleTable | null
}

/** Fewest rows on which anything is said. */
const minimumRows = 30
/** A surrogate that explains less of what could be explained says too little about the model. */
const leastFidelity = 0.5

/**
 * Which inputs the predictions hang on, by permutation importance.
 *
 * With a model, it itself is asked about shuffled samples: against labels where at least thirty samples have one (importance
 * is what accuracy or R² loses), else against its own answers (importance is the share of predictions that change, or the loss
 * of R²). It is asked as well for the contributions of the columns to single predictions (SHAP) and for
 * partial dependence. Without it, a tree surrogate is fitted to one half of the stored predictions and shuffled on the other half; `baseline`
 * is then its fidelity there, and below half of what could be explained beyond the commonest class or the mean the importances
 * are given as `insufficient`. At most `maxRows` samples are asked about. Rejects when the model does, or when cancelled.
 */
export async function analyzeExplanation(
  input: ExplanationInput,
  parameters: ParametersOf<'explanation'>,
  context: AnalysisContext,
): Promise<Answer<'explanation'>> {
  throwIfCancelled(context)
  const { current, model } = input
  const unknown = (parameters.columns ?? []).filter((name) => !current.columns.has(name))
  if (unknown.length > 0) return refuse(`the samples have no column ${sayList(unknown)}`, input)
  const columns = model === null ? describingColumns(current, parameters.columns) : askedColumns(input, parameters)
  if (columns.length === 0) return refuse('no column describes the samples', input)
  const parts = partsOf(context, [0.45, 0.25, 0.15, 0.15])
  const names = columns.map(({ name }) => name)
  const answer =
    model === null
      ? await explainBySurrogate(input, columns, parameters, parts[0])
      : await explainByAsking(input, model, names, parameters, parts[0])
  const whole =
    model === null || answer.detail.importances.length === 0
      ? answer
      : await withContributions(answer, input, model, parameters, parts.slice(1))
  return withTrust(whole, input, parameters, parts[3])
}

/** Progress of parts that follow each other. */
function partsOf(context: AnalysisContext, shares: readonly number[]): AnalysisContext[] {
  let before = 0
  return shares.map((share) => {
    const from = before
    before += share
    return { ...context, onProgress: (fraction) => context.onProgress(from + fraction * share) }
  })
}

/** Adds what each column contributes to single predictions, and how the mean prediction follows the most important ones. */
async function withContributions(
  answer: Answer<'explanation'>,
  input: ExplanationInput,
  model: AskedModel,
  parameters: ParametersOf<'explanation'>,
  contexts: readonly AnalysisContext[],
): Promise<Answer<'explanation'>> {
  const { current, task, classes, positiveClass } = input
  const { attributedRows, dependenceColumns, dependencePoints, seed, attributionMethod } = parameters
  // What the model takes it needs whole, also where single columns were asked about.
  const columns = [...current.columns.keys()].filter((name) => input.inputs?.includes(name) ?? true)
  const { reference } = input
  const hasReference = reference != null && reference.n > 0 && columns.every((name) => reference.columns.has(name))
  const background = hasReference ? reference : current
  const remarks: string[] = []
  const rows = takeRows(current, choose(allRows(current.n), Math.max(attributedRows, minimumRows), seed + 2))
  let { detail } = answer
  if (attributedRows > 0) {
    const backgroundOf = hasReference ? ('reference' as const) : ('window' as const)
    const asked = { task, classes, positiveClass, rows, background, columns, backgroundOf }
    // The reference is explained as well, to see whether the same columns decide: each side may ask for half.
    const budgetRows = Math.floor(parameters.budgetRows / (hasReference ? 2 : 1))
    const options = { ...parameters, budgetRows, method: attributionMethod }
    const found = await explainRows(model, asked, options, contexts[0])
    if (typeof found === 'string') remarks.push(`Contributions cannot be said: ${found}.`)
    else {
      detail = { ...detail, attribution: found.attribution }
      if (hasReference) {
        const before = takeRows(background, choose(allRows(background.n), attributedRows, seed + 3))
        const known = await explainRows(model, { ...asked, rows: before }, options, contexts[0])
        const drift =
          typeof known === 'string'
            ? null
            : compareAttributions(known.sizes, found.sizes, {
                ...parameters,
                threshold: parameters.attributionThreshold,
              })
        if (drift !== null) detail = { ...detail, attributionDrift: drift }
      }
    }
  }
  if (dependenceColumns > 0) {
    const followed = commonestPrediction(await model.predict(rows), rows.n)
    const chosen = detail.importances.slice(0, dependenceColumns).map(({ column }) => column)
    const asked = { task, classes, positiveClass, rows, data: current, columns: chosen, followed }
    const found = await partialDependence(model, asked, dependencePoints, contexts[1])
    if (typeof found === 'string') remarks.push(`Dependence cannot be said: ${found}.`)
    else detail = { ...detail, dependence: found }
  }
  return { ...answer, detail: withRemarks(detail, remarks) }
}

const withRemarks = (detail: DetailOf<'explanation'>, remarks: readonly string[]): DetailOf<'explanation'> =>
  remarks.length === 0 ? detail : { ...detail, remarks: [...(detail.remarks ?? []), ...remarks] }

/**
 * Adds what tells whether the predictions can be trusted: samples outside of the reference, drifts that go with a fall in performance, and a
 * finding for each of these and for what decides. A breach among them decides the headline.
 */
function withTrust(
  answer: Answer<'explanation'>,
  { current, reference, task }: ExplanationInput,
  parameters: ParametersOf<'explanation'>,
  context: AnalysisContext,
): Answer<'explanation'> {
  let { detail } = answer
  if (reference != null && reference.n > 0) {
    const names = [...current.columns.keys()].filter((name) => reference.columns.has(name))
    const remarks: string[] = []
    const envelope = judgeEnvelope(reference, current, names, parameters, context)
    if (typeof envelope === 'string') remarks.push(`What lies outside of the reference cannot be said: ${envelope}.`)
    else detail = { ...detail, envelope }
    const drivers = rankDrivers(reference, current, names, { task, ...parameters })
    if (typeof drivers === 'string')
      remarks.push(`Which drifts go with a fall in performance cannot be said: ${drivers}.`)
    else detail = { ...detail, drivers }
    detail = withRemarks(detail, remarks)
  }
  const found = trustFindings(detail)
  const grave = found.filter(({ status }) => status === 'breach' || status === 'warning')
  const { headline } = answer
  return {
    headline:
      grave.length === 0
        ? headline
        : {
            status: worstStatus(grave.map(({ status }) => status)),
            text: [headline.text, ...grave.map(({ message }) => message)].join('. '),
          },
    findings: [...answer.findings, ...found],
    detail,
  }
}

function commonestPrediction(predictions: Column, n: number): string {
  const counts = new Map<string, number>()
  for (let row = 0; row < n; row++) {
    const name = textAt(predictions, row)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0])[0]
}

/** The model cannot tell what it never sees. */
const askedColumns = ({ current, inputs }: ExplanationInput, { columns }: ParametersOf<'explanation'>) =>
  [...current.columns]
    .filter(([name]) => (columns ?? inputs)?.includes(name) ?? true)
    .map(([name, column]) => ({ name, column }))

async function explainByAsking(
  input: ExplanationInput,
  { predict, openShuffler }: AskedModel,
  columns: readonly string[],
  parameters: ParametersOf<'explanation'>,
  context: AnalysisContext,
): Promise<Answer<'explanation'>> {
  const { current } = input
  const isRegression = input.task === 'regression'
  const labelled = knownRows(current.label, isRegression)
  const usesLabels = labelled.length >= minimumRows
  const chosen = choose(usesLabels ? labelled : allRows(current.n), parameters.maxRows, parameters.seed)
  if (chosen.length < minimumRows) return refuse(`${sayMany(current.n, 'sample')}, ${minimumRows} needed`, input)
  const rows = takeRows(current, chosen)
  const target = usesLabels && rows.label !== null ? rows.label : await predict(rows)
  const asked = { ...parameters, columns, isRegression, openShuffler }
  const found = await permutationImportance(rows, target, predict, asked, context)
  const measure = isRegression ? 'R²' : 'accuracy'
  const note = usesLabels
    ? `Importance is what the model's ${measure} on ${sayMany(rows.n, 'labelled sample')} loses when the values of the column are shuffled; it was asked each time. Columns that say the same share it.`
    : `Importance is ${isRegression ? "the share of the predictions' variance that changes" : 'the share of predictions that change'} when the values of the column are shuffled among ${sayMany(rows.n, 'sample')}; too few have labels to measure the loss of ${measure}. Columns that say the same share it.`
  return answer(found, input, note, 'ok')
}

async function explainBySurrogate(
  input: ExplanationInput,
  columns: ReturnType<typeof describingColumns>,
  parameters: ParametersOf<'explanation'>,
  context: AnalysisContext,
): Promise<Answer<'explanation'>> {
  const { current } = input
  const isRegression = input.task === 'regression'
  const usable = knownRows(current.prediction, isRegression)
  if (usable.length < 2 * minimumRows)
    return refuse(`${sayMany(usable.length, 'sample')} with a prediction, ${2 * minimumRows} needed`, input)
  const { prediction } = current
  if (prediction !== null && usable.every((row) => textAt(prediction, row) === textAt(prediction, usable[0])))
    return refuse('all predictions are the same', input)
  const [fitted, shuffled] = halves(usable, parameters)
  const fitRows = takeRows(current, fitted)
  const surrogateColumns = columns.map(({ name }) => ({ name, column: fitRows.columns.get(name) as Column }))
  const surrogate = fitSurrogate(fitRows, outcomeOf(fitRows, isRegression), surrogateColumns, context)
  const rows = takeRows(current, shuffled)
  const target = outcomeOf(rows, isRegression)
  const names = columns.map(({ name }) => name)
  const found = await permutationImportance(
    rows,
    target,
    surrogate,
    { ...parameters, columns: names, isRegression },
    context,
  )
  const { explained, sentence } = fidelityOf(found.baseline, target, isRegression)
  const isFaithful = explained !== null && explained >= leastFidelity
  const note = `A tree fitted to the stored predictions stands in for the model: ${sentence} on ${sayMany(rows.n, 'sample')} it was not fitted to. Importance is what that loses when the values of the column are shuffled${isFaithful ? '' : '; it repeats too little of the model to be relied on'}.`
  return answer(found, input, note, isFaithful ? 'ok' : 'insufficient')
}

/** Fidelity, and the share that it is of what guessing alone leaves to explain; null when the predictions do not vary. */
function fidelityOf(
  baseline: Estimate,
  target: Column,
  isRegression: boolean,
): { explained: number | null; sentence: string } {
  const { value } = baseline
  if (isRegression)
    return { explained: value, sentence: `it repeats ${sayEstimate(baseline, sayShare)} of their variance` }
  const counts = new Map<string, number>()
  const n = baseline.n
  for (let row = 0; row < n; row++) {
    const name = textAt(target, row)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const commonest = Math.max(...counts.values()) / n
  return {
    explained: value === null || commonest === 1 ? null : (value - commonest) / (1 - commonest),
    sentence: `it gives the same answer for ${sayEstimate(baseline, sayShare)} (always the commonest class: ${sayShare(commonest)})`,
  }
}

/** The predictions as the surrogate takes them: classes as categories even where the file wrote numbers. */
function outcomeOf({ prediction, n }: SampleTable, isRegression: boolean): Column {
  if (prediction === null) throw new RangeError('a surrogate needs predictions')
  if (isRegression || prediction.type === 'categorical') return prediction
  const categories = [...new Set(Array.from({ length: n }, (_, row) => textAt(prediction, row)))].sort()
  const place = new Map(categories.map((name, code) => [name, code]))
  return {
    type: 'categorical',
    codes: Int32Array.from({ length: n }, (_, row) => place.get(textAt(prediction, row)) ?? -1),
    categories,
  }
}

const allRows = (n: number) => Uint32Array.from({ length: n }, (_, row) => row)

/** Rows with an outcome, finite for a regression. */
function knownRows(outcome: Column | null, isRegression: boolean): Uint32Array {
  if (outcome === null) return new Uint32Array()
  if (isRegression && outcome.type !== 'numeric') return new Uint32Array()
  const n = outcome.type === 'numeric' ? outcome.values.length : outcome.codes.length
  return allRows(n).filter((row) =>
    isRegression && outcome.type === 'numeric' ? Number.isFinite(outcome.values[row]) : !isMissingAt(outcome, row),
  )
}

function choose(rows: Uint32Array, most: number, seed: number): Uint32Array {
  if (rows.length <= most) return rows
  return sampleWithoutReplacement(createRandom(seed), rows.length, most).map((place) => rows[place])
}

/** Rows to fit on (up to twenty times `maxRows`, at least half of all) and rows to shuffle. */
function halves(rows: Uint32Array, { maxRows, seed }: ParametersOf<'explanation'>): [Uint32Array, Uint32Array] {
  const chosen = choose(rows, Math.max(2 * minimumRows, 21 * maxRows), seed)
  const held = Math.min(maxRows, Math.floor(chosen.length / 2))
  const isHeld = new Uint8Array(chosen.length)
  for (const place of sampleWithoutReplacement(createRandom(seed + 1), chosen.length, held)) isHeld[place] = 1
  return [chosen.filter((_, place) => isHeld[place] === 0), chosen.filter((_, place) => isHeld[place] === 1)]
}

const methodOf = ({ model }: ExplanationInput): DetailOf<'explanation'>['method'] =>
  model === null ? 'surrogate' : `permutation-${model.source}`

function answer(
  { baseline, importances }: Importances,
  input: ExplanationInput,
  note: string,
  status: Status,
): Answer<'explanation'> {
  const mattering = importances.filter(({ importance }) => (importance.interval?.[0] ?? 0) > 0)
  const named = mattering.map(({ column, importance }) => `${column} (${sayNumber(importance.value ?? 0)})`)
  const text =
    status === 'insufficient'
      ? `What the predictions hang on cannot be said: ${asClause(note)}`
      : named.length === 0
        ? `No single column matters more than chance, n ${sayCount(baseline.n)}`
        : `The predictions hang most on ${sayList(named)}, n ${sayCount(baseline.n)}`
  return {
    headline: { status, text },
    findings: importances.map(({ column, importance }) =>
      findingOf({ metric: 'importance', column }, importance, {
        status: importance.value === null ? 'insufficient' : status,
        message: `Importance of ${column} is ${sayEstimate(importance)}, n ${sayCount(importance.n)}`,
      }),
    ),
    detail: { kind: 'explanation', method: methodOf(input), note, baseline, importances },
  }
}

/** A note as the rest of a sentence. */
const asClause = (note: string) => note.replace(/\.$/, '').replace(/^[A-Z](?=[a-z ])/, (first) => first.toLowerCase())

function refuse(reason: string, input: ExplanationInput): Answer<'explanation'> {
  const text = `What the predictions hang on cannot be said: ${reason}`
  const baseline = noEstimate(0, reason)
  return {
    headline: { status: 'insufficient', text },
    findings: [findingOf({ metric: 'importance' }, baseline, { status: 'insufficient', message: text })],
    detail: { kind: 'explanation', method: methodOf(input), note: text, baseline, importances: [] },
  }
}
