import { describe, expect, it } from 'vitest'
import { tokens } from '../app/tokens.ts'
import { confusion, rowShares } from './confusion.ts'
import { curve } from './curve.ts'
import { distribution } from './distribution.ts'
import { intervalBars } from './interval-bars.ts'
import { sparkline } from './sparkline-path.ts'
import { cursorText, nearestIndex, splitBand, timeSeries } from './time-series.ts'

const palette = tokens.light.chart
const t0 = Date.UTC(2026, 10, 21)
const hour = 3_600_000

describe('timeSeries', () => {
  const spec = timeSeries({
    measure: 'Accuracy',
    lines: [
      {
        name: 'accuracy',
        points: Float64Array.of(t0, 0.95, t0 + hour, Number.NaN, t0 + 2 * hour, 0.88),
        band: Float64Array.of(t0, 0.93, 0.97, t0 + hour, Number.NaN, Number.NaN, t0 + 2 * hour, 0.85, 0.91),
      },
    ],
    limits: [{ value: 0.9, label: 'limit 0.90' }],
    breaches: [{ from: t0 + hour, to: t0 + 2 * hour }],
    actions: [{ at: t0 + hour, label: 'retrained' }],
  })

  it('hands flat typed arrays on untouched', () => {
    const series = spec.option(palette).series
    expect(series).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'line', name: 'accuracy', data: expect.any(Float64Array) }),
      ]),
    )
  })
  it('says in words what it shows', () => {
    expect(spec.description).toBe(
      'Accuracy over time. accuracy: 3 points, 2026-11-21 00:00 to 2026-11-21 02:00 UTC, last 0.88. limit 0.90. 1 shaded breach. retrained at 2026-11-21 01:00.',
    )
  })
  it('gives the same data as a table, gaps included', () => {
    expect(spec.table().columns.map((column) => column.header)).toEqual([
      'Instant (UTC)',
      'accuracy',
      'accuracy, low',
      'accuracy, high',
    ])
    expect(spec.table().rows).toEqual([
      ['2026-11-21 00:00:00', '0.95', '0.93', '0.97'],
      ['2026-11-21 01:00:00', '–', '–', '–'],
      ['2026-11-21 02:00:00', '0.88', '0.85', '0.91'],
    ])
  })
  it('keeps a limit in sight when the data is far from it', () => {
    const axis = spec.option(palette).yAxis as { min: (extent: { min: number }) => number | undefined }
    expect(axis.min({ min: 0.95 })).toBeLessThan(0.9)
    expect(axis.min({ min: 0.5 })).toBeUndefined()
  })
  it('breaks the band at gaps', () => {
    const band = Float64Array.of(1, 0, 1, 2, 0, 1, 3, Number.NaN, 1, 4, 0, 1)
    expect(splitBand(band).map((stretch) => stretch.map(({ at }) => at))).toEqual([[1, 2], [4]])
    expect(splitBand(new Float64Array())).toEqual([])
  })
})

describe('the cursor', () => {
  it('finds the nearest of flat tuples', () => {
    const points = Float64Array.of(10, 1, 20, 2, 40, 3)
    expect([0, 14, 15, 16, 29, 31, 99].map((at) => nearestIndex(points, 2, at))).toEqual([0, 0, 0, 2, 2, 4, 4])
    expect(nearestIndex(new Float64Array(), 2, 5)).toBeNull()
  })
  it('asks every line, also those without a point at that instant', () => {
    const lines = [
      {
        name: 'a',
        points: Float64Array.of(t0, 1, t0 + hour, 2),
        band: Float64Array.of(t0, 0.5, 1.5, t0 + hour, 1.5, 2.5),
      },
      { name: 'b', points: Float64Array.of(t0 + 1000, 7) },
      { name: 'c', points: new Float64Array() },
    ]
    expect(cursorText({ measure: 'm', unit: '°C', lines }, t0)).toBe(
      '2026-11-21 00:00 UTC\na: 1 °C (0.5 to 1.5 °C)\nb: 7 °C',
    )
  })
})

describe('distribution', () => {
  it('puts the reference in grey, the current window in the accent', () => {
    const spec = distribution({
      kind: 'numeric',
      name: 'temperature',
      unit: '°C',
      edges: Float64Array.of(10, 20, 30),
      reference: Float64Array.of(0.5, 0.5),
      current: Float64Array.of(0.1, 0.9),
      n: { reference: 1000, current: 200 },
    })
    const series = spec.option(palette).series as { itemStyle: { color: string } }[]
    expect(series.map(({ itemStyle }) => itemStyle.color)).toEqual([palette.reference, palette.current])
    expect(spec.table().rows).toEqual([
      ['10 to 20', '50.0 %', '10.0 %'],
      ['20 to 30', '50.0 %', '90.0 %'],
    ])
  })
  it('stands without a reference', () => {
    const spec = distribution({
      kind: 'categorical',
      name: 'breed',
      categories: ['beagle'],
      reference: null,
      current: Float64Array.of(1),
      n: { reference: 0, current: 7 },
    })
    expect(spec.option(palette).series).toHaveLength(1)
    expect(spec.table().rows).toEqual([['beagle', '100.0 %']])
  })
})

describe('confusion', () => {
  it('shades by the share of the label, 0 where a label has no samples', () => {
    const input = { classes: ['cat', 'dog'], counts: Float64Array.of(3, 1, 0, 0) }
    expect([...rowShares(input)]).toEqual([0.75, 0.25, 0, 0])
    expect(confusion(input).table().rows).toEqual([
      ['cat', '3', '1'],
      ['dog', '0', '0'],
    ])
  })
})

describe('intervalBars', () => {
  it('leaves groups without a value empty and says why', () => {
    const spec = intervalBars({
      measure: 'Selection rate',
      unit: 'percent',
      rows: [
        { name: 'adult', estimate: { value: 0.5, n: 200, interval: [0.43, 0.57] }, reference: 0.48 },
        { name: 'puppy', estimate: { value: null, n: 4, interval: null, note: 'insufficient' } },
      ],
    })
    expect(spec.description).toBe(
      'Selection rate by group. adult: 50.0 % (43.0 to 57.0 %), n 200, reference 48.0 %. puppy: insufficient, n 4.',
    )
    expect(spec.table().rows[1]).toEqual(['puppy', '–', '–', '4', '–'])
  })
})

describe('sparkline', () => {
  const size = { width: 104, height: 22 }
  it('breaks at gaps and ends at the last finite value', () => {
    const shape = sparkline([0, 1, Number.NaN, 1, 0, Number.NaN], size)
    expect(shape.line).toBe('M2 20L22 2M62 2L82 20')
    expect(shape.end).toEqual({ x: 82, y: 20 })
  })
  it('runs a constant through the middle and keeps the limit inside', () => {
    expect(sparkline([5, 5], size).line).toBe('M2 11L102 11')
    expect(sparkline([5, 5], size, 6).limitY).toBe(2)
  })
  it('is empty without data', () => expect(sparkline([], size)).toEqual({ line: '', limitY: null, end: null }))
})

describe('curve', () => {
  const spec = curve({
    title: 'Cost a sample by threshold',
    x: { name: 'threshold' },
    y: { name: 'cost', from: 0 },
    points: [
      { x: 0.1, y: 0.4, interval: [0.3, 0.5] },
      { x: 0.5, y: 0.2 },
    ],
    span: { from: 0.4, to: 0.6, mark: 0.5, label: 'Least at 0.5 (0.4 to 0.6)' },
  })
  it('says and lists what it shows', () => {
    expect(spec.description).toBe(
      'Cost a sample by threshold: 2 points, from threshold 0.1, cost 0.4 to 0.5, 0.2. Least at 0.5 (0.4 to 0.6).',
    )
    expect(spec.table().rows).toEqual([
      ['0.1', '0.4', '0.3 to 0.5'],
      ['0.5', '0.2', '–'],
    ])
  })
  it('draws a band only where every point has an interval', () => {
    const names = (chart: ReturnType<typeof curve>) =>
      (chart.option(palette).series as { name: string }[]).map(({ name }) => name)
    expect(names(spec)).toEqual(['cost'])
    const banded = curve({ title: 't', x: { name: 'x' }, y: { name: 'y' }, points: [{ x: 0, y: 1, interval: [0, 2] }] })
    expect(names(banded)).toEqual(['low', 'high', 'y'])
  })
})
