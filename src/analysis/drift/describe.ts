import type { Headline } from '../../contract/primitives.ts'
import type { DetailOf, DriftFeature } from '../../contract/report.ts'
import { newcombeInterval } from '../../stats/newcombe.ts'
import type { Answer, AnswerFinding } from '../answer.ts'
import { findingOf, intervalEstimate, plainEstimate } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { capitalise, sayCount, sayList, sayMany, sayNumber, sayShare } from '../wording.ts'
import type { Comparison } from './comparison.ts'
import { type Judgement, judgeTogether, measured, measureNames } from './verdict.ts'

/** Judges compared columns and says what came out: detail, findings, headline. */
export function describeDrift(comparisons: readonly Comparison[], parameters: ParametersOf<'drift'>): Answer<'drift'> {
  const judgements = judgeTogether(comparisons, parameters)
  const features = comparisons.map((comparison, i) => toFeature(comparison, judgements[i]))
  const inputs = features.filter((feature) => feature.role === 'feature')
  const judged = inputs.filter((feature) => feature.verdict.status !== 'insufficient')
  const drifted = judged.filter((feature) => feature.verdict.isDrifted)
  const driftedShare = plainEstimate(
    judged.length === 0 ? null : drifted.length / judged.length,
    judged.length,
    judged.length === 0 ? 'no column could be judged' : undefined,
  )
  const detail: DetailOf<'drift'> = { kind: 'drift', features, driftedShare }
  const findings = comparisons.flatMap((comparison, i) => findingsOf(comparison, judgements[i], parameters))
  if (inputs.length > 0) findings.push(shareFinding(driftedShare, drifted, judged))
  return { headline: headlineOf(features), findings, detail }
}

function toFeature(comparison: Comparison, { verdict }: Judgement): DriftFeature {
  const {
    name,
    type,
    role,
    n,
    missing,
    measures,
    mean,
    population,
    quantiles,
    frequent,
    bounds,
    leftOut,
    distribution,
    isExact,
  } = comparison
  return {
    name,
    type,
    role,
    n,
    missing,
    measures,
    ...(leftOut && { leftOut }),
    ...(mean && { mean }),
    ...(population && { population }),
    ...(quantiles && { quantiles }),
    ...(frequent && { frequent }),
    ...(bounds && { bounds }),
    verdict,
    distribution,
    isExact,
  }
}

const nameOf = ({ name, role }: Pick<DriftFeature, 'name' | 'role'>) =>
  role === 'feature' ? name : role === 'score' ? `the score of ${name.slice('score:'.length)}` : `the ${role}`

/** At the start of a sentence; the name of a column stays as it is written. */
const startOf = (feature: Pick<DriftFeature, 'name' | 'role'>) =>
  feature.role === 'feature' ? feature.name : capitalise(nameOf(feature))

/** Several, at the start of a sentence. */
const listOf = (features: readonly DriftFeature[]) =>
  sayList(features.map((feature, i) => (i === 0 ? startOf(feature) : nameOf(feature))))

const verbs = {
  breach: 'has drifted',
  warning: 'may have drifted',
  ok: 'has not drifted',
  insufficient: 'cannot be judged',
}

/** The deciding effect, the other measures asked for, and the change of missing values where there are any. */
function findingsOf(comparison: Comparison, judgement: Judgement, parameters: ParametersOf<'drift'>): AnswerFinding[] {
  const { name, n, test, isExact } = comparison
  const { ofValues, missing } = judgement
  const { measure } = ofValues.effect
  const title = startOf(comparison)
  const counts = `n ${sayCount(n.reference)} and ${sayCount(n.current)}`
  const fewest = Math.min(n.reference, n.current)
  const evidence =
    test === null
      ? null
      : {
          test: test.name,
          statistic: test.statistic,
          pValue: test.pValue,
          adjustedPValue: ofValues.adjustedPValue,
          isExact,
        }
  const findings: AnswerFinding[] = []
  for (const metric of new Set([measure, ...parameters.otherMeasures])) {
    const value = measured(comparison, metric)
    const isDeciding = metric === measure
    if (!isDeciding && value === null) continue
    findings.push(
      findingOf({ metric, column: name }, plainEstimate(value, fewest), {
        status: isDeciding || ofValues.status === 'insufficient' ? ofValues.status : 'ok',
        evidence,
        message: isDeciding
          ? `${title} ${verbs[ofValues.status]}: ${ofValues.reason} (${counts})`
          : `${title}: ${measureNames[metric]} ${sayNumber(value ?? 0)} (${counts})`,
      }),
    )
  }
  if (missing !== null) {
    const { rows, difference } = missing
    const interval = newcombeInterval(
      comparison.missing.reference,
      rows.reference,
      comparison.missing.current,
      rows.current,
      parameters.confidence,
    )
    const estimate =
      interval.status === 'ok'
        ? intervalEstimate(difference, Math.min(rows.reference, rows.current), interval.interval)
        : plainEstimate(difference, Math.min(rows.reference, rows.current))
    const [before, now] = [comparison.missing.reference / rows.reference, comparison.missing.current / rows.current]
    findings.push(
      findingOf({ metric: 'missingShareDifference', column: name }, estimate, {
        status: missing.hasChanged ? 'breach' : 'ok',
        evidence: {
          test: missing.test,
          statistic: missing.statistic,
          pValue: missing.pValue,
          adjustedPValue: missing.adjustedPValue,
          isExact,
        },
        message: `${title} is missing in ${sayShare(now)} of ${sayMany(rows.current, 'row')}, ${sayShare(before)} of ${sayCount(rows.reference)} in the reference`,
      }),
    )
  }
  return findings
}

function shareFinding(
  { value }: { readonly value: number | null },
  drifted: readonly DriftFeature[],
  judged: readonly DriftFeature[],
): AnswerFinding {
  // The n that counts here is the samples behind the columns, not the columns.
  const n =
    judged.length === 0
      ? 0
      : Math.min(...judged.map((feature) => Math.min(rowsOf(feature, 'reference'), rowsOf(feature, 'current'))))
  const message =
    value === null
      ? 'No input could be judged for drift'
      : drifted.length === 0
        ? `None of ${sayMany(judged.length, 'input')} has drifted`
        : `${sayCount(drifted.length)} of ${sayMany(judged.length, 'input')} drifted: ${sayList(drifted.map((feature) => feature.name))}`
  return findingOf(
    { metric: 'driftedShare' },
    { value, n, interval: null },
    {
      status: value === null ? 'insufficient' : value > 0.5 ? 'breach' : value > 0 ? 'warning' : 'ok',
      unit: 'share',
      message,
    },
  )
}

const rowsOf = ({ n, missing }: DriftFeature, side: 'reference' | 'current') => n[side] + missing[side]

function headlineOf(features: readonly DriftFeature[]): Headline {
  const drifted = features.filter((feature) => feature.verdict.isDrifted)
  const judged = features.filter((feature) => feature.verdict.status !== 'insufficient')
  const among = `${sayCount(drifted.length)} of ${sayMany(judged.length, 'column')}`
  if (features.length === 0) return { status: 'unknown', text: 'There is no column to compare' }
  if (drifted.length > 0)
    return {
      status: 'breach',
      text: `${listOf(drifted)} ${drifted.length === 1 ? 'has' : 'have'} drifted (${among})`,
    }
  if (judged.length === 0)
    return { status: 'insufficient', text: `Drift cannot be judged: ${features[0].verdict.reason}` }
  const unsure = features.length - judged.length
  const rest = unsure === 0 ? '' : `; ${sayMany(unsure, 'column')} cannot be judged`
  const doubtful = features.filter((feature) => feature.verdict.status === 'warning')
  if (doubtful.length > 0)
    return {
      status: 'warning',
      text: `${listOf(doubtful)} may have drifted, but chance could explain it${rest}`,
    }
  return { status: 'ok', text: `None of ${sayMany(judged.length, 'column')} has drifted${rest}` }
}
