import { sayNumber } from '../../../analysis/wording.ts'
import type { BarRow, Chart, ChartLine, DrawnChart } from './chart.ts'
import { escapeHtml } from './escape.ts'

const colours = { ink: '#1b1f24', soft: '#5b6570', line: '#d5dae0', accent: '#0b5a78', bad: '#9c2f16' } as const
/** Only a PDF has a font of this name; elsewhere the next one stands. */
export const chartFont = 'AssayChart'
const width = 500
const left = 150
const right = 12
const mostRows = 40

const number = (value: number) => String(Number(value.toFixed(1)))
const cut = (words: string, most: number) => (words.length > most ? `${words.slice(0, most - 1)}…` : words)

function words(
  text: string,
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end' = 'start',
  colour: string = colours.ink,
): string {
  return `<text x="${number(x)}" y="${number(y)}" text-anchor="${anchor}" font-family="${chartFont}, Inter, sans-serif" font-size="9" fill="${colour}">${escapeHtml(text)}</text>`
}

const line = (x1: number, y1: number, x2: number, y2: number, colour: string, more = '') =>
  `<line x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}" stroke="${colour}"${more}/>`

interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/** Round ticks over a span, and where values lie between two ends. */
function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const finite = values.filter(Number.isFinite)
  let low = Math.min(...finite)
  let high = Math.max(...finite)
  if (finite.length === 0) [low, high] = [0, 1]
  if (low === high) [low, high] = [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2]
  const rough = (high - low) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10)
  const ends = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step] as const
  const count = Math.round((ends[1] - ends[0]) / step)
  return {
    at: (value) => from + ((value - ends[0]) / (ends[1] - ends[0])) * (to - from),
    ticks: Array.from({ length: count + 1 }, (_, i) => Number((ends[0] + i * step).toPrecision(12))),
  }
}

const asSvg = (said: string, height: number, parts: readonly string[]): DrawnChart => ({
  svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(said)}">${parts.join('')}</svg>`,
  width,
  height,
})

function drawBars({ measure, rows, line: limit }: Extract<Chart, { type: 'bars' }>): DrawnChart {
  const shown = rows.slice(0, mostRows)
  const step = 16
  const bottom = 14 + shown.length * step
  const valuesOf = ({ value, interval, reference }: BarRow) => [value, ...(interval ?? []), reference ?? value]
  const { at, ticks } = scaleOf(
    [...shown.flatMap(valuesOf), ...(limit === undefined ? [] : [limit])],
    left,
    width - right,
  )
  const drawn = shown.flatMap(({ name, value, interval, reference, isBad }, i) => {
    const y = 14 + i * step
    const colour = isBad ? colours.bad : colours.accent
    return [
      words(cut(name, 28), left - 8, y + 3, 'end'),
      ...(interval === null
        ? []
        : [line(at(interval[0]), y, at(interval[1]), y, colour, ' stroke-width="5" stroke-opacity="0.3"')]),
      ...(reference == null
        ? []
        : [line(at(reference), y - 5, at(reference), y + 5, colours.soft, ' stroke-width="2"')]),
      // A shape besides the colour: what is bad is a square.
      isBad
        ? `<rect x="${number(at(value) - 3)}" y="${number(y - 3)}" width="6" height="6" fill="${colour}"/>`
        : `<circle cx="${number(at(value))}" cy="${number(y)}" r="3" fill="${colour}"/>`,
    ]
  })
  return asSvg(`${measure}: ${shown.map(({ name, value }) => `${name} ${sayNumber(value)}`).join(', ')}`, bottom + 30, [
    ...ticks.flatMap((tick) => [
      line(at(tick), 4, at(tick), bottom, colours.line),
      words(sayNumber(tick), at(tick), bottom + 11, 'middle', colours.soft),
    ]),
    ...(limit === undefined ? [] : [line(at(limit), 4, at(limit), bottom, colours.ink, ' stroke-dasharray="4 3"')]),
    ...drawn,
    words(measure, (left + width - right) / 2, bottom + 25, 'middle', colours.soft),
  ])
}

function drawLines({ x, y, lines, mark }: Extract<Chart, { type: 'lines' }>): DrawnChart {
  const [top, bottom, start] = [10, 170, 56]
  const points = lines.flatMap((each) => each.points)
  const bands = lines.flatMap(({ band = [] }) => band.flat())
  const across = scaleOf(
    [...points.map(([value]) => value), ...(mark === undefined ? [] : [mark])],
    start,
    width - right,
  )
  const up = scaleOf([...points.map(([, value]) => value), ...bands], bottom, top)
  const place = (px: number, py: number) => `${number(across.at(px))},${number(up.at(py))}`
  const draw = ({ points: path, band, isReference }: ChartLine) => {
    const colour = isReference ? colours.soft : colours.accent
    const around =
      band === undefined || band.length !== path.length
        ? ''
        : `<polygon points="${[
            ...path.map(([px], i) => place(px, band[i][0])),
            ...path.map(([px], i) => place(px, band[i][1])).reverse(),
          ].join(' ')}" fill="${colour}" fill-opacity="0.15"/>`
    const dashes = isReference ? ' stroke-dasharray="4 3"' : ''
    return `${around}<polyline points="${path.map(([px, py]) => place(px, py)).join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"${dashes}/>`
  }
  return asSvg(`${y} by ${x}`, bottom + 34, [
    ...up.ticks.flatMap((tick) => [
      line(start, up.at(tick), width - right, up.at(tick), colours.line),
      words(sayNumber(tick), start - 5, up.at(tick) + 3, 'end', colours.soft),
    ]),
    ...across.ticks.map((tick) => words(sayNumber(tick), across.at(tick), bottom + 12, 'middle', colours.soft)),
    ...(mark === undefined
      ? []
      : [line(across.at(mark), top, across.at(mark), bottom, colours.ink, ' stroke-dasharray="4 3"')]),
    ...lines.map(draw),
    words(`${y}, by ${x}`, (start + width - right) / 2, bottom + 27, 'middle', colours.soft),
  ])
}

function drawGrid({ measure, rows, columns, cells }: Extract<Chart, { type: 'grid' }>): DrawnChart {
  const step = 20
  const shownRows = rows.slice(0, mostRows)
  const cellWidth = (width - left - right) / Math.max(1, columns.length)
  const bottom = 20 + shownRows.length * step
  const largest = Math.max(...cells.map(({ value }) => value), Number.MIN_VALUE)
  const letters = Math.max(3, Math.floor(cellWidth / 5))
  return asSvg(`${measure} by row and column`, bottom + 16, [
    ...columns.map((name, i) => words(cut(name, letters), left + (i + 0.5) * cellWidth, 13, 'middle', colours.soft)),
    ...shownRows.map((name, i) => words(cut(name, 28), left - 8, 20 + i * step + 13, 'end')),
    ...cells
      .filter(({ row }) => row < shownRows.length)
      .flatMap(({ row, column, value, said, isBad }) => {
        const [px, py] = [left + column * cellWidth, 20 + row * step]
        const shade = (0.06 + 0.5 * Math.max(0, value / largest)).toFixed(2)
        const edge = isBad ? ` stroke="${colours.bad}" stroke-width="2"` : ''
        return [
          `<rect x="${number(px + 1)}" y="${number(py + 1)}" width="${number(cellWidth - 2)}" height="${step - 2}" fill="${colours.accent}" fill-opacity="${shade}"${edge}/>`,
          words(cut(said, letters), px + cellWidth / 2, py + 13, 'middle'),
        ]
      }),
    words(measure, left, bottom + 11, 'start', colours.soft),
  ])
}

/** Draws a chart. The same chart gives the same text; everything from outside is escaped. */
export function drawChart(chart: Chart): DrawnChart {
  switch (chart.type) {
    case 'bars':
      return drawBars(chart)
    case 'lines':
      return drawLines(chart)
    case 'grid':
      return drawGrid(chart)
  }
}
