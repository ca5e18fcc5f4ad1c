import { engine } from '../../../analysis/answer.ts'
import type { Gate, GateResult } from '../../../contract/release.ts'
import { testPlan } from '../../../contract/release.ts'
import { tableOf } from '../../releases/evidence/tables.ts'
import { judgeGates } from '../../releases/judge/judge-gates.ts'
import { answerQuestion, type RowsOf } from '../analyses.ts'
import { type ExportedAnalysis, names } from '../shape.ts'
import { shownRuns } from './check-rows.ts'
import type { ExportContent } from './content.ts'
import { ExportFault, findDifference, skipped, type Verdict, verdictOf } from './verdict.ts'

/** What was computed again from the rows in the file, beside what the file says. */
interface Recomputed {
  readonly what: string
  readonly gateKind: Gate['kind'] | null
  readonly analysisKind: ExportedAnalysis['kind'] | null
  /** Engine by which it was first computed. */
  readonly engine: string
  /** Where it differs, and from which file it was claimed; null when it agrees. */
  readonly difference: { readonly message: string; readonly file: string } | null
}

export type Recomputation = readonly Recomputed[]

function judgeRuns(content: ExportContent): Recomputed[] {
  return shownRuns(content).flatMap(({ run }) => {
    const file = names.plan(run.planId, run.planRevision)
    const plan = testPlan.parse(JSON.parse(new TextDecoder().decode(content.bytesOf(file))))
    const { evidence } = content.evidenceOf(run.id)
    const results = new Map(run.gates.map((result) => [result.gateId, result]))
    const judged: GateResult[] = judgeGates(evidence, plan)
    if (judged.length !== run.gates.length)
      throw new ExportFault(`The run ${run.id} has other gates than its plan`, names.records)
    return judged.map((result): Recomputed => {
      const at = findDifference(results.get(result.gateId) ?? null, JSON.parse(JSON.stringify(result)))
      const message = `The gate ${result.title} of ${run.id} was recorded differently from what its evidence gives (${at})`
      return {
        what: `${result.title} of ${run.id}`,
        gateKind: plan.gates.find((gate) => gate.id === result.gateId)?.kind ?? null,
        analysisKind: null,
        engine: run.engine,
        difference: at === null ? null : { message, file: names.records },
      }
    })
  })
}

function rowsIn(content: ExportContent): RowsOf {
  return (source) => {
    switch (source.type) {
      case 'evidence':
        return tableOf(content.evidenceOf(source.runId).evidence, source.who)
      case 'dataset': {
        const file = names.dataset(source.digest)
        const { digest, table } = content.tableOf(file)
        if (digest !== source.digest) throw new ExportFault(`${file} does not have the digest in its name`, file)
        return table
      }
      case 'samples':
        return content.tableOf(source.file).table
    }
  }
}

function answerAgain(content: ExportContent): Recomputed[] {
  const rowsOf = rowsIn(content)
  return content.analyses.map((analysis): Recomputed => {
    const version = content.records.version.find(({ record }) => record.id === analysis.versionId)?.record
    if (version === undefined) throw new ExportFault(`The version of ${analysis.about} is missing`, names.records)
    const at = findDifference(analysis.answer, answerQuestion(analysis, version.schema, rowsOf))
    const message = `${analysis.about} (${analysis.id}) is stated differently from what the rows give (${at})`
    return {
      what: analysis.about,
      gateKind: null,
      analysisKind: analysis.kind,
      engine: analysis.engine,
      difference: at === null ? null : { message, file: names.analyses },
    }
  })
}

/** Computes everything again that the rows in the file allow: every gate of the certified runs, and every analysis. */
export const recompute = (content: ExportContent): Recomputation => [...judgeRuns(content), ...answerAgain(content)]

/** Verdict on one kind of number. */
export function checkRecomputed(
  recomputed: Recomputation,
  kinds: { readonly gates: readonly Gate['kind'][]; readonly analyses: readonly ExportedAnalysis['kind'][] },
  nothing: string,
): Verdict {
  const own = recomputed.filter(
    ({ gateKind, analysisKind }) =>
      (gateKind !== null && kinds.gates.includes(gateKind)) ||
      (analysisKind !== null && kinds.analyses.includes(analysisKind)),
  )
  if (own.length === 0) return skipped(nothing)
  const different = own.filter(({ difference }) => difference !== null)
  const problems = different.flatMap((item) => (item.engine === engine && item.difference) || [])
  if (problems.length === 0 && different.length > 0) {
    const [{ what, engine: other }] = different
    return skipped(`${what} was computed by ${other}; ${engine} comes to other numbers and cannot tell who is right`)
  }
  return verdictOf(problems, `Recomputed by ${engine} and the same: ${own.map(({ what }) => what).join(', ')}`)
}
