import type { PopulationChange } from '../../contract/drift-detail.ts'
import { meanIntervalFromMoments } from '../../stats/mean-interval.ts'
import type { Moments } from '../../stats/moments.ts'
import { newcombeInterval } from '../../stats/newcombe.ts'
import { welchTFromMoments } from '../../stats/welch-t.ts'
import { wilsonInterval } from '../../stats/wilson.ts'
import { estimateOf, intervalEstimate, plainEstimate } from '../estimates.ts'

/** Means of both populations (Student's interval) and their difference (Welch's). Constant time. */
export function meanChange(reference: Moments, current: Moments, confidence: number): PopulationChange {
  const meanOf = (moments: Moments) => {
    const outcome = meanIntervalFromMoments(moments, confidence)
    return outcome.status === 'ok'
      ? estimateOf(outcome, moments.n)
      : plainEstimate(moments.n === 0 ? null : moments.mean, moments.n)
  }
  const welch = welchTFromMoments(reference, current, confidence)
  const n = Math.min(reference.n, current.n)
  return {
    type: 'mean',
    reference: meanOf(reference),
    current: meanOf(current),
    difference:
      welch.status === 'ok'
        ? intervalEstimate(welch.difference, n, welch.interval)
        : plainEstimate(n === 0 ? null : current.mean - reference.mean, n),
  }
}

/**
 * The category whose share changed most, with Wilson's intervals of its shares and Newcombe's of the difference. Since it was picked
 * as the largest, each interval holds at 1 − (1 − confidence) / categories. Undefined when a side is empty. O(categories).
 */
export function shareChange(
  categories: readonly string[],
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  confidence: number,
): PopulationChange | undefined {
  let [n, m, present] = [0, 0, 0]
  for (let i = 0; i < categories.length; i++) {
    n += reference[i]
    m += current[i]
    if (reference[i] + current[i] > 0) present++
  }
  if (n === 0 || m === 0) return undefined
  let most = 0
  const gap = (i: number) => Math.abs(current[i] / m - reference[i] / n)
  for (let i = 1; i < categories.length; i++) if (gap(i) > gap(most)) most = i
  const each = 1 - (1 - confidence) / Math.max(1, present)
  const difference = newcombeInterval(reference[most], n, current[most], m, each)
  return {
    type: 'share',
    category: categories[most],
    reference: estimateOf(wilsonInterval(reference[most], n, each), n),
    current: estimateOf(wilsonInterval(current[most], m, each), m),
    difference:
      difference.status === 'ok'
        ? intervalEstimate(difference.value, Math.min(n, m), difference.interval)
        : plainEstimate(null, 0),
  }
}
