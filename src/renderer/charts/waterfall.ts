import type { ChartPalette } from '../app/tokens.ts'
import { formatNumber } from '../widgets/format.ts'
import type { ChartOption, ChartSpec, RenderApi } from './spec.ts'

export type WaterfallInput = {
  measure: string
  base: number
  value: number
  /** In the order in which they are laid end to end. */
  steps: readonly { name: string; size: number }[]
}

export const waterfallHeight = (steps: number) => 44 + (steps + 2) * 22

/** From a base to a value in steps, one a row: rightwards what added, leftwards what took away. */
export function waterfall(input: WaterfallInput): ChartSpec {
  return {
    option: (palette) => waterfallOption(input, palette),
    description: `${input.measure} from ${formatNumber(input.base)} to ${formatNumber(input.value)}. ${input.steps
      .slice(0, 12)
      .map(({ name, size }) => `${name}: ${signed(size)}`)
      .join('. ')}.`,
    table: () => ({
      columns: [{ header: 'Step' }, { header: input.measure, numeric: true }],
      rows: [
        ['start', formatNumber(input.base)],
        ...input.steps.map(({ name, size }) => [name, signed(size)]),
        ['end', formatNumber(input.value)],
      ],
    }),
  }
}

const signed = (value: number) => `${value > 0 ? '+' : ''}${formatNumber(value)}`

function waterfallOption({ measure, base, value, steps }: WaterfallInput, palette: ChartPalette): ChartOption {
  let at = base
  const bars = steps.map(({ size }, index) => {
    const from = at
    at += size
    return [from, at, index + 1]
  })
  const ends = [
    [base, base, 0],
    [value, value, steps.length + 1],
  ]
  const all = [base, value, ...bars.map(([, to]) => to)]
  const low = Math.min(...all)
  const high = Math.max(...all)
  const margin = (high - low || 1) * 0.12
  return {
    grid: { left: 8, right: 24, top: 4, bottom: 4, outerBoundsMode: 'same' },
    legend: { show: false },
    tooltip: {
      trigger: 'item',
      formatter: ({ value: [from, to, row] }: { value: number[] }) =>
        row === 0
          ? `mean over the background\n${formatNumber(from)}`
          : row > steps.length
            ? `this sample\n${formatNumber(from)}`
            : `${steps[row - 1].name}\n${signed(to - from)}`,
    },
    xAxis: {
      type: 'value',
      scale: true,
      min: low - margin,
      max: high + margin,
      axisLabel: { formatter: (tick: number) => formatNumber(tick), showMinLabel: false, showMaxLabel: false },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: ['mean', ...steps.map(({ name }) => name), 'this sample'],
      axisTick: { show: false },
      axisLabel: { width: 150, overflow: 'truncate' },
    },
    series: [
      {
        type: 'custom',
        name: measure,
        data: [...bars, ...ends],
        encode: { x: [0, 1], y: 2 },
        renderItem: (_: unknown, api: RenderApi) => {
          const [from, y] = api.coord([api.value(0), api.value(2)])
          const [to] = api.coord([api.value(1), api.value(2)])
          const row = api.value(2)
          if (row === 0 || row > steps.length)
            return {
              type: 'rect',
              shape: { x: from - 1.5, y: y - 8, width: 3, height: 16 },
              style: { fill: palette.text },
            }
          const isUp = to >= from
          const size = steps[row - 1].size
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: { x: Math.min(from, to), y: y - 7, width: Math.max(1, Math.abs(to - from)), height: 14 },
                // Filled where it adds, hollow where it takes away: shape before colour.
                style: isUp
                  ? { fill: palette.current }
                  : { fill: palette.surface, stroke: palette.reference, lineWidth: 1.5 },
              },
              {
                type: 'text',
                style: {
                  text: signed(size),
                  x: isUp ? to + 4 : to - 4,
                  y,
                  textAlign: isUp ? 'left' : 'right',
                  textVerticalAlign: 'middle',
                  fill: palette.textMuted,
                  fontSize: 11,
                },
              },
            ],
          }
        },
      },
    ],
  }
}
