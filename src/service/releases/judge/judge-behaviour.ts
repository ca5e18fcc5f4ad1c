import type { Estimate } from '../../../contract/primitives.ts'
import type { GateResult } from '../../../contract/release.ts'
import { formatCount, formatEstimate, formatNumber } from '../../../rules/format.ts'
import { computeMoments, standardDeviationOf } from '../../../stats/moments.ts'
import { wilsonInterval } from '../../../stats/wilson.ts'
import type { Answer } from '../evidence/shape.ts'
import { isAnswered } from '../evidence/tables.ts'
import type { GateOf } from './gates.ts'
import type { JudgedEvidence } from './judged-evidence.ts'
import { confidence, errorOf, nothingMeasured, resultOf } from './result.ts'

type Given = Exclude<Answer, { problem: unknown }>

function share(hits: number, n: number): Estimate {
  const interval = wilsonInterval(hits, n, confidence)
  if (interval.status === 'insufficient') return nothingMeasured('nothing was asked')
  return { value: interval.value, n, interval: [interval.interval.low, interval.interval.high] }
}

const problemOf = (answer: Answer | null) => (answer !== null && 'problem' in answer ? answer.problem.message : null)

/** Same class (or number) and same scores, up to the tolerance. */
function agree(first: Given, second: Given, tolerance: number): boolean {
  const isSame =
    typeof first.prediction === 'number' && typeof second.prediction === 'number'
      ? Math.abs(first.prediction - second.prediction) <= tolerance
      : first.prediction === second.prediction
  const [a, b] = [first.scores ?? [], second.scores ?? []]
  return isSame && a.length === b.length && a.every((score, place) => Math.abs(score - b[place]) <= tolerance)
}

/** The same input twice must give the same output. */
export function judgeDeterminism(gate: GateOf<'determinism'>, { evidence }: JudgedEvidence): GateResult {
  const asked = evidence.repeats.filter((repeat) => repeat.gate === gate.id)
  const problem = asked.flatMap(({ first, second }) => problemOf(first) ?? problemOf(second) ?? []).at(0)
  if (problem !== undefined) return errorOf(gate, `The test endpoint did not answer every request: ${problem}.`)
  const differing = asked.filter(
    ({ first, second }) => isAnswered(first) && isAnswered(second) && !agree(first, second, gate.tolerance),
  )
  const measured = share(differing.length, asked.length)
  return resultOf(gate, {
    measured,
    limit: 0,
    direction: 'at-most',
    outcome: measured.value === null ? 'insufficient' : differing.length === 0 ? 'passed' : 'failed',
    message:
      `${formatCount(differing.length)} of ${formatCount(asked.length)} inputs gave another answer the second time` +
      `${gate.tolerance > 0 ? `, scores compared to ${formatNumber(gate.tolerance)}` : ''}.`,
    detail: { rows: differing.slice(0, 20).map(({ row }) => row) },
  })
}

/**
 * Small noise must not change the answer. A class that changes is a flip; a number flips when it moves by more than five times as
 * many of its standard deviations over the test set as the inputs moved by theirs.
 */
export function judgePerturbation(gate: GateOf<'perturbation'>, { evidence }: JudgedEvidence): GateResult {
  const asked = evidence.perturbed.filter((item) => item.gate === gate.id)
  const bases = asked.map((item) => evidence.rows[item.row].candidate)
  const problem = asked.flatMap(({ answer }, place) => problemOf(answer) ?? problemOf(bases[place]) ?? []).at(0)
  if (problem !== undefined) return errorOf(gate, `The test endpoint did not answer every request: ${problem}.`)
  const numbers = evidence.rows.flatMap(({ candidate }) =>
    isAnswered(candidate) && typeof candidate.prediction === 'number' ? [candidate.prediction] : [],
  )
  const tolerance = 5 * gate.epsilon * (standardDeviationOf(computeMoments(numbers)) ?? 0)
  const flipped = asked.filter(({ answer }, place) => {
    const base = bases[place]
    if (!isAnswered(answer) || !isAnswered(base)) return false
    return typeof answer.prediction === 'number' && typeof base.prediction === 'number'
      ? Math.abs(answer.prediction - base.prediction) > tolerance
      : answer.prediction !== base.prediction
  })
  const measured = share(flipped.length, asked.length)
  return resultOf(gate, {
    measured,
    limit: gate.maxFlipShare,
    direction: 'at-most',
    outcome: measured.value === null ? 'insufficient' : measured.value <= gate.maxFlipShare ? 'passed' : 'failed',
    message:
      `${formatCount(flipped.length)} of ${formatCount(asked.length)} answers changed under noise of ` +
      `${formatNumber(gate.epsilon)}: share ${formatEstimate(measured)}, at most ${formatNumber(gate.maxFlipShare)} may.`,
    detail: { rows: flipped.slice(0, 20).map(({ row }) => row) },
  })
}

/** Whether an endpoint took a hole in its input like a grown-up: by an answer, or by a refusal with a status of 400 to 499. */
const isSane = (answer: Answer) =>
  isAnswered(answer) ||
  (answer.problem.kind === 'status' &&
    answer.problem.status !== null &&
    answer.problem.status >= 400 &&
    answer.problem.status < 500)

/** Whether the endpoint was asked at all: some protocols have no word for a hole. */
const isAsked = (answer: Answer) => isAnswered(answer) || answer.problem.kind !== 'request'

/**
 * A missing input must be answered or refused, never crash the endpoint or leave it hanging. What its protocol cannot say is not
 * counted; where it can say none of them, nothing is known.
 */
export function judgeMissingInputs(gate: GateOf<'missing-inputs'>, { evidence }: JudgedEvidence): GateResult {
  const all = evidence.missing.filter((item) => item.gate === gate.id)
  const asked = all.filter(({ answer }) => isAsked(answer))
  const unasked = all.length - asked.length
  const why = all.flatMap(({ answer }) => (isAsked(answer) ? [] : (problemOf(answer) ?? []))).at(0)
  const bad = asked.filter(({ answer }) => !isSane(answer))
  const answered = asked.filter(({ answer }) => isAnswered(answer)).length
  const measured = share(bad.length, asked.length)
  const [first] = bad
  const example = first === undefined ? '' : ` Without ${first.column}: ${problemOf(first.answer)}.`
  return resultOf(gate, {
    measured,
    limit: 0,
    direction: 'at-most',
    outcome: measured.value === null ? 'insufficient' : bad.length === 0 ? 'passed' : 'failed',
    message:
      all.length > 0 && asked.length === 0
        ? `It cannot be asked through this endpoint: ${why}.`
        : `Of ${formatCount(asked.length)} requests without one input ${formatCount(answered)} were answered, ` +
          `${formatCount(asked.length - answered - bad.length)} refused, ${formatCount(bad.length)} broke the endpoint.${example}` +
          (unasked === 0 ? '' : ` ${formatCount(unasked)} cannot be asked: ${why}.`),
    detail: { columns: [...new Set(bad.map(({ column }) => column))].slice(0, 50) },
  })
}
