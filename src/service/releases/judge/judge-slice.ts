import { analyzeErrors } from '../../../analysis/errors.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { GateResult } from '../../../contract/release.ts'
import { formatCount, formatEstimate, formatNumber } from '../../../rules/format.ts'
import { type GateOf, minimumN } from './gates.ts'
import type { JudgedEvidence } from './judged-evidence.ts'
import { confidence, errorOf, nothingMeasured, resultOf, seed } from './result.ts'

/** Smaller slices say nothing, whatever the plan allows. */
const minSliceRows = 10

/**
 * The highest error rate of any slice that an error tree finds and that holds at least `minCoverage` of the labelled rows. Pictures are
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
  const minRows = Math.max(minSliceRows, Math.ceil(gate.minCoverage * labelled))
  const parameters = parametersOf.errors.parse({ confidence, seed })
  // The tree grows on what is not kept apart; a slice of `minRows` of all rows has fewer there.
  const minLeaf = Math.max(2, Math.floor(minRows * (1 - parameters.heldOutShare)))
  const { task } = judged.evidence.header.schema
  const { detail, headline } = analyzeErrors({ current: candidate, task }, { ...parameters, minLeaf }, judged.context)
  const [root] = detail.nodes
  if (root !== undefined && detail.errors <= limit * minRows)
    return resultOf(gate, {
      ...common,
      measured: detail.overall,
      outcome: 'passed',
      message: `With ${formatCount(detail.errors)} errors in all, no slice of at least ${formatCount(minRows)} rows can exceed ${formatNumber(limit)}.`,
      detail: { overall: detail.overall.value, slices: [] },
    })
  if (root === undefined || headline.status === 'insufficient') {
    const message = `${headline.text}.`
    return resultOf(gate, { ...common, outcome: 'insufficient', message, measured: nothingMeasured(message, labelled) })
  }
  const judgedNodes = detail.nodes.filter(({ n }) => n >= minRows)
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
