import type { Estimate } from '../contract/primitives.ts'
import { clopperPearsonInterval } from '../stats/clopper-pearson.ts'
import { quantileSorted } from '../stats/quantiles.ts'
import { createRandom } from '../stats/random.ts'
import { randomBinomial } from '../stats/random-binomial.ts'
import { estimateOf, shareEstimate } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'

/** A rate with its interval; null value for n = 0. */
export type RateEstimate = (hits: number, n: number) => Estimate

/**
 * How a group's rate gets its interval: Wilson's score interval, Clopper and Pearson's exact one (covers at least as often as it
 * says), or percentiles of binomial draws, which is what resampling the group's rows comes to. A bootstrap of a rate of 0 or
 * 1 draws nothing else, so the exact interval stands there instead and the note says so.
 */
export function rateEstimator({
  rateInterval,
  confidence,
  resamples,
  seed,
}: Pick<ParametersOf<'fairness'>, 'rateInterval' | 'confidence' | 'resamples' | 'seed'>): RateEstimate {
  if (rateInterval === 'wilson') return (hits, n) => shareEstimate(hits, n, confidence)
  const exact: RateEstimate = (hits, n) => estimateOf(clopperPearsonInterval(hits, n, confidence), n)
  if (rateInterval === 'exact') return exact
  const tail = (1 - confidence) / 2
  const random = createRandom(seed)
  return (hits, n) => {
    if (hits === 0 || hits === n) return { ...exact(hits, n), note: 'exact interval: every resample gives the same' }
    const drawn = Float64Array.from({ length: resamples }, () => randomBinomial(random, n, hits / n) / n).sort()
    return { value: hits / n, n, interval: [quantileSorted(drawn, tail) ?? 0, quantileSorted(drawn, 1 - tail) ?? 1] }
  }
}
