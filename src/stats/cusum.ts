/** State of a two-sided cumulative sum chart; plain data that can be stored between calls. */
export type CusumChart = {
  readonly centre: number
  readonly deviation: number
  /** Half the shift to find, in standard deviations. */
  readonly slack: number
  /** Alarm from this sum on, in standard deviations. */
  readonly limit: number
  up: number
  down: number
  n: number
}

export type CusumSignal = { readonly up: number; readonly down: number; readonly alarm: 'up' | 'down' | null }

/**
 * A two-sided CUSUM chart around a known centre and standard deviation.
 *
 * Defaults slack 0.5, limit 4.77: one false alarm in about 370 independent normal values. RangeError unless deviation > 0.
 * Source: Page, Biometrika 41 (1954) 100; Montgomery, Introduction to Statistical Quality Control, 9.1.
 */
export function createCusum(centre: number, deviation: number, slack = 0.5, limit = 4.77): CusumChart {
  if (!(deviation > 0)) throw new RangeError(`a chart needs a deviation above zero, got ${deviation}`)
  return { centre, deviation, slack, limit, up: 0, down: 0, n: 0 }
}

/** Takes the next value into the chart (in place); after an alarm both sums start again. NaN changes nothing. */
export function updateCusum(chart: CusumChart, value: number): CusumSignal {
  if (!Number.isFinite(value)) return { up: chart.up, down: chart.down, alarm: null }
  const z = (value - chart.centre) / chart.deviation
  const up = Math.max(0, chart.up + z - chart.slack)
  const down = Math.max(0, chart.down - z - chart.slack)
  const alarm = up > chart.limit ? 'up' : down > chart.limit ? 'down' : null
  chart.n++
  chart.up = alarm ? 0 : up
  chart.down = alarm ? 0 : down
  return { up, down, alarm }
}
