import type { ChartPalette } from '../app/tokens.ts'
import { formatInstant, formatInterval, formatTick, formatValue, type Unit } from '../widgets/format.ts'
import type { ChartOption, ChartSpec, RenderApi } from './spec.ts'

/** Values over event time. A NaN value is a gap: the line breaks there. */
export type TimeSeriesLine = {
  name: string
  /** Flat pairs: instant (UTC epoch ms), value, instant, value, … in order of time. */
  points: Float64Array
  /** Uncertainty at each instant, flat triples: instant, low, high, … */
  band?: Float64Array
  /** `reference` is grey, `current` the accent; further lines take further colours and dashes. */
  role?: 'current' | 'reference' | 'extra'
  /** Steps suit counts by hour; lines suit measurements. */
  step?: boolean
}

export type LimitLine = { value: number; label: string }
export type BreachSpan = { from: number; to: number; label?: string }
export type ActionMark = { at: number; label: string }

export type TimeSeriesInput = {
  /** What is measured: "Accuracy". */
  measure: string
  unit?: Unit
  lines: TimeSeriesLine[]
  limits?: LimitLine[]
  breaches?: BreachSpan[]
  actions?: ActionMark[]
  /** The span shown, so that charts one above the other share one axis even where data is missing. */
  window?: { from: number; to: number }
  /** Lets a person zoom with Ctrl and the wheel, and drag along the axis; the wheel alone scrolls the page. */
  zoomable?: boolean
  /** Width in pixels kept for the labels at the left: charts one above the other line up when they keep the same. */
  gutter?: number
}

/** A line over event time with its uncertainty, limits, breaches and what was done. */
export function timeSeries(input: TimeSeriesInput): ChartSpec {
  return {
    option: (palette) => timeSeriesOption(input, palette),
    description: describe(input),
    table: () => tableOf(input),
  }
}

function timeSeriesOption(input: TimeSeriesInput, palette: ChartPalette): ChartOption {
  const { unit = 'none', limits = [], lines } = input
  const styles = lineStyles(lines, palette)
  const limitValues = limits.map((limit) => limit.value)
  return {
    grid: {
      // The button that shows the data as a table stands at the right, above the lines.
      right: 28,
      top: lines.length > 1 ? 34 : 22,
      ...(input.gutter === undefined
        ? { left: 8, bottom: 4, outerBoundsMode: 'same' }
        : { left: input.gutter, bottom: 24, outerBoundsMode: 'none' }),
    },
    legend: lines.length > 1 ? { show: true, top: 0, left: 0, data: lines.map((line) => line.name) } : { show: false },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'line', snap: false },
      // ECharts would list only the lines with a point at the very instant; the cursor asks all of them.
      formatter: (items: { axisValue: number }[]) => cursorText(input, Number(items[0]?.axisValue)),
    },
    xAxis: {
      type: 'time',
      min: input.window?.from,
      max: input.window?.to,
      axisLabel: { formatter: timeLabels },
      axisPointer: { label: { formatter: ({ value }: { value: number }) => formatInstant(value) } },
    },
    yAxis: {
      type: 'value',
      scale: true,
      // A limit is always in sight, however far the values are from it.
      min: ({ min }: { min: number }) => lowerEnd(min, limitValues),
      max: ({ max }: { max: number }) => upperEnd(max, limitValues),
      axisLabel: { formatter: (value: number) => formatTick(value, unit), showMinLabel: false, showMaxLabel: false },
    },
    dataZoom: input.zoomable
      ? [{ type: 'inside', filterMode: 'none', minValueSpan: 1000, zoomOnMouseWheel: 'ctrl' }]
      : [],
    series: [
      ...lines.flatMap((line, index) => bandSeries(line, styles[index].band)),
      ...lines.map((line, index) => lineSeries(line, styles[index])),
      ...marksSeries(input, palette),
    ],
  }
}

const timeLabels = {
  year: '{yyyy}',
  month: '{MMM}',
  day: '{d} {MMM}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
  millisecond: '{HH}:{mm}:{ss}',
}

type LineStyle = { color: string; band: string; dash: 'solid' | 'dashed' | 'dotted' | number[] }

const extraDashes: LineStyle['dash'][] = ['solid', [8, 3], [2, 2], [10, 3, 2, 3]]

function lineStyles(lines: TimeSeriesLine[], palette: ChartPalette): LineStyle[] {
  let extras = 0
  return lines.map((line) => {
    if (line.role === 'reference') return { color: palette.reference, band: palette.referenceFill, dash: 'solid' }
    if (line.role !== 'extra') return { color: palette.current, band: palette.band, dash: 'solid' }
    const color = palette.extra[extras % palette.extra.length]
    extras += 1
    return { color, band: palette.band, dash: extraDashes[extras % extraDashes.length] }
  })
}

function lineSeries(line: TimeSeriesLine, style: LineStyle): ChartOption {
  const few = line.points.length <= 2 * 60
  return {
    type: 'line',
    name: line.name,
    data: line.points,
    dimensions: ['instant', line.name],
    step: line.step ? 'end' : false,
    showSymbol: few,
    symbol: line.role === 'reference' ? 'emptyCircle' : 'circle',
    symbolSize: 4,
    sampling: few ? undefined : 'lttb',
    connectNulls: false,
    lineStyle: { color: style.color, width: 1.6, type: style.dash },
    itemStyle: { color: style.color },
    emphasis: { disabled: true },
    z: line.role === 'reference' ? 2 : 3,
  }
}

/** One polygon for each stretch without gaps. */
function bandSeries(line: TimeSeriesLine, color: string): ChartOption[] {
  if (line.band === undefined) return []
  const stretches = splitBand(line.band)
  return [
    {
      type: 'custom',
      name: `${line.name}, uncertainty`,
      data: stretches.map((stretch, index) => [stretch[0].at, index, ...rangeOf(stretch)]),
      dimensions: ['instant', 'stretch', 'low', 'high'],
      encode: { x: 0, y: [2, 3], tooltip: [] },
      silent: true,
      clip: true,
      tooltip: { show: false },
      z: 1,
      renderItem: (_: unknown, api: RenderApi) => {
        const stretch = stretches[api.value(1)]
        const upper = stretch.map(({ at, high }) => api.coord([at, high]))
        const lower = stretch.map(({ at, low }) => api.coord([at, low])).reverse()
        return { type: 'polygon', shape: { points: [...upper, ...lower] }, style: { fill: color }, silent: true }
      },
    },
  ]
}

type BandPoint = { at: number; low: number; high: number }

function rangeOf(stretch: BandPoint[]): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const point of stretch) {
    low = Math.min(low, point.low)
    high = Math.max(high, point.high)
  }
  return [low, high]
}

/** Cuts flat triples where low or high is not finite. */
export function splitBand(band: Float64Array): BandPoint[][] {
  const stretches: BandPoint[][] = []
  let open: BandPoint[] = []
  for (let at = 0; at + 2 < band.length; at += 3) {
    const [instant, low, high] = band.subarray(at, at + 3)
    if (Number.isFinite(low) && Number.isFinite(high)) {
      open.push({ at: instant, low, high })
    } else if (open.length > 0) {
      stretches.push(open)
      open = []
    }
  }
  if (open.length > 0) stretches.push(open)
  return stretches
}

/** Limits, breaches and actions belong to the axes, not to any one line. */
function marksSeries(input: TimeSeriesInput, palette: ChartPalette): ChartOption[] {
  const { limits = [], breaches = [], actions = [] } = input
  const carrier = { type: 'line', name: '', data: [], silent: true, tooltip: { show: false }, z: 4 }
  return [
    {
      ...carrier,
      markLine: {
        silent: true,
        symbol: 'none',
        lineStyle: { color: palette.limit, type: 'dashed', width: 1.2 },
        label: { position: 'insideStartTop', color: palette.limit, fontSize: 11, distance: 2 },
        data: limits.map((limit) => ({ yAxis: limit.value, label: { formatter: limit.label } })),
      },
      markArea: {
        silent: true,
        itemStyle: { color: palette.breachFill, borderWidth: 0 },
        label: { position: 'insideTopLeft', color: palette.breach, fontSize: 11, distance: 3 },
        data: breaches.map((span) => [{ xAxis: span.from, name: span.label ?? '' }, { xAxis: span.to }]),
      },
    },
    {
      ...carrier,
      markLine: {
        silent: true,
        symbol: ['diamond', 'none'],
        symbolSize: 10,
        lineStyle: { color: palette.action, type: 'solid', width: 1 },
        label: { position: 'end', color: palette.action, fontSize: 11, distance: 3 },
        data: actions.map((action) => ({
          xAxis: action.at,
          label: { formatter: action.label, align: alignAt(action.at, input.window) },
        })),
      },
    },
  ]
}

/** Near an end of the axis a label grows inwards, so that none of it is cut off. */
function alignAt(at: number, window: TimeSeriesInput['window']): 'left' | 'center' | 'right' {
  if (window === undefined) return 'center'
  const place = (at - window.from) / (window.to - window.from)
  return place < 0.1 ? 'left' : place > 0.9 ? 'right' : 'center'
}

/** What the cursor says at an instant: every line's nearest point, with its interval. */
export function cursorText({ lines, unit = 'none' }: TimeSeriesInput, at: number): string {
  const texts = lines.flatMap((line) => {
    const nearest = nearestIndex(line.points, 2, at)
    if (nearest === null) return []
    const bandAt = line.band === undefined ? null : nearestIndex(line.band, 3, line.points[nearest])
    const interval: [number, number] | null =
      line.band === undefined || bandAt === null ? null : [line.band[bandAt + 1], line.band[bandAt + 2]]
    const known = interval?.every(Number.isFinite) ? ` (${formatInterval(interval, unit)})` : ''
    return [`${line.name}: ${formatValue(line.points[nearest + 1], unit)}${known}`]
  })
  return [`${formatInstant(at)} UTC`, ...texts].join('\n')
}

/** Where in flat tuples, ordered by their first member, the one nearest to `at` begins; null in an empty list. O(log n). */
export function nearestIndex(tuples: Float64Array, width: number, at: number): number | null {
  const count = Math.floor(tuples.length / width)
  if (count === 0) return null
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (tuples[middle * width] < at) low = middle + 1
    else high = middle
  }
  const before = low > 0 && at - tuples[(low - 1) * width] <= tuples[low * width] - at
  return (before ? low - 1 : low) * width
}

/** The axis' lower end: a twentieth below whatever is lowest, data or limit; not below zero where nothing is. */
function lowerEnd(min: number, limits: number[]): number | undefined {
  if (limits.length === 0 || Math.min(...limits) > min) return undefined
  const lowest = Math.min(...limits, min)
  const end = lowest - roomOf(min, limits)
  return lowest >= 0 ? Math.max(0, end) : end
}

function upperEnd(max: number, limits: number[]): number | undefined {
  return limits.length > 0 && Math.max(...limits) >= max ? Math.max(...limits, max) + roomOf(max, limits) : undefined
}

function roomOf(end: number, limits: number[]): number {
  const spread = Math.max(...limits, end) - Math.min(...limits, end)
  return spread > 0 ? spread * 0.05 : Math.abs(end) * 0.02 || 1
}

function describe(input: TimeSeriesInput): string {
  const { unit = 'none', limits = [], breaches = [], actions = [] } = input
  const parts = input.lines.map((line) => {
    const last = line.points.length - 1
    const count = line.points.length / 2
    if (count === 0) return `${line.name}: no data`
    return `${line.name}: ${count} points, ${formatInstant(line.points[0])} to ${formatInstant(line.points[last - 1])} UTC, last ${formatValue(line.points[last], unit)}`
  })
  const marks = [
    ...limits.map((limit) => `${limit.label}`),
    breaches.length > 0 ? `${breaches.length} shaded breach${breaches.length > 1 ? 'es' : ''}` : '',
    ...actions.map((action) => `${action.label} at ${formatInstant(action.at)}`),
  ].filter((mark) => mark !== '')
  return `${input.measure} over time. ${[...parts, ...marks].join('. ')}.`
}

function tableOf(input: TimeSeriesInput) {
  const { unit = 'none', lines } = input
  const rows = new Map<number, string[]>()
  const width = lines.reduce((total, line) => total + (line.band === undefined ? 1 : 3), 0)
  const rowAt = (at: number) => {
    const row = rows.get(at) ?? Array<string>(width).fill('')
    rows.set(at, row)
    return row
  }
  let column = 0
  for (const line of lines) {
    for (let at = 0; at < line.points.length; at += 2) {
      rowAt(line.points[at])[column] = formatValue(line.points[at + 1], unit)
    }
    column += 1
    if (line.band === undefined) continue
    for (let at = 0; at < line.band.length; at += 3) {
      const row = rowAt(line.band[at])
      row[column] = formatValue(line.band[at + 1], unit)
      row[column + 1] = formatValue(line.band[at + 2], unit)
    }
    column += 2
  }
  const headers = lines.flatMap((line) =>
    line.band === undefined ? [line.name] : [line.name, `${line.name}, low`, `${line.name}, high`],
  )
  return {
    columns: [{ header: 'Instant (UTC)' }, ...headers.map((header) => ({ header, numeric: true }))],
    rows: [...rows.entries()]
      .sort(([left], [right]) => left - right)
      .map(([at, cells]) => [formatInstant(at, true), ...cells]),
  }
}
