import type { ChartPalette } from '../app/tokens.ts'
import { formatFixed, formatNumber } from '../widgets/format.ts'
import type { ChartOption, ChartSpec } from './spec.ts'

export type CurvePoint = { x: number; y: number; interval?: readonly [number, number] | undefined }

export type CurveInput = {
  /** What is drawn: "Cost a sample by threshold". */
  title: string
  x: { name: string; format?: (value: number) => string }
  y: { name: string; format?: (value: number) => string; from?: number }
  /** In order of x. */
  points: readonly CurvePoint[]
  /** What it is compared with, in grey and dashed. */
  reference?: { name: string; points: readonly CurvePoint[] }
  /** A span of x shaded, with a mark inside. */
  span?: { from: number; to: number; mark: number | null; label: string }
}

/** One line over a number that is not time, with its uncertainty as a band. */
export function curve(input: CurveInput): ChartSpec {
  const { title, points, span, x, y } = input
  // An axis hands its formatter more than the value.
  const sayX = x.format ?? ((value: number) => formatNumber(value))
  const sayY = y.format ?? ((value: number) => formatNumber(value))
  return {
    option: (palette) => curveOption(input, palette, sayX, sayY),
    description: `${title}: ${points.length} points${points.length === 0 ? '' : `, from ${x.name} ${sayX(points[0].x)}, ${y.name} ${sayY(points[0].y)} to ${sayX(points[points.length - 1].x)}, ${sayY(points[points.length - 1].y)}`}.${span === undefined ? '' : ` ${span.label}.`}`,
    table: () => ({
      columns: [
        { header: x.name, numeric: true },
        { header: y.name, numeric: true },
        { header: 'Interval', numeric: true },
      ],
      rows: points.map((point) => [
        sayX(point.x),
        sayY(point.y),
        point.interval === undefined ? '–' : `${sayY(point.interval[0])} to ${sayY(point.interval[1])}`,
      ]),
    }),
  }
}

function curveOption(
  { x, y, points, reference, span }: CurveInput,
  palette: ChartPalette,
  sayX: (value: number) => string,
  sayY: (value: number) => string,
): ChartOption {
  const band = points.every(({ interval }) => interval !== undefined)
  const side = (name: string, end: 0 | 1, minus: 0 | 1 | null) => ({
    type: 'line',
    name,
    stack: 'band',
    stackStrategy: 'all',
    data: points.map(({ x: at, interval = [0, 0] }) => [at, interval[end] - (minus === null ? 0 : interval[minus])]),
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
    ...(minus !== null && { areaStyle: { color: palette.band, opacity: 1 } }),
  })
  return {
    grid: { left: 22, right: 16, top: 18, bottom: 20, outerBoundsMode: 'same' },
    legend: { show: false },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'line', snap: true },
      formatter: (items: { seriesName: string; dataIndex: number }[]) => {
        const found = items.find(({ seriesName }) => seriesName === y.name)
        const point = found === undefined ? undefined : points[found.dataIndex]
        if (point === undefined) return ''
        const interval =
          point.interval === undefined ? '' : ` (${sayY(point.interval[0])} to ${sayY(point.interval[1])})`
        return `${x.name} ${sayX(point.x)}\n${y.name} ${sayY(point.y)}${interval}`
      },
    },
    xAxis: {
      type: 'value',
      name: x.name,
      nameLocation: 'middle',
      nameGap: 22,
      min: 'dataMin',
      max: 'dataMax',
      axisLabel: { formatter: sayX, showMinLabel: false, showMaxLabel: false },
      axisPointer: { label: { formatter: ({ value }: { value: number }) => sayX(value) } },
    },
    yAxis: {
      type: 'value',
      name: y.name,
      nameLocation: 'middle',
      nameGap: 34,
      min: y.from,
      scale: y.from === undefined,
      axisLabel: { formatter: sayY },
    },
    series: [
      ...(band ? [side('low', 0, null), side('high', 1, 0)] : []),
      ...(reference === undefined
        ? []
        : [
            {
              type: 'line',
              name: reference.name,
              data: reference.points.map((point) => [point.x, point.y]),
              symbol: 'none',
              silent: true,
              lineStyle: { color: palette.reference, type: 'dashed', width: 1.2 },
            },
          ]),
      {
        type: 'line',
        name: y.name,
        data: points.map((point) => [point.x, point.y]),
        symbol: 'none',
        lineStyle: { color: palette.current, width: 1.6 },
        itemStyle: { color: palette.current },
        ...(span !== undefined && {
          markArea: {
            silent: true,
            itemStyle: { color: palette.referenceFill },
            data: [[{ xAxis: span.from }, { xAxis: span.to }]],
          },
          ...(span.mark !== null && {
            markLine: {
              silent: true,
              symbol: 'none',
              animation: false,
              lineStyle: { color: palette.action, type: 'solid', width: 1.2 },
              label: { formatter: formatFixed(span.mark, 3), color: palette.text, fontSize: 11, distance: 2 },
              data: [{ xAxis: span.mark }],
            },
          }),
        }),
      },
    ],
  }
}
