import { type AnalysisContext, type AnyAnswer, toReport } from '../../../analysis/answer.ts'
import { analyzeBias } from '../../../analysis/bias.ts'
import { analyzeErrors } from '../../../analysis/errors.ts'
import type { AskedModel } from '../../../analysis/explanation/predict.ts'
import { analyzeExplanation } from '../../../analysis/explanation.ts'
import { analyzeFairness } from '../../../analysis/fairness.ts'
import { analyzeIntegrity } from '../../../analysis/integrity.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import { analyzePerformance } from '../../../analysis/performance.ts'
import { isBlobKind } from '../../../contract/blob.ts'
import type { MonitorKind } from '../../../contract/finding.ts'
import type { Report } from '../../../contract/report.ts'
import type { SampleTable } from '../../../contract/table.ts'
import type { Store } from '../../../store/store.ts'
import { type DeploymentScene, type ReferenceData, requireReference } from './deployment-scene.ts'
import { answerDrift } from './drift-answer.ts'
import { openOnnx } from './onnx-predict.ts'
import { readPastEstimates } from './past-estimates.ts'
import { type Question, UnaskableError } from './question.ts'
import { countRefusedTypes } from './refused-types.ts'

/** Most rows that a question reads: beyond, the newest are kept and the headline says so. */
const mostRows = 1_000_000
/** The same for questions that look at every column of every row, or fit a tree to them. */
const mostWideRows = 200_000
/** Rows among which the explanation chooses. */
const mostExplained = 20_000

interface Given {
  readonly store: Store
  readonly question: Question
  readonly scene: DeploymentScene
  readonly context: AnalysisContext
  /** What explanations ask; absent: the version's registered file, where it has one. */
  readonly model?: AskedModel
}
interface Answered {
  readonly answer: AnyAnswer
  readonly reference: ReferenceData | null
  /** Rows that were asked for at most; null where all count. */
  readonly limit: number | null
}

const isLabelled = (table: SampleTable) => table.label !== null && table.prediction !== null

async function answerPerformance({ store, question, scene, context }: Given): Promise<Answered> {
  const { task, classes, positiveClass, ranking } = scene.schema
  // How large errors are where is learnt from the inputs; of a ranking its lists alone are needed.
  const isWide = task === 'regression' && ranking === undefined
  const columns = isWide ? scene.columns : ranking ? [ranking.queryColumn] : []
  const limit = isWide ? mostWideRows : mostRows
  const current = await scene.table({ columns, limit })
  const reference = await scene.reference({ columns })
  const before = reference !== null && isLabelled(reference.table) ? reference.table : null
  const parameters = parametersOf.performance.parse(question.parameters)
  const past = before === null || ranking ? [] : await readPastEstimates(store, scene, parameters.confidence)
  const input = { current, reference: before, task, classes, positiveClass, ranking, past }
  const answer = analyzePerformance(input, parameters, context)
  return { answer, reference: before === null ? null : reference, limit }
}

async function answerIntegrity({ store, question, scene, context }: Given): Promise<Answered> {
  const { deployment, schema, window } = scene
  const [current, reference, wrongTypes, gaps] = await Promise.all([
    scene.table({ columns: null, limit: mostWideRows }),
    scene.reference({ columns: null }),
    countRefusedTypes(store.intake, deployment.key, window),
    store.samples.sequenceGaps({ deploymentId: deployment.id, window }),
  ])
  const blobs = schema.columns.flatMap(({ name, type }) => (isBlobKind(type) ? [name] : []))
  const files = blobs.length === 0 ? {} : { files: await countFiles(store, current, blobs) }
  const answer = analyzeIntegrity(
    {
      current,
      reference: reference?.table ?? null,
      schema,
      window,
      ignoredColumns: blobs,
      wrongTypes,
      missingSequence: gaps.reduce((sum, { missing }) => sum + missing, 0),
      ...files,
    },
    parametersOf.integrity.parse(question.parameters),
    context,
  )
  return { answer, reference, limit: mostWideRows }
}

/** Files that the samples of a table name, each as often as it is named, and those that are gone for want of room. */
async function countFiles(store: Store, { columns }: SampleTable, blobs: readonly string[]) {
  let [named, gone] = [0, 0]
  for (const name of blobs) {
    const column = columns.get(name)
    if (column?.type !== 'categorical') continue
    const removed = new Set(await store.blobs.removedAmong(column.categories))
    const isGone = column.categories.map((category) => removed.has(category))
    const isFile = column.categories.map((category) => /^[0-9a-f]{64}$/.test(category))
    for (const code of column.codes) {
      if (code < 0 || !isFile[code]) continue
      named++
      if (isGone[code]) gone++
    }
  }
  return { named, gone }
}

async function answerBias({ question, scene }: Given): Promise<Answered> {
  if (scene.schema.task === 'regression') throw new UnaskableError('A regression has no classes that it could prefer')
  const parameters = parametersOf.bias.parse(question.parameters)
  const reference = parameters.targetShares === null ? await requireReference(scene, { columns: [] }) : null
  const current = await scene.table({ columns: [], limit: mostRows })
  const { classes } = scene.schema
  const answer = analyzeBias({ current, reference: reference?.table ?? null, classes }, parameters)
  return { answer, reference, limit: mostRows }
}

async function answerFairness({ question, scene, context }: Given): Promise<Answered> {
  if (scene.schema.ranking)
    throw new UnaskableError('The scores of a ranking are not errors that groups could be compared by')
  const asked = parametersOf.fairness.parse(question.parameters)
  const declared = scene.schema.columns.flatMap(({ name, isGroup }) => (isGroup ? [name] : []))
  const groupColumns = asked.groupColumns.length > 0 ? asked.groupColumns : declared.slice(0, 5)
  if (groupColumns.length === 0)
    throw new UnaskableError(`Version ${scene.version.name} declares no group column, and none was named`)
  const current = await scene.table({ columns: [...groupColumns, ...asked.controlColumns], limit: mostRows })
  const { classes, positiveClass } = scene.schema
  const answer = analyzeFairness({ current, classes, positiveClass }, { ...asked, groupColumns }, context)
  return { answer, reference: null, limit: mostRows }
}

async function answerErrors({ store, question, scene, context }: Given): Promise<Answered> {
  const saved = await store.records.list('cohort', { link: 'modelId', id: scene.version.modelId })
  const cohorts = saved.flatMap(({ record }) => (record.isFollowed ? [record] : []))
  const current = await scene.table({ columns: scene.columns, limit: mostWideRows, labelledOnly: true })
  const { task, ranking } = scene.schema
  if (ranking) throw new UnaskableError('The scores of a ranking are right or wrong only as lists: see the worst lists')
  const answer = analyzeErrors({ current, task, cohorts }, parametersOf.errors.parse(question.parameters), context)
  return { answer, reference: null, limit: mostWideRows }
}

async function answerExplanation({ store, question, scene, context, model }: Given): Promise<Answered> {
  const { version, schema } = scene
  const current = await scene.table({ columns: scene.columns, limit: mostExplained, withIds: true })
  const opened = model === undefined ? await openOnnx(store.blobs, version, current) : null
  try {
    const { task, classes, positiveClass } = schema
    const inputs = schema.columns.flatMap(({ name, role }) => (role === 'input' ? [name] : []))
    const reference = await scene.reference({ columns: scene.columns })
    const asked = model ?? opened
    const answer = await analyzeExplanation(
      { current, task, classes, positiveClass, inputs, reference: reference?.table ?? null, model: asked },
      parametersOf.explanation.parse(question.parameters),
      context,
    )
    return { answer, reference, limit: mostExplained }
  } finally {
    await opened?.close()
  }
}

async function answerOfDrift({ store, question, scene, context }: Given): Promise<Answered> {
  const parameters = parametersOf.drift.parse(question.parameters)
  return { ...(await answerDrift(store, scene, parameters, context, question.now)), limit: null }
}

const answers = {
  drift: answerOfDrift,
  performance: answerPerformance,
  integrity: answerIntegrity,
  bias: answerBias,
  fairness: answerFairness,
  errors: answerErrors,
  explanation: answerExplanation,
} satisfies Partial<Record<MonitorKind, (given: Given) => Promise<Answered>>>

export const isDeploymentKind = (kind: MonitorKind): kind is keyof typeof answers => Object.hasOwn(answers, kind)

/** Answers a question about a deployment; throws UnaskableError for what cannot be asked of it. */
export async function answerAboutDeployment(kind: keyof typeof answers, given: Given): Promise<Report> {
  const { scene, question } = given
  if (scene.window.from >= scene.window.to) throw new UnaskableError('The version has not run in this window')
  const { answer, reference, limit } = await answers[kind](given)
  const count = limit === null ? 0 : await scene.countSamples()
  const report = toReport(
    {
      target: question.target,
      window: scene.window,
      reference: reference?.source ?? null,
      parameters: { ...question.parameters },
    },
    answer,
  )
  if (limit === null || count <= limit) return report
  const note = ` (from the newest ${limit.toLocaleString('en')} of about ${count.toLocaleString('en')} samples)`
  return { ...report, headline: { ...report.headline, text: `${report.headline.text}${note}` } }
}
