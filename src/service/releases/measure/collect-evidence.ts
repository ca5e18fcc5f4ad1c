import { engine } from '../../../analysis/answer.ts'
import type { TestPlan } from '../../../contract/release.ts'
import { type Answer, type Evidence, type EvidenceHeader, evidenceFormat } from '../evidence/shape.ts'
import type { Asker } from './asker.ts'
import { gatesOfKind, measureDeterminism, measureMissing, measurePerturbation } from './measure-behaviour.ts'
import { measureLoad } from './measure-load.ts'
import { measureRows } from './measure-rows.ts'
import { RunFault } from './run-fault.ts'
import type { TestSet } from './test-set.ts'

export interface EvidenceParts {
  readonly plan: TestPlan
  readonly testSet: TestSet
  readonly facts: Omit<EvidenceHeader, 'format' | 'engine' | 'schema' | 'columns' | 'rows'>
  readonly candidate: Asker
  /** The same endpoint, for requests that may well break it: silence is then what the gate wants to know. */
  readonly patientCandidate: Asker
  /** Null when there is nothing to compare with. */
  readonly production: Asker | null
  readonly monotonicMs: () => number
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number, message: string) => void
}

/** Production may fail without ending the run: what it cannot tell is then said, and gates that need it are errors. */
async function askProduction(
  { testSet, production, facts }: EvidenceParts,
  onProgress: (fraction: number) => void,
): Promise<{ answers: Answer[] | null; served: EvidenceHeader['production']; problem: string | null }> {
  if (production === null) return { answers: null, served: null, problem: facts.productionProblem }
  try {
    const answers = await measureRows(testSet, production, onProgress)
    return { answers, served: facts.production, problem: null }
  } catch (error) {
    if (error instanceof RunFault) return { answers: null, served: null, problem: error.message }
    throw error
  }
}

/**
 * Asks everything that a plan's gates need to know, the load last so that it disturbs nothing. Rejects with a `RunFault` when the
 * test endpoint has gone, with the signal's reason when cancelled.
 */
export async function collectEvidence(parts: EvidenceParts): Promise<Evidence> {
  const { plan, testSet, candidate, patientCandidate, signal, monotonicMs } = parts
  const stage = (from: number, to: number, message: string) => {
    parts.onProgress(from, message)
    return (fraction: number) => parts.onProgress(from + (to - from) * fraction, message)
  }
  const answers = await measureRows(testSet, candidate, stage(0, 0.35, 'Asking the test deployment'))
  const compared = await askProduction(parts, stage(0.35, 0.6, 'Asking production'))

  stage(0.6, 0.7, 'Asking twice, with noise, and with holes')
  const repeats: Evidence['repeats'][number][] = []
  const perturbed: Evidence['perturbed'][number][] = []
  const missing: Evidence['missing'][number][] = []
  for (const gate of gatesOfKind(plan.gates, 'determinism'))
    repeats.push(...(await measureDeterminism(gate, testSet, candidate)))
  for (const gate of gatesOfKind(plan.gates, 'perturbation'))
    perturbed.push(...(await measurePerturbation(gate, testSet, candidate)))
  for (const gate of gatesOfKind(plan.gates, 'missing-inputs'))
    missing.push(...(await measureMissing(gate, testSet, patientCandidate)))

  const requests: Evidence['requests'][number][] = []
  const loads = gatesOfKind(plan.gates, 'latency')
  for (const [place, gate] of loads.entries()) {
    const from = 0.7 + (0.25 * place) / loads.length
    const onProgress = stage(from, from + 0.25 / loads.length, `Load of ${gate.requestsPerSecond} requests a second`)
    requests.push(...(await measureLoad(gate, testSet, patientCandidate, { monotonicMs, signal, onProgress })))
  }

  return {
    header: {
      format: evidenceFormat,
      engine,
      ...parts.facts,
      production: compared.served,
      productionProblem: compared.problem,
      schema: testSet.schema,
      columns: [...testSet.columns],
      rows: testSet.n,
    },
    rows: answers.map((answer, row) => ({
      row,
      id: testSet.idOf(row),
      values: testSet.valuesOf(row),
      label: testSet.labelOf(row),
      candidate: answer,
      production: compared.answers?.[row] ?? null,
    })),
    repeats,
    perturbed,
    missing,
    requests,
  }
}
