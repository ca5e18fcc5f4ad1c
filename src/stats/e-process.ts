/**
 * Evidence gathered over an unlimited life against a null hypothesis, ready for a change at any unknown step.
 *
 * A bettor splits one unit of wealth over all possible steps at which the null may stop holding and lets each part grow by
 * the e-values from there on. While the null holds, the expected wealth is one at every step, so that it ever reaches
 * 1/alpha with probability at most alpha (Ville), however often one looks. Plain data that can be stored between calls.
 */
export type EProcess = {
  /** Steps taken. */
  steps: number
  /** Wealth already at stake. */
  staked: number
  /** Highest total wealth so far. */
  peak: number
}

/** Wealth beyond which only rounding would be left; far above any alarm. */
const MAX_WEALTH = 1e290

/** Evidence before the first step. */
export function createEProcess(): EProcess {
  return { steps: 0, staked: 0, peak: 1 }
}

/**
 * Takes one step (in place) with an e-value: a number >= 0 whose expectation, given all before, is at most one under the null.
 *
 * Returns the wealth. RangeError for a negative value or NaN. Constant time.
 */
export function updateEProcess(process: EProcess, eValue: number): number {
  if (!(eValue >= 0)) throw new RangeError(`an e-value is not negative, got ${eValue}`)
  process.steps++
  process.staked = Math.min(MAX_WEALTH, (process.staked + startWeight(process.steps)) * eValue)
  const wealth = process.staked + reserveAfter(process.steps)
  process.peak = Math.max(process.peak, wealth)
  return wealth
}

/** A p-value that holds whenever one looks: 1 / highest wealth so far. */
export function anytimePValue(process: EProcess): number {
  return Math.min(1, 1 / process.peak)
}

/** Share of the wealth that is put in at a step: the parts of all steps add up to one. About 1 / (k ln² k). */
export function startWeight(step: number): number {
  return reserveAfter(step - 1) - reserveAfter(step)
}

/** Share of the wealth that waits for later steps. */
export function reserveAfter(step: number): number {
  return 1 / (1 + Math.log1p(step))
}
