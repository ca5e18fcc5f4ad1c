import type { Estimate } from '../../contract/primitives.ts'
import type { ChartPalette } from '../app/tokens.ts'
import { absent, formatCount, formatInterval, formatTick, formatValue, type Unit } from '../widgets/format.ts'
import type { ChartOption, ChartSpec, RenderApi } from './spec.ts'

export type IntervalRow = {
  name: string
  estimate: Estimate
  /** The same group in the reference, drawn as a grey tick. */
  reference?: number | null
  breach?: boolean
}

export type IntervalBarsInput = {
  measure: string
  unit?: Unit
  rows: IntervalRow[]
  limits?: { value: number; label: string }[]
  /** Ends of the axis, where a place on it means something; else it spans the intervals. */
  range?: [number, number]
}

/** One value a group, with its interval; the space a group has too few samples for stays empty and says so. */
export function intervalBars(input: IntervalBarsInput): ChartSpec {
  return {
    option: (palette) => intervalOption(input, palette),
    description: describe(input),
    table: () => tableOf(input),
  }
}

/** Height in pixels in which the rows are calm. */
export function intervalBarsHeight(rowCount: number): number {
  return 56 + rowCount * 26
}

function rowLabel({ name, estimate }: IntervalRow): string {
  return `${name}{n|n ${formatCount(estimate.n)}}`
}

function intervalOption(input: IntervalBarsInput, palette: ChartPalette): ChartOption {
  const { unit = 'none', rows, limits = [] } = input
  const colorOf = (row: IntervalRow) => (row.breach ? palette.breach : palette.current)
  const known = rows.flatMap((row, index) => {
    const { value, interval } = row.estimate
    return value === null ? [] : [[value, index, interval?.[0] ?? value, interval?.[1] ?? value]]
  })
  const references = rows.flatMap((row, index) => (typeof row.reference === 'number' ? [[row.reference, index]] : []))
  const unknown = rows.flatMap((row, index) => (row.estimate.value === null ? [index] : []))
  return {
    grid: { left: 8, right: 20, top: limits.length > 0 ? 22 : 6, bottom: 4, outerBoundsMode: 'same' },
    legend: { show: false },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (items: { dataIndex: number; axisValue?: string; value: number[] }[]) => {
        const row = rows[items[0]?.value[1] ?? -1]
        return row === undefined ? '' : `${row.name}\n${sentence(row, unit)}`
      },
    },
    xAxis: {
      type: 'value',
      scale: true,
      min: input.range?.[0],
      max: input.range?.[1],
      axisLabel: { formatter: (value: number) => formatTick(value, unit) },
    },
    yAxis: {
      type: 'category',
      data: rows.map(rowLabel),
      inverse: true,
      axisTick: { show: false },
      axisLabel: { rich: { n: { color: palette.textMuted, fontSize: 11, padding: [0, 0, 0, 8] } } },
    },
    series: [
      {
        type: 'custom',
        name: 'reference',
        data: references,
        encode: { x: 0, y: 1 },
        silent: true,
        renderItem: (_: unknown, api: RenderApi) => {
          const [x, y] = api.coord([api.value(0), api.value(1)])
          return {
            type: 'rect',
            shape: { x: x - 1.5, y: y - 9, width: 3, height: 18 },
            style: { fill: palette.reference },
          }
        },
      },
      {
        type: 'custom',
        name: input.measure,
        data: known,
        encode: { x: [0, 2, 3], y: 1 },
        renderItem: (_: unknown, api: RenderApi) => {
          const index = api.value(1)
          const color = colorOf(rows[index])
          const [x, y] = api.coord([api.value(0), index])
          const [low] = api.coord([api.value(2), index])
          const [high] = api.coord([api.value(3), index])
          const stroke = { stroke: color, lineWidth: 1.5 }
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: { x: low, y: y - 4, width: high - low, height: 8 },
                style: { fill: color, opacity: 0.22 },
              },
              { type: 'line', shape: { x1: low, y1: y - 4, x2: low, y2: y + 4 }, style: stroke },
              { type: 'line', shape: { x1: high, y1: y - 4, x2: high, y2: y + 4 }, style: stroke },
              // A breach is a square, what holds a circle: shape before colour.
              rows[index].breach
                ? { type: 'rect', shape: { x: x - 4, y: y - 4, width: 8, height: 8 }, style: { fill: color } }
                : { type: 'circle', shape: { cx: x, cy: y, r: 4 }, style: { fill: color } },
            ],
          }
        },
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: limits.map((limit) => ({
            xAxis: limit.value,
            lineStyle: { color: palette.limit, type: 'dashed', width: 1.2 },
            label: { formatter: limit.label, position: 'start', color: palette.limit, fontSize: 11, distance: 4 },
          })),
        },
        z: 3,
      },
      {
        type: 'custom',
        name: 'insufficient',
        data: unknown.map((index) => [0, index]),
        encode: { y: 1, x: -1 },
        silent: true,
        renderItem: (params: { coordSys: { x: number } }, api: RenderApi) => {
          const [, y] = api.coord([0, api.value(1)])
          return {
            type: 'text',
            style: {
              text: rows[api.value(1)].estimate.note ?? 'insufficient',
              x: params.coordSys.x + 8,
              y,
              textVerticalAlign: 'middle',
              fill: palette.textMuted,
              fontSize: 11,
            },
          }
        },
      },
    ],
  }
}

function sentence({ estimate, reference }: IntervalRow, unit: Unit): string {
  if (estimate.value === null) return `${estimate.note ?? 'insufficient'}, n ${formatCount(estimate.n)}`
  const interval = estimate.interval === null ? '' : ` (${formatInterval(estimate.interval, unit)})`
  const compared = typeof reference === 'number' ? `, reference ${formatValue(reference, unit)}` : ''
  return `${formatValue(estimate.value, unit)}${interval}, n ${formatCount(estimate.n)}${compared}`
}

function describe({ measure, unit = 'none', rows, limits = [] }: IntervalBarsInput): string {
  const groups = rows.slice(0, 12).map((row) => `${row.name}: ${sentence(row, unit)}`)
  return `${measure} by group. ${[...groups, ...limits.map((limit) => limit.label)].join('. ')}.`
}

function tableOf({ measure, unit = 'none', rows }: IntervalBarsInput) {
  return {
    columns: [
      { header: 'Group' },
      { header: measure, numeric: true },
      { header: 'Interval', numeric: true },
      { header: 'n', numeric: true },
      { header: 'Reference', numeric: true },
    ],
    rows: rows.map(({ name, estimate, reference }) => [
      name,
      formatValue(estimate.value, unit),
      estimate.interval === null ? absent : formatInterval(estimate.interval, unit),
      formatCount(estimate.n),
      formatValue(reference ?? null, unit),
    ]),
  }
}
