import { AnalysisCancelled, type AnalysisContext, throwIfCancelled, uninterrupted } from '../../../analysis/answer.ts'
import type { Gate, GateResult, TestPlan } from '../../../contract/release.ts'
import type { Evidence } from '../evidence/shape.ts'
import { judgeDeterminism, judgeMissingInputs, judgePerturbation } from './judge-behaviour.ts'
import { judgeFairness } from './judge-fairness.ts'
import { judgeLatency } from './judge-latency.ts'
import { judgeMetric } from './judge-metric.ts'
import { judgeWorstSlice } from './judge-slice.ts'
import { type JudgedEvidence, prepareEvidence } from './judged-evidence.ts'
import { errorOf } from './result.ts'

function judgeGate(gate: Gate, judged: JudgedEvidence): GateResult {
  switch (gate.kind) {
    case 'metric':
      return judgeMetric(gate, judged)
    case 'fairness':
      return judgeFairness(gate, judged)
    case 'worst-slice':
      return judgeWorstSlice(gate, judged)
    case 'determinism':
      return judgeDeterminism(gate, judged)
    case 'perturbation':
      return judgePerturbation(gate, judged)
    case 'missing-inputs':
      return judgeMissingInputs(gate, judged)
    case 'latency':
      return judgeLatency(gate, judged)
  }
}

/**
 * Judges every gate of a plan by evidence alone: no clock, no endpoint, no workspace. The same evidence and plan give the same
 * results, bit for bit; verification of an export calls this again. A gate that cannot be computed is an `error`, not a failure.
 */
export function judgeGates(
  evidence: Evidence,
  plan: Pick<TestPlan, 'gates'>,
  context: AnalysisContext = uninterrupted,
): GateResult[] {
  const judged = prepareEvidence(evidence, context)
  return plan.gates.map((gate, place) => {
    throwIfCancelled(context)
    context.onProgress(place / plan.gates.length)
    try {
      return judgeGate(gate, judged)
    } catch (error) {
      if (error instanceof AnalysisCancelled) throw error
      return errorOf(gate, `It could not be computed: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
}

/** A run passes when every gate does; one that could not be judged is no failure of the version, but no pass either. */
export function stateOfGates(gates: readonly GateResult[]): 'passed' | 'failed' {
  return gates.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'failed'
}
