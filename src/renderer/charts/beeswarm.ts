import type { ChartPalette } from '../app/tokens.ts'
import { formatNumber } from '../widgets/format.ts'
import type { ChartOption, ChartSpec, RenderApi } from './spec.ts'

export type SwarmRow = {
  name: string
  /** One point a sample: the value's place among the others, 0 to 1 (null where it has none), and what it contributed. */
  points: readonly (readonly [number | null, number])[]
  meanAbsolute: number | null
  /** Of value and contribution, −1 to 1. */
  direction: number | null
}

export type BeeswarmInput = { measure: string; rows: readonly SwarmRow[] }

const rowHeight = 34
/** Points of a row stand beside each other within this many slots along the axis. */
const slots = 90

export const beeswarmHeight = (rows: number) => 40 + rows * rowHeight

/** Points of many samples by column: where they lie says what the column did, how filled they are how large its value was. */
export function beeswarm(input: BeeswarmInput): ChartSpec {
  return {
    option: (palette) => swarmOption(input, palette),
    description: `${input.measure} by column, one point a sample. ${input.rows.slice(0, 12).map(sentence).join('. ')}.`,
    table: () => ({
      columns: [{ header: 'Column' }, { header: 'Mean size', numeric: true }, { header: 'With its value' }],
      rows: input.rows.map((row) => [row.name, formatNumber(row.meanAbsolute ?? Number.NaN), sayDirection(row)]),
    }),
  }
}

const sentence = (row: SwarmRow) =>
  `${row.name}: mean size ${formatNumber(row.meanAbsolute ?? Number.NaN)}, ${sayDirection(row)}`

export function sayDirection({ direction }: Pick<SwarmRow, 'direction'>): string {
  if (direction === null) return 'no order'
  if (direction > 0.5) return 'rises with the value'
  if (direction < -0.5) return 'falls with the value'
  return 'now up, now down'
}

function swarmOption({ measure, rows }: BeeswarmInput, palette: ChartPalette): ChartOption {
  const all = rows.flatMap(({ points }) => points.map(([, contribution]) => contribution))
  const largest = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
  const data = rows.flatMap(({ points }, index) => {
    const taken = new Map<number, number>()
    return points.map(([place, contribution]) => {
      const slot = Math.round((contribution / largest) * slots)
      const count = taken.get(slot) ?? 0
      taken.set(slot, count + 1)
      // Alternately above and below the line, further out the more there are.
      const offset = (count % 2 === 0 ? 1 : -1) * Math.ceil(count / 2)
      return [contribution, index, offset, place ?? -1]
    })
  })
  return {
    grid: { left: 8, right: 20, top: 6, bottom: 4, outerBoundsMode: 'same' },
    legend: { show: false },
    tooltip: {
      trigger: 'item',
      formatter: ({ value }: { value: number[] }) =>
        `${rows[value[1]].name}\n${value[0] > 0 ? '+' : ''}${formatNumber(value[0])}${
          value[3] < 0 ? '' : `, value above ${Math.round(value[3] * 100)} % of the others`
        }`,
    },
    xAxis: {
      type: 'value',
      name: '',
      min: -largest * 1.05,
      max: largest * 1.05,
      axisLabel: { formatter: (value: number) => formatNumber(value), showMinLabel: false, showMaxLabel: false },
    },
    yAxis: {
      type: 'category',
      data: rows.map(({ name }) => name),
      inverse: true,
      axisTick: { show: false },
      splitLine: { show: true, lineStyle: { color: palette.grid } },
    },
    series: [
      {
        type: 'custom',
        name: measure,
        data,
        encode: { x: 0, y: 1 },
        renderItem: (_: unknown, api: RenderApi) => {
          const [x, y] = api.coord([api.value(0), api.value(1)])
          const shift = Math.max(-rowHeight / 2 + 4, Math.min(rowHeight / 2 - 4, api.value(2) * 2.2))
          const place = api.value(3)
          return {
            type: 'circle',
            shape: { cx: x, cy: y + shift, r: 2.6 },
            style: {
              fill: place < 0 ? palette.reference : palette.current,
              opacity: place < 0 ? 0.7 : 0.18 + 0.82 * place,
              stroke: palette.current,
              lineWidth: 0.4,
            },
          }
        },
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [{ xAxis: 0, lineStyle: { color: palette.axis, width: 1 }, label: { show: false } }],
        },
      },
    ],
  }
}
