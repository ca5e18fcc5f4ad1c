/** State of an exponentially weighted moving average chart; plain data that can be stored between calls. */
export type EwmaChart = {
  readonly centre: number
  readonly deviation: number
  /** Weight of the newest value, in (0, 1]. */
  readonly weight: number
  /** Width of the limits in standard deviations of the average. */
  readonly width: number
  average: number
  n: number
}

export type EwmaSignal = {
  readonly average: number
  readonly low: number
  readonly high: number
  readonly isOut: boolean
}

/**
 * An EWMA control chart around a known centre and standard deviation.
 *
 * Defaults weight 0.2, width 2.962: one false alarm in about 500 independent normal values. Autocorrelated values alarm
 * more often. RangeError unless deviation > 0 and 0 < weight <= 1. Source: Lucas and Saccucci, Technometrics 32 (1990) 1.
 */
export function createEwma(centre: number, deviation: number, weight = 0.2, width = 2.962): EwmaChart {
  if (!(deviation > 0)) throw new RangeError(`a chart needs a deviation above zero, got ${deviation}`)
  if (!(weight > 0 && weight <= 1)) throw new RangeError(`a weight lies in (0, 1], got ${weight}`)
  return { centre, deviation, weight, width, average: centre, n: 0 }
}

/** Takes the next value into the chart (in place) and says whether the average is out of its limits; NaN changes nothing. */
export function updateEwma(chart: EwmaChart, value: number): EwmaSignal {
  if (Number.isFinite(value)) {
    chart.n++
    chart.average += chart.weight * (value - chart.average)
  }
  const { weight, centre } = chart
  const share = (weight / (2 - weight)) * (1 - (1 - weight) ** (2 * chart.n))
  const margin = chart.width * chart.deviation * Math.sqrt(share)
  const low = centre - margin
  const high = centre + margin
  return { average: chart.average, low, high, isOut: chart.n > 0 && (chart.average < low || chart.average > high) }
}
