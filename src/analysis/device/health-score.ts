import type { HealthScore } from '../../contract/health-score.ts'
import type { Window } from '../../contract/primitives.ts'
import type { SensorFault } from '../../contract/sensor-fault.ts'
import type { ParametersOf } from '../parameters.ts'
import { sayDuration, sayMany, sayShare } from '../wording.ts'
import type { ChannelFacts } from './channel.ts'
import { jitterWarning } from './describe-faults.ts'
import type { Span } from './gaps.ts'

/** Points that a change of level takes, one that has lost bits, one without rhythm, and a limit that is reached now. */
const points = { shift: 25, coarser: 25, jitter: 25, limit: 50 }
const dayMs = 86_400_000

type Part = HealthScore['parts'][number]

/**
 * A channel's health, 0 to 100, taken apart into named parts; null without a reading to judge and without a rhythm that says that
 * there should be one.
 *
 * Silence, standing still and readings that the sensor gate refuses take 100 points for the whole window, in proportion to the time;
 * readings out of range and those that stand alone take 100 times their share; a change of level in the window 25, a loss of
 * resolution 25, a rhythm gone 25; a limit that the trend reaches within `horizonDays` up to 50, the sooner the more. What is
 * lost adds up, to 100 at most.
 */
export function scoreHealth(
  facts: ChannelFacts,
  faults: readonly SensorFault[],
  window: Window,
  now: number,
  parameters: ParametersOf<'device'>,
): HealthScore | null {
  const { n, gaps, stuck, outOfRange, outliers, shifts, coarser, jitter, trend } = facts
  if (n === 0 && (gaps === null || gaps.length === 0)) return null
  const end = Math.max(window.from + 1, Math.min(window.to, now))
  const timeOf = (spans: readonly Span[]) => unionWithin(spans, window.from, end)
  const overTime = (part: Part['part'], spans: readonly Span[], verb: string): Part => {
    const time = timeOf(spans)
    return { part, lost: (100 * time) / (end - window.from), sentence: `${verb} for ${sayDuration(time)}` }
  }
  const share = (part: Part['part'], count: number, what: string): Part => ({
    part,
    lost: n === 0 ? 0 : Math.min(100, (100 * count) / n),
    sentence: `${sayMany(count, 'reading')} ${what}`,
  })
  const refused = faults.filter(({ kind }) => kind !== 'stuck' && kind !== 'out-of-range')
  const shifted = (shifts ?? []).filter(({ at }) => at >= window.from).length
  const crossing = trend?.crossing?.kind === 'approaching' ? (trend.crossing.at - now) / dayMs : null
  const nearness = crossing === null ? 0 : Math.max(0, Math.min(1, 1 - crossing / parameters.horizonDays))
  const parts: Part[] = [
    overTime('silent', gaps ?? [], 'silent'),
    overTime('stuck', stuck ?? [], 'stuck'),
    overTime('impossible', refused, 'refused by the sensor gate'),
    share('range', outOfRange, 'out of range'),
    share('jumps', outliers?.length ?? 0, 'standing alone'),
    {
      part: 'shifted',
      lost: Math.min(100, shifted * points.shift),
      sentence: `${sayMany(shifted, 'change')} of level`,
    },
    { part: 'coarser', lost: coarser === null ? 0 : points.coarser, sentence: 'fewer different values than before' },
    {
      part: 'jitter',
      lost: (jitter ?? 0) > jitterWarning ? points.jitter : 0,
      sentence: `comes ${sayShare(jitter ?? 0)} of its rhythm early or late`,
    },
    {
      part: 'limit',
      lost: nearness * points.limit,
      sentence: crossing === null ? '' : `reaches its limit in ${sayDuration(Math.max(0, crossing) * dayMs)}`,
    },
  ]
  const lost = parts
    .map((part) => ({ ...part, lost: Math.round(Math.min(100, part.lost) * 10) / 10 }))
    .filter((part) => part.lost > 0)
    .sort((a, b) => b.lost - a.lost)
  const sum = lost.reduce((total, part) => total + part.lost, 0)
  return { value: Math.max(0, Math.round((100 - sum) * 10) / 10), parts: lost }
}

/** Time that spans cover together between two instants. */
function unionWithin(spans: readonly Span[], from: number, to: number): number {
  let covered = 0
  let end = from
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const first = Math.max(span.from, end)
    const last = Math.min(span.to, to)
    if (last > first) covered += last - first
    end = Math.max(end, last)
  }
  return covered
}
