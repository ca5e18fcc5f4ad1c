import type { Estimate } from '../contract/primitives.ts'
import { quantileSorted } from '../stats/quantiles.ts'
import { randomMultinomial } from '../stats/random-binomial.ts'
import { noEstimate } from './estimates.ts'
import type { GapOptions } from './fairness-contrasts.ts'
import type { GroupCounts } from './fairness-groups.ts'

/**
 * Demographic disparity of every group: its share of the rows without the label less its share of the rows with it, so that a
 * group that gets the label less often than others has a positive one. Over several strata the disparities of each are averaged,
 * weighted by the stratum's rows; a stratum in which all or none have the label says nothing and is left out.
 *
 * Percentile intervals of resampled rows (one multinomial draw of all counts a resample). No value where no stratum has rows of
 * both kinds. O(resamples · strata · groups).
 * Source: Wachter, Mittelstadt and Russell, Computer Law & Security Review 41 (2021) 105567.
 */
export function measureDisparity(
  strata: readonly (readonly GroupCounts[])[],
  isKnown: readonly boolean[],
  { confidence, resamples, random, check }: GapOptions,
): Estimate[] {
  const groups = isKnown.length
  const observed = Float64Array.from(
    strata.flatMap((counts) =>
      counts.flatMap(({ selectedUnlabelled, rejectedUnlabelled }, group) =>
        isKnown[group] ? [selectedUnlabelled, rejectedUnlabelled] : [0, 0],
      ),
    ),
  )
  const n = observed.reduce((sum, count) => sum + count, 0)
  const values = disparities(observed, groups)
  if (values === null) return isKnown.map(() => noEstimate(n, 'all rows have the label, or none has'))
  const drawn = isKnown.map((): number[] => [])
  const counts = new Float64Array(observed.length)
  for (let draw = 0; draw < resamples; draw++) {
    check()
    const found = disparities(randomMultinomial(random, n, observed, counts), groups)
    if (found !== null) for (let group = 0; group < groups; group++) drawn[group].push(found[group])
  }
  const tail = (1 - confidence) / 2
  return isKnown.map((known, group) => {
    if (!known) return noEstimate(0, 'who is in this group is not known')
    const sorted = Float64Array.from(drawn[group]).sort()
    const value = values[group]
    const low = quantileSorted(sorted, tail) ?? value
    const high = quantileSorted(sorted, 1 - tail) ?? value
    return { value, n, interval: [Math.min(value, low), Math.max(value, high)] }
  })
}

/** Counts are pairs (with the label, without it), by stratum and then group. */
function disparities(counts: Float64Array, groups: number): Float64Array | null {
  const sums = new Float64Array(groups)
  let rows = 0
  for (let from = 0; from < counts.length; from += 2 * groups) {
    let labelled = 0
    let others = 0
    for (let group = 0; group < groups; group++) {
      labelled += counts[from + 2 * group]
      others += counts[from + 2 * group + 1]
    }
    if (labelled === 0 || others === 0) continue
    const weight = labelled + others
    rows += weight
    for (let group = 0; group < groups; group++)
      sums[group] += weight * (counts[from + 2 * group + 1] / others - counts[from + 2 * group] / labelled)
  }
  return rows === 0 ? null : sums.map((sum) => sum / rows)
}
