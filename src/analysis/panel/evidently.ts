import { jensenShannonDivergence } from '../../stats/divergences.ts'
import { goodnessOfFit } from '../../stats/goodness-of-fit.ts'
import { kolmogorovSmirnovSorted } from '../../stats/kolmogorov-smirnov.ts'
import { computeMoments, standardDeviationOf } from '../../stats/moments.ts'
import { normalCdf } from '../../stats/normal-distribution.ts'
import { twoProportionZ } from '../../stats/two-proportion-z.ts'
import { wassersteinSorted } from '../../stats/wasserstein.ts'
import { type Counts, countValues, distinctOf, type PanelSamples, sizesOf, total } from './samples.ts'

/*
 * How Evidently (0.7.21) compares two samples of a column when nothing is set. Written from its documented behaviour, oddities
 * included, so that its verdict can stand beside ours: it is not what this console decides by.
 */

export type EvidentlyTest = 'ks' | 'wasserstein' | 'jensenshannon' | 'chisquare' | 'z'

export const evidentlyNames: Readonly<Record<EvidentlyTest, string>> = {
  ks: 'K-S p_value',
  wasserstein: 'Wasserstein distance (normed)',
  jensenshannon: 'Jensen-Shannon distance',
  chisquare: 'chi-square p_value',
  z: 'Z-test p_value',
}

/** Which test it picks, from the reference's size and the distinct values of both samples together. */
export function pickAsEvidently(samples: PanelSamples): EvidentlyTest {
  const distinct = distinctOf(samples, 6)
  const isContinuous = samples.type === 'numeric' && distinct > 5
  if (sizesOf(samples).reference > 1000) return isContinuous ? 'wasserstein' : 'jensenshannon'
  if (isContinuous) return 'ks'
  return distinct > 2 ? 'chisquare' : 'z'
}

/** What a test that it picked by itself comes to; null where it has no value. */
export function scoreAsEvidently(test: EvidentlyTest, samples: PanelSamples): number | null {
  if (samples.type === 'numeric' && test === 'ks') {
    const ks = kolmogorovSmirnovSorted(samples.reference, samples.current)
    return ks.status === 'ok' ? ks.pValue : null
  }
  if (samples.type === 'numeric' && test === 'wasserstein') {
    const deviation = standardDeviationOf(computeMoments(samples.reference.values), 0) ?? 0
    const distance = wassersteinSorted(samples.reference, samples.current, Math.max(deviation, 0.001))
    return distance.status === 'ok' ? distance.normed : null
  }
  const counts = countValues(samples)
  if (test === 'jensenshannon') return jensenShannonInNats(counts)
  return test === 'chisquare' ? chiSquareAsEvidently(counts) : zAsEvidently(counts)
}

/** In natural logarithm: at most √(ln 2). */
export function jensenShannonInNats({ reference, current }: Counts): number | null {
  const divergence = jensenShannonDivergence(reference, current)
  return divergence === null ? null : Math.sqrt(divergence * Math.LN2)
}

/** The current counts against the reference's shares as though those were certain; 0 where the reference lacks a value. */
export function chiSquareAsEvidently({ reference, current }: Counts): number | null {
  const outcome = goodnessOfFit(current, reference)
  return outcome.status === 'ok' ? outcome.pValue : null
}

/** 2 (1 − Φ(|z|)), which is 0 from z = 8.3 on. */
export function zAsEvidently({ reference, current }: Counts): number | null {
  const outcome = twoProportionZ(reference[0] ?? 0, total(reference), current[0] ?? 0, total(current))
  return outcome.status === 'ok' ? 2 * (1 - normalCdf(Math.abs(outcome.statistic))) : null
}

const onPValues: ReadonlySet<string> = new Set(['ks', 'chisquare', 'z'])

/** Scores that are p-values are compared with 0.05, distances with 0.1. */
export const isPValueOfEvidently = (test: string): boolean => onPValues.has(test)
export const thresholdAsEvidently = (test: string): number => (onPValues.has(test) ? 0.05 : 0.1)

/** Its verdict; the Kolmogorov–Smirnov test alone counts equality as drift. */
export function isDriftedAsEvidently(test: string, score: number): boolean {
  if (test === 'ks') return score <= 0.05
  return onPValues.has(test) ? score < 0.05 : score >= 0.1
}
