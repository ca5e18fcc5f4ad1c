import type { ChartPalette } from '../app/tokens.ts'
import { formatCount, formatFixed } from '../widgets/format.ts'
import type { ChartOption, ChartSpec, RenderApi } from './spec.ts'

export type ReliabilityBin = {
  from: number
  to: number
  n: number
  meanScore: number
  observed: number
  /** Of the observed share. */
  interval?: readonly [number, number] | undefined
}

/** Mean score against the share that was right, by bin; the diagonal is a score that means what it says. */
export function reliability(bins: readonly ReliabilityBin[]): ChartSpec {
  const filled = bins.filter(({ n }) => n > 0)
  return {
    option: (palette) => reliabilityOption(filled, palette),
    description: `Calibration over ${filled.length} bins of the score: ${filled
      .map(
        ({ meanScore, observed, n }) =>
          `score ${formatFixed(meanScore)}, observed ${formatFixed(observed)}, n ${formatCount(n)}`,
      )
      .join('; ')}.`,
    table: () => ({
      columns: [
        { header: 'Score from' },
        { header: 'to', numeric: true },
        { header: 'n', numeric: true },
        { header: 'Mean score', numeric: true },
        { header: 'Observed share', numeric: true },
        { header: 'Interval', numeric: true },
      ],
      rows: bins.map(({ from, to, n, meanScore, observed, interval }) => [
        formatFixed(from),
        formatFixed(to),
        formatCount(n),
        n === 0 ? '–' : formatFixed(meanScore, 3),
        n === 0 ? '–' : formatFixed(observed, 3),
        interval === undefined ? '–' : `${formatFixed(interval[0], 3)} to ${formatFixed(interval[1], 3)}`,
      ]),
    }),
  }
}

function reliabilityOption(bins: readonly ReliabilityBin[], palette: ChartPalette): ChartOption {
  const most = Math.max(1, ...bins.map(({ n }) => n))
  const axis = {
    type: 'value',
    min: 0,
    max: 1,
    nameLocation: 'middle',
    axisLabel: { formatter: (value: number) => formatFixed(value, 1) },
  }
  return {
    grid: { left: 22, right: 12, top: 10, bottom: 20, outerBoundsMode: 'same' },
    tooltip: {
      trigger: 'item',
      formatter: ({ dataIndex, seriesName }: { dataIndex: number; seriesName: string }) => {
        const bin = seriesName === 'observed' ? bins[dataIndex] : undefined
        if (bin === undefined) return ''
        return `score ${formatFixed(bin.from)} to ${formatFixed(bin.to)}, mean ${formatFixed(bin.meanScore, 3)}\nobserved ${formatFixed(bin.observed, 3)}${bin.interval === undefined ? '' : ` (${formatFixed(bin.interval[0], 3)} to ${formatFixed(bin.interval[1], 3)})`}, n ${formatCount(bin.n)}`
      },
    },
    xAxis: { ...axis, name: 'mean score', nameGap: 22 },
    yAxis: { ...axis, name: 'observed share', nameGap: 30 },
    series: [
      {
        type: 'line',
        name: 'as it says',
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: 'none',
        silent: true,
        lineStyle: { color: palette.reference, type: 'dashed', width: 1.2 },
      },
      {
        type: 'custom',
        name: 'interval',
        data: bins.flatMap(({ meanScore, interval }) => (interval === undefined ? [] : [[meanScore, ...interval]])),
        encode: { x: 0, y: [1, 2] },
        silent: true,
        renderItem: (_: unknown, api: RenderApi) => {
          const [x, y1] = api.coord([api.value(0), api.value(1)])
          const [, y2] = api.coord([api.value(0), api.value(2)])
          return { type: 'line', shape: { x1: x, y1, x2: x, y2 }, style: { stroke: palette.current, lineWidth: 1.5 } }
        },
      },
      {
        type: 'line',
        name: 'observed',
        data: bins.map(({ meanScore, observed }) => [meanScore, observed]),
        symbol: 'circle',
        // Area tells how many samples stand behind a point.
        symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => 5 + 11 * Math.sqrt(bins[dataIndex].n / most),
        lineStyle: { color: palette.current, width: 1.6 },
        itemStyle: { color: palette.current, borderColor: palette.surface, borderWidth: 1 },
      },
    ],
  }
}
