import { type AnalysisContext, type Answer, throwIfCancelled } from '../../../analysis/answer.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import { analyzePerformance } from '../../../analysis/performance.ts'
import type { SampleTable } from '../../../contract/table.ts'
import type { Evidence } from '../evidence/shape.ts'
import { isAnswered, tableOf } from '../evidence/tables.ts'
import { confidence, seed } from './result.ts'

export type Who = 'candidate' | 'production'

/** Evidence with what several gates ask of it, computed once. */
export interface JudgedEvidence {
  readonly evidence: Evidence
  readonly context: AnalysisContext
  readonly candidate: SampleTable
  /** Of the version in production on the same rows; null when it was not asked. */
  readonly production: SampleTable | null
  performanceOf(who: Who): Answer<'performance'>['detail']
  /** Why numbers on the whole test set cannot be trusted: rows that got no answer; null when all did. */
  silenceOf(who: Who): string | null
}

function silence(evidence: Evidence, who: Who): string | null {
  const silent = evidence.rows.filter((row) => !isAnswered(row[who]))
  if (silent.length === 0) return null
  const [first] = silent
  const answer = first[who]
  const why = answer !== null && 'problem' in answer ? answer.problem.message : 'it was not asked'
  return `${silent.length} of ${evidence.rows.length} rows got no answer; row ${first.row + 1}: ${why}`
}

export function prepareEvidence(evidence: Evidence, context: AnalysisContext): JudgedEvidence {
  const { schema } = evidence.header
  const candidate = tableOf(evidence, 'candidate')
  const production = evidence.header.production === null ? null : tableOf(evidence, 'production')
  const known = new Map<Who, Answer<'performance'>['detail']>()
  return {
    evidence,
    context,
    candidate,
    production,
    silenceOf: (who) => silence(evidence, who),
    performanceOf(who) {
      throwIfCancelled(context)
      const found = known.get(who)
      if (found !== undefined) return found
      const current = who === 'candidate' ? candidate : production
      if (current === null) throw new Error('Production was not asked')
      const { task, classes, positiveClass, ranking } = schema
      const { detail } = analyzePerformance(
        { current, reference: null, task, classes, positiveClass, ranking },
        parametersOf.performance.parse({ confidence, seed }),
        context,
      )
      known.set(who, detail)
      return detail
    },
  }
}
