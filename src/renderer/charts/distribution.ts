import type { ChartPalette } from '../app/tokens.ts'
import { formatCount, formatNumber, formatPercent, formatTick, formatValue, type Unit } from '../widgets/format.ts'
import type { ChartOption, ChartSpec, RenderApi } from './spec.ts'

export type NumericDistribution = {
  kind: 'numeric'
  /** What is distributed: "temperature". */
  name: string
  unit?: Unit
  /** Ascending bin edges, one more than there are bins. */
  edges: Float64Array
  /** Share of samples in each bin, in [0, 1]. */
  reference: Float64Array | null
  current: Float64Array
  n: { reference: number; current: number }
  labels?: { reference: string; current: string }
}

export type CategoricalDistribution = {
  kind: 'categorical'
  name: string
  categories: string[]
  reference: Float64Array | null
  current: Float64Array
  n: { reference: number; current: number }
  labels?: { reference: string; current: string }
}

export type DistributionInput = NumericDistribution | CategoricalDistribution

const defaultLabels = { reference: 'Reference', current: 'Current' }

/** The reference in grey behind the current window in the accent. */
export function distribution(input: DistributionInput): ChartSpec {
  return {
    option: (palette) => (input.kind === 'numeric' ? numericOption(input, palette) : categoricalOption(input, palette)),
    description: describe(input),
    table: () => tableOf(input),
  }
}

function seriesName(input: DistributionInput, which: 'reference' | 'current'): string {
  return `${(input.labels ?? defaultLabels)[which]}, n ${formatCount(input.n[which])}`
}

function numericOption(input: NumericDistribution, palette: ChartPalette): ChartOption {
  const { edges, unit = 'none' } = input
  const bars = (which: 'reference' | 'current', shares: Float64Array): ChartOption => ({
    type: 'custom',
    name: seriesName(input, which),
    data: Array.from(shares, (share, bin) => [edges[bin], edges[bin + 1], share]),
    dimensions: ['from', 'to', 'share'],
    encode: { x: [0, 1], y: 2, tooltip: [2] },
    itemStyle: { color: which === 'reference' ? palette.reference : palette.current },
    z: which === 'reference' ? 1 : 2,
    clip: true,
    renderItem: (_: unknown, api: RenderApi) => {
      const [left, top] = api.coord([api.value(0), api.value(2)])
      const [right, bottom] = api.coord([api.value(1), 0])
      const shape = { x: left, y: top, width: right - left, height: bottom - top }
      return which === 'reference'
        ? { type: 'rect', shape, style: { fill: palette.referenceFill, stroke: palette.reference, lineWidth: 0.75 } }
        : { type: 'rect', shape, style: { fill: palette.currentFill, stroke: palette.current, lineWidth: 1.25 } }
    },
  })
  return {
    grid: { left: 8, right: 16, top: 30, bottom: 4, outerBoundsMode: 'same' },
    legend: { show: true, top: 0, left: 0 },
    tooltip: {
      trigger: 'item',
      formatter: ({ seriesName: name, value }: { seriesName: string; value: [number, number, number] }) =>
        `${name}\n${formatNumber(value[0])} to ${formatValue(value[1], unit)}: ${formatPercent(value[2])}`,
    },
    xAxis: {
      type: 'value',
      min: edges[0],
      max: edges[edges.length - 1],
      splitLine: { show: false },
      axisLabel: { formatter: (value: number) => formatTick(value, unit), showMinLabel: false, showMaxLabel: false },
    },
    yAxis: { type: 'value', min: 0, axisLabel: { formatter: (share: number) => formatTick(share, 'percent') } },
    series: [...(input.reference === null ? [] : [bars('reference', input.reference)]), bars('current', input.current)],
  }
}

function categoricalOption(input: CategoricalDistribution, palette: ChartPalette): ChartOption {
  const bars = (which: 'reference' | 'current', shares: Float64Array): ChartOption => ({
    type: 'bar',
    name: seriesName(input, which),
    data: Array.from(shares),
    barMaxWidth: 14,
    barGap: '10%',
    itemStyle: { color: which === 'reference' ? palette.reference : palette.current },
    emphasis: { disabled: true },
  })
  return {
    grid: { left: 8, right: 24, top: 30, bottom: 4, outerBoundsMode: 'same' },
    legend: { show: true, top: 0, left: 0 },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      valueFormatter: (share: number) => formatPercent(share),
    },
    xAxis: { type: 'value', min: 0, axisLabel: { formatter: (share: number) => formatTick(share, 'percent') } },
    yAxis: {
      type: 'category',
      data: input.categories,
      inverse: true,
      axisTick: { show: false },
      axisLabel: { width: 140, overflow: 'truncate' },
    },
    series: [...(input.reference === null ? [] : [bars('reference', input.reference)]), bars('current', input.current)],
  }
}

function describe(input: DistributionInput): string {
  const bins = input.kind === 'numeric' ? `${input.current.length} bins` : `${input.categories.length} categories`
  return `Distribution of ${input.name} in ${bins}: ${
    input.reference === null ? '' : `${seriesName(input, 'reference')}; `
  }${seriesName(input, 'current')}.`
}

function tableOf(input: DistributionInput) {
  const names =
    input.kind === 'numeric'
      ? Array.from(
          input.current,
          (_, bin) => `${formatNumber(input.edges[bin])} to ${formatNumber(input.edges[bin + 1])}`,
        )
      : input.categories
  const { reference } = input
  return {
    columns: [
      { header: input.name },
      ...(reference === null ? [] : [{ header: seriesName(input, 'reference'), numeric: true }]),
      { header: seriesName(input, 'current'), numeric: true },
    ],
    rows: names.map((name, index) => [
      name,
      ...(reference === null ? [] : [formatPercent(reference[index])]),
      formatPercent(input.current[index]),
    ]),
  }
}
