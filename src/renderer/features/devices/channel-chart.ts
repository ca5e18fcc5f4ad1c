import type { OutputOf } from '../../../contract/api.ts'
import type { Channel } from '../../../contract/device.ts'
import type { Window } from '../../../contract/primitives.ts'
import type { DetailOf } from '../../../contract/report.ts'
import type { SensorFault } from '../../../contract/sensor-fault.ts'
import type { ChartOption, ChartSpec } from '../../charts/spec.ts'
import { type ActionMark, type BreachSpan, type LimitLine, timeSeries } from '../../charts/time-series.ts'
import { formatValue } from '../../widgets/format.ts'

export type Series = OutputOf<'telemetry.series'>[number]
export type ChannelHealth = DetailOf<'device'>['channels'][number]

export type ChannelChart = {
  series: Series
  channel: Channel | null
  health: ChannelHealth | null
  /** What the sensor gate found of this channel. */
  faults?: readonly SensorFault[]
  window: Window
  /** Draws the declared range even where the values are far from it. */
  showsWholeRange: boolean
}

/** One channel over time: its values, what is declared of it as dashed lines, and its faults as shaded spans. */
export function channelChart({
  series,
  channel,
  health,
  faults = [],
  window,
  showsWholeRange,
}: ChannelChart): ChartSpec {
  const spec = timeSeries({
    measure: series.channel,
    unit: series.unit === '' ? 'none' : series.unit,
    lines: [{ name: series.channel, points: withGaps(series, health?.gaps ?? []), role: 'current' }],
    limits: declaredLines(series, channel, showsWholeRange),
    breaches: [...faultSpans(health, window), ...gateSpans(faults, window)],
    actions: shiftMarks(health, window),
    window,
    zoomable: true,
  })
  const hasMarks = shiftMarks(health, window).length > 0
  return { ...spec, option: (palette) => inColumn(spec.option(palette), hasMarks) }
}

/** Room for the labels at the left is the same for every channel, so that one instant stands above the other. */
function inColumn(option: ChartOption, hasMarks: boolean): ChartOption {
  const yAxis = typeof option.yAxis === 'object' ? option.yAxis : {}
  return {
    ...option,
    grid: { left: 84, right: 16, top: hasMarks ? 20 : 8, bottom: 22, outerBoundsMode: 'none' },
    yAxis: { ...yAxis, splitNumber: 3 },
  }
}

/** Flat pairs of instant and value; a value that is not a number breaks the line inside each gap. */
export function withGaps({ at, value }: Pick<Series, 'at' | 'value'>, gaps: readonly Window[]): Float64Array {
  const breaks = gaps.map(({ from, to }) => (from + to) / 2).sort((left, right) => left - right)
  const pairs: number[] = []
  let next = 0
  for (let index = 0; index < at.length; index += 1) {
    for (; next < breaks.length && breaks[next] < at[index]; next += 1) {
      if (pairs.length > 0) pairs.push(breaks[next], Number.NaN)
    }
    pairs.push(at[index], value[index])
  }
  return Float64Array.from(pairs)
}

/** The limit always; the ends of the range where they are near enough not to flatten the values. */
export function declaredLines({ value, unit }: Series, channel: Channel | null, showsWholeRange: boolean): LimitLine[] {
  if (channel === null) return []
  const lines: LimitLine[] = []
  if (channel.limit !== null)
    lines.push({ value: channel.limit.value, label: `limit ${formatValue(channel.limit.value, unit)}` })
  if (channel.range === null) return lines
  const [lowest, highest] = extentOf(value)
  const spread = highest - lowest
  for (const [end, name] of [
    [channel.range[0], 'lowest'],
    [channel.range[1], 'highest'],
  ] as const) {
    const distance = Math.max(lowest - end, end - highest)
    if (showsWholeRange || distance <= spread) lines.push({ value: end, label: `${name} ${formatValue(end, unit)}` })
  }
  return lines
}

function extentOf(values: readonly number[]): [number, number] {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const value of values) {
    lowest = Math.min(lowest, value)
    highest = Math.max(highest, value)
  }
  return [lowest, highest]
}

const overlaps = (span: Window, window: Window) => span.from < window.to && span.to > window.from

function faultSpans(health: ChannelHealth | null, window: Window): BreachSpan[] {
  if (health === null) return []
  return [
    ...health.gaps.map((span) => ({ ...span, label: 'gap' })),
    ...health.stuck.map(({ from, to, value }) => ({ from, to, label: `stuck at ${formatValue(value, health.unit)}` })),
  ].filter((span) => overlaps(span, window))
}

const gateWords = { saturated: 'saturated', replayed: 'replayed', physics: 'against physics', clock: 'clock' } as const

/** What the gate found besides stuck values and single readings out of range, which are drawn already. */
const gateSpans = (faults: readonly SensorFault[], window: Window): BreachSpan[] =>
  faults
    .filter((fault) => overlaps(fault, window))
    .flatMap(({ kind, from, to }) =>
      kind === 'stuck' || kind === 'out-of-range' ? [] : [{ from, to, label: gateWords[kind] }],
    )

function shiftMarks(health: ChannelHealth | null, window: Window): ActionMark[] {
  return (health?.shifts ?? [])
    .filter(({ at }) => at >= window.from && at < window.to)
    .map(({ at }) => ({ at, label: 'shift' }))
}
