import type { ChartPalette } from '../app/tokens.ts'
import { formatCount, formatPercent } from '../widgets/format.ts'
import type { ChartOption, ChartSpec } from './spec.ts'

export type ConfusionInput = {
  classes: string[]
  /** Counts by label, then by prediction, row after row: `classes.length` squared. */
  counts: Float64Array
}

/** Labels down, predictions across; the shade is the share of the label's samples, the figure their count. */
export function confusion(input: ConfusionInput): ChartSpec {
  return {
    option: (palette) => confusionOption(input, palette),
    description: describe(input),
    table: () => tableOf(input),
  }
}

/** Share of each cell in its row; 0 in a row without samples. */
export function rowShares({ classes, counts }: ConfusionInput): Float64Array {
  const size = classes.length
  const shares = new Float64Array(size * size)
  for (let row = 0; row < size; row += 1) {
    const total = counts.subarray(row * size, (row + 1) * size).reduce((sum, count) => sum + count, 0)
    for (let column = 0; column < size && total > 0; column += 1) {
      shares[row * size + column] = counts[row * size + column] / total
    }
  }
  return shares
}

function confusionOption(input: ConfusionInput, palette: ChartPalette): ChartOption {
  const size = input.classes.length
  const shares = rowShares(input)
  const cells = Array.from(shares, (share, cell) => [cell % size, Math.floor(cell / size), share, input.counts[cell]])
  return {
    grid: { left: 8, right: 12, top: 40, bottom: 4, outerBoundsMode: 'same' },
    tooltip: {
      trigger: 'item',
      formatter: ({ value }: { value: number[] }) =>
        `label ${input.classes[value[1]]}, predicted ${input.classes[value[0]]}\n${formatCount(value[3])}, ${formatPercent(value[2])} of the label`,
    },
    xAxis: {
      type: 'category',
      position: 'top',
      name: 'predicted',
      nameLocation: 'middle',
      nameGap: 22,
      data: input.classes,
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { overflow: 'truncate', width: 80 },
    },
    yAxis: {
      type: 'category',
      name: 'label',
      nameLocation: 'start',
      nameGap: 8,
      data: input.classes,
      inverse: true,
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { overflow: 'truncate', width: 100 },
    },
    visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: [palette.surface, palette.current] } },
    series: [
      {
        type: 'heatmap',
        data: cells,
        itemStyle: { borderColor: palette.grid, borderWidth: 1 },
        emphasis: { itemStyle: { borderColor: palette.text } },
        label: {
          show: size <= 12,
          formatter: ({ value }: { value: number[] }) =>
            `{${value[2] > 0.55 ? 'onDark' : 'onLight'}|${formatCount(value[3])}}${size <= 6 ? `\n{${value[2] > 0.55 ? 'onDarkSmall' : 'onLightSmall'}|${formatPercent(value[2])}}` : ''}`,
          rich: {
            onDark: { color: palette.surface, fontSize: 13, fontWeight: 600, lineHeight: 18 },
            onLight: { color: palette.text, fontSize: 13, fontWeight: 600, lineHeight: 18 },
            onDarkSmall: { color: palette.surface, fontSize: 11, lineHeight: 16 },
            onLightSmall: { color: palette.text, fontSize: 11, lineHeight: 16 },
          },
        },
      },
    ],
  }
}

function describe({ classes, counts }: ConfusionInput): string {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return `Confusion of ${classes.length} classes over ${formatCount(total)} labelled samples.`
}

function tableOf(input: ConfusionInput) {
  const size = input.classes.length
  return {
    columns: [{ header: 'Label' }, ...input.classes.map((name) => ({ header: `predicted ${name}`, numeric: true }))],
    rows: input.classes.map((name, row) => [
      name,
      ...Array.from(input.counts.subarray(row * size, (row + 1) * size), (count) => formatCount(count)),
    ]),
  }
}
