import { sayPValue } from '../../../analysis/wording.ts'
import type { GateResult } from '../../../contract/release.ts'
import { capitalise, formatEstimate, formatNumber } from '../../../rules/format.ts'
import { metricName } from '../../../rules/subject.ts'
import { type GateOf, minimumN } from './gates.ts'
import type { JudgedEvidence } from './judged-evidence.ts'
import { comparePaired } from './paired-comparison.ts'
import { clears, errorOf, nothingMeasured, resultOf } from './result.ts'

/**
 * A metric on the test set against its limit, and, where the plan says so, against the version in production on the same rows: the
 * loss itself must be tolerable; its interval and test are given beside it.
 */
export function judgeMetric(gate: GateOf<'metric'>, judged: JudgedEvidence): GateResult {
  const silence = judged.silenceOf('candidate')
  if (silence !== null) return errorOf(gate, `The test endpoint did not answer every row: ${silence}.`)
  const { metrics } = judged.performanceOf('candidate')
  if (!Object.hasOwn(metrics, gate.metric))
    return errorOf(gate, `There is no ${gate.metric} for this task; there are ${Object.keys(metrics).join(', ')}.`)
  const measured = metrics[gate.metric]
  const { limit, direction, usesInterval } = gate
  const name = metricName(gate.metric)
  const common = { measured, limit, direction }
  if (measured.value === null)
    return resultOf(gate, {
      ...common,
      outcome: 'insufficient',
      message: `${capitalise(name)} has no value: ${measured.note}.`,
    })
  if (measured.n < minimumN)
    return resultOf(gate, {
      ...common,
      outcome: 'insufficient',
      message: `${measured.n} labelled rows are too few to judge ${name}; at least ${minimumN} are needed.`,
    })
  if (usesInterval && measured.interval === null)
    return resultOf(gate, {
      ...common,
      outcome: 'insufficient',
      message: `${capitalise(name)} has no interval to judge by.`,
    })
  const bound = usesInterval && measured.interval ? measured.interval[direction === 'at-least' ? 0 : 1] : measured.value
  const isClear = clears(bound, limit, direction)
  const words = direction === 'at-least' ? 'at least' : 'at most'
  const sentence = `${capitalise(name)} ${formatEstimate(measured)}; ${usesInterval ? 'the whole interval' : 'it'} must be ${words} ${formatNumber(limit)}`
  const compared = compareWithProduction(gate, judged, measured.value)
  return resultOf(gate, {
    ...common,
    outcome: isClear ? compared.outcome : 'failed',
    message: `${[sentence, ...compared.sentences].join('. ')}.`,
    production: compared.production,
    detail: compared.detail,
  })
}

function compareWithProduction(
  gate: GateOf<'metric'>,
  judged: JudgedEvidence,
  value: number,
): Pick<GateResult, 'outcome' | 'production' | 'detail'> & { sentences: string[] } {
  const { header } = judged.evidence
  const tolerated = gate.maxLossAgainstProduction
  const nothing = { production: null, detail: null }
  if (judged.production === null || header.production === null) {
    if (tolerated === null) return { ...nothing, outcome: 'passed', sentences: [] }
    // Nothing ran in production before: there is nothing that could be lost.
    if (header.productionProblem === null)
      return { ...nothing, outcome: 'passed', sentences: ['No version ran in production to compare it with'] }
    return {
      ...nothing,
      outcome: 'error',
      sentences: [`It could not be compared with production: ${header.productionProblem}`],
    }
  }
  const silence = judged.silenceOf('production')
  if (silence !== null)
    return {
      ...nothing,
      outcome: tolerated === null ? 'passed' : 'error',
      sentences: [`It could not be compared with production: ${silence}`],
    }
  const production = judged.performanceOf('production').metrics[gate.metric] ?? nothingMeasured('not computed')
  if (production.value === null)
    return {
      production,
      detail: null,
      outcome: tolerated === null ? 'passed' : 'insufficient',
      sentences: [`${capitalise(metricName(gate.metric))} of production has no value: ${production.note}`],
    }
  const paired = comparePaired(gate.metric, judged.evidence)
  const difference = paired?.difference ?? value - production.value
  const loss = gate.direction === 'at-least' ? -difference : difference
  const interval = paired?.interval ?? null
  const verdict = loss > 0 ? `${formatNumber(loss)} worse` : `${formatNumber(-loss)} better`
  // The interval is of the candidate's gain, whichever way the metric counts.
  const gain = interval && (gate.direction === 'at-least' ? interval : ([-interval[1], -interval[0]] as const))
  const test = paired === null || paired.pValue === null ? '' : `, ${sayPValue(paired.pValue)}`
  const range = gain ? ` (gain ${formatNumber(gain[0])} to ${formatNumber(gain[1])}${test})` : ''
  const allowed = tolerated === null ? '' : `; at most ${formatNumber(tolerated)} worse is tolerated`
  return {
    production,
    outcome: tolerated === null || loss <= tolerated ? 'passed' : 'failed',
    sentences: [`Production has ${formatNumber(production.value)} on the same rows: ${verdict}${range}${allowed}`],
    detail: {
      comparison: paired === null ? { difference, interval: null, pValue: null, method: null, n: null } : { ...paired },
    },
  }
}
