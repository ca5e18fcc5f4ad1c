import type { Channel } from '../../contract/device.ts'
import type { DetailOf } from '../../contract/report.ts'
import type { AnswerFinding } from '../answer.ts'
import { findingOf } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { sayDuration, sayNumber } from '../wording.ts'
import type { ChannelTrend } from './trend.ts'

type Described = NonNullable<DetailOf<'device'>['channels'][number]['trend']>

const dayMs = 86_400_000
/** What does not approach its limit, or would take longer, counts as this far away. */
const farDays = 3650

/** A trend as pages draw it, with its sentence: "temperature rises by 1.2 °C a day and reaches 80 °C in about 6 days". */
export function describeTrend(
  { name, unit, limit }: Channel,
  { slope, slopeInterval, isEstablished, n, crossing }: ChannelTrend,
  now: number,
): Described {
  const say = (value: number) => `${sayNumber(value)}${unit === '' ? '' : ` ${unit}`}`
  const course = isEstablished
    ? `${name} ${slope > 0 ? 'rises' : 'falls'} by ${say(Math.abs(slope))} a day`
    : `${name} neither rises nor falls, as far as these readings can tell`
  const [low, high] = slopeInterval
  const trend: Omit<Described, 'sentence'> = {
    perDay: { value: slope, n, interval: [low, high] },
    reachesLimitAt: null,
    reachesLimitInterval: null,
  }
  if (limit === null || crossing === null) return { ...trend, sentence: course }
  if (crossing.kind === 'beyond')
    return { ...trend, reachesLimitAt: now, sentence: `${name} is at its limit of ${say(limit.value)} already` }
  const days = crossing.kind === 'approaching' ? (crossing.at - now) / dayMs : Number.POSITIVE_INFINITY
  if (crossing.kind !== 'approaching' || days > farDays)
    return { ...trend, sentence: `${course}, and does not approach its limit of ${say(limit.value)}` }
  const { at, earliestAt } = crossing
  const latestAt = crossing.latestAt !== null && crossing.latestAt - now <= farDays * dayMs ? crossing.latestAt : null
  const latest = latestAt === null ? 'no latest day can be told' : `${sayDuration(latestAt - now)} at the latest`
  return {
    ...trend,
    reachesLimitAt: at,
    reachesLimitInterval: [earliestAt, latestAt],
    sentence: `${course} and reaches ${say(limit.value)} in about ${sayDuration(at - now)} (${sayDuration(earliestAt - now)} at the earliest, ${latest})`,
  }
}

/** `daysToLimit`: 0 when there already; ten years also stand for a channel that does not approach its limit. */
export function limitFinding(
  channel: string,
  n: number,
  trend: Described | null,
  now: number,
  { horizonDays }: ParametersOf<'device'>,
): AnswerFinding {
  const subject = { metric: 'daysToLimit', channel }
  if (trend === null)
    return findingOf(
      subject,
      { value: null, n, interval: null },
      {
        unit: 'days',
        status: 'insufficient',
        message: `${channel}: too few days of readings to tell a trend from the course of a day`,
      },
    )
  const daysUntil = (at: number | null) => (at === null ? farDays : Math.min(farDays, Math.max(0, (at - now) / dayMs)))
  const value = daysUntil(trend.reachesLimitAt)
  const ends = trend.reachesLimitInterval
  const interval: [number, number] | null = ends === null ? null : [daysUntil(ends[0]), daysUntil(ends[1])]
  return findingOf(
    subject,
    { value, n, interval },
    {
      unit: 'days',
      status: value <= horizonDays / 2 ? 'breach' : value <= horizonDays ? 'warning' : 'ok',
      message: trend.sentence,
    },
  )
}
