import { analyzeErrors } from '../../../analysis/errors.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { GateResult } from '../../../contract/release.ts'
import { formatCount, formatEstimate, formatNumber } from '../../../rules/format.ts'
import { type GateOf, minimumN } from './gates.ts'
import type { JudgedEvidence } from './judged-evidence.ts'
import { confidence, errorOf, nothingMeasured, resultOf, seed } from './result.ts'

/**
 * The highest error rate of any slice that an error tree finds and that holds at least `minCoverage` of the tree's rows. Pictures are
 * not sliced by; their descriptors are, where the test set has them.
 */
export function judgeWorstSlice(gate: GateOf<'worst-slice'>, judged: JudgedEvidence): GateResult {
  const silence = judged.silenceOf('candidate')
  if (silence !== null) return errorOf(gate, `The test endpoint did not answer every row: ${silence}.`)
  const { candidate } = judged
  const limit = gate.maxErrorRate
  const common = { limit, direction: 'at-most' as const }
  const labelled = judged.evidence.rows.filter((row) => row.label !== null).length
  if (labelled < minimumN) {
    const message = `${labelled} labelled rows are too few to look for slices; at least ${minimumN} are needed.`
    return resultOf(gate, { ...common, outcome: 'insufficient', message, measured: nothingMeasured(message, labelled) })
  }
  const { detail } = analyzeErrors(
    { current: candidate, task: judged.evidence.header.schema.task },
    parametersOf.errors.parse({
      minLeaf: Math.max(2, Math.min(1_000_000, Math.ceil(gate.minCoverage * labelled))),
      confidence,
      seed,
    }),
    judged.context,
  )
  const [root] = detail.nodes
  if (root === undefined) {
    const message = 'No slices could be formed.'
    return resultOf(gate, { ...common, outcome: 'insufficient', message, measured: nothingMeasured(message, detail.n) })
  }
  const judgedNodes = detail.nodes.filter(({ n }) => n >= gate.minCoverage * root.n)
  const worst = judgedNodes.reduce((a, b) => ((b.errorRate.value ?? -1) > (a.errorRate.value ?? -1) ? b : a), root)
  const share = root.n === 0 ? 0 : worst.n / root.n
  return resultOf(gate, {
    ...common,
    measured: worst.errorRate,
    outcome: worst.errorRate.value === null ? 'insufficient' : worst.errorRate.value <= limit ? 'passed' : 'failed',
    message:
      `Worst slice (${worst.parent === null ? 'all rows' : worst.description}, ${formatCount(worst.n)} rows, ` +
      `${formatNumber(share * 100, 0)} %): error rate ${formatEstimate(worst.errorRate)}, must be at most ${formatNumber(limit)}.`,
    detail: {
      overall: detail.overall.value,
      slices: judgedNodes
        .filter(({ isLeaf }) => isLeaf)
        .map(({ description, n, errors, coverage }) => ({ description, n, errors, coverage })),
    },
  })
}
