import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { type Random, sampleWithoutReplacement } from './random.ts'

/** State of a KSWIN detector. */
export type Kswin = {
  readonly alpha: number
  readonly windowSize: number
  readonly recentSize: number
  readonly random: Random
  window: number[]
  pValue: number | null
}

/**
 * Starts a KSWIN detector: at each value, a Kolmogorov–Smirnov test of the newest values against a draw from the older ones.
 *
 * Defaults: alpha 0.005 a test, a window of 100 with the newest 30. As it tests at each value, false alarms are certain in
 * the long run, one in some hundreds or thousands of values. Source: Raab, Heusinger and Schleif, Neurocomputing 416
 * (2020) 340.
 */
export function createKswin(random: Random, { alpha = 0.005, windowSize = 100, recentSize = 30 } = {}): Kswin {
  if (!(recentSize >= 2 && 2 * recentSize <= windowSize)) {
    throw new RangeError(`the newest ${recentSize} must be at most half of a window of ${windowSize}`)
  }
  return { alpha, windowSize, recentSize, random, window: [], pValue: null }
}

/** Takes the next value (in place); true when a change was found, after which only the newest values are kept. */
export function updateKswin(kswin: Kswin, value: number): boolean {
  if (Number.isNaN(value)) return false
  const { windowSize, recentSize, window } = kswin
  window.push(value)
  if (window.length > windowSize) window.shift()
  if (window.length < windowSize) return false
  const older = windowSize - recentSize
  const drawn = Array.from(sampleWithoutReplacement(kswin.random, older, recentSize), (i) => window[i])
  const result = kolmogorovSmirnov(drawn, window.slice(older))
  if (result.status !== 'ok') return false
  kswin.pValue = result.pValue
  const hasDrifted = result.pValue <= kswin.alpha && result.statistic > 0.1
  if (hasDrifted) kswin.window = window.slice(older)
  return hasDrifted
}
