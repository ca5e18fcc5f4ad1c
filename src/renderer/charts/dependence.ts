import type { ChartPalette } from '../app/tokens.ts'
import { formatCount, formatNumber } from '../widgets/format.ts'
import type { ChartOption, ChartSpec } from './spec.ts'

export type DependenceInput = {
  /** What is set: `light, lx`. */
  name: string
  measure: string
  grid: readonly (number | string)[]
  mean: readonly number[]
  low: readonly number[]
  high: readonly number[]
  curves: readonly (readonly number[])[]
  /** Samples nearest to each grid value. */
  counts: readonly number[]
}

/** The mean answer as one column moves, its spread over samples, single samples, and beneath it where there are data at all. */
export function dependence(input: DependenceInput): ChartSpec {
  const { grid, mean, counts } = input
  const empty = counts.filter((count) => count === 0).length
  return {
    option: (palette) => dependenceOption(input, palette),
    description: `${input.measure} as ${input.name} goes from ${grid[0]} to ${grid.at(-1)}: from ${formatNumber(mean[0])} to ${formatNumber(mean.at(-1) ?? Number.NaN)}. ${empty} of ${counts.length} values have no samples near them.`,
    table: () => ({
      columns: [
        { header: input.name },
        { header: 'Mean', numeric: true },
        { header: '10th percentile', numeric: true },
        { header: '90th percentile', numeric: true },
        { header: 'Samples near it', numeric: true },
      ],
      rows: grid.map((value, i) => [
        typeof value === 'number' ? formatNumber(value) : value,
        formatNumber(mean[i]),
        formatNumber(input.low[i]),
        formatNumber(input.high[i]),
        formatCount(counts[i]),
      ]),
    }),
  }
}

function dependenceOption(
  { name, grid, mean, low, high, curves, counts }: DependenceInput,
  palette: ChartPalette,
): ChartOption {
  const isNumeric = typeof grid[0] === 'number'
  const points = (values: readonly number[]) => values.map((value, i) => [grid[i], value])
  const xAxis = {
    type: isNumeric ? 'value' : 'category',
    ...(isNumeric ? { min: grid[0], max: grid.at(-1) } : { data: grid }),
    splitLine: { show: false },
  }
  const line = (values: readonly number[], style: object, more: object = {}) => ({
    ...{ type: 'line', data: points(values), showSymbol: false, silent: true, lineStyle: style, ...more },
  })
  return {
    grid: [
      { left: 8, right: 16, top: 8, height: '62%', outerBoundsMode: 'same' },
      { left: 8, right: 16, bottom: 4, height: '22%', outerBoundsMode: 'same' },
    ],
    legend: { show: false },
    tooltip: {
      trigger: 'axis',
      formatter: (items: { dataIndex: number }[]) => {
        const i = items[0]?.dataIndex ?? 0
        const value = grid[i]
        return `${name} ${typeof value === 'number' ? formatNumber(value) : value}\nmean ${formatNumber(mean[i])} (${formatNumber(low[i])} to ${formatNumber(high[i])})\n${formatCount(counts[i])} samples near it`
      },
    },
    xAxis: [
      { ...xAxis, gridIndex: 0, axisLabel: { show: false }, axisTick: { show: false } },
      { ...xAxis, gridIndex: 1, axisLabel: isNumeric ? { formatter: (value: number) => formatNumber(value) } : {} },
    ],
    yAxis: [
      { type: 'value', scale: true, gridIndex: 0, axisLabel: { formatter: (value: number) => formatNumber(value) } },
      {
        type: 'value',
        gridIndex: 1,
        splitNumber: 1,
        axisLabel: { formatter: formatCount },
        splitLine: { show: false },
      },
    ],
    series: [
      line(low, { opacity: 0 }, { stack: 'spread', name: 'low' }),
      line(
        high.map((value, i) => value - low[i]),
        { opacity: 0 },
        { stack: 'spread', name: 'spread', areaStyle: { color: palette.band } },
      ),
      ...curves.map((curve) => line(curve, { color: palette.reference, width: 0.7, opacity: 0.5 })),
      line(
        mean,
        { color: palette.current, width: 2.2 },
        { name: 'mean', silent: false, itemStyle: { color: palette.current } },
      ),
      {
        type: 'bar',
        name: 'samples',
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: points(counts),
        barWidth: isNumeric ? 9 : '60%',
        itemStyle: { color: palette.referenceFill, borderColor: palette.reference },
      },
    ],
  }
}
