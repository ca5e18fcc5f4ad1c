import { type AnalysisContext, uninterrupted } from '../../analysis/answer.ts'
import { analyzeDrift } from '../../analysis/drift.ts'
import { analyzeErrors } from '../../analysis/errors.ts'
import { analyzeFairness } from '../../analysis/fairness.ts'
import { parametersOf } from '../../analysis/parameters.ts'
import { analyzePerformance } from '../../analysis/performance.ts'
import { isBlobKind } from '../../contract/blob.ts'
import type { SchemaSpec, Version } from '../../contract/model.ts'
import type { ReportDetail } from '../../contract/report.ts'
import type { SampleTable } from '../../contract/table.ts'
import type { ExportedAnalysis, RowSource } from './shape.ts'

export type Question = Omit<ExportedAnalysis, 'answer' | 'engine'>

/** Gives the rows of a source; throws with a sentence when the file has not got them. */
export type RowsOf = (source: RowSource) => SampleTable

/** Blobs are digests here: they are not compared as if they were categories. */
function withoutBlobs(table: SampleTable, schema: SchemaSpec): SampleTable {
  const blobs = new Set(schema.columns.filter(({ type }) => isBlobKind(type)).map(({ name }) => name))
  if (blobs.size === 0) return table
  return { ...table, columns: new Map([...table.columns].filter(([name]) => !blobs.has(name))) }
}

type Answered = { readonly headline: ExportedAnalysis['answer']['headline']; readonly detail: ReportDetail }

/** Answers a question from rows alone; exporting and verifying both ask here. */
export function answerQuestion(
  question: Question,
  schema: SchemaSpec,
  rowsOf: RowsOf,
  context: AnalysisContext = uninterrupted,
): ExportedAnalysis['answer'] {
  const current = withoutBlobs(rowsOf(question.current), schema)
  const reference = question.reference === null ? null : withoutBlobs(rowsOf(question.reference), schema)
  const { task, classes, positiveClass, ranking } = schema
  const { parameters } = question
  const answer = ((): Answered => {
    switch (question.kind) {
      case 'drift':
        if (reference === null) throw new Error('Drift needs something to compare with')
        return analyzeDrift({ reference, current, schema }, parametersOf.drift.parse(parameters), context)
      case 'performance':
        return analyzePerformance(
          { current, reference, task, classes, positiveClass, ranking },
          parametersOf.performance.parse(parameters),
          context,
        )
      case 'fairness':
        return analyzeFairness({ current, classes, positiveClass }, parametersOf.fairness.parse(parameters), context)
      case 'errors':
        return analyzeErrors({ current, task }, parametersOf.errors.parse(parameters), context)
    }
  })()
  // As it reads back from the file: fields that are not there are not undefined either.
  return JSON.parse(JSON.stringify({ headline: answer.headline, detail: answer.detail }))
}

type Rows = { readonly source: RowSource; readonly words: string; readonly table: SampleTable }

/** What is asked of the rows of one release: of the test set that certified it, and of what was monitored since. */
export function questionsFor(
  releaseId: string,
  version: Version,
  rows: { readonly tested: Rows | null; readonly monitored: Rows | null; readonly reference: Rows | null },
): Question[] {
  const questions: Question[] = []
  const { schema } = version
  const ask = (
    kind: Question['kind'],
    current: Rows,
    about: string,
    reference: Rows | null,
    parameters: Record<string, unknown> = {},
  ) =>
    questions.push({
      id: `${releaseId}-${questions.length + 1}-${kind}`,
      releaseId,
      about,
      versionId: version.id,
      kind,
      current: current.source,
      reference: reference?.source ?? null,
      // Written out in full, so that later defaults change nothing.
      parameters: parametersOf[kind].parse(parameters) as Question['parameters'],
    })
  const groups = schema.columns.filter(({ isGroup }) => isGroup).map(({ name }) => name)
  for (const current of [rows.tested, rows.monitored]) {
    if (current === null) continue
    const { table, words } = current
    const hasLabels = table.label !== null && table.prediction !== null
    if (hasLabels) ask('performance', current, `Performance on ${words}`, null)
    // The scores of a ranking are right or wrong only as lists.
    for (const group of schema.ranking ? [] : groups)
      if (table.columns.has(group) && table.prediction !== null)
        ask('fairness', current, `Fairness by ${group} on ${words}`, null, { groupColumns: [group] })
    if (hasLabels && !schema.ranking) ask('errors', current, `Where it errs on ${words}`, null)
    if (rows.reference !== null) ask('drift', current, `Drift of ${words} from the reference`, rows.reference)
  }
  return questions
}
