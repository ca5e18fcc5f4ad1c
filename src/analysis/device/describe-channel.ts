import type { Window } from '../../contract/primitives.ts'
import type { DetailOf } from '../../contract/report.ts'
import type { SensorFault } from '../../contract/sensor-fault.ts'
import type { AnswerFinding } from '../answer.ts'
import { findingOf, plainEstimate, shareEstimate, worstStatus } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { sayCount, sayDuration, sayInstant, sayMany, sayNumber, sayShare } from '../wording.ts'
import type { ChannelFacts } from './channel.ts'
import { anomalyFinding } from './describe-anomalies.ts'
import { gateFindings } from './describe-faults.ts'
import { describeTrend, limitFinding } from './describe-trend.ts'
import { scoreHealth } from './health-score.ts'

type ChannelHealth = DetailOf<'device'>['channels'][number]

/** Shares of the window's readings from which the question itself, without limits, warns and calls a breach. */
const rangeBreach = 0.01
const outlierWarning = 0.02

/** Status, numbers and sentences of one channel. */
export function describeChannel(
  facts: ChannelFacts,
  /** What the sensor gate found of it. */
  faults: readonly SensorFault[],
  window: Window,
  now: number,
  parameters: ParametersOf<'device'>,
): { readonly health: ChannelHealth; readonly findings: readonly AnswerFinding[] } {
  const { spec, n, gaps, stuck, outliers, shifts } = facts
  const trend = facts.trend === null ? null : describeTrend(spec, facts.trend, now)
  const findings = [
    ...(gaps === null ? [] : [gapFinding(facts, gaps, Math.min(window.to, now))]),
    ...(stuck === null ? [] : [stuckFinding(facts, stuck)]),
    ...(spec.range === null && facts.outOfRange === 0 ? [] : [rangeFinding(facts, parameters)]),
    ...(outliers === null ? [] : [outlierFinding(facts, outliers, parameters)]),
    shiftFinding(facts, shifts),
    ...gateFindings(facts, faults, parameters.confidence),
    ...(facts.anomalies === null ? [] : [anomalyFinding(spec.name, facts.anomalies)]),
    ...(spec.limit === null ? [] : [limitFinding(spec.name, n, trend, now, parameters)]),
  ]
  const problems = findings.filter(({ status }) => status === 'warning' || status === 'breach')
  const score = scoreHealth(facts, faults, window, now, parameters)
  const impossible = faults.filter(({ kind }) => kind === 'physics')
  const newest = <T>(list: readonly T[] | null): T[] => (list ?? []).slice(-parameters.maxListed)
  return {
    findings,
    health: {
      channel: spec.name,
      unit: spec.unit,
      n,
      last: facts.last,
      median: facts.centre?.median ?? null,
      mad: facts.centre?.mad ?? null,
      gaps: newest(gaps),
      stuck: newest(stuck),
      outOfRange: facts.outOfRange,
      outliers: newest(outliers),
      trend,
      shifts: newest(shifts),
      ...(facts.anomalies === null ? {} : { anomalies: newest(facts.anomalies.spans), course: facts.anomalies.course }),
      // One check that could not be made does not leave a channel unjudged.
      status:
        impossible.length > 0
          ? 'breach'
          : problems.length > 0
            ? worstStatus(problems.map(({ status }) => status))
            : n === 0
              ? 'insufficient'
              : 'ok',
      ...(score === null ? {} : { score }),
      problems: [...problems.map(({ message }) => message), ...impossible.map(({ sentence }) => sentence)],
    },
  }
}

const sayValue = (value: number, { spec }: ChannelFacts) =>
  `${sayNumber(value)}${spec.unit === '' ? '' : ` ${spec.unit}`}`

function gapFinding({ spec, n }: ChannelFacts, gaps: NonNullable<ChannelFacts['gaps']>, end: number): AnswerFinding {
  return findingOf({ metric: 'gaps', channel: spec.name }, plainEstimate(gaps.length, n), {
    unit: 'count',
    status: gaps.length > 0 ? 'warning' : 'ok',
    message: gaps.length === 0 ? `${spec.name} has no gap (n ${sayCount(n)})` : gapSentence(spec.name, gaps, n, end),
  })
}

function gapSentence(channel: string, gaps: NonNullable<ChannelFacts['gaps']>, n: number, end: number): string {
  const { from, to } = gaps[gaps.length - 1]
  if (n === 0) return `${channel} has not reported for ${sayDuration(to - from)}`
  if (to === end && gaps.length === 1)
    return `${channel} has been silent for ${sayDuration(to - from)}, since ${sayInstant(from)}`
  const longest = Math.max(...gaps.map((gap) => gap.to - gap.from))
  return `${channel} fell silent ${sayMany(gaps.length, 'time')}, for ${sayDuration(longest)} at most, last from ${sayInstant(from)} to ${sayInstant(to)}`
}

function stuckFinding(facts: ChannelFacts, stuck: NonNullable<ChannelFacts['stuck']>): AnswerFinding {
  const { spec, n } = facts
  const sentence = () => {
    const { from, to, value } = stuck[stuck.length - 1]
    const more = stuck.length > 1 ? `, the last of ${sayMany(stuck.length, 'such stretch', 'such stretches')}` : ''
    return `${spec.name} stood still at ${sayValue(value, facts)} for ${sayDuration(to - from)} from ${sayInstant(from)}${more}`
  }
  return findingOf({ metric: 'stuck', channel: spec.name }, plainEstimate(stuck.length, n), {
    unit: 'count',
    status: stuck.length > 0 ? 'breach' : 'ok',
    message: stuck.length === 0 ? `${spec.name} has not stood still (n ${sayCount(n)})` : sentence(),
  })
}

function rangeFinding(facts: ChannelFacts, { confidence }: ParametersOf<'device'>): AnswerFinding {
  const { spec, n, outOfRange } = facts
  const share = shareEstimate(outOfRange, n, confidence)
  const where =
    spec.range === null ? 'infinite' : `outside ${sayNumber(spec.range[0])} to ${sayValue(spec.range[1], facts)}`
  const status = (value: number) => (value > rangeBreach ? 'breach' : value > 0 ? 'warning' : 'ok')
  return findingOf({ metric: 'outOfRangeShare', channel: spec.name }, share, {
    unit: 'share',
    status: share.value === null ? 'insufficient' : status(share.value),
    message:
      share.value === null
        ? `${spec.name} has no reading`
        : `${spec.name}: ${sayShare(share.value)} of ${sayMany(n, 'reading')} ${where}`,
  })
}

function outlierFinding(
  { spec, n }: ChannelFacts,
  outliers: NonNullable<ChannelFacts['outliers']>,
  { confidence, outlierThreshold }: ParametersOf<'device'>,
): AnswerFinding {
  const share = shareEstimate(Math.min(outliers.length, n), n, confidence)
  return findingOf({ metric: 'outlierShare', channel: spec.name }, share, {
    unit: 'share',
    status: share.value === null ? 'insufficient' : share.value > outlierWarning ? 'warning' : 'ok',
    message: `${spec.name}: ${sayCount(outliers.length)} of ${sayMany(n, 'reading')} stand alone, at least ${outlierThreshold} robust deviations from those around them`,
  })
}

function shiftFinding(facts: ChannelFacts, shifts: ChannelFacts['shifts']): AnswerFinding {
  const { spec, n } = facts
  const subject = { metric: 'shifts', channel: spec.name }
  if (shifts === null)
    return findingOf(
      subject,
      { value: null, n, interval: null },
      {
        unit: 'count',
        status: 'insufficient',
        message: `${spec.name}: too little data to tell a change of level from the course of a day`,
      },
    )
  const sentence = () => {
    const { at, before, after } = shifts[shifts.length - 1]
    return `${spec.name} changed its level from ${sayNumber(before)} to ${sayValue(after, facts)} at ${sayInstant(at)} and has stayed there`
  }
  return findingOf(subject, plainEstimate(shifts.length, n), {
    unit: 'count',
    status: shifts.length > 0 ? 'breach' : 'ok',
    message: shifts.length === 0 ? `${spec.name} has kept its level (n ${sayCount(n)})` : sentence(),
  })
}
