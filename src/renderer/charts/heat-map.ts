import type { ChartPalette } from '../app/tokens.ts'
import { formatCount, formatInterval, formatPercent } from '../widgets/format.ts'
import type { ChartOption, ChartSpec, RenderApi } from './spec.ts'

export type HeatCell = {
  row: number
  column: number
  n: number
  value: number | null
  interval: readonly [number, number] | null
  /** `insufficient` is hatched, `warning` framed and marked. */
  status: 'ok' | 'warning' | 'breach' | 'insufficient'
}

export type HeatMapInput = {
  measure: string
  rowTitle: string
  columnTitle: string
  rows: readonly string[]
  columns: readonly string[]
  cells: readonly HeatCell[]
}

/** Name of the series whose items are the cells, in their order. */
export const heatSeries = 'cells'

/** Height in pixels in which the rows are calm. */
export const heatMapHeight = (rowCount: number) => 64 + rowCount * 40

/** A share by the values of two columns: the shade is the share, and what rests on too little has none. */
export function heatMap(input: HeatMapInput): ChartSpec {
  return {
    option: (palette) => heatOption(input, palette),
    description: `${input.measure} by ${input.rowTitle} and ${input.columnTitle}: ${input.cells
      .slice(0, 24)
      .map((cell) => sentence(input, cell))
      .join('; ')}.`,
    table: () => ({
      columns: [
        { header: input.rowTitle },
        { header: input.columnTitle },
        { header: input.measure, numeric: true },
        { header: 'Interval', numeric: true },
        { header: 'n', numeric: true },
        { header: 'Judged' },
      ],
      rows: input.cells.map((cell) => [
        input.rows[cell.row],
        input.columns[cell.column],
        formatPercent(cell.value),
        cell.interval === null ? '' : formatInterval([...cell.interval], 'percent'),
        formatCount(cell.n),
        verdict(cell),
      ]),
    }),
  }
}

const verdict = ({ status }: HeatCell) =>
  status === 'insufficient' ? 'too few' : status === 'ok' ? 'like the rest' : 'worse than the rest'

function sentence({ rows, columns }: HeatMapInput, cell: HeatCell): string {
  const known = cell.interval === null ? '' : ` (${formatInterval([...cell.interval], 'percent')})`
  return `${rows[cell.row]}, ${columns[cell.column]}: ${formatPercent(cell.value)}${known}, n ${formatCount(cell.n)}, ${verdict(cell)}`
}

/** Shades go up to this, so that figures on them stay readable in both schemes. */
const darkest = 0.55

function heatOption(input: HeatMapInput, palette: ChartPalette): ChartOption {
  const { rows, columns, cells } = input
  const top = Math.max(0.01, ...cells.map(({ value, status }) => (status === 'insufficient' ? 0 : (value ?? 0))))
  const category = { type: 'category', axisTick: { show: false }, axisLine: { show: false } }
  return {
    grid: { left: 8, right: 12, top: 40, bottom: 4, outerBoundsMode: 'same' },
    legend: { show: false },
    tooltip: {
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => sentence(input, cells[dataIndex]).replace(': ', '\n'),
    },
    xAxis: {
      ...category,
      position: 'top',
      name: input.columnTitle,
      nameLocation: 'middle',
      nameGap: 22,
      data: [...columns],
      axisLabel: { overflow: 'truncate', width: Math.max(60, 640 / Math.max(1, columns.length)), interval: 0 },
    },
    yAxis: {
      ...category,
      name: input.rowTitle,
      nameLocation: 'start',
      nameGap: 8,
      data: [...rows],
      inverse: true,
      axisLabel: { overflow: 'truncate', width: 140 },
    },
    series: [
      {
        type: 'custom',
        name: heatSeries,
        data: cells.map(({ row, column }) => [column, row]),
        encode: { x: 0, y: 1 },
        renderItem: ({ dataIndex }: { dataIndex: number }, api: RenderApi) =>
          drawCell(cells[dataIndex], top, api, palette),
      },
    ],
  }
}

function drawCell(cell: HeatCell, top: number, api: RenderApi, palette: ChartPalette) {
  const [x, y] = api.coord([api.value(0), api.value(1)])
  const [width, height] = api.size([1, 1])
  const box = { x: x - width / 2 + 1, y: y - height / 2 + 1, width: width - 2, height: height - 2 }
  const isKnown = cell.status !== 'insufficient'
  const isWorse = cell.status === 'warning' || cell.status === 'breach'
  const shade = isKnown ? (darkest * (cell.value ?? 0)) / top : 0
  const text = (value: string, dy: number, size: number, weight: number) => ({
    type: 'text',
    style: {
      text: value,
      x,
      y: y + dy,
      textAlign: 'center',
      textVerticalAlign: 'middle',
      fill: isKnown ? palette.text : palette.textMuted,
      fontSize: size,
      fontWeight: weight,
    },
  })
  return {
    type: 'group',
    children: [
      { type: 'rect', shape: box, style: { fill: palette.surface, stroke: palette.grid } },
      ...(isKnown
        ? [{ type: 'rect', shape: box, style: { fill: palette.current, opacity: shade } }]
        : hatch(box, palette)),
      ...(isWorse ? [{ type: 'rect', shape: box, style: { fill: 'none', stroke: palette.breach, lineWidth: 2 } }] : []),
      text(`${isWorse ? '▲ ' : ''}${formatPercent(cell.value)}`, height > 30 ? -7 : 0, 13, 600),
      ...(height > 30 ? [text(`n ${formatCount(cell.n)}`, 9, 11, 400)] : []),
    ],
  }
}

/** Diagonal lines inside a box: nothing can be said here. */
function hatch(box: { x: number; y: number; width: number; height: number }, palette: ChartPalette) {
  const { x, y, width, height } = box
  const lines = []
  for (let offset = -height; offset < width; offset += 8) {
    const from = Math.max(0, offset)
    const to = Math.min(width, offset + height)
    lines.push({
      type: 'line',
      shape: { x1: x + from, y1: y + height - (from - offset), x2: x + to, y2: y + height - (to - offset) },
      style: { stroke: palette.grid, lineWidth: 1 },
    })
  }
  return lines
}
