import { analyzeFairness } from '../../../analysis/fairness.ts'
import { numberMetrics, parametersOf } from '../../../analysis/parameters.ts'
import type { GateResult } from '../../../contract/release.ts'
import { capitalise, formatEstimate, formatList, formatNumber } from '../../../rules/format.ts'
import { metricName } from '../../../rules/subject.ts'
import type { GateOf } from './gates.ts'
import type { JudgedEvidence } from './judged-evidence.ts'
import { clears, confidence, errorOf, resultOf, seed } from './result.ts'

/** A fairness measure over groups of the test set against its limit. Groups smaller than the plan allows are not judged. */
export function judgeFairness(gate: GateOf<'fairness'>, judged: JudgedEvidence): GateResult {
  const { schema } = judged.evidence.header
  const silence = judged.silenceOf('candidate')
  if (silence !== null) return errorOf(gate, `The test endpoint did not answer every row: ${silence}.`)
  const absent = gate.groupColumns.filter((name) => !judged.candidate.columns.has(name))
  if (absent.length > 0) return errorOf(gate, `The test set has no column ${formatList(absent)}.`)
  const answerOf = (current: typeof judged.candidate) =>
    analyzeFairness(
      { current, classes: schema.classes, positiveClass: schema.positiveClass },
      parametersOf.fairness.parse({
        groupColumns: gate.groupColumns,
        minimumGroupSize: gate.minimumGroupSize,
        metrics: schema.task === 'regression' ? [...numberMetrics] : [],
        confidence,
        seed,
      }),
      judged.context,
    )
  const { detail, headline } = answerOf(judged.candidate)
  const { limit, direction } = gate
  const measured = detail.measures[gate.measure]
  if (measured === undefined)
    return errorOf(gate, `There is no measure ${gate.measure}; there are ${Object.keys(detail.measures).join(', ')}.`)
  const production =
    judged.production !== null && judged.silenceOf('production') === null
      ? (answerOf(judged.production).detail.measures[gate.measure] ?? null)
      : null
  const errors = detail.frames?.find(({ metric }) => metric === 'mae')?.byGroup
  const groups = detail.groups.map(({ group, n, labelled, selectionRate, accuracy }, i) => ({
    group,
    n,
    labelled,
    ...(errors ? { mae: errors[i].value } : { selectionRate: selectionRate.value, accuracy: accuracy.value }),
  }))
  const common = { measured, limit, direction, production, detail: { groups } }
  const where = `by ${formatList(gate.groupColumns)}`
  if (measured.value === null)
    return resultOf(gate, {
      ...common,
      outcome: 'insufficient',
      message: `${capitalise(metricName(gate.measure))} ${where} cannot be judged: ${measured.note ?? headline.text}.`,
    })
  const words = direction === 'at-least' ? 'at least' : 'at most'
  const beside = production?.value == null ? '' : `; production has ${formatNumber(production.value)}`
  return resultOf(gate, {
    ...common,
    outcome: clears(measured.value, limit, direction) ? 'passed' : 'failed',
    message: `${capitalise(metricName(gate.measure))} ${where} ${formatEstimate(measured)}, must be ${words} ${formatNumber(limit)}${beside}.`,
  })
}
