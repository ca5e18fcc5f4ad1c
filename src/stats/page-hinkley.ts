/** State of a Page–Hinkley test; plain data. */
export type PageHinkley = {
  readonly minValues: number
  /** Drift of the mean that is tolerated. */
  readonly delta: number
  readonly threshold: number
  /** Forgetting factor of the sums. */
  readonly alpha: number
  readonly mode: 'up' | 'down' | 'both'
  n: number
  mean: number
  up: number
  down: number
  lowestUp: number
  highestDown: number
  hasDrifted: boolean
}

/**
 * Starts a Page–Hinkley test for a change of a stream's mean, in the units of the data.
 *
 * Defaults: at least 30 values, delta 0.005, threshold 50, forgetting 0.9999, both directions. It promises no false-alarm
 * rate: the threshold must fit the data's scale. Source: Page, Biometrika 41 (1954) 100; Hinkley, Biometrika 58 (1971) 509.
 */
export function createPageHinkley({
  minValues = 30,
  delta = 0.005,
  threshold = 50,
  alpha = 0.9999,
  mode = 'both' as PageHinkley['mode'],
} = {}): PageHinkley {
  const start = { n: 0, mean: 0, up: 0, down: 0, lowestUp: 0, highestDown: 0, hasDrifted: false }
  return { minValues, delta, threshold, alpha, mode, ...start }
}

/** Takes the next value (in place); true when the mean has changed, after which it starts anew. NaN changes nothing. */
export function updatePageHinkley(test: PageHinkley, value: number): boolean {
  if (!Number.isFinite(value)) return false
  if (test.hasDrifted) Object.assign(test, createPageHinkley(test))
  test.n++
  test.mean += (value - test.mean) / test.n
  const gap = value - test.mean
  test.up = test.alpha * test.up + gap - test.delta
  test.down = test.alpha * test.down + gap + test.delta
  test.lowestUp = test.n === 1 ? test.up : Math.min(test.lowestUp, test.up)
  test.highestDown = test.n === 1 ? test.down : Math.max(test.highestDown, test.down)
  const hasRisen = test.mode !== 'down' && test.up - test.lowestUp > test.threshold
  const hasFallen = test.mode !== 'up' && test.highestDown - test.down > test.threshold
  test.hasDrifted = test.n >= test.minValues && (hasRisen || hasFallen)
  return test.hasDrifted
}
